"""Posts workbooks: appointments, appraisals and insurance months."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from cms.accounts.models import AuditEntry, Organisation, Person
from cms.accounts.services import find_person
from cohorts.posts.models import Appraisal, InsuranceMonth, Post
from cohorts.posts.services import apply_import, plan_import
from tests.factories.numbers import fictional_id
from tests.factories.people import (
    NOW,
    SHAPOTOU,
    ZHONGNING,
    ZHONGWEI,
    make_officer,
    make_organisation,
    make_person,
    make_post,
    make_reference,
)
from tests.factories.workbooks import APPRAISALS, INSURANCE, POSTS, post_row, sheets, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()
    make_officer("city", region=ZHONGWEI, role="city_officer")


def run(verb, *rows, actor=None, **options):
    content = workbook(POSTS, *rows)
    return verb(content, "p.xlsx", options=options, actor=actor, now=NOW)


def whole(n=1):
    """A file with all three tables about one person."""
    who = {"姓名": f"张{n}", "身份证号": fictional_id(n)}
    return sheets(
        (POSTS, [post_row(n)]),
        (APPRAISALS, [who | {"年度": 2022, "考核结果": "合格"}]),
        (INSURANCE, [who | {"月份起": "2022-11", "月份止": "2023-02"}]),
    )


def imported(content, actor=None):
    return apply_import(content, "p.xlsx", options={}, actor=actor, now=NOW)


def posts():
    return Post.objects.across_regions()


def counts():
    models = (Post, Appraisal, InsuranceMonth, Person, AuditEntry)
    return [model.objects.across_regions().count() for model in models]


def test_all_three_tables_are_written():
    plan = imported(whole())
    assert (plan.found, plan.accepted) == (3, 3)
    post = posts().get()
    assert (post.title, post.from_on, post.to_on, post.appointed) == (
        "社工", date(2022, 3, 1), None, True,
    )  # fmt: skip
    assert (post.organisation.name, post.organisation.region_id) == ("黄河社区", SHAPOTOU)
    assert post.organisation.kind == "community"
    assert Appraisal.objects.across_regions().get().grade == "qualified"
    months = InsuranceMonth.objects.across_regions().order_by("month")
    assert [m.month for m in months] == ["2022-11", "2022-12", "2023-01", "2023-02"]
    assert {m.region_id for m in months} == {SHAPOTOU}


def test_the_second_import_of_a_file_changes_nothing():
    imported(whole())
    before = counts()
    assert imported(whole()).changed == 0
    assert counts() == before


def test_a_plan_writes_nothing():
    plan = run(plan_import, post_row(1))
    assert (plan.accepted, plan.changed) == (1, 0)
    assert not posts().exists()


def test_an_end_of_a_post_is_a_change_and_a_blank_erases_nothing():
    run(apply_import, post_row(1))
    assert run(apply_import, post_row(1, 聘任止="2023-08-31")).changed == 1
    assert posts().get().to_on == date(2023, 8, 31)
    assert run(apply_import, post_row(1, 岗位=None)).changed == 0
    assert (posts().get().title, posts().get().to_on) == ("社工", date(2023, 8, 31))


def test_an_appointment_nobody_mentions_stays_unknown():
    run(apply_import, post_row(1, 是否聘任=None))
    assert posts().get().appointed is None
    assert run(apply_import, post_row(1, 是否聘任="否")).changed == 1
    assert posts().get().appointed is False


def test_a_unit_that_turns_out_to_be_elsewhere_moves_the_post():
    run(apply_import, post_row(1))
    assert run(apply_import, post_row(1, 所在区县="中宁县")).changed == 1
    assert posts().get().organisation.region_id == ZHONGNING


def test_two_posts_of_one_person_are_two_rows():
    run(
        apply_import,
        post_row(1, 聘任止="2022-12-31"),
        post_row(1, 工作单位="滨河社区", 聘任起="2023-01-01"),
    )
    assert posts().count() == 2
    assert [p.organisation.name for p in posts().on(date(2022, 12, 31))] == ["黄河社区"]
    assert [p.organisation.name for p in posts().on(date(2023, 1, 1))] == ["滨河社区"]
    assert not posts().on(date(2022, 2, 28)).exists()


def test_a_unit_that_names_its_place_needs_no_area_column():
    run(apply_import, post_row(1, 工作单位="中宁县宁安镇社工站", 所在区县=None))
    assert Organisation.objects.get(name="中宁县宁安镇社工站").region_id == ZHONGNING


def test_appraisals_and_months_count_where_the_post_is():
    who = {"姓名": "张1", "身份证号": fictional_id(1)}
    content = sheets(
        (POSTS, [post_row(1, 所在区县="中宁县")]),
        (INSURANCE, [who | {"月份起": "2023-01", "月份止": "2023-01"}]),
    )
    imported(content)
    assert InsuranceMonth.objects.across_regions().get().region_id == ZHONGNING


def test_a_changed_grade_is_a_change():
    imported(whole())
    who = {"姓名": "张1", "身份证号": fictional_id(1), "年度": 2022}
    assert imported(workbook(APPRAISALS, who | {"考核结果": "优秀"})).changed == 1
    assert Appraisal.objects.across_regions().get().grade == "excellent"


def test_a_row_without_identity_number_is_a_question():
    run(apply_import, post_row(1))
    plan = run(plan_import, post_row(1, 身份证号=None))
    assert plan.accepted == 0
    assert len(plan.unmatched) == 1


def test_an_officer_imports_into_the_own_county_only():
    county = make_officer("county", region=ZHONGNING)
    plan = run(plan_import, post_row(1), post_row(2, 所在区县="中宁县"), actor=county)
    assert [str(r.reason) for r in plan.refused] == ["This area is outside the one you look after"]


def test_four_hundred_rows_take_a_bounded_number_of_statements(django_assert_max_num_queries):
    rows = [post_row(n, 工作单位=f"社区{n % 40}") for n in range(1, 401)]
    with django_assert_max_num_queries(40):
        assert run(apply_import, *rows).accepted == 400
    with django_assert_max_num_queries(25):
        assert run(apply_import, *rows).changed == 0


def test_an_officer_sees_posts_appraisals_and_months_of_the_own_county_only():
    imported(whole())
    own, other = make_officer("a", region=SHAPOTOU), make_officer("b", region=ZHONGNING)
    for model in (Post, Appraisal, InsuranceMonth):
        assert model.objects.visible_to(own).exists()
        assert not model.objects.visible_to(other).exists()


def test_the_database_keeps_one_post_a_start_one_grade_a_year_one_row_a_month():
    person, unit = make_person(1), make_organisation("黄河社区")
    make_post(person, unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_post(person, unit)
    with pytest.raises(IntegrityError, match="post_ends"), transaction.atomic():
        make_post(person, unit, from_on=date(2022, 1, 1), to_on=date(2021, 12, 31))
    Appraisal.objects.create(person=person, year=2022, grade="qualified")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appraisal.objects.create(person=person, year=2022, grade="excellent")
    InsuranceMonth.objects.create(person=person, month="2022-01", region_id=SHAPOTOU)
    with pytest.raises(IntegrityError), transaction.atomic():
        InsuranceMonth.objects.create(person=person, month="2022-01", region_id=SHAPOTOU)


def test_people_of_a_posts_file_are_tied_to_the_county_of_their_post():
    run(apply_import, post_row(1, 所在区县="中宁县"))
    county = make_officer("county", region=ZHONGNING)
    assert Person.objects.visible_to(county).get() == find_person(fictional_id(1))
