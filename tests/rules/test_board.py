"""The board of an area, counted by hand."""

import pytest

from cohorts.outcomes.annual import Held, Passed, SignUp, YearFacts
from cohorts.outcomes.board import FIGURES, people_of, region_board
from cohorts.outcomes.rates import BOUNDS, POINT, SUPPRESSED

CITY, TOWN, COUNTY = "6405", "640502", "640521"
PARTS = {TOWN: "沙坡头区", COUNTY: "中宁县"}


def sign_ups(many, *, area=TOWN, level="junior", start=0, reported=True, sat=True):
    return [SignUp(start + n, level, area, reported, sat) for n in range(many)]


# 沙坡头区: 40 sign-ups, of whom 34 sat, 2 are known to have no score, 4 are silent; 17 passed.
# 中宁县: 20 sign-ups, of whom 12 sat and 8 are silent (coverage 60 %); 6 passed.
OF_2024 = YearFacts(
    2024,
    sign_ups=[
        *sign_ups(34),
        *sign_ups(2, start=34, sat=False),
        *sign_ups(4, start=36, reported=False, sat=False),
        *sign_ups(12, area=COUNTY, start=100),
        *sign_ups(8, area=COUNTY, start=112, reported=False, sat=False),
        *sign_ups(3, level="intermediate", start=200),
    ],
    passes=[
        *(Passed(n, "junior", TOWN) for n in range(17)),
        *(Passed(100 + n, "junior", COUNTY) for n in range(6)),
    ],
    held=[Held(1, "junior", TOWN, TOWN), Held(2, "junior", "", COUNTY)],
)
OF_2023 = YearFacts(
    2023,
    sign_ups=sign_ups(20, start=300),
    passes=[Passed(300 + n, "junior", TOWN) for n in range(5)],
)


def board(year=2024, facts=(OF_2023, OF_2024)):
    return region_board((CITY, "中卫市"), PARTS, {one.year: one for one in facts}, year=year)


def test_the_counts_of_each_part_and_of_the_whole():
    junior, _intermediate = board().levels
    town, county = junior.parts
    assert (town.counts.registered, town.counts.reported, town.counts.sat) == (40, 36, 34)
    assert (town.counts.passed, town.counts.missing, town.counts.absent) == (17, 4, 2)
    assert (county.counts.registered, county.counts.sat, county.counts.passed) == (20, 12, 6)
    whole = junior.whole.counts
    assert (whole.registered, whole.reported, whole.sat, whole.passed) == (60, 48, 46, 23)
    assert [row.holders for row in (town, county, junior.whole)] == [1, 1, 2]


@pytest.mark.parametrize(
    ("of", "town", "county"),
    [
        ("sat", 17 / 34, (6 / 20, 14 / 20)),
        ("reported", 17 / 36, (6 / 20, 14 / 20)),
    ],
)
def test_each_denominator_gives_its_own_rate_and_low_coverage_only_bounds(of, town, county):
    rows = board().levels[0].parts
    known, patchy = rows[0].rate(of), rows[1].rate(of)
    assert (known.kind, known.rate) == (POINT, pytest.approx(town))
    assert (patchy.kind, patchy.rate) == (BOUNDS, None)
    assert (patchy.low, patchy.high) == pytest.approx(county)


def test_of_those_signed_up_the_unreported_leave_bounds():
    known = board().levels[0].parts[0].rate("registered")
    assert (known.kind, known.low, known.high) == (BOUNDS, 17 / 40, 21 / 40)


def test_a_level_with_few_results_has_no_rate():
    assert board().levels[1].whole.rate().kind == SUPPRESSED


def test_the_years_of_a_level_stand_in_order_with_their_own_counts():
    junior = board().levels[0]
    assert [(row.year, row.counts.registered, row.counts.passed) for row in junior.years] == [
        (2023, 20, 5), (2024, 60, 23),
    ]  # fmt: skip
    assert junior.years[0].rate().rate == pytest.approx(0.25)


def test_a_year_that_a_part_is_silent_in_is_known_for_the_others_only():
    assert board().partial == {2023: ("沙坡头区",)}
    both = YearFacts(2023, sign_ups=[*OF_2023.sign_ups, *sign_ups(2, area=COUNTY, start=400)])
    assert board(facts=(both, OF_2024)).partial == {}


def test_a_year_without_anybody_is_an_empty_board():
    found = board(year=2030)
    assert found.levels == []
    assert found.unplaced == 0


def test_holders_without_a_post_are_said():
    assert board().unplaced == 1


@pytest.mark.parametrize("area", [CITY, TOWN, COUNTY])
@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_counts_exactly_the_people_behind_it(area, figure):
    people = people_of(OF_2024, area, "junior", figure)
    row = region_board((area, ""), {}, {2024: OF_2024}, year=2024).levels[0].whole
    figures = {"holders": row.holders, "missing": row.counts.missing, "absent": row.counts.absent}
    expected = figures[figure] if figure in figures else getattr(row.counts, figure)
    assert len(people) == len(set(people)) == expected
