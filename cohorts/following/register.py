"""The register of a class as its page shows it: filters, order, and the counts above it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cohorts.following.reading import Trainee


def _is_behind(trainee: Trainee) -> bool:
    return bool(trainee.findings)


def _studied(trainee: Trainee) -> bool:
    """A lesson, practice or a mock exam: what the day of the last activity is told by."""
    return trainee.has_account and trainee.studied_lately


def _no_mock(trainee: Trainee) -> bool:
    return trainee.has_account and not trainee.mocks


FILTERS: dict[str, tuple[Any, Callable[[Trainee], bool]]] = {
    "": (_("All"), lambda _trainee: True),
    "behind": (_("Behind"), _is_behind),
    "studied": (_("Studied in 7 days"), _studied),
    "silent": (_("Silent for 7 days"), Trainee.is_silent),
    "no_mock": (_("No mock exam yet"), _no_mock),
}


def _by_share(value: float | None) -> float:
    """What is not known comes first: it needs a look."""
    return -1.0 if value is None else value


ORDERS: dict[str, tuple[Any, Callable[[Trainee], Any]]] = {
    "name": (_("Full name"), lambda t: t.enrolment.person.name),
    "unit": (
        _("Unit"),
        lambda t: t.enrolment.organisation.name if t.enrolment.organisation else "",
    ),
    "attendance": (_("Attendance"), lambda t: _by_share(t.attendance.rate)),
    "progress": (_("Course done"), lambda t: _by_share(t.progress)),
    "minutes": (_("Minutes last 7 days"), lambda t: t.week_s),
    "mock": (_("Best mock"), lambda t: _by_share(t.best.share if t.best else None)),
    "seen": (_("Last active"), lambda t: t.last_at.timestamp() if t.last_at else 0.0),
}


@dataclass(frozen=True)
class Choice:
    """What the address asks for, and what it means."""

    shown: str
    order: str

    @classmethod
    def of(cls, query: Any) -> "Choice":
        shown, order = query.get("show", ""), query.get("order", "name")
        return cls(shown if shown in FILTERS else "", order if order in ORDERS else "name")

    def rows(self, trainees: Sequence[Trainee]) -> list[Trainee]:
        kept = [trainee for trainee in trainees if FILTERS[self.shown][1](trainee)]
        return sorted(kept, key=ORDERS[self.order][1])


def counts(trainees: Sequence[Trainee]) -> dict[str, int]:
    """How many each filter leaves."""
    return {name: sum(map(test, trainees)) for name, (_label, test) in FILTERS.items()}


def chips(trainees: Sequence[Trainee], chosen: str) -> list[dict[str, Any]]:
    found = counts(trainees)
    return [
        {"value": name, "label": label, "count": found[name], "current": name == chosen}
        for name, (label, _test) in FILTERS.items()
    ]
