"""How long a step has taken so far: the median in working days, from the steps on record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median_high

from cms.core.workdays import WorkCalendar, working_days_after

FEWEST = 5  # claims, before their pace says anything about the next one
# A stage of the road and the states between which it lies.
STAGES: Mapping[str, tuple[str, str]] = {
    "review": ("submitted", "reviewed"),
    "approval": ("reviewed", "approved"),
    "notice": ("approved", "confirmed"),
    "payment": ("confirmed", "paid"),
}


@dataclass(frozen=True)
class Reached:
    """A claim came to a state on a day."""

    claim: int
    state: str
    on: date


@dataclass(frozen=True)
class Pace:
    working_days: int
    claims: int


def pace(reached: Iterable[Reached], calendar: WorkCalendar) -> dict[str, Pace]:
    """The pace of each stage that enough claims have gone through. A stage that was gone through
    twice (returned, objected) counts from its first day to its last.
    """
    first: dict[tuple[int, str], date] = {}
    last: dict[tuple[int, str], date] = {}
    for step in reached:
        key = (step.claim, step.state)
        first[key] = min(first.get(key, step.on), step.on)
        last[key] = max(last.get(key, step.on), step.on)
    found: dict[str, Pace] = {}
    for stage, (begin, end) in STAGES.items():
        spans = [
            working_days_after(began, last[claim, end], calendar)
            for (claim, state), began in first.items()
            if state == begin and (claim, end) in last
        ]
        if len(spans) >= FEWEST:
            found[stage] = Pace(median_high(spans), len(spans))
    return found
