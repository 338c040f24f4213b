"""The annual report: who is counted where, and what is hidden because it is small."""

from cohorts.outcomes.annual import Held, Paid, Passed, SignUp, YearFacts, parts, report
from cohorts.outcomes.rates import BOUNDS, POINT, SUPPRESSED

CITY, TOWN, COUNTY = "6405", "640502", "640521"
AREAS = {TOWN: "沙坡头区", COUNTY: "中宁县"}


def sign_ups(many, *, area=TOWN, level="junior", start=0, reported=True, sat=True):
    return [SignUp(start + n, level, area, reported, sat) for n in range(many)]


def passed(many, *, area=TOWN, level="junior", start=0):
    return [Passed(start + n, level, area) for n in range(many)]


def of(region=CITY, **facts):
    return report(YearFacts(2023, **facts), region)


def test_passes_count_by_sign_up_area():
    passes = [*passed(3), *passed(2, area=COUNTY, start=10), *passed(1, level="intermediate")]
    assert of(passes=passes)["passes"] == {"junior": 5, "intermediate": 1, "senior": 0}
    assert of(COUNTY, passes=passes)["passes"] == {"junior": 2, "intermediate": 0, "senior": 0}


def test_a_person_who_passed_by_two_lines_counts_once():
    assert (
        of(passes=[Passed(1, "junior", TOWN), Passed(1, "junior", TOWN)])["passes"]["junior"] == 1
    )


def test_holders_are_persons_by_their_highest_level():
    held = [
        Held(1, "junior", TOWN, TOWN),
        Held(1, "intermediate", TOWN, TOWN),
        Held(2, "junior", TOWN, TOWN),
    ]
    assert of(held=held)["holders"] == {"junior": 1, "intermediate": 1, "senior": 0}


def test_holders_count_where_they_work_and_else_where_they_signed_up():
    held = [
        Held(1, "junior", COUNTY, TOWN),
        Held(2, "junior", "", TOWN),
        Held(3, "junior", "3303", TOWN),
    ]
    found = of(TOWN, held=held)
    assert found["holders"]["junior"] == 1
    assert found["region_basis"]["holders_by_sign_up_area"] == 1
    assert of(COUNTY, held=held)["holders"]["junior"] == 1
    assert of(held=held)["holders"]["junior"] == 2


def test_the_rate_names_its_denominator_and_all_it_is_made_of():
    facts = {"sign_ups": [*sign_ups(40), *sign_ups(8, start=100, sat=False)], "passes": passed(16)}
    [row] = of(**facts)["rates"]
    assert (row["level"], row["denominator"]) == ("junior", "sat")
    assert (row["registered"], row["reported"], row["n"]) == (48, 48, 40)
    assert (row["passed"], row["kind"], row["coverage"]) == (16, POINT, 1.0)
    assert row["low"] < row["rate"] == 0.4 < row["high"]


def test_absent_people_are_reported_and_not_sat():
    [row] = of(sign_ups=[*sign_ups(10), *sign_ups(5, start=50, sat=False)])["rates"]
    assert (row["n"], row["coverage"]) == (10, 1.0)


def test_missing_results_leave_only_bounds():
    silent = sign_ups(30, start=100, reported=False, sat=False)
    [row] = of(sign_ups=[*sign_ups(50), *silent], passes=passed(20))["rates"]
    assert (row["kind"], row["rate"], row["coverage"]) == (BOUNDS, None, 0.625)
    assert (row["low"], row["high"]) == (20 / 80, 50 / 80)


def test_few_results_give_no_rate():
    [row] = of(sign_ups=sign_ups(9), passes=passed(9))["rates"]
    assert (row["kind"], row["rate"], row["low"], row["high"]) == (SUPPRESSED, None, None, None)


def test_a_level_nobody_signed_up_for_has_no_rate():
    assert of()["rates"] == []


def test_awards_are_added_up():
    found = of(one_off=Paid(19, 5_700_000), monthly=Paid(3, 66_000))
    assert found["one_off"] == {"lines": 19, "total_fen": 5_700_000}
    assert found["monthly"] == {"lines": 3, "total_fen": 66_000}


def test_each_part_has_its_own_counts_and_a_small_one_no_rate():
    facts = YearFacts(
        2023,
        sign_ups=[*sign_ups(30), *sign_ups(5, area=COUNTY, start=50)],
        passes=[*passed(12), *passed(2, area=COUNTY, start=50)],
        held=[Held(1, "junior", COUNTY, TOWN)],
    )
    town, county = parts(facts, AREAS)
    assert (town.name, town.counts["junior"].passed, town.rates["junior"].kind) == (
        "沙坡头区", 12, POINT,
    )  # fmt: skip
    assert (county.counts["junior"].sat, county.rates["junior"].kind) == (5, SUPPRESSED)
    assert (town.holders["junior"], county.holders["junior"]) == (0, 1)
