"""Who falls behind, and why: plain rules, each with the evidence that an instructor can check.

No score and no forecast. Whoever is listed is listed for reasons that stand beside the name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from cms.core.wording import Message

SILENT_DAYS, SILENT_DAYS_GRAVE = 7, 14
OVERDUE_LINES, OVERDUE_LINES_GRAVE = 3, 6
ATTENDANCE_FLOOR, ATTENDANCE_FLOOR_GRAVE = 2 / 3, 1 / 2
MOCK_FLOOR, MOCK_FLOOR_GRAVE = 0.5, 0.4


class Rule(StrEnum):
    SILENT = "silent"
    OVERDUE = "overdue"
    ATTENDANCE = "attendance"
    MISSED_MOCK = "missed_mock"
    LOW_MOCK = "low_mock"


RULE_NAMES: Mapping[Rule, Message] = {
    Rule.SILENT: Message("silent"),
    Rule.OVERDUE: Message("behind the plan"),
    Rule.ATTENDANCE: Message("attendance"),
    Rule.MISSED_MOCK: Message("mock exam missed"),
    Rule.LOW_MOCK: Message("low mock score"),
}


class Severity(IntEnum):
    WATCH = 1
    ACT = 2


@dataclass(frozen=True)
class MockSat:
    """A mock exam handed in; marks in half-points."""

    title: str
    score_half: int
    total_half: int
    on: date

    @property
    def share(self) -> float:
        return self.score_half / self.total_half if self.total_half else 0.0


@dataclass(frozen=True)
class Seen:
    """What is known of one trainee.

    `last_on` is the last day on which anything was studied, practised or sat. `counted_from` is
    the day from which doing nothing counts: the first of the class, or the own first day in it if
    that was later; None where there is no account to tell by.
    """

    last_on: date | None = None
    counted_from: date | None = None
    overdue: tuple[str, ...] = ()
    missed_mocks: tuple[str, ...] = ()
    present: int = 0
    held: int = 0
    mocks: tuple[MockSat, ...] = ()


@dataclass(frozen=True)
class Finding:
    rule: Rule
    evidence: Message
    severity: Severity

    @property
    def name(self) -> Message:
        return RULE_NAMES[self.rule]


def findings(seen: Seen, today: date) -> tuple[Finding, ...]:
    """Everything that speaks for a call, gravest first."""
    found = [
        _silent(seen.last_on, seen.counted_from, today),
        _overdue(seen.overdue),
        _attendance(seen.present, seen.held),
        _missed(seen.missed_mocks),
        _low(seen.mocks),
    ]
    return tuple(sorted((f for f in found if f), key=lambda f: -f.severity))


def _severity(*, grave: bool) -> Severity:
    return Severity.ACT if grave else Severity.WATCH


def studied_lately(last_on: date | None, today: date) -> bool:
    """Whether anything was studied, practised or sat in the last seven days, today included."""
    return last_on is not None and (today - last_on).days < SILENT_DAYS


def _silent(last_on: date | None, counted_from: date | None, today: date) -> Finding | None:
    """Days without anything: those after the last day of study, but none before `counted_from`."""
    if counted_from is None or studied_lately(last_on, today):
        return None
    days = (today - max(last_on or counted_from, counted_from)).days
    if days < SILENT_DAYS:
        return None
    evidence = _silence(last_on, counted_from, days)
    return Finding(Rule.SILENT, evidence, _severity(grave=days >= SILENT_DAYS_GRAVE))


def _silence(last_on: date | None, counted_from: date, days: int) -> Message:
    if last_on is None:
        return Message(
            "Never studied, for %(days)s days since %(day)s", days=days, day=counted_from
        )
    if last_on < counted_from:
        return Message(
            "Last studied on %(last)s, nothing in the %(days)s days since the first day in the "
            "class, %(day)s",
            last=last_on,
            days=days,
            day=counted_from,
        )
    return Message(
        "Last studied on %(day)s, nothing in the %(days)s days since", days=days, day=last_on
    )


def _overdue(titles: Sequence[str]) -> Finding | None:
    if len(titles) < OVERDUE_LINES:
        return None
    evidence = Message(
        "%(count)s lines of the plan overdue, the oldest: %(title)s",
        count=len(titles),
        title=titles[0],
    )
    return Finding(Rule.OVERDUE, evidence, _severity(grave=len(titles) >= OVERDUE_LINES_GRAVE))


def _attendance(present: int, held: int) -> Finding | None:
    if not held or present / held >= ATTENDANCE_FLOOR:
        return None
    evidence = Message(
        "Present in %(present)s of %(held)s half-days held", present=present, held=held
    )
    grave = present / held < ATTENDANCE_FLOOR_GRAVE
    return Finding(Rule.ATTENDANCE, evidence, _severity(grave=grave))


def _missed(titles: Sequence[str]) -> Finding | None:
    if not titles:
        return None
    evidence = Message("Planned mock exams not handed in: %(title)s", title="、".join(titles))
    return Finding(Rule.MISSED_MOCK, evidence, _severity(grave=len(titles) > 1))


def _low(mocks: Sequence[MockSat]) -> Finding | None:
    """The last mock counts: who has recovered since is not behind."""
    last = max(mocks, key=lambda mock: mock.on, default=None)
    if last is None or last.share >= MOCK_FLOOR:
        return None
    evidence = Message(
        "Last mock exam %(score)s of %(total)s on %(day)s: %(title)s",
        score=_marks(last.score_half),
        total=_marks(last.total_half),
        day=last.on,
        title=last.title,
    )
    return Finding(Rule.LOW_MOCK, evidence, _severity(grave=last.share < MOCK_FLOOR_GRAVE))


def _marks(half: int) -> str:
    whole, rest = divmod(half, 2)
    return f"{whole}.5" if rest else str(whole)
