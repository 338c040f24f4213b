"""Certificates: the register, what a pass leads to, recording, checking, revoking."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from cms.accounts.models import AuditEntry, Person
from cms.accounts.services import find_person, note_look
from cms.core.errors import Refused
from cms.workbench.words import action_words
from cohorts.certificates.models import Certificate
from cohorts.certificates.services import (
    apply_register,
    confirm,
    confirm_many,
    expect_due,
    plan_register,
    record,
    record_many,
    record_numbers,
    reveal_number,
    revoke,
)
from cohorts.certificates.states import MOVES, State
from cohorts.results.models import CutScore
from cohorts.results.services import apply_import
from tests.factories.numbers import fictional_id
from tests.factories.people import (
    HAIYUAN,
    NOW,
    SHAPOTOU,
    ZHONGNING,
    ZHONGWEI,
    make_certificate,
    make_officer,
    make_person,
    make_reference,
    make_results,
    make_trainee,
    pass_junior,
)
from tests.factories.workbooks import (
    REGISTER,
    RESULTS,
    intermediate_row,
    junior_row,
    register_row,
    workbook,
)

pytestmark = pytest.mark.django_db
NUMBER = "20230640500000000417"
DAY = date(2023, 6, 11)


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


@pytest.fixture
def officer():
    return make_officer("city", region=ZHONGWEI, role="city_officer")


def run(verb, *rows, actor=None, **options):
    content = workbook(REGISTER, *rows)
    return verb(content, "c.xlsx", options=options, actor=actor, now=NOW)


def certificates():
    return Certificate.objects.across_regions()


def reasons(plan):
    return {refusal.line: str(refusal.reason) for refusal in plan.refused}


# --- register ---------------------------------------------------------------------------------
def test_a_register_makes_checked_certificates_attested_by_its_importer(officer):
    plan = run(apply_register, register_row(1), register_row(2, 级别="中级"), actor=officer)
    assert (plan.found, plan.accepted) == (2, 2)
    first = certificates().get(level="junior")
    assert (first.state, first.checked_by, first.recorded_by) == ("checked", officer, officer)
    assert (first.number, first.approved_on) == (register_row(1)["证书管理号"], date(2019, 6, 23))
    assert (first.exam_year, first.region_id, first.imported_line) == (2019, SHAPOTOU, 2)
    assert first.person == find_person(fictional_id(1))


def test_the_second_import_of_a_register_changes_nothing(officer):
    run(apply_register, register_row(1), actor=officer)
    before = (certificates().get().recorded_at, AuditEntry.objects.across_regions().count())
    content = workbook(REGISTER, register_row(1))
    later = NOW + timedelta(days=1)
    plan = apply_register(content, "c.xlsx", options={}, actor=officer, now=later)
    assert (plan.accepted, plan.changed) == (1, 0)
    after = (certificates().get().recorded_at, AuditEntry.objects.across_regions().count())
    assert after == before


def test_a_plan_writes_nothing(officer):
    assert run(plan_register, register_row(1), actor=officer).accepted == 1
    assert not certificates().exists()
    assert not Person.objects.across_regions().exists()


def test_without_an_approval_date_a_certificate_stays_unchecked(officer):
    plan = run(apply_register, register_row(1, 批准日期=None), actor=officer)
    assert certificates().get().state == "recorded"
    assert any("stays unchecked" in str(caution.reason) for caution in plan.warnings)
    assert run(apply_register, register_row(1), actor=officer).changed == 1
    assert certificates().get().state == "checked"


def test_a_register_fills_in_an_expected_certificate(officer):
    pass_junior(make_person(1, name="张1"))
    expect_due(now=NOW)
    assert run(apply_register, register_row(1, 考试年度=2023), actor=officer).changed == 1
    assert certificates().get().state == "checked"


def test_a_checked_certificate_is_not_overwritten(officer):
    run(apply_register, register_row(1), actor=officer)
    other = register_row(1, 证书管理号="20190640599999999999")
    assert "is on record with the number 2019****0001" in reasons(run(plan_register, other))[2]
    moved = register_row(1, 批准日期="2019-06-24")
    assert "another approval date" in reasons(run(plan_register, moved))[2]


def test_a_number_on_record_for_somebody_else_is_refused(officer):
    run(apply_register, register_row(1), actor=officer)
    stolen = register_row(2, 证书管理号=register_row(1)["证书管理号"])
    assert "somebody else" in reasons(run(plan_register, stolen, actor=officer))[2]


def test_a_row_without_identity_number_is_a_question(officer):
    run(apply_register, register_row(1), actor=officer)
    plan = run(plan_register, register_row(1, 身份证号=None), actor=officer)
    assert plan.unmatched[0].candidates == (f"张1 · ***{fictional_id(1)[-4:]}",)
    assert plan.accepted == 0


def test_an_officer_registers_in_the_own_county_only():
    county = make_officer("county", region=ZHONGNING)
    assert "outside" in reasons(run(plan_register, register_row(1), actor=county))[2]


def test_four_hundred_certificates_take_a_bounded_number_of_statements(
    officer, django_assert_max_num_queries
):
    rows = [register_row(n) for n in range(1, 401)]
    with django_assert_max_num_queries(40):
        assert run(apply_register, *rows, actor=officer).accepted == 400
    with django_assert_max_num_queries(25):
        assert run(apply_register, *rows, actor=officer).changed == 0


# --- from passes to certificates --------------------------------------------------------------
def test_a_complete_pass_becomes_an_expected_certificate_once():
    pass_junior(make_person(1))
    assert expect_due(now=NOW) == 1
    found = certificates().get()
    assert (found.state, found.level_id, found.exam_year, found.region_id) == (
        "expected", "junior", 2023, SHAPOTOU,
    )  # fmt: skip
    assert (found.number, found.valid_areas) == ("", None)
    before = AuditEntry.objects.across_regions().count()
    assert expect_due(now=NOW) == 0
    assert AuditEntry.objects.across_regions().count() == before


def test_a_separate_line_that_nobody_has_verified_passes_nobody():
    person = make_person(1, region=HAIYUAN)
    make_results(person, {"junior-general": 53, "junior-practice": 60}, year=2025, region=HAIYUAN)
    assert expect_due(now=NOW) == 0


def test_a_pass_by_the_separate_line_is_valid_in_its_area_only():
    CutScore.objects.filter(area=HAIYUAN).update(verified=True)
    person = make_person(1, region=HAIYUAN)
    make_results(person, {"junior-general": 53, "junior-practice": 60}, year=2025, region=HAIYUAN)
    assert expect_due(now=NOW) == 1
    assert certificates().get().valid_areas == [HAIYUAN]


def test_incomplete_unproven_and_senior_passes_promise_no_certificate():
    make_results(make_person(1), {"junior-general": 61, "junior-practice": "absent"}, year=2023)
    make_results(make_person(2), {"senior-practice": 75}, year=2023)
    make_results(make_person(3), {"intermediate-law": 61}, year=2023)
    assert expect_due(now=NOW) == 0


def test_three_subjects_in_two_years_make_one_certificate_of_the_second():
    person = make_person(1)
    make_results(person, {"intermediate-law": 61, "intermediate-general": 70}, year=2022)
    make_results(person, {"intermediate-practice": 60}, year=2023)
    expect_due(now=NOW)
    assert certificates().get().exam_year == 2023


def test_an_earlier_certificate_of_the_level_is_enough():
    person = make_person(1)
    make_certificate(person, exam_year=2019)
    pass_junior(person)
    assert expect_due(now=NOW) == 0


def test_only_the_chosen_region_is_looked_at():
    pass_junior(make_person(1, region=ZHONGNING), region=ZHONGNING)
    assert expect_due(now=NOW, region=SHAPOTOU) == 0
    assert expect_due(now=NOW, region=ZHONGWEI) == 1


def test_a_revoked_certificate_is_not_expected_again_from_the_same_pass(officer):
    person = make_person(1)
    pass_junior(person)
    expect_due(now=NOW)
    revoke(certificates().get(), reason="成绩被撤销", actor=officer, now=NOW)
    assert expect_due(now=NOW) == 0
    pass_junior(person, year=2024)
    assert expect_due(now=NOW) == 1


# --- recording and checking -------------------------------------------------------------------
@pytest.fixture
def expected():
    pass_junior(make_person(1))
    expect_due(now=NOW)
    return certificates().get()


def test_recording_and_checking_name_who_did_it(expected, officer):
    record(expected, " 2023 0640 5000 0000 0417", DAY, actor=officer, now=NOW)
    found = certificates().get()
    assert (found.state, found.number, found.recorded_by) == ("recorded", NUMBER, officer)
    second = make_officer("second")
    confirm(found, actor=second, now=NOW)
    found = certificates().get()
    assert (found.state, found.checked_by, found.checked_at) == ("checked", second, NOW)
    actions = AuditEntry.objects.across_regions().values_list("action", flat=True)
    assert {"record_certificate", "check_certificate"} <= set(actions)


def test_an_unchecked_record_can_be_corrected_a_checked_one_cannot(expected, officer):
    record(expected, "20230640500000000999", DAY, actor=officer, now=NOW)
    record(expected, NUMBER, DAY, actor=officer, now=NOW)
    confirm(expected, actor=make_officer("second"), now=NOW)
    with pytest.raises(Refused, match="not_recorded"):
        record(expected, "20230640500000000999", DAY, actor=officer, now=NOW)
    assert certificates().get().number == NUMBER


def test_whoever_recorded_a_certificate_does_not_check_it(expected, officer):
    record(expected, NUMBER, DAY, actor=officer, now=NOW)
    with pytest.raises(Refused, match="not_confirmed"):
        confirm(expected, actor=officer, now=NOW)
    assert certificates().get().state == "recorded"
    with pytest.raises(IntegrityError, match="certificate_checked_by_another"):
        certificates().update(state="checked", checked_by=officer, checked_at=NOW)


def test_an_expected_certificate_cannot_be_checked(expected, officer):
    with pytest.raises(Refused, match="not_confirmed"):
        confirm(expected, actor=officer, now=NOW)


@pytest.mark.parametrize(
    ("number", "day"),
    [
        ("", DAY),
        (NUMBER, None),
        (NUMBER, date(2026, 4, 2)),
        (NUMBER, date(2022, 12, 31)),
        ("2" * 33, DAY),
    ],
)
def test_it_refuses_to_record_what_cannot_be_right(expected, officer, number, day):
    with pytest.raises(Refused):
        record(expected, number, day, actor=officer, now=NOW)
    assert certificates().get().state == "expected"


def test_nobody_records_or_checks_the_own_certificate(expected):
    owner = make_trainee("owner", expected.person)
    with pytest.raises(Refused):
        record(expected, NUMBER, DAY, actor=owner, now=NOW)


def test_a_number_in_use_is_refused(expected, officer):
    make_certificate(make_person(2), number=NUMBER)
    with pytest.raises(Refused):
        record(expected, NUMBER, DAY, actor=officer, now=NOW)


def test_many_are_recorded_at_once_and_the_others_are_left_with_a_reason(officer):
    for n in range(1, 4):
        pass_junior(make_person(n))
    expect_due(now=NOW)
    first, second, third = certificates().order_by("pk")
    entries = [(first, NUMBER, DAY), (second, NUMBER, DAY), (third, "", DAY)]
    outcome = record_many(entries, actor=officer, now=NOW)
    assert outcome.done == 1
    assert [c.pk for c, _ in outcome.left] == [second.pk, third.pk]
    assert [c.state for c in certificates().order_by("pk")] == ["recorded", "expected", "expected"]


def test_numbers_of_the_results_workbook_are_recorded_but_not_checked(officer):
    said = {"证书管理号": NUMBER, "批准日期": "2023-06-11"}
    content = workbook(RESULTS, junior_row(1, **said), intermediate_row(2))
    apply_import(content, "r.xlsx", options={"year": 2023}, actor=officer, now=NOW)
    expect_due(now=NOW)
    assert set(certificates().values_list("state", flat=True)) == {"expected"}
    outcome = record_numbers(certificates().waiting(), actor=officer, now=NOW)
    assert (outcome.done, len(outcome.left)) == (1, 1)
    found = certificates().get(level="junior")
    assert (found.state, found.number, found.approved_on) == ("recorded", NUMBER, DAY)


def test_what_somebody_recorded_is_not_overwritten_by_the_results_workbook(officer):
    said = {"证书管理号": NUMBER, "批准日期": "2023-06-11"}
    content = workbook(RESULTS, junior_row(1, **said))
    apply_import(content, "r.xlsx", options={"year": 2023}, actor=officer, now=NOW)
    expect_due(now=NOW)
    record(certificates().get(), "20230640500000000999", DAY, actor=officer, now=NOW)
    outcome = record_numbers(certificates(), actor=officer, now=NOW)
    assert (outcome.done, len(outcome.left)) == (0, 1)
    assert certificates().get().number == "20230640500000000999"


def revealed(actor, reason="核对纸质证书"):
    return reveal_number(certificates().get(), reason=reason, actor=actor, now=NOW)


def test_looking_at_a_whole_number_is_written_down_with_its_reason(officer):
    make_certificate(make_person(1), number=NUMBER)
    assert revealed(officer) == NUMBER
    entry = AuditEntry.objects.across_regions().get(action="reveal_certificate_number")
    assert (entry.actor, entry.region_id, entry.reason) == (officer, SHAPOTOU, "核对纸质证书")
    assert NUMBER not in f"{entry.target} {entry.detail}"
    assert action_words(entry.action) != entry.action


def test_a_whole_number_is_not_shown_without_a_reason(officer):
    make_certificate(make_person(1), number=NUMBER)
    with pytest.raises(Refused, match="reason_needed"):
        revealed(officer, reason="  ")
    assert not AuditEntry.objects.across_regions().exists()


def test_whole_numbers_count_into_the_looks_of_a_day(officer, settings):
    settings.REVEALS_A_DAY = 2
    person = make_person(1)
    make_certificate(person, number=NUMBER)
    note_look(person_id=person.pk, field="id_number", reason="核对", actor=officer, now=NOW)
    assert revealed(officer) == NUMBER
    with pytest.raises(Refused, match="too_many_reveals"):
        revealed(officer)
    with pytest.raises(Refused, match="too_many_reveals"):
        note_look(person_id=person.pk, field="id_number", reason="核对", actor=officer, now=NOW)


def test_many_are_checked_at_once(officer, django_assert_max_num_queries):
    for n in range(1, 41):
        make_certificate(make_person(n), state="recorded", checked_at=None)
    with django_assert_max_num_queries(12):
        assert confirm_many(certificates().waiting(), actor=officer, now=NOW).done == 40
    assert confirm_many(certificates(), actor=officer, now=NOW).done == 0


def test_revoking_needs_a_reason_and_is_final(officer):
    make_certificate(make_person(1))
    with pytest.raises(Refused, match="reason_needed"):
        revoke(certificates().get(), reason=" ", actor=officer, now=NOW)
    revoke(certificates().get(), reason="伪造", actor=officer, now=NOW)
    assert certificates().get().state == "revoked"
    with pytest.raises(Refused):
        revoke(certificates().get(), reason="再次", actor=officer, now=NOW)


def test_every_state_is_reached_and_every_move_leads_to_a_state():
    assert set(MOVES) == set(State)
    assert frozenset().union(*MOVES.values()) <= set(State)
    assert set(State) - {State.EXPECTED} == frozenset().union(*MOVES.values())
    assert {value for value, _ in Certificate.State.choices} == set(State)


# --- constraints and scope --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"number": ""}, "certificate_checked_is_complete"),
        ({"approved_on": None}, "certificate_checked_is_complete"),
        ({"checked_at": None}, "certificate_checked_is_complete"),
        ({"state": "recorded", "number": ""}, "certificate_recorded_has_number"),
        ({"state": "revoked"}, "certificate_revoked_with_reason"),
    ],
)
def test_the_database_refuses_an_incomplete_certificate(changes, name):
    person = make_person(1)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make_certificate(person, **changes)


def test_the_database_keeps_one_live_certificate_a_level_and_one_holder_a_number():
    one, other = make_person(1), make_person(2)
    make_certificate(one, number=NUMBER)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_certificate(one, number="20230640500000000999")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_certificate(other, number=NUMBER)
    make_certificate(one, state="revoked", revoked_reason="x", number=NUMBER)


def test_an_officer_sees_the_certificates_of_the_own_region_only():
    make_certificate(make_person(1))
    make_certificate(make_person(2, region=ZHONGNING), region_id=ZHONGNING)
    county = make_officer("county", region=ZHONGNING)
    assert [c.region_id for c in Certificate.objects.visible_to(county)] == [ZHONGNING]
    city = make_officer("city", region=ZHONGWEI, role="city_officer")
    assert Certificate.objects.visible_to(city).count() == 2
