"""Is the difference between groups more than chance? The exact limits of a funnel plot.

A group with n people who sat is held against the rate of all groups together: of n people, how
many could have passed by chance alone? (Spiegelhalter 2005, Stat Med 24:1185, doi
10.1002/sim.1970.) The probabilities are summed in integers, so nothing is rounded before the end.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import comb

INNER = Fraction(25, 1000)  # each tail of the 95 % limits
OUTER = Fraction(1, 1000)  # each tail of the 99.8 % limits

WITHIN = "within"
ABOVE, BELOW = "above", "below"
FAR_ABOVE, FAR_BELOW = "far_above", "far_below"


@dataclass(frozen=True)
class Target:
    """The rate that everybody is held against, as counts: passed of so many who sat."""

    passed: int
    of: int

    def __post_init__(self) -> None:
        """A rate is a share of somebody."""
        if not 0 <= self.passed <= self.of or self.of == 0:
            raise ValueError(f"no rate in {self.passed} of {self.of}")

    @property
    def rate(self) -> float:
        return self.passed / self.of


@dataclass(frozen=True)
class Limits:
    """Rates between which 95 % (low, high) and 99.8 % (lowest, highest) of such groups fall."""

    n: int
    lowest: float
    low: float
    high: float
    highest: float


def place(passed: int, n: int, target: Target) -> str:
    """Where a group falls. Outside 95 %: a count so low, or so high, has a chance under 2.5 %."""
    at_most, at_least = _tail_below(passed, n, target), _tail_above(passed, n, target)
    if at_most < OUTER:
        return FAR_BELOW
    if at_least < OUTER:
        return FAR_ABOVE
    if at_most < INNER:
        return BELOW
    return ABOVE if at_least < INNER else WITHIN


def quantile(n: int, target: Target, share: Fraction) -> int:
    """The smallest count whose cumulative probability reaches the share."""
    sums = _sums(n, target)
    return next(k for k, total in enumerate(sums) if total >= share * sums[-1])


def limits(n: int, target: Target) -> Limits:
    """The limits as drawn: between two counts they are interpolated, or the lines would be saws."""
    return Limits(
        n=n,
        lowest=_smooth(n, target, OUTER),
        low=_smooth(n, target, INNER),
        high=_smooth(n, target, 1 - INNER),
        highest=_smooth(n, target, 1 - OUTER),
    )


def _smooth(n: int, target: Target, share: Fraction) -> float:
    """(k − a) / n with a = (F(k) − share) / (F(k) − F(k−1)), the interpolation of the paper."""
    sums = _sums(n, target)
    k = quantile(n, target, share)
    before = sums[k - 1] if k else 0
    step = sums[k] - before
    a = (sums[k] - share * sums[-1]) / step
    return min(max(float((k - a) / n), 0.0), 1.0)


def _tail_below(count: int, n: int, target: Target) -> Fraction:
    sums = _sums(n, target)
    return Fraction(sums[count], sums[-1])


def _tail_above(count: int, n: int, target: Target) -> Fraction:
    sums = _sums(n, target)
    return Fraction(sums[-1] - (sums[count - 1] if count else 0), sums[-1])


@lru_cache(maxsize=256)
def _sums(n: int, target: Target) -> tuple[int, ...]:
    """P(X ≤ k) for k = 0…n, each times `target.of` to the power of n."""
    failed = target.of - target.passed
    up, down = _powers(target.passed, n), _powers(failed, n)
    total, sums = 0, []
    for k in range(n + 1):
        total += comb(n, k) * up[k] * down[n - k]
        sums.append(total)
    return tuple(sums)


def _powers(base: int, most: int) -> list[int]:
    powers = [1]
    for _ in range(most):
        powers.append(powers[-1] * base)
    return powers
