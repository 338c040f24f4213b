"""The board of one area: each level with its parts and its years, and who stands behind a figure.

Every figure is the length of a list of people (`people_of`), so that a number and the rows it
leads to cannot differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cohorts.outcomes.annual import LEVELS, Held, SignUp, YearFacts, counts_of, holders_in
from cohorts.outcomes.rates import SAT, Counts, Rate, pass_rate

HOLDERS = "holders"
# What a figure may count; `absent` has results and no score, `missing` has neither.
OF_SIGN_UPS = ("registered", "reported", "sat", "passed", "absent", "missing")
FIGURES = (*OF_SIGN_UPS, HOLDERS)


@dataclass(frozen=True)
class AreaRow:
    """One level in one area."""

    code: str
    name: str
    counts: Counts
    holders: int

    def rate(self, of: str = SAT) -> Rate:
        return pass_rate(self.counts, of)


@dataclass(frozen=True)
class YearRow:
    """One level in one exam year."""

    year: int
    counts: Counts

    def rate(self, of: str = SAT) -> Rate:
        return pass_rate(self.counts, of)


@dataclass(frozen=True)
class LevelBoard:
    """A level: the whole area, its parts, and the years in which anybody signed up."""

    level: str
    whole: AreaRow
    parts: Sequence[AreaRow]
    years: Sequence[YearRow]


@dataclass(frozen=True)
class RegionBoard:
    """`unplaced`: holders without a known post, who stand where they signed up. `partial`: years
    with sign-ups of some parts only, by the names of those parts.
    """

    region: str
    year: int
    levels: Sequence[LevelBoard]
    unplaced: int
    partial: Mapping[int, Sequence[str]]


def region_board(
    region: tuple[str, str],
    parts: Mapping[str, str],
    years: Mapping[int, YearFacts],
    *,
    year: int,
) -> RegionBoard:
    """The board of an area (code, name) and its parts, from the facts of all years.

    A level stands on it where anybody signed up that year or holds its certificate.
    """
    facts = years.get(year, YearFacts(year))
    here = holders_in(facts.held, region[0])
    levels = [_level(level, region, parts, years, year=year) for level in LEVELS]
    return RegionBoard(
        region=region[0],
        year=year,
        levels=[one for one in levels if one.whole.counts.registered or one.whole.holders],
        unplaced=sum(not one.workplace for one in here),
        partial=partial_years(parts, years),
    )


def partial_years(
    parts: Mapping[str, str], years: Mapping[int, YearFacts]
) -> dict[int, tuple[str, ...]]:
    """Years in which a part is silent that has sign-ups in another year: its workbook has not
    come yet, so no figure of that year is one of the whole area.
    """
    seen = {
        year: {part for part in parts if any(s.area.startswith(part) for s in facts.sign_ups)}
        for year, facts in years.items()
    }
    ever = set[str]().union(*seen.values())
    return {
        year: tuple(parts[part] for part in parts if part in own)
        for year, own in seen.items()
        if own and own != ever
    }


def _level(
    level: str,
    region: tuple[str, str],
    parts: Mapping[str, str],
    years: Mapping[int, YearFacts],
    *,
    year: int,
) -> LevelBoard:
    facts = years.get(year, YearFacts(year))
    known = {one: counts_of(level, own, region[0]) for one, own in sorted(years.items())}
    return LevelBoard(
        level=level,
        whole=_row(level, region, facts),
        parts=[_row(level, part, facts) for part in parts.items()],
        years=[YearRow(one, counts) for one, counts in known.items() if counts.registered],
    )


def _row(level: str, area: tuple[str, str], facts: YearFacts) -> AreaRow:
    code, name = area
    held = [one for one in holders_in(facts.held, code) if one.level == level]
    return AreaRow(code, name, counts_of(level, facts, code), len(held))


def people_of(facts: YearFacts, region: str, level: str, figure: str) -> list[int]:
    """The people whom a figure of the board counts, each once."""
    if figure == HOLDERS:
        return [one.person for one in holders_in(facts.held, region) if one.level == level]
    if figure == "passed":
        passes = (p for p in facts.passes if p.level == level and p.area.startswith(region))
        return list(dict.fromkeys(p.person for p in passes))
    own = (s for s in facts.sign_ups if s.level == level and s.area.startswith(region))
    return [one.person for one in own if _counts(one, figure)]


def _counts(sign_up: SignUp, figure: str) -> bool:
    return {
        "registered": True,
        "reported": sign_up.reported,
        "sat": sign_up.sat,
        "absent": sign_up.reported and not sign_up.sat,
        "missing": not sign_up.reported,
    }[figure]


def placed_by(held: Sequence[Held], region: str) -> dict[int, Held]:
    """The certificate by which each holder of the area stands there."""
    return {one.person: one for one in holders_in(held, region)}
