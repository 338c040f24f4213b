"""What the mistakes notebook shows: one subject at a time, narrowed by a filter, by chapter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.db.models import Count, Q

from courses.syllabus.models import KnowledgePoint, Subject
from quizzes.attempts.models import Attempt
from quizzes.attempts.report import ItemLine
from quizzes.attempts.scoring import MULTIPLE_RESPONSE, Verdict
from quizzes.practice.mistakes import USUAL_IN_A_ROW
from quizzes.practice.models import Mistake, MistakeQuerySet, PracticeProfile
from quizzes.practice.pool import being_sat, open_attempts
from quizzes.practice.shown import Kept, kept_beside, line_of


class Tab(StrEnum):
    """Still to be overcome, or overcome."""

    OPEN = "open"
    OVERCOME = "overcome"


class Show(StrEnum):
    """Which mistakes are listed."""

    ALL = "all"
    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    PARTIAL = "partial"
    GUESSED = "guessed"


TYPES: Mapping[Show, tuple[str, ...]] = {
    Show.SINGLE: ("single_choice",),
    Show.MULTIPLE: (MULTIPLE_RESPONSE,),
    Show.TRUE_FALSE: ("true_false",),
}
VERDICTS: Mapping[Show, tuple[str, ...]] = {
    Show.PARTIAL: (Verdict.PARTIAL,),
    # What stands here as right was right by a guess.
    Show.GUESSED: (Verdict.RIGHT,),
}


@dataclass(frozen=True)
class Entry:
    """One question of the notebook."""

    mistake: Mistake
    line: ItemLine
    kept: Kept


@dataclass(frozen=True)
class ChapterOfEntries:
    """Entries of one chapter on this page, and how many the chapter has in all."""

    chapter: KnowledgePoint | None
    count: int
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Resting:
    """Open mistakes that are hidden for now, and the papers being sat that they stand in."""

    count: int
    papers: Sequence[Attempt]


@dataclass(frozen=True)
class Counts:
    """How many there are under each tab and filter."""

    tabs: Mapping[Tab, int]
    shows: Mapping[Show, int]


def shown_mistakes(user: Any) -> MistakeQuerySet:
    """The notebook gives the key, so questions of a paper that is being sat are hidden in it."""
    return Mistake.objects.visible_to(user).exclude(question__in=being_sat(user))


def resting_in_notebook(user: Any) -> Resting:
    """What is hidden because of which papers."""
    papers = open_attempts(user)
    if not papers:
        return Resting(0, papers)
    rows = Mistake.objects.visible_to(user).open().filter(question__in=being_sat(user))
    return Resting(rows.count(), papers)


def subjects_with_mistakes(user: Any) -> list[Subject]:
    """The subjects to choose from, those with the most open mistakes first."""
    rows = shown_mistakes(user).order_by()
    counts = dict(rows.values_list("question__subject").annotate(n=Count("pk")))
    return sorted(Subject.objects.filter(pk__in=counts), key=lambda subject: -counts[subject.pk])


def clear_after_of(user: Any) -> int:
    """After how many right answers in a row a mistake of this user is overcome."""
    chosen = PracticeProfile.objects.filter(user=user).values_list("clear_after", flat=True)
    found = chosen.first()
    return USUAL_IN_A_ROW if found is None else found


def counts_of(user: Any, subject: Subject | None, tab: Tab) -> Counts:
    """All counts of the page in one statement."""
    mine = shown_mistakes(user).filter(question__subject=subject).order_by()
    rows = mine.annotate(is_open=Q(cleared_at__isnull=True))
    found = rows.values_list("is_open", "version__type", "verdict").annotate(n=Count("pk"))
    tabs, shows = dict.fromkeys(Tab, 0), dict.fromkeys(Show, 0)
    for is_open, item_type, verdict, n in found:
        here = Tab.OPEN if is_open else Tab.OVERCOME
        tabs[here] += n
        for show in Show if here is tab else ():
            shows[show] += n * _is_shown(show, item_type, verdict)
    return Counts(tabs=tabs, shows=shows)


def listed(user: Any, subject: Subject | None, tab: Tab, show: Show) -> MistakeQuerySet:
    """The rows of one tab and filter, in the order of the syllabus, the latest first."""
    rows = shown_mistakes(user).filter(question__subject=subject)
    rows = rows.open() if tab is Tab.OPEN else rows.overcome()
    if show in TYPES:
        rows = rows.filter(version__type__in=TYPES[show])
    if show in VERDICTS:
        rows = rows.filter(verdict__in=VERDICTS[show])
    related = ("version__question", "version__chapter")
    return rows.select_related(*related).order_by("version__chapter__order", "-wrong_at", "pk")


def chapters_of(
    user: Any, rows: Iterable[Mistake], counts: Mapping[int | None, int]
) -> list[ChapterOfEntries]:
    """The rows of a page under their chapters."""
    rows = list(rows)
    kept = kept_beside(user, (row.question_id for row in rows))
    entries = [Entry(row, line_of(row.version, row.chosen), kept[row.question_id]) for row in rows]
    return [
        ChapterOfEntries(chapter, counts.get(chapter.pk if chapter else None, 0), list(found))
        for chapter, found in groupby(entries, key=lambda entry: entry.mistake.version.chapter)
    ]


def chapter_counts(rows: MistakeQuerySet) -> dict[int | None, int]:
    """How many of the rows each chapter has, also on other pages."""
    return dict(rows.order_by().values_list("version__chapter").annotate(n=Count("pk")))


def _is_shown(show: Show, item_type: str, verdict: str) -> bool:
    if show in TYPES:
        return item_type in TYPES[show]
    return show not in VERDICTS or verdict in VERDICTS[show]
