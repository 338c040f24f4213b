"""Pass rates that say what they are made of.

A rate is passed ÷ sat, never without its range and the share of results that is known. Under
80 % coverage only the bounds stand (all missing failed; all missing passed); under 10 results no
rate stands at all. The range is Wilson's score interval: it is defined at 0 and at n and keeps
its coverage at small n, which the usual ±1.96·sd does not.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

SMALLEST_N = 10
LEAST_COVERAGE = 0.8
Z_95 = NormalDist().inv_cdf(0.975)

POINT = "point"
BOUNDS = "bounds"
SUPPRESSED = "suppressed"


@dataclass(frozen=True)
class Counts:
    """Sign-ups of one level and year by what is known of them.

    `reported` have any result, be it a score or a special code; `sat` have at least one real
    score; `passed` completed the level.
    """

    registered: int
    reported: int
    sat: int
    passed: int

    @property
    def missing(self) -> int:
        """Sign-ups of whom nothing is known: they may have sat, and may have passed."""
        return self.registered - self.reported

    @property
    def coverage(self) -> float | None:
        """Share of the sign-ups whose result is known; None where nobody signed up."""
        return self.reported / self.registered if self.registered else None


@dataclass(frozen=True)
class Rate:
    """A rate with its range. `kind` says which of them may be shown.

    point: `rate` with the 95 % range low–high · bounds: low and high with no rate between ·
    suppressed: none of the three.
    """

    kind: str
    passed: int
    n: int
    coverage: float | None
    rate: float | None = None
    low: float | None = None
    high: float | None = None


def wilson(successes: int, n: int, *, z: float = Z_95) -> tuple[float, float]:
    """Wilson's score interval (1927). Raises ValueError unless 0 ≤ successes ≤ n and n > 0."""
    if not 0 <= successes <= n or n == 0:
        raise ValueError(f"no interval for {successes} of {n}")
    p = successes / n
    centre = p + z * z / (2 * n)
    spread = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = 0.0 if successes == 0 else (centre - spread) / scale
    high = 1.0 if successes == n else (centre + spread) / scale
    return low, high


def pass_rate(counts: Counts) -> Rate:
    """What may be said about the pass rate of one level, year and area."""
    sat, passed, coverage = counts.sat, counts.passed, counts.coverage
    if sat < SMALLEST_N:
        return Rate(SUPPRESSED, passed, sat, coverage)
    if coverage is None or coverage < LEAST_COVERAGE:
        possible = sat + counts.missing
        low, high = passed / possible, (passed + counts.missing) / possible
        return Rate(BOUNDS, passed, sat, coverage, low=low, high=high)
    low, high = wilson(passed, sat)
    return Rate(POINT, passed, sat, coverage, rate=passed / sat, low=low, high=high)
