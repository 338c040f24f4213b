"""The annual report from the database: the right people, in few statements, as JSON."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from cohorts.certificates.services import expect_due
from cohorts.outcomes.services import annual_page, annual_report, parts_of
from cohorts.results.models import CutScore
from tests.factories.people import (
    HAIYUAN,
    NOW,
    SHAPOTOU,
    TAISHUN,
    ZHONGNING,
    ZHONGWEI,
    make_certificate,
    make_organisation,
    make_person,
    make_post,
    make_reference,
    make_results,
    make_sign_up,
    pass_junior,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


def passed(region=ZHONGWEI, year=2023):
    return annual_report(region, year)["passes"]


def holders(region=ZHONGWEI, year=2023):
    return annual_report(region, year)["holders"]


def test_passes_are_complete_passes_of_the_year_by_sign_up_area():
    pass_junior(make_person(1))
    pass_junior(make_person(2, region=ZHONGNING), region=ZHONGNING)
    pass_junior(make_person(3), year=2022)
    pass_junior(make_person(4, region=TAISHUN), region=TAISHUN)
    make_results(make_person(5), {"junior-general": 61, "junior-practice": 59}, year=2023)
    assert passed() == {"junior": 2, "intermediate": 0, "senior": 0}
    assert passed(ZHONGNING)["junior"] == 1
    assert passed(year=2022)["junior"] == 1


def test_a_pass_over_two_years_counts_in_the_second():
    person = make_person(1)
    make_results(person, {"intermediate-law": 61, "intermediate-general": 70}, year=2022)
    make_results(person, {"intermediate-practice": 60}, year=2023)
    assert passed(year=2022)["intermediate"] == 0
    assert passed(year=2023)["intermediate"] == 1


def test_a_subject_sat_elsewhere_the_year_before_counts():
    person = make_person(1)
    make_results(
        person, {"intermediate-law": 61, "intermediate-general": 70}, year=2022, region=TAISHUN
    )
    make_results(person, {"intermediate-practice": 60}, year=2023)
    assert passed()["intermediate"] == 1


def test_a_pass_by_the_separate_line_counts_as_a_pass():
    person = make_person(1, region=HAIYUAN)
    make_results(person, {"junior-general": 53, "junior-practice": 60}, year=2025, region=HAIYUAN)
    assert passed(year=2025)["junior"] == 0
    CutScore.objects.filter(area=HAIYUAN).update(verified=True)
    assert passed(year=2025)["junior"] == 1


def test_holders_are_counted_once_by_the_highest_level_on_the_last_day_of_the_year():
    person = make_person(1)
    make_certificate(person, approved_on=date(2019, 6, 23))
    make_certificate(
        person, level_id="intermediate", number="2023X0000000000001", approved_on=date(2023, 6, 11)
    )
    make_certificate(make_person(2), approved_on=date(2024, 1, 1))
    make_certificate(make_person(3), state="recorded", checked_at=None)
    make_certificate(make_person(4), state="revoked", revoked_reason="x")
    assert holders(year=2022) == {"junior": 1, "intermediate": 0, "senior": 0}
    assert holders(year=2023) == {"junior": 0, "intermediate": 1, "senior": 0}
    assert holders(year=2024) == {"junior": 1, "intermediate": 1, "senior": 0}


def test_holders_stand_where_they_work_that_day():
    moved, stays, gone = make_person(1), make_person(2), make_person(3)
    for person in (moved, stays, gone):
        make_certificate(person)
    here, there = make_organisation("黄河社区"), make_organisation("石空社区", region=ZHONGNING)
    far = make_organisation("泰顺社工站", region=TAISHUN)
    make_post(moved, here, to_on=date(2023, 8, 31))
    make_post(moved, there, from_on=date(2023, 9, 1))
    make_post(gone, far)
    assert holders(SHAPOTOU)["junior"] == 1
    assert holders(ZHONGNING)["junior"] == 1
    found = annual_report(ZHONGWEI, 2023)
    assert found["holders"]["junior"] == 2
    assert found["region_basis"]["holders_by_sign_up_area"] == 1


def test_a_holder_of_two_levels_from_two_areas_counts_once():
    person = make_person(1)
    make_certificate(person)
    make_certificate(
        person, level_id="intermediate", number="2023X0000000000001", region_id=ZHONGNING
    )
    assert holders(SHAPOTOU) == {"junior": 0, "intermediate": 0, "senior": 0}
    assert holders(ZHONGNING) == {"junior": 0, "intermediate": 1, "senior": 0}


def test_rates_say_who_sat_and_of_whom_nothing_is_known():
    for n in range(1, 13):
        pass_junior(make_person(n))
    for n in range(13, 17):
        make_results(
            make_person(n), {"junior-general": "absent", "junior-practice": "absent"}, year=2023
        )
    make_sign_up(make_person(17), year=2023, level="junior")
    [row] = annual_report(ZHONGWEI, 2023)["rates"]
    counted = {name: row[name] for name in ("registered", "reported", "n", "passed")}
    assert counted == {"registered": 17, "reported": 16, "n": 12, "passed": 12}
    assert row["coverage"] == pytest.approx(16 / 17)


def test_unchecked_certificates_are_said_beside_the_holders():
    pass_junior(make_person(1))
    expect_due(now=NOW)
    assert annual_report(ZHONGWEI, 2023)["certificates_waiting"] == 1
    assert annual_report(ZHONGWEI, 2022)["certificates_waiting"] == 0


def test_a_year_without_anything_is_all_zeroes():
    found = annual_report(ZHONGWEI, 2023)
    assert found["rates"] == []
    assert found["one_off"] == found["monthly"] == {"lines": 0, "total_fen": 0}


def test_the_parts_of_a_city_are_its_counties():
    assert list(parts_of(ZHONGWEI)) == [SHAPOTOU, ZHONGNING, HAIYUAN]
    assert parts_of(SHAPOTOU) == {}
    pass_junior(make_person(1, region=ZHONGNING), region=ZHONGNING)
    report, counties = annual_page(ZHONGWEI, 2023)
    assert report["passes"]["junior"] == 1
    assert {part.code: part.counts["junior"].passed for part in counties} == {
        SHAPOTOU: 0, ZHONGNING: 1, HAIYUAN: 0,
    }  # fmt: skip


def test_the_report_takes_as_many_statements_for_many_people_as_for_few(
    django_assert_max_num_queries,
):
    for n in range(1, 31):
        person = make_person(n)
        pass_junior(person)
        make_certificate(person)
        make_post(person, make_organisation(f"社区{n}"))
    with django_assert_max_num_queries(12):
        assert passed()["junior"] == 30


def test_the_command_prints_one_json_object(capsys):
    pass_junior(make_person(1))
    call_command("report", "annual", "--region", "6405", "--year", "2023", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["region"], found["year"], found["passes"]["junior"]) == ("6405", 2023, 1)
    call_command("report", "annual", "--region", "6405", "--year", "2023")
    assert "junior 1" in capsys.readouterr().out


def test_the_command_refuses_a_region_it_does_not_know():
    with pytest.raises(CommandError, match="No such region"):
        call_command("report", "annual", "--region", "99", "--year", "2023", "--json")
