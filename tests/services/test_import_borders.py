"""What no import does: reach into another area, tell of its importer, take one person twice."""

from datetime import date

import pytest

from cms.accounts.models import Person
from cms.accounts.services import find_person, grant_role
from cohorts.certificates import services as certificates
from cohorts.certificates.models import Certificate
from cohorts.posts import services as posts
from cohorts.posts.models import Appraisal, InsuranceMonth, Post
from cohorts.results import services as results
from cohorts.results.models import ExamSignUp, SubjectResult
from tests.factories.numbers import fictional_id
from tests.factories.people import (
    LONG_AGO,
    NOW,
    SHAPOTOU,
    ZHONGNING,
    ZHONGWEI,
    make_certificate,
    make_officer,
    make_organisation,
    make_person,
    make_post,
    make_reference,
    make_results,
)
from tests.factories.workbooks import (
    APPRAISALS,
    INSURANCE,
    POSTS,
    REGISTER,
    RESULTS,
    intermediate_row,
    junior_row,
    post_row,
    register_row,
    workbook,
)

pytestmark = pytest.mark.django_db
ELSEWHERE = "Another area has a record of this person; ask there"
OUTSIDE = "This area is outside the one you look after"
OWN = "Nobody imports a row about themselves"
SAYS = "中宁县"


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


@pytest.fixture
def officer():
    return make_officer("county", region=SHAPOTOU)


@pytest.fixture
def city():
    return make_officer("city", region=ZHONGWEI, role="city_officer")


@pytest.fixture
def neighbour():
    """张1 of 中宁, with everything on record there."""
    person = make_person(1, name="张1", region=ZHONGNING)
    make_results(person, {"junior-general": 58, "junior-practice": 66}, year=2023, region=ZHONGNING)
    make_post(person, make_organisation("黄河社区", region=ZHONGNING), from_on=date(2022, 3, 1))
    Appraisal.objects.create(person=person, year=2022, grade="qualified")
    InsuranceMonth.objects.create(person=person, month="2023-01", region_id=ZHONGNING)
    return person


def results_of(*rows, actor, year=2023, verb=results.apply_import):
    content = workbook(RESULTS, *rows)
    return verb(content, "r.xlsx", options={"year": year}, actor=actor, now=NOW)


def register_of(*rows, actor):
    content = workbook(REGISTER, *rows)
    return certificates.apply_register(content, "c.xlsx", options={}, actor=actor, now=NOW)


def posts_of(header, *rows, actor):
    content = workbook(header, *rows)
    return posts.apply_import(content, "p.xlsx", options={}, actor=actor, now=NOW)


def reasons(plan):
    return [str(refusal.reason) for refusal in plan.refused]


def who(n=1):
    return {"姓名": f"张{n}", "身份证号": fictional_id(n)}


# --- other areas ------------------------------------------------------------------------------
def test_results_of_another_area_are_neither_changed_nor_moved_nor_shown(neighbour, officer):
    plan = results_of(junior_row(1, 70, 70), actor=officer)
    assert reasons(plan) == [ELSEWHERE]
    assert "58" not in str(plan)
    assert set(SubjectResult.objects.across_regions().values_list("score_half", flat=True)) == {
        116, 132,
    }  # fmt: skip
    assert ExamSignUp.objects.across_regions().get().region_id == ZHONGNING
    assert not Person.objects.visible_to(officer).exists()


def test_another_level_on_record_in_another_area_is_not_told(neighbour, officer):
    assert reasons(results_of(intermediate_row(1), actor=officer)) == [ELSEWHERE]


def test_a_row_that_names_the_other_area_learns_nothing_of_what_is_there(neighbour, officer):
    plan = results_of(junior_row(1, 报考地区=SAYS), junior_row(2, 报考地区=SAYS), actor=officer)
    assert reasons(plan) == [OUTSIDE, OUTSIDE]


def test_who_has_moved_may_sit_another_year_in_the_new_area(neighbour, officer):
    assert results_of(junior_row(1, 70, 70), actor=officer, year=2024).accepted == 1
    assert ExamSignUp.objects.visible_to(officer).get().exam_year_id == 2024


def test_the_area_above_and_the_command_line_are_not_limited(neighbour, city):
    assert results_of(junior_row(1, 70, 70), actor=city).changed == 1
    assert results_of(junior_row(1, 71, 70), actor=None).changed == 1


def test_an_expected_certificate_of_another_area_is_not_checked(neighbour, officer, city):
    make_certificate(
        neighbour, state="expected", number="", region_id=ZHONGNING, approved_on=None,
        checked_at=None,
    )  # fmt: skip
    assert reasons(register_of(register_row(1), actor=officer)) == [ELSEWHERE]
    assert Certificate.objects.across_regions().get().state == "expected"
    assert register_of(register_row(1), actor=city).changed == 1


def test_the_number_of_a_certificate_of_another_area_is_not_told(neighbour, officer):
    held = make_certificate(neighbour, region_id=ZHONGNING, number="20230640500000000417")
    plan = register_of(register_row(1), actor=officer)
    assert reasons(plan) == [ELSEWHERE]
    assert held.masked_number not in str(plan)


def test_another_level_of_certificate_may_come_from_another_area(neighbour, officer):
    make_certificate(neighbour, region_id=ZHONGNING)
    assert register_of(register_row(1, 级别="中级"), actor=officer).accepted == 1


def test_a_post_of_another_area_is_neither_moved_nor_changed(neighbour, officer, city):
    row = post_row(1, 聘任止="2023-08-31")
    assert reasons(posts_of(POSTS, row, actor=officer)) == [ELSEWHERE]
    post = Post.objects.across_regions().select_related("organisation").get()
    assert (post.organisation.region_id, post.to_on) == (ZHONGNING, None)
    assert posts_of(POSTS, row, actor=city).changed == 1


def test_who_works_elsewhere_may_take_a_further_post_here(neighbour, officer):
    row = post_row(1, 工作单位="滨河社区", 聘任起="2023-01-01")
    assert posts_of(POSTS, row, actor=officer).accepted == 1


def test_appraisals_and_insured_months_of_another_area_are_left_alone(neighbour, officer):
    grade = who() | {"年度": 2022, "考核结果": "优秀"}
    assert reasons(posts_of(APPRAISALS, grade, actor=officer)) == [ELSEWHERE]
    assert Appraisal.objects.across_regions().get().grade == "qualified"
    months = who() | {"月份起": "2023-01", "月份止": "2023-01"}
    assert reasons(posts_of(INSURANCE, months, actor=officer)) == [ELSEWHERE]


def test_an_appraisal_of_the_own_area_is_changed(officer):
    person = make_person(1, name="张1")
    make_post(person, make_organisation("黄河社区"))
    Appraisal.objects.create(person=person, year=2022, grade="qualified")
    grade = who() | {"年度": 2022, "考核结果": "优秀"}
    assert posts_of(APPRAISALS, grade, actor=officer).changed == 1


# --- roles carry their own areas --------------------------------------------------------------
@pytest.fixture
def both():
    """Officer of 沙坡头, and auditor of the whole city."""
    user = make_officer("both", region=SHAPOTOU)
    grant_role(user=user, role="auditor", region=ZHONGWEI, valid_from=LONG_AGO)
    return user


def test_who_audits_an_area_imports_nothing_there(neighbour, both):
    assert SubjectResult.objects.visible_to(both).count() == 2
    assert reasons(results_of(junior_row(1, 70), actor=both)) == [ELSEWHERE]
    assert reasons(results_of(junior_row(2, 报考地区=SAYS), actor=both)) == [OUTSIDE]
    assert reasons(register_of(register_row(2, 报考地区=SAYS), actor=both)) == [OUTSIDE]
    assert reasons(posts_of(POSTS, post_row(2, 所在区县=SAYS), actor=both)) == [OUTSIDE]


def test_rows_without_area_belong_where_the_importer_is_an_officer(both):
    plan = results_of(junior_row(1, 报考地区=None), actor=both)
    assert [row.assigned.region for row in plan.rows] == [SHAPOTOU]


# --- one's own rows ---------------------------------------------------------------------------
@pytest.fixture
def herself(officer):
    """The officer is 张1."""
    person = make_person(1, name="张1")
    Person.objects.across_regions().filter(pk=person.pk).update(user=officer)
    return officer


def test_nobody_imports_the_own_results_certificate_or_post(herself):
    assert reasons(results_of(junior_row(1), junior_row(2), actor=herself)) == [OWN]
    assert reasons(register_of(register_row(1), register_row(2), actor=herself)) == [OWN]
    assert reasons(posts_of(POSTS, post_row(1), post_row(2), actor=herself)) == [OWN]
    own = find_person(fictional_id(1))
    assert not Certificate.objects.across_regions().filter(person=own).exists()
    assert Certificate.objects.across_regions().count() == 1


# --- one person twice -------------------------------------------------------------------------
TICKET = {"准考证号": "23050001"}


@pytest.fixture
def ticketed(city):
    """张1, whose admission number of 2023 is known."""
    results_of(junior_row(1, 58, 66, **TICKET), actor=city)
    return city


def by_ticket(row):
    return row | {"身份证号": None} | TICKET


def test_a_repeat_under_number_and_ticket_is_written_once(ticketed):
    plan = results_of(
        junior_row(1, 61, 66), by_ticket(junior_row(1, 61, 66)), junior_row(2), actor=ticketed
    )
    assert (plan.accepted, reasons(plan)) == (3, [])
    own = SubjectResult.objects.across_regions().filter(person=find_person(fictional_id(1)))
    assert sorted(own.values_list("score_half", flat=True)) == [116, 122, 132]


def test_two_scores_for_number_and_ticket_of_one_person_refuse_both_rows(ticketed):
    plan = results_of(
        junior_row(1, 61, 66), by_ticket(junior_row(1, 62, 66)), junior_row(2), actor=ticketed
    )
    assert plan.accepted == 1
    assert all("another score in the same subject" in reason for reason in reasons(plan))


def test_two_levels_for_number_and_ticket_of_one_person_refuse_both_rows(ticketed):
    rows = (junior_row(1), by_ticket(intermediate_row(1)), junior_row(2))
    plan = results_of(*rows, actor=ticketed, year=2024)
    assert plan.accepted == 1
    assert len([reason for reason in reasons(plan) if "two levels" in reason]) == 2
