"""Pass rates that say what they are made of.

A rate is passed ÷ sat unless it names another denominator, never without its range and the share
of results that is known. Only the bounds stand (all missing failed; all missing passed) under 80 %
coverage, and wherever the denominator holds people of whom nothing is known: those who passed are
then the least. Under 10 results no rate stands at all. The range is Wilson's score interval: it is
defined at 0 and at n and keeps its coverage at small n, which the usual ±1.96·sd does not.
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

REGISTERED, SAT, REPORTED = "registered", "sat", "reported"
DENOMINATORS = (REGISTERED, SAT, REPORTED)


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

    @property
    def absent(self) -> int:
        """Results are known, and none of them is a score: 缺考, 违纪, 成绩无效."""
        return self.reported - self.sat

    def over(self, of: str) -> int:
        """The denominator that is named."""
        return {REGISTERED: self.registered, SAT: self.sat, REPORTED: self.reported}[of]


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

    @property
    def is_covered(self) -> bool:
        """Whether enough results are known for a rate of those who sat."""
        return self.coverage is not None and self.coverage >= LEAST_COVERAGE


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


def pass_rate(counts: Counts, of: str = SAT) -> Rate:
    """What may be said about the pass rate of one level, year and area.

    The registered hold those of whom nothing is known: some of them may have passed. An interval
    of chance would not say how far that may be off; the bounds do.
    """
    n, passed, coverage = counts.over(of), counts.passed, counts.coverage
    results = counts.sat if of == SAT else counts.reported
    if results < SMALLEST_N:
        return Rate(SUPPRESSED, passed, n, coverage)
    is_least = of == REGISTERED and counts.missing > 0
    if coverage is None or coverage < LEAST_COVERAGE or is_least:
        low, high = bounds(counts, of)
        return Rate(BOUNDS, passed, n, coverage, low=low, high=high)
    low, high = wilson(passed, n)
    return Rate(POINT, passed, n, coverage, rate=passed / n, low=low, high=high)


def bounds(counts: Counts, of: str = SAT) -> tuple[float, float]:
    """The rate if all missing had failed, and if all had passed.

    Whoever passes has sat and has a result, so the missing come into every denominator.
    """
    possible = counts.sat + counts.missing if of == SAT else counts.registered
    if not possible:
        raise ValueError("no bounds for nobody")
    return counts.passed / possible, (counts.passed + counts.missing) / possible


def share(part: int, whole: int, *, missing: int = 0) -> Rate:
    """A share of people, by the same rules; of `missing` it is not known whether they belong, and
    they stand in the whole.
    """
    coverage = (whole - missing) / whole if whole else None
    if whole - missing < SMALLEST_N:
        return Rate(SUPPRESSED, part, whole, coverage)
    if missing:
        return Rate(BOUNDS, part, whole, coverage, low=part / whole, high=(part + missing) / whole)
    low, high = wilson(part, whole)
    return Rate(POINT, part, whole, coverage, rate=part / whole, low=low, high=high)
