"""Until when a benefit can be claimed, read from the conditions of its policy.

Only what every way to the benefit asks for counts: a window inside an `any` can be gone around.
The last day counts in full, so the deadline is its midnight (24:00).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from cohorts.subsidies.conditions import Condition, Leaf
from cohorts.subsidies.months import add_months

NEAR_DAYS = 30  # from here on the days that are left are counted out


@dataclass(frozen=True)
class Window:
    """Claims are taken from `opens_on` through `closes_on`; None where no day is set.

    `waits`: the end hangs on an approval date that is not known yet.
    """

    opens_on: date | None = None
    closes_on: date | None = None
    waits: bool = False

    def is_open(self, today: date) -> bool:
        return not self.is_over(today) and (self.opens_on is None or self.opens_on <= today)

    def is_over(self, today: date) -> bool:
        return self.closes_on is not None and self.closes_on < today

    def days_left(self, today: date) -> int | None:
        """Days until the last one, which is 0 itself; None where it is far or not set."""
        if self.closes_on is None or self.is_over(today):
            return None
        left = (self.closes_on - today).days
        return left if left <= NEAR_DAYS else None


def claim_window(conditions: Iterable[Condition], approved_on: date | None) -> Window | None:
    """The window of a benefit; None where the policy sets none."""
    leaves = [leaf for condition in conditions for leaf in _demanded(condition)]
    windows = [leaf for leaf in leaves if leaf.type == "window" and not leaf.negated]
    if not windows:
        return None
    opens = [day for leaf in windows if (day := _day(leaf, "from"))]
    closes = [day for leaf in windows if (day := _day(leaf, "through"))]
    months = [int(leaf.params["months_from_approval"]) for leaf in windows if _by_months(leaf)]
    if approved_on is not None:
        closes += [add_months(approved_on, count) for count in months]
    return Window(
        opens_on=max(opens, default=None),
        closes_on=min(closes, default=None),
        waits=bool(months) and approved_on is None,
    )


def due_on(leaf: Leaf) -> date | None:
    """The day by which one condition has to be met (登记 by the end of April)."""
    return _day(leaf, "by") if leaf.type == "registration" else None


def _by_months(leaf: Leaf) -> bool:
    return "months_from_approval" in leaf.params


def _day(leaf: Leaf, name: str) -> date | None:
    said = leaf.params.get(name)
    return date.fromisoformat(said) if said else None


def _demanded(condition: Condition) -> Iterator[Leaf]:
    if isinstance(condition, Leaf):
        yield condition
    elif condition.op == "all" or len(condition.children) == 1:
        for child in condition.children:
            yield from _demanded(child)
