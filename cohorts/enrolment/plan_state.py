"""What of a class's plan is done, and what is overdue; no storage here."""

from collections.abc import Collection
from datetime import date


def is_done(
    lesson: int | None,
    paper: int | None,
    *,
    finished_lessons: Collection[int],
    handed_in_papers: Collection[int],
) -> bool | None:
    """Return whether a line is done; None for a free text, which leaves no trace to tell by."""
    if lesson is not None:
        return lesson in finished_lessons
    if paper is not None:
        return paper in handed_in_papers
    return None


def is_overdue(due_on: date, *, done: bool | None, today: date) -> bool:
    """The day of the line itself still counts as in time."""
    return done is False and due_on < today
