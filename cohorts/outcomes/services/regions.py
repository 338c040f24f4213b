"""The board of an area: one collection of facts for the level panels, the parts and the years."""

from dataclasses import dataclass

from cms.accounts.models import Region
from cohorts.outcomes import board
from cohorts.outcomes.annual import YearFacts
from cohorts.outcomes.services.annual import (
    held_in,
    parts_of,
    passes_by_year,
    sign_ups_by_year,
)
from cohorts.results.models import SubjectResult


def region_board(region_code: str, year: int) -> board.RegionBoard:
    """Levels, parts and years of an area; a dozen statements, whatever the number of people."""
    region = Region.objects.get(code=region_code)
    years = _years(region_code)
    facts = years.get(year, YearFacts(year))
    held = held_in(region_code, year)
    years[year] = YearFacts(year, sign_ups=facts.sign_ups, passes=facts.passes, held=held)
    return board.region_board((region.code, region.name), parts_of(region_code), years, year=year)


def newest_whole_year(region_code: str) -> int | None:
    """The newest year with results of every part that ever had any; of a county, with any."""
    results = SubjectResult.objects.across_regions().counted().in_area(region_code)
    parts, seen = parts_of(region_code), dict[int, set[str]]()
    for year, area in results.order_by().values_list("exam_year", "region").distinct():
        own = {part for part in parts if area.startswith(part)}
        seen.setdefault(year, set()).update(own)
    ever = set[str]().union(*seen.values())
    return max((year for year, own in seen.items() if own == ever), default=None)


def _years(region_code: str) -> dict[int, YearFacts]:
    sign_ups, passes = sign_ups_by_year(region_code), passes_by_year(region_code)
    return {
        year: YearFacts(year, sign_ups=sign_ups.get(year, []), passes=passes.get(year, []))
        for year in sorted(sign_ups.keys() | passes.keys())
    }


@dataclass(frozen=True)
class Behind:
    """The people behind a figure; `areas` says where each of them stands in it."""

    people: list[int]
    areas: dict[int, str]


def people_behind(region_code: str, year: int, *, level: str, figure: str) -> Behind:
    """Who is counted by a figure of the board, in the order of areas."""
    if figure == board.HOLDERS:
        held = held_in(region_code, year)
        facts = YearFacts(year, held=held)
        areas = {p: one.area for p, one in board.placed_by(held, region_code).items()}
    else:
        sign_ups = sign_ups_by_year(region_code, year).get(year, [])
        passes = passes_by_year(region_code, year).get(year, [])
        facts = YearFacts(year, sign_ups=sign_ups, passes=passes)
        areas = {one.person: one.area for one in passes if one.level == level}
        areas |= {one.person: one.area for one in sign_ups if one.level == level}
    people = board.people_of(facts, region_code, level, figure)
    return Behind(sorted(people, key=lambda one: (areas[one], one)), areas)
