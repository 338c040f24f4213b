"""The boards as pages: what they show, that each number leads to as many rows, and the workbook."""

import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from cms.accounts.models import User
from cohorts.outcomes.services import class_board, region_board
from tests.factories.outcomes import (
    enrol,
    make_class,
    make_class_staff,
    make_session,
    make_unit,
)
from tests.factories.people import (
    SHAPOTOU,
    TAISHUN,
    ZHONGNING,
    ZHONGWEI,
    make_certificate,
    make_officer,
    make_person,
    make_reference,
    make_results,
    make_sign_up,
    make_trainee,
    pass_junior,
)

pytestmark = pytest.mark.django_db
BOARD = "/workbench/outcomes/"
OF_2023 = f"{BOARD}?region=6405&year=2023"


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    make_reference()


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def city() -> Client:
    return signed_in(make_officer("city", region=ZHONGWEI, role="city_officer"))


def city_again() -> Client:
    return signed_in(User.objects.get(username="city"))


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content[-3000:].decode()
    return response.content.decode()


def workbook(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    return openpyxl.load_workbook(io.BytesIO(response.content))


def two_counties() -> None:
    """沙坡头区: 12 pass, 4 fail, 1 absent. 中宁县: 11 sat, 4 of them passed, and 9 are silent."""
    for n in range(1, 13):
        pass_junior(make_person(n))
        make_certificate(make_person(n))
    for n in range(13, 17):
        make_results(make_person(n), {"junior-general": 50, "junior-practice": 61}, year=2023)
    make_results(
        make_person(17), {"junior-general": "absent", "junior-practice": "absent"}, year=2023
    )
    for n in range(30, 41):
        person = make_person(n, region=ZHONGNING)
        scores = {"junior-general": 62 if n < 34 else 50, "junior-practice": 61}
        make_results(person, scores, year=2023, region=ZHONGNING)
    for n in range(41, 50):
        make_sign_up(make_person(n, region=ZHONGNING), year=2023, level="junior", region=ZHONGNING)


# --- areas ----------------------------------------------------------------------------------------
def test_a_rate_stands_with_its_counts_its_denominator_and_its_range() -> None:
    two_counties()
    seen = page(city(), f"{BOARD}?region={SHAPOTOU}&year=2023")
    assert "Pass rate = passed ÷ sat" in seen
    assert "75.0%" in seen
    assert "12 of 16" in seen
    assert "95% range 50.5–89.8%" in seen
    assert "results known of 17 of 17 (100.0%)" in seen


def test_low_coverage_shows_bounds_and_says_what_the_missing_could_make_of_it() -> None:
    two_counties()
    seen = page(city(), f"{BOARD}?region={ZHONGNING}&year=2023")
    assert "bounds only" in seen
    assert "20.0–65.0%" in seen
    assert "Under 80% no single rate is shown" in seen
    assert "Had all of them failed, the rate would be 20.0%; had all passed, 65.0%." in seen
    assert "stroke-dasharray" in seen  # the year stands as a dashed box


def test_few_results_give_counts_and_no_rate() -> None:
    for n in range(1, 6):
        pass_junior(make_person(n))
    seen = page(city(), OF_2023)
    assert "Fewer than 10 results" in seen
    assert "5 of 5" in seen
    assert "95% range " not in seen


@pytest.mark.parametrize(
    ("of", "formula", "rate"),
    [("registered", "signed up", "70.6%"), ("sat", "sat", "75.0%"),
     ("reported", "results known", "70.6%")],
)  # fmt: skip
def test_the_denominator_can_be_changed_and_is_named(of: str, formula: str, rate: str) -> None:
    two_counties()
    seen = page(city(), f"{BOARD}?region={SHAPOTOU}&year=2023&of={of}")
    assert f"Pass rate = passed ÷ {formula}" in seen
    assert rate in seen
    assert 'aria-current="true">' + formula in seen


def test_every_number_leads_to_as_many_people() -> None:
    two_counties()
    client = city()
    seen = page(client, OF_2023)
    links = re.findall(
        r'href="(/workbench/outcomes/rows/\?[^"]+)"(?: aria-label="[^"]*")?>\D*?(\d+)', seen
    )
    assert len(links) >= 25
    for address, number in links:
        listed = page(client, address.replace("&amp;", "&"))
        assert re.search(rf">{number} (person|people)\b", listed), (address, number)
        assert listed.count("<tr>") - 1 == int(number) or not int(number), address


def test_the_rows_show_people_of_the_scope_with_their_scores() -> None:
    two_counties()
    own = signed_in(make_officer("own", region=SHAPOTOU))
    rows = f"{BOARD}rows/?level=junior&year=2023&figure="
    seen = page(own, rows + "passed")
    assert "沙金雀1" in seen
    assert "宁金雀" not in seen
    assert "66.5" in seen
    assert "absent" in page(own, rows + "absent")
    page(own, f"{rows}passed&region={ZHONGNING}", 404)
    page(own, f"{rows}nonsense", 404)
    page(own, f"{BOARD}rows/?level=nonsense&year=2023&figure=passed", 404)


def test_an_area_outside_the_scope_and_an_unknown_year_are_not_found() -> None:
    own = signed_in(make_officer("own", region=SHAPOTOU))
    for query in (f"region={ZHONGWEI}", f"region={TAISHUN}", "year=1999", "year=x"):
        page(own, f"{BOARD}?{query}", 404)
        page(own, f"{BOARD}board.xlsx?{query}", 404)


def test_a_year_without_sign_ups_says_what_would_fill_it() -> None:
    assert "Nobody signed up in this year" in page(city(), f"{BOARD}?region=6405&year=2022")


def test_a_year_that_only_one_county_has_reported_is_not_the_year_of_the_city() -> None:
    two_counties()
    for n in range(60, 72):
        pass_junior(make_person(n, region=ZHONGNING), year=2025, region=ZHONGNING)
    client = city()
    seen = page(client, BOARD)
    assert "who passed in 2023" in seen
    assert "2025 (results incomplete)" in seen.split("Later exams:")[1]
    assert "2025: only sign-ups of 中宁县 are on record" in seen
    assert "2025: 100.0%" not in seen  # and no trend follows from it
    seen = page(client, f"{BOARD}?year=2025")
    assert "for 2025 only sign-ups of 中宁县 are on record" in seen
    said = "for 2025 only sign-ups of 中宁县 are on record"
    assert said in page(client, f"{BOARD}annual/?year=2025")
    county = signed_in(make_officer("zhongning", region=ZHONGNING))
    assert "who passed in 2025" in page(county, BOARD)


def test_of_those_signed_up_the_unreported_leave_bounds_and_it_is_said() -> None:
    two_counties()
    make_sign_up(make_person(18), year=2023, level="junior")
    address = f"{BOARD}?region={SHAPOTOU}&year=2023&of=registered"
    seen = page(city(), address)
    assert "66.7–72.2%" in seen
    assert "The unreported are among those it divides by" in seen
    assert "Under 80% no single" not in seen


def test_the_chart_of_the_years_says_its_finding() -> None:
    for n in range(1, 13):
        pass_junior(make_person(n), year=2022 + n % 2)
        pass_junior(make_person(20 + n), year=2022 + n % 2)
    seen = page(city(), OF_2023)
    label = re.search(r'role="img" aria-label="([^"]+)"', seen)
    assert label is not None
    assert "2022: 100.0%, 2023: 100.0%. The ranges overlap." in label.group(1)


def test_the_head_figures_of_the_annual_report_lead_to_their_people() -> None:
    two_counties()
    seen = page(city(), f"{BOARD}annual/?region=6405&year=2023").split('class="stats"')[1]
    head = seen.split('class="panel"')[0].replace("&amp;", "&")
    assert "level=junior&figure=passed" in head.replace("&year=2023", "")
    assert "figure=holders" in head
    assert "none yet" in head  # no award, and no zero yuan


@pytest.mark.parametrize(("year", "said"), [(2022, "not reported"), (2027, "not held yet")])
def test_a_year_without_results_has_no_zeroes(year: int, said: str) -> None:
    two_counties()
    seen = page(city(), f"{BOARD}annual/?region=6405&year={year}").split('class="stats"')[1]
    head = seen.split('class="panel"')[0]
    assert said in head
    assert "0 <small>" not in head
    assert ("counted on the last day of the year" in head) is (year == 2027)


def test_an_area_without_any_sign_up_is_unreported_and_not_zero() -> None:
    two_counties()
    seen = page(city(), OF_2023).split('id="parts"')[1]
    row = next(part for part in seen.split("<tr") if "海原县" in part)
    assert "not reported" in row
    assert ">0<" not in row.split("figure=holders")[0]
    make_certificate(make_person(80), level_id="intermediate")
    assert "No sign-up of this year is on record yet" in page(city_again(), f"{BOARD}?year=2024")


def test_the_annual_report_and_the_board_show_the_same_panels() -> None:
    two_counties()
    client = city()
    annual = page(client, f"{BOARD}annual/?region={SHAPOTOU}&year=2023")
    assert "12 of 16" in annual
    assert "/workbench/outcomes/rows/?region=640502" in annual


def test_the_workbook_gives_the_figures_of_the_page_and_no_formula() -> None:
    two_counties()
    book = workbook(city(), f"{BOARD}board.xlsx?region=6405&year=2023")
    figures, definitions, years = book.worksheets
    board = region_board(ZHONGWEI, 2023).levels[0]
    header = [cell.value for cell in figures[3]]
    rows = [dict(zip(header, [c.value for c in row], strict=True)) for row in figures["A4:M7"]]
    for row, area in zip(rows, (*board.parts, board.whole), strict=True):
        counts, rate = area.counts, area.rate()
        assert row["Area"] == area.name
        assert (row["signed up"], row["results known"]) == (counts.registered, counts.reported)
        assert (row["sat"], row["passed"], row["holders"]) == (
            counts.sat, counts.passed, area.holders,
        )  # fmt: skip
        if rate.rate is not None:
            assert row["passed ÷ sat"] == pytest.approx(rate.rate)
        if rate.low is not None:
            assert (row["range from"], row["range to"]) == pytest.approx((rate.low, rate.high))
    assert rows[1]["passed ÷ sat"] == "bounds only"
    assert "as of" in definitions["A2"].value
    assert years["B3"].value == 2023
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_the_board_takes_as_many_statements_for_many_people_as_for_few(
    django_assert_max_num_queries: Any,
) -> None:
    two_counties()
    client = city()
    with django_assert_max_num_queries(32):
        page(client, OF_2023)
    with django_assert_max_num_queries(26):
        page(client, f"{BOARD}rows/?level=junior&year=2023&figure=registered")


# --- classes --------------------------------------------------------------------------------------
def a_class(code: str, people: range, passed: int, **changes: Any) -> Any:
    cohort = make_class(code, **changes)
    persons = [make_person(n) for n in people]
    for place, person in enumerate(persons):
        scores = {"junior-general": 61 if place < passed else 40, "junior-practice": 61}
        make_results(person, scores, year=2023)
    enrol(cohort, persons)
    return cohort


def test_staff_see_their_own_classes_and_officers_those_of_their_region() -> None:
    ours, other = a_class("ours", range(1, 13), 6), a_class("other", range(20, 32), 6)
    organiser = signed_in(make_class_staff(ours, "organiser"))
    seen = page(organiser, f"{BOARD}classes/")
    assert "备考班 ours" in seen
    assert "备考班 other" not in seen
    page(organiser, f"{BOARD}classes/{other.uuid}/", 404)
    officer = page(signed_in(make_officer("own")), f"{BOARD}classes/")
    assert "备考班 ours" in officer
    assert "备考班 other" in officer
    elsewhere = signed_in(make_officer("elsewhere", region=TAISHUN))
    assert "No class for this exam" in page(elsewhere, f"{BOARD}classes/")
    for tail in ("", "rows/?figure=register", "board.xlsx"):
        page(elsewhere, f"{BOARD}classes/{ours.uuid}/{tail}", 404)
    page(signed_in(make_trainee("alice", make_person(90))), f"{BOARD}classes/", 403)


def test_the_board_of_a_class_names_every_denominator_and_leads_to_its_people() -> None:
    cohort = a_class("ours", range(1, 15), 7)
    client = signed_in(make_class_staff(cohort, "organiser"))
    address = f"{BOARD}classes/{cohort.uuid}/"
    seen = page(client, address)
    assert "7 of 14" in seen
    for formula in ("passed ÷ sat", "passed ÷ on the register", "signed up ÷ on the register"):
        assert formula in seen
    assert "frozen on 2023-04-02" in seen
    links = re.findall(r'href="(/workbench/outcomes/classes/[^"]+figure=[^"]+)"[^>]*>(\d+)<', seen)
    assert len(links) >= 12
    for link, number in links:
        listed = page(client, link.replace("&amp;", "&"))
        assert re.search(rf">{number} (person|people)\b", listed), link
    assert "沙金雀1" in page(client, f"{address}rows/?figure=passed")
    page(client, f"{address}rows/?figure=nonsense", 404)
    page(client, f"{address}rows/?figure=passed&unit=nowhere", 404)


def test_a_unit_of_a_few_people_is_not_shown_apart() -> None:
    cohort = a_class("ours", range(1, 13), 7)
    enrol(cohort, [make_person(n) for n in (40, 41, 42)], organisation=make_unit("三人社区"))
    client = signed_in(make_class_staff(cohort, "organiser"))
    address = f"{BOARD}classes/{cohort.uuid}/"
    seen = page(client, address)
    assert "三人社区" not in seen
    assert "smaller ones are not shown apart" in seen
    page(client, f"{address}rows/?figure=register&unit=三人社区", 404)
    cells = workbook(client, f"{address}board.xlsx").worksheets[0].values
    assert "三人社区" not in {cell for row in cells for cell in row}


def test_a_class_in_progress_says_what_is_known_and_when_results_come() -> None:
    now = timezone.now()
    cohort = make_class(exam_year_id=2027, frozen_at=None, starts_on=now.date(), ends_on=now.date())
    enrol(cohort, [make_person(n) for n in range(1, 12)])
    make_session(cohort, 1, starts_at=now - timedelta(days=9))
    client = signed_in(make_class_staff(cohort, "organiser"))
    seen = page(client, f"{BOARD}classes/{cohort.uuid}/")
    assert "The exam is on 2027-05-22" in seen
    assert "Results are expected about 2027-07-23" in seen
    assert "not known yet" in seen
    assert "The register is not frozen yet" in seen
    assert "%" not in seen.split('id="rate"')[1].split('class="hbars"')[0]


def test_classes_are_compared_on_a_funnel_and_never_ranked() -> None:
    for code, people, passed in (
        ("low", range(1, 31), 6),
        ("middle", range(40, 70), 15),
        ("high", range(80, 110), 26),
        ("small", range(120, 125), 5),
    ):
        a_class(code, people, passed)
    seen = page(city(), f"{BOARD}classes/?year=2023")
    # 47 of 90 passed in all: 26 of 30 and 6 of 30 are more than chance, 15 of 30 is not.
    assert "all 52.2%" in seen
    assert "备考班 high, 26 of 30 (86.7%): above the 99.8% limit" in seen
    assert "备考班 low, 6 of 30 (20.0%): below the 99.8% limit" in seen
    assert "备考班 middle, 15 of 30" not in seen
    assert "Not drawn" in seen
    assert seen.index("备考班 low") < seen.index("备考班 middle") < seen.index("备考班 high")


def test_one_class_alone_is_not_compared() -> None:
    a_class("ours", range(1, 15), 7)
    assert "Until then every class stands for itself" in page(city(), f"{BOARD}classes/?year=2023")
    page(city(), f"{BOARD}classes/?year=2019", 404)


def test_the_workbook_of_a_class_gives_its_figures_and_no_formula() -> None:
    cohort = a_class("ours", range(1, 15), 7)
    client = signed_in(make_class_staff(cohort, "organiser"))
    book = workbook(client, f"{BOARD}classes/{cohort.uuid}/board.xlsx")
    figures, definitions, rates = book.worksheets
    board = class_board(cohort, timezone.now())
    assert [cell.value for cell in figures[4]][2:8] == [
        stage.count if stage.count is not None else "not known yet" for stage in board.whole.stages
    ]
    headline = board.whole.rates[0].rate
    assert headline is not None
    assert [cell.value for cell in rates[1]][3] == "Value"
    assert [cell.value for cell in rates[2]][1:4] == [7, 14, pytest.approx(headline.rate)]
    notes = " ".join(str(row[0].value) for row in definitions.iter_rows())
    assert "frozen on 2023-04-02" in notes
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_the_class_pages_take_as_many_statements_for_many_as_for_few(
    django_assert_max_num_queries: Any,
) -> None:
    for k in range(4):
        a_class(f"class-{k}", range(20 * k + 1, 20 * k + 15), 7)
    cohort = make_class("last")
    client = city()
    with django_assert_max_num_queries(30):
        page(client, f"{BOARD}classes/?year=2023")
    with django_assert_max_num_queries(30):
        page(client, f"{BOARD}classes/{cohort.uuid}/")
    with django_assert_max_num_queries(30):
        page(client, f"{BOARD}classes/{cohort.uuid}/rows/?figure=register")
