"""Results workbooks: what is written, what a second import changes, who may import what."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cms.accounts.models import AuditEntry, Person
from cms.accounts.services import find_person
from cms.core.models import FactIsFinal
from cms.core.plans import FileRefused
from cms.core.scoping import UnscopedQuery
from cohorts.results.models import CutScore, ExamSignUp, PassingRule, ResultImport, SubjectResult
from cohorts.results.passes import passes_by_person
from cohorts.results.services import apply_import, load_cut_scores, plan_import
from tests.factories.numbers import fictional_id
from tests.factories.people import (
    HAIYUAN,
    NOW,
    SHAPOTOU,
    ZHONGNING,
    ZHONGWEI,
    make_officer,
    make_person,
    make_reference,
    make_results,
)
from tests.factories.workbooks import RESULTS, intermediate_row, junior_row, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()
    make_officer("city", region=ZHONGWEI, role="city_officer")


def run(verb, *rows, year=2023, actor=None, now=NOW, **options):
    content = workbook(RESULTS, *rows)
    return verb(content, "r.xlsx", options={"year": year, **options}, actor=actor, now=now)


def written(*rows, **kwargs):
    return run(apply_import, *rows, **kwargs)


def current(n, year=2023):
    """{subject: half-points or state} of the n-th person."""
    results = SubjectResult.objects.across_regions().current().filter(exam_year=year)
    own = results.filter(person=find_person(fictional_id(n)))
    return {r.subject_id: r.score_half if r.special == "" else r.special for r in own}


def reasons(plan):
    return {refusal.line: str(refusal.reason) for refusal in plan.refused}


def test_a_plan_writes_nothing():
    plan = run(plan_import, junior_row(1), intermediate_row(2))
    assert (plan.found, plan.accepted, plan.changed) == (2, 2, 0)
    assert Person.objects.across_regions().count() == 0


def test_an_import_writes_people_sign_ups_and_results_with_their_source():
    written(junior_row(1, 61, 66.5), intermediate_row(2, None, -1, 60, 报考地区="中宁县"))
    assert current(1) == {"junior-general": 122, "junior-practice": 133}
    assert current(2) == {"intermediate-practice": "absent", "intermediate-law": 120}
    batch = ResultImport.objects.across_regions().get()
    assert batch.counts == {"found": 2, "refused": 0, "new": 2, "changed": 0, "same": 0}
    result = SubjectResult.objects.across_regions().get(subject="intermediate-law")
    assert (result.source_import, result.line, result.region_id) == (batch, 3, ZHONGNING)
    assert (result.state, result.recorded_at) == ("evidenced", NOW)
    sign_up = ExamSignUp.objects.across_regions().get(level="intermediate")
    assert (sign_up.exam_year_id, sign_up.region_id) == (2023, ZHONGNING)


def traces():
    """Everything an import leaves behind, counted."""
    models = (AuditEntry, ResultImport, SubjectResult, ExamSignUp, Person)
    return [model.objects.across_regions().count() for model in models]


def test_the_second_import_of_a_file_changes_nothing():
    rows = (junior_row(1), intermediate_row(2))
    written(*rows)
    before = traces()
    plan = written(*rows, now=NOW + timedelta(days=1))
    assert (plan.accepted, plan.changed) == (2, 0)
    assert (plan.unchanged, plan.to_write) == (2, 0)
    assert traces() == before


def test_known_scores_with_a_new_certificate_number_are_no_unchanged_row():
    written(junior_row(1))
    news = junior_row(1, 证书管理号="20230640500000000417")
    assert run(plan_import, news).to_write == 1
    assert (written(news).unchanged, written(news).unchanged) == (0, 1)


def test_a_row_that_stands_twice_is_written_once():
    plan = written(junior_row(1), junior_row(1))
    assert (plan.accepted, plan.unchanged, plan.to_write) == (2, 1, 1)


def test_a_sheet_of_another_year_is_doubted_before_anything_else():
    plan = run(plan_import, junior_row(1, 批准日期="2025-06-15"), year=2022)
    said = "The approval dates lie in 2025, the chosen year is 2022"
    assert str(plan.warnings[0].reason) == said


def test_a_changed_score_supersedes_the_old_row_and_keeps_it():
    written(junior_row(1, 58, 66))
    plan = run(plan_import, junior_row(1, 61, 66))
    assert plan.changed == 1
    written(junior_row(1, 61, 66))
    assert current(1) == {"junior-general": 122, "junior-practice": 132}
    rows = SubjectResult.objects.across_regions().filter(subject="junior-general").order_by("pk")
    assert [row.score_half for row in rows] == [116, 122]
    assert rows[1].supersedes == rows[0]


def test_a_self_reported_result_is_taken_over_by_the_workbook_even_when_it_says_the_same():
    written(junior_row(1))
    person = find_person(fictional_id(1))
    old = SubjectResult.objects.across_regions().get(subject="junior-general")
    SubjectResult.objects.create(
        person=person,
        exam_year_id=2023,
        subject_id="junior-general",
        region_id=SHAPOTOU,
        score_half=122,
        state="self_reported",
        supersedes=old,
        recorded_at=NOW,
    )
    assert written(junior_row(1)).changed == 1
    newest = SubjectResult.objects.across_regions().current().get(subject="junior-general")
    assert newest.state == "evidenced"


def test_replacing_a_checked_result_is_worth_a_look():
    person = make_person(1, name="张1")
    make_results(person, {"junior-practice": 66}, year=2023)
    SubjectResult.objects.create(
        person=person,
        exam_year_id=2023,
        subject_id="junior-general",
        region_id=SHAPOTOU,
        score_half=122,
        state="checked",
        recorded_at=NOW,
    )
    plan = run(plan_import, junior_row(1, 60))
    assert any("was checked" in str(caution.reason) for caution in plan.warnings)


def test_people_are_matched_by_identity_number_and_never_by_name_alone():
    make_person(1, name="张1")
    plan = run(plan_import, junior_row(1, 身份证号=None))
    assert "No identity number" in reasons(plan)[2]
    [unmatched] = plan.unmatched
    assert unmatched.candidates == (f"张1 · ***{fictional_id(1)[-4:]}",)
    assert plan.found == 1


def test_admission_number_and_name_settle_a_row_without_identity_number():
    written(junior_row(1, 58, 66, 准考证号="23050001"))
    plan = written(junior_row(1, 61, 66, 身份证号=None, 准考证号="23050001"))
    assert (plan.accepted, plan.changed) == (1, 1)
    assert current(1)["junior-general"] == 122


def test_a_number_on_record_under_another_name_is_refused_with_the_candidate():
    make_person(1, name="张1")
    plan = run(plan_import, junior_row(1, 姓名="李四"))
    assert "another name" in reasons(plan)[2]
    assert plan.unmatched[0].candidates[0].startswith("张1")


def test_a_person_on_record_for_another_level_of_the_year_is_refused():
    written(junior_row(1))
    assert "another level" in reasons(run(plan_import, intermediate_row(1)))[2]
    assert run(plan_import, intermediate_row(1), year=2024).accepted == 1


def test_the_verdict_of_the_sheet_is_held_against_the_rule():
    written(intermediate_row(2, 70, None, None), year=2022)
    plan = run(
        plan_import,
        junior_row(1, 59, 70, 是否合格="合格"),
        intermediate_row(2, None, 66, 60, 是否合格="合格"),
        junior_row(3, 61, 70, 是否合格="不合格"),
    )
    doubted = [c.line for c in plan.warnings if "rule says otherwise" in str(c.reason)]
    assert doubted == [2, 4]


def test_an_exam_year_without_cut_scores_is_said():
    CutScore.objects.all().delete()
    plan = run(plan_import, junior_row(1, 是否合格="合格"))
    assert ["No cut scores" in str(c.reason) for c in plan.warnings].count(True) == 1


def test_a_row_without_area_takes_the_area_of_the_sign_up_on_record():
    written(junior_row(1, 58, 66, 报考地区="海原县"))
    written(junior_row(1, 61, 66, 报考地区=None))
    newest = SubjectResult.objects.across_regions().current().get(subject="junior-general")
    assert (newest.score_half, newest.region_id) == (122, HAIYUAN)


def test_rows_without_area_take_the_area_of_the_officers_of_the_site_or_the_chosen_one():
    plan = run(plan_import, junior_row(1, 报考地区=None))
    assert plan.rows[0].assigned.region == ZHONGWEI
    assert any("name no area" in str(caution.reason) for caution in plan.warnings)
    plan = run(plan_import, junior_row(1, 报考地区=None), region=HAIYUAN)
    assert plan.rows[0].assigned.region == HAIYUAN


def test_where_no_one_area_is_everybodys_a_row_must_name_its_own():
    make_officer("far", region="330329")
    assert "names no area" in reasons(run(plan_import, junior_row(1, 报考地区=None)))[2]


def test_an_officer_imports_into_the_own_county_only():
    officer = make_officer("county", region=SHAPOTOU)
    plan = run(plan_import, junior_row(1), junior_row(2, 报考地区="中宁县"), actor=officer)
    assert reasons(plan) == {3: "This area is outside the one you look after"}


def test_an_officer_learns_no_name_from_another_county():
    make_person(1, name="张1", region=ZHONGNING)
    officer = make_officer("county", region=SHAPOTOU)
    plan = run(plan_import, junior_row(1, 姓名="李四"), actor=officer)
    assert plan.unmatched[0].candidates == ()
    plan = run(plan_import, junior_row(1, 身份证号=None), actor=officer)
    assert plan.unmatched[0].candidates == ()


def test_a_file_with_broken_rows_writes_the_others():
    plan = written(junior_row(1), junior_row(2, 105), junior_row(3, 姓名=None), junior_row(4, None))
    assert (plan.found, plan.accepted) == (4, 1)
    assert sorted(reasons(plan)) == [3, 4, 5]
    assert Person.objects.across_regions().count() == 1


def test_an_identical_repeat_in_the_file_is_written_once():
    written(junior_row(1), junior_row(1))
    assert SubjectResult.objects.across_regions().count() == 2


def test_one_subject_a_row_is_one_sign_up():
    written(junior_row(1, 61, None), junior_row(1, None, 66))
    assert ExamSignUp.objects.across_regions().count() == 1
    assert set(current(1)) == {"junior-general", "junior-practice"}


def test_it_keeps_what_the_sheet_says_of_the_certificate_as_hearsay():
    written(junior_row(1, 证书管理号="2023 0640 5000 0001", 批准日期="2023-06-11"))
    written(junior_row(1, 证书管理号=None))
    sign_up = ExamSignUp.objects.across_regions().get()
    assert sign_up.said_number == "2023064050000001"
    assert sign_up.said_approved_on.isoformat() == "2023-06-11"


def test_it_refuses_a_year_that_is_not_set_up():
    with pytest.raises(FileRefused, match="1999"):
        run(plan_import, junior_row(1), year=1999)


def test_it_refuses_an_unknown_area_for_the_file():
    with pytest.raises(FileRefused, match="no area 99"):
        run(plan_import, junior_row(1), region="99")


def test_four_hundred_rows_take_a_bounded_number_of_statements(django_assert_max_num_queries):
    rows = [junior_row(n) for n in range(1, 401)]
    with django_assert_max_num_queries(45):
        plan = written(*rows)
    assert plan.accepted == 400
    assert SubjectResult.objects.across_regions().count() == 800
    with django_assert_max_num_queries(30):
        assert written(*rows).changed == 0


def test_an_import_is_on_the_record_with_its_file_and_counts():
    officer = make_officer("county", region=SHAPOTOU)
    written(junior_row(1), actor=officer)
    entry = AuditEntry.objects.across_regions().get(action="import_results")
    assert (entry.actor, entry.region_id) == (officer, SHAPOTOU)
    assert entry.detail["new"] == 1
    assert fictional_id(1) not in str(entry.detail)


def test_complete_passes_come_from_what_counts():
    written(junior_row(1), junior_row(2, 59, 70), intermediate_row(3))
    person = find_person(fictional_id(1))
    found = passes_by_person(region=SHAPOTOU, year=2023)
    assert {p.level for own in found.values() for p in own} == {"junior", "intermediate"}
    assert [p.exam_year for p in found[person.pk]] == [2023]
    assert passes_by_person(region=ZHONGNING) == {}


def test_results_are_final_and_scoped():
    written(junior_row(1))
    result = SubjectResult.objects.across_regions().first()
    with pytest.raises(FactIsFinal):
        result.save()
    with pytest.raises(FactIsFinal):
        SubjectResult.objects.across_regions().update(score_half=200)
    with pytest.raises(UnscopedQuery):
        list(SubjectResult.objects.all())
    assert SubjectResult.objects.visible_to(make_officer("a", region=ZHONGNING)).count() == 0
    assert SubjectResult.objects.visible_to(make_officer("b", region=SHAPOTOU)).count() == 2


def a_result(person, **changes):
    fields = {
        "person": person,
        "exam_year_id": 2023,
        "subject_id": "junior-general",
        "region_id": SHAPOTOU,
        "score_half": 122,
        "state": "evidenced",
        "recorded_at": NOW,
    }
    return SubjectResult.objects.create(**fields | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"score_half": None, "special": ""},
        {"score_half": 120, "special": "absent"},
        {"score_half": 201},
        {"score_half": None, "special": "asleep"},
    ],
)
def test_the_database_refuses_what_is_neither_score_nor_state(changes):
    person = make_person(1)
    with pytest.raises(IntegrityError, match="result_score_or_special"), transaction.atomic():
        a_result(person, **changes)


def test_the_database_keeps_one_chain_a_subject():
    person = make_person(1)
    first = a_result(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        a_result(person)
    a_result(person, supersedes=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        a_result(person, supersedes=first)


def test_the_database_keeps_one_sign_up_and_one_cut_score():
    person = make_person(1)
    fields = {"person": person, "exam_year_id": 2023, "level_id": "junior", "region_id": SHAPOTOU}
    ExamSignUp.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExamSignUp.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        CutScore.objects.create(exam_year=2023, level_id="junior", pass_half=100)
    with pytest.raises(IntegrityError), transaction.atomic():
        CutScore.objects.create(exam_year=2030, level_id="junior", pass_half=201)
    rule = {"window_years": 1, "document": "certificate", "resit_renews": True}
    with pytest.raises(IntegrityError), transaction.atomic():
        PassingRule.objects.create(level_id="junior", first_exam_year=2008, **rule)


def test_loading_the_reference_again_keeps_what_staff_corrected():
    CutScore.objects.filter(area=HAIYUAN, level="junior").update(pass_half=104, verified=True)
    before = CutScore.objects.count()
    load_cut_scores(NOW)
    assert CutScore.objects.count() == before
    assert CutScore.objects.get(area=HAIYUAN, level="junior").pass_half == 104


def test_a_separate_line_is_marked_as_not_verified():
    assert not CutScore.objects.filter(area__isnull=False, verified=True).exists()
