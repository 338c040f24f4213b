"""The annual report of one area: counts from plain facts, each with its own population.

Passes and rates go by sign-up area (报考地), holders by workplace on the last day of the year;
the two are different people, so they are never divided by one another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cohorts.outcomes.rates import Counts, Rate, pass_rate

LEVELS = ("junior", "intermediate", "senior")  # ascending


@dataclass(frozen=True)
class SignUp:
    """One sign-up of the year. `reported`: any result is known; `sat`: one of them is a score."""

    person: int
    level: str
    area: str
    reported: bool
    sat: bool


@dataclass(frozen=True)
class Passed:
    """A level completed in the year, counted where the person signed up."""

    person: int
    level: str
    area: str


@dataclass(frozen=True)
class Held:
    """A checked certificate. `workplace` is "" where no post is known on that day."""

    person: int
    level: str
    workplace: str
    sign_up_area: str

    @property
    def area(self) -> str:
        return self.workplace or self.sign_up_area


@dataclass(frozen=True)
class Paid:
    """Awards of one kind: how many lines, how much in fen."""

    lines: int = 0
    total_fen: int = 0


@dataclass(frozen=True)
class YearFacts:
    """Everything the report of one year is counted from."""

    year: int
    sign_ups: Sequence[SignUp] = ()
    passes: Sequence[Passed] = ()
    held: Sequence[Held] = ()
    one_off: Paid = field(default_factory=Paid)
    monthly: Paid = field(default_factory=Paid)


@dataclass(frozen=True)
class Part:
    """The figures of one part of an area, by level."""

    code: str
    name: str
    holders: dict[str, int]
    counts: dict[str, Counts]
    rates: dict[str, Rate]


def last_day(year: int) -> date:
    return date(year, 12, 31)


def report(facts: YearFacts, region: str) -> dict[str, Any]:
    """The report as JSON: what `report annual --json` prints and the web sends."""
    holders, elsewhere = _highest(facts.held, region)
    return {
        "region": region,
        "year": facts.year,
        "region_basis": {
            "passes": "sign_up_area",
            "rates": "sign_up_area",
            "holders": "workplace",
            "holders_on": last_day(facts.year).isoformat(),
            "holders_by_sign_up_area": elsewhere,
            "awards": "award_area",
        },
        "passes": passes_by_level(facts.passes, region),
        "holders": holders,
        "rates": [_rate_row(level, facts, region) for level in _sat_levels(facts, region)],
        "one_off": {"lines": facts.one_off.lines, "total_fen": facts.one_off.total_fen},
        "monthly": {"lines": facts.monthly.lines, "total_fen": facts.monthly.total_fen},
    }


def parts(facts: YearFacts, areas: Mapping[str, str]) -> list[Part]:
    """The same counts for the parts of an area, each with its own rate or none."""
    return [
        Part(
            code=code,
            name=name,
            holders=_highest(facts.held, code)[0],
            counts={level: counts_of(level, facts, code) for level in LEVELS},
            rates={level: rate_of(level, facts, code) for level in LEVELS},
        )
        for code, name in areas.items()
    ]


def passes_by_level(passes: Iterable[Passed], region: str) -> dict[str, int]:
    people = {(p.person, p.level) for p in passes if p.area.startswith(region)}
    return {level: sum(own == level for _, own in people) for level in LEVELS}


def counts_of(level: str, facts: YearFacts, region: str) -> Counts:
    own = [s for s in facts.sign_ups if s.level == level and s.area.startswith(region)]
    return Counts(
        registered=len(own),
        reported=sum(s.reported for s in own),
        sat=sum(s.sat for s in own),
        passed=passes_by_level(facts.passes, region)[level],
    )


def rate_of(level: str, facts: YearFacts, region: str) -> Rate:
    return pass_rate(counts_of(level, facts, region))


def _sat_levels(facts: YearFacts, region: str) -> list[str]:
    known = {s.level for s in facts.sign_ups if s.area.startswith(region)}
    return [level for level in LEVELS if level in known]


def _rate_row(level: str, facts: YearFacts, region: str) -> dict[str, Any]:
    counts, rate = counts_of(level, facts, region), rate_of(level, facts, region)
    return {
        "level": level,
        "denominator": "sat",
        "registered": counts.registered,
        "reported": counts.reported,
        "passed": rate.passed,
        "n": rate.n,
        "kind": rate.kind,
        "rate": rate.rate,
        "low": rate.low,
        "high": rate.high,
        "coverage": rate.coverage,
    }


def holders_in(held: Iterable[Held], region: str) -> list[Held]:
    """Each person once, by the highest level, where that certificate places them."""
    best: dict[int, Held] = {}
    for one in held:
        known = best.get(one.person)
        if known is None or LEVELS.index(one.level) > LEVELS.index(known.level):
            best[one.person] = one
    return [one for one in best.values() if one.area.startswith(region)]


def _highest(held: Iterable[Held], region: str) -> tuple[dict[str, int], int]:
    """Persons by highest level, and how many of them stand here by their sign-up area alone."""
    here = holders_in(held, region)
    by_level = {level: sum(one.level == level for one in here) for level in LEVELS}
    return by_level, sum(not one.workplace for one in here)
