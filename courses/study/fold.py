"""All that the events of one account come to: what a rebuild writes and a check compares."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo

from courses.study.hours import Arrival, credited
from courses.study.progress import Event, Standing, advance


@dataclass(frozen=True)
class Told:
    """A stored event: which lesson, and what it says."""

    lesson: int
    event: Event

    @property
    def arrival(self) -> Arrival:
        return Arrival(self.event.at, self.lesson, ends=self.event.finished)


@dataclass
class Studied:
    """Standing and credited seconds by lesson, credited seconds by day."""

    standing: dict[int, Standing] = field(default_factory=dict)
    seconds: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    days: dict[date, int] = field(default_factory=lambda: defaultdict(int))


def fold(told: Sequence[Told], zone: tzinfo) -> Studied:
    """Fold the events of one account in the order of their arrival."""
    found = Studied()
    for one in told:
        found.standing[one.lesson] = advance(found.standing.get(one.lesson), one.event)
    for credit in credited((one.arrival for one in told), zone):
        found.seconds[credit.lesson] += credit.seconds
        found.days[credit.day] += credit.seconds
    return found
