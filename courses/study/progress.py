"""How far somebody is: in one lesson, in a chapter, in a course, and where to go on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

WHOLE = 100


@dataclass(frozen=True)
class Event:
    """A lesson was opened, was being read, or was finished, at this place (percent)."""

    at: datetime
    place: int
    finished: bool = False


@dataclass(frozen=True)
class Standing:
    """How far one account is in one lesson."""

    opened_at: datetime
    last_at: datetime
    place: int = 0
    furthest: int = 0
    finished_at: datetime | None = None


def advance(standing: Standing | None, event: Event) -> Standing:
    """Return the standing after one more event; the first finish counts, later ones do not."""
    known = standing or Standing(opened_at=event.at, last_at=event.at)
    first_finish = event.at if event.finished and known.finished_at is None else None
    return replace(
        known,
        last_at=event.at,
        place=event.place,
        furthest=max(known.furthest, event.place),
        finished_at=known.finished_at or first_finish,
    )


@dataclass(frozen=True)
class Step:
    """A lesson in the order of its course, and what is known of it for one account."""

    lesson: int
    optional: bool = False
    finished: bool = False
    place: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True)
class Share:
    """Lessons done out of those that count; optional reading counts neither way."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """Rounded down: 100 only where everything is done."""
        return self.done * WHOLE // self.total if self.total else 0

    @property
    def complete(self) -> bool:
        return self.total > 0 and self.done == self.total


def share_of(steps: Iterable[Step]) -> Share:
    counted = [step for step in steps if not step.optional]
    return Share(sum(step.finished for step in counted), len(counted))


def next_step(steps: Sequence[Step]) -> Step | None:
    """Return where to go on: the lesson begun last, else the one after the lesson finished last.

    None when nothing that counts is left to do.
    """
    begun = [step for step in steps if step.last_at and not step.finished]
    if begun:
        return max(begun, key=_last_at)
    open_ones = [step for step in steps if not step.finished and not step.optional]
    finished = [step for step in steps if step.last_at and step.finished]
    if not finished or not open_ones:
        return open_ones[0] if open_ones else None
    order = [step.lesson for step in steps]
    after = order.index(max(finished, key=_last_at).lesson)
    later = [step for step in open_ones if order.index(step.lesson) > after]
    return (later or open_ones)[0]


def _last_at(step: Step) -> float:
    return step.last_at.timestamp() if step.last_at else 0.0
