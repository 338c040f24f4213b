"""Study by weeks, as bars of one height scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

GOAL_MIN = 180
"""Four evenings of three quarters of an hour: what the plan asks for in a week."""
WIDTH, HEIGHT, GAP = 358, 40, 4


@dataclass(frozen=True)
class Week:
    """One bar: `minutes` studied; geometry in the units of a drawing 358 wide and 40 high."""

    first: date
    minutes: int
    is_now: bool
    x: float
    width: float
    goal_y: float
    goal_height: float
    y: float
    height: float


def weeks_of(minutes: Mapping[date, int], *, first: date, today: date) -> tuple[Week, ...]:
    """Weeks from the Monday `first` to the one of `today`."""
    mondays = [first + timedelta(weeks=n) for n in range((today - first).days // 7 + 1)]
    sums = [sum(minutes.get(monday + timedelta(days=n), 0) for n in range(7)) for monday in mondays]
    top = max([GOAL_MIN, *sums])
    step = (WIDTH + GAP) / len(mondays)
    return tuple(
        _week(monday, total, today=today, x=n * step, width=step - GAP, top=top)
        for n, (monday, total) in enumerate(zip(mondays, sums, strict=True))
    )


def _week(monday: date, total: int, *, today: date, x: float, width: float, top: int) -> Week:
    goal, own = HEIGHT * GOAL_MIN / top, HEIGHT * total / top
    return Week(
        first=monday,
        minutes=total,
        is_now=monday <= today < monday + timedelta(days=7),
        x=round(x, 1),
        width=round(width, 1),
        goal_y=round(HEIGHT - goal, 1),
        goal_height=round(goal, 1),
        y=round(HEIGHT - own, 1),
        height=round(own, 1),
    )
