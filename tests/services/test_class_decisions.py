"""The staff of a class: applications, removals, the frozen list, the class itself."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cms.accounts.models import AuditEntry
from cms.core.errors import Refused
from cms.notices.models import InboxMessage
from cohorts.enrolment import services
from cohorts.enrolment.models import Cohort, CohortPlan, CohortStaff, Enrolment, EnrolmentStep
from cohorts.enrolment.states import CohortState, State
from tests.factories.classes import (
    CODE,
    enrol,
    lessons_of,
    make_cohort,
    make_course,
    make_staff,
    plan_line,
)
from tests.factories.exam import make_paper
from tests.factories.people import (
    LONG_AGO,
    NOW,
    make_officer,
    make_person,
    make_reference,
    make_trainee,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


@pytest.fixture
def cohort() -> Cohort:
    return make_cohort(capacity=2)


@pytest.fixture
def organiser(cohort: Cohort):
    return make_staff(cohort, "organiser")


def applicants(cohort: Cohort, count: int) -> list[Enrolment]:
    return [
        enrol(
            cohort,
            make_person(n),
            State.APPLIED,
            applied_at=NOW + timedelta(minutes=n),
        )
        for n in range(1, count + 1)
    ]


def states(cohort: Cohort) -> list[str]:
    rows = Enrolment.objects.across_regions().filter(cohort=cohort)
    return list(rows.order_by("pk").values_list("state", flat=True))


# --- applications ---------------------------------------------------------------------------------
def test_seats_go_to_those_who_asked_first(cohort, organiser) -> None:
    asked = applicants(cohort, 4)
    chosen = [e.uuid for e in reversed(asked[:3])]
    answered = services.approve(cohort, chosen, actor=organiser, now=NOW)
    assert states(cohort) == ["enrolled", "enrolled", "waiting", "applied"]
    assert [len(answered.enrolled), len(answered.waiting), len(answered.stayed)] == [2, 1, 0]


def test_a_second_approval_without_a_seat_moves_nobody(cohort, organiser) -> None:
    asked = applicants(cohort, 3)
    chosen = [e.uuid for e in asked]
    services.approve(cohort, chosen, actor=organiser, now=NOW)
    again = services.approve(cohort, chosen, actor=organiser, now=NOW)
    assert states(cohort) == ["enrolled", "enrolled", "waiting"]
    assert [e.pk for e in again.stayed] == [asked[2].pk]


def test_an_approval_reaches_no_other_class(cohort, organiser) -> None:
    other = make_cohort(code="other")
    stranger = enrol(other, make_person(9), State.APPLIED)
    services.approve(cohort, [stranger.uuid, uuid4()], actor=organiser, now=NOW)
    assert states(other) == ["applied"]


def test_an_applicant_is_told_of_the_answer_and_of_the_class(cohort, organiser) -> None:
    person = make_person(1)
    user = make_trainee("alice", person)
    asked = enrol(cohort, person, State.APPLIED)
    services.post_notice(cohort, subject="周六上课", body="带书", actor=organiser, now=NOW)
    services.approve(cohort, [asked.uuid], actor=organiser, now=NOW)
    said = {m.subject for m in InboxMessage.objects.of(user.pk)}
    assert said == {"周六上课", f"您已入班：{cohort.title}"}


def test_a_refusal_needs_a_reason_and_says_it(cohort, organiser) -> None:
    person = make_person(1)
    user = make_trainee("alice", person)
    asked = enrol(cohort, person, State.APPLIED)
    with pytest.raises(Refused, match="reason_needed"):
        services.refuse(cohort, [asked.uuid], reason="", actor=organiser, now=NOW)
    services.refuse(cohort, [asked.uuid], reason="不在本区工作", actor=organiser, now=NOW)
    assert states(cohort) == ["refused"]
    assert "不在本区工作" in InboxMessage.objects.of(user.pk).get().body
    step = EnrolmentStep.objects.get(to_state="refused")
    assert (step.by, step.reason) == (organiser, "不在本区工作")


def test_who_has_a_seat_is_not_refused_but_removed(cohort, organiser) -> None:
    seated = enrol(cohort, make_person(1))
    assert services.refuse(cohort, [seated.uuid], reason="x", actor=organiser, now=NOW) == []
    services.remove(seated, reason="冒名", actor=organiser, now=NOW)
    assert states(cohort) == ["removed"]
    with pytest.raises(Refused, match="wrong_state"):
        services.remove(seated, reason="冒名", actor=organiser, now=NOW)


# --- the frozen list ------------------------------------------------------------------------------
def test_the_list_is_frozen_once_with_who_is_in_the_class(cohort, organiser) -> None:
    inside, outside = enrol(cohort, make_person(1)), enrol(cohort, make_person(2), State.WAITING)
    assert services.freeze_register(cohort, actor=organiser, now=NOW) == 1
    cohort.refresh_from_db()
    assert cohort.frozen_at == NOW
    register = Enrolment.objects.across_regions().on_register()
    assert list(register) == [inside]
    with pytest.raises(Refused, match="already_frozen"):
        services.freeze_register(cohort, actor=organiser, now=NOW)
    services.approve(cohort, [outside.uuid], actor=organiser, now=NOW)
    assert list(register.all()) == [inside]


def test_leaving_and_removal_take_nobody_off_the_frozen_list(cohort, organiser) -> None:
    one, two = enrol(cohort, make_person(1)), enrol(cohort, make_person(2))
    services.freeze_register(cohort, actor=organiser, now=NOW)
    services.withdraw(one, reason="工作忙", actor=organiser, now=NOW)
    services.remove(two, reason="冒名", actor=organiser, now=NOW)
    assert Enrolment.objects.across_regions().on_register().count() == 2


def test_a_draft_is_not_frozen(organiser) -> None:
    draft = make_cohort(code="draft", state="draft")
    with pytest.raises(Refused, match="not_published"):
        services.freeze_register(draft, actor=organiser, now=NOW)


def test_lists_are_frozen_by_themselves_on_the_first_day_and_once() -> None:
    today = timezone.localdate(NOW)
    begun = make_cohort(starts_on=today)
    make_cohort(code="later", starts_on=today + timedelta(days=1))
    make_cohort(code="draft", state="draft")
    enrol(begun, make_person(1))
    assert services.freeze_due(now=NOW) == 1
    assert services.freeze_due(now=NOW) == 0
    assert Enrolment.objects.across_regions().on_register().count() == 1
    assert AuditEntry.objects.across_regions().filter(action="freeze_register").count() == 1


# --- the class ------------------------------------------------------------------------------------
def unsaved(**changes) -> Cohort:
    made = make_cohort(code="pattern", **changes)
    fields = {f.attname: getattr(made, f.attname) for f in made._meta.concrete_fields}
    del fields["id"], fields["uuid"]
    return Cohort(**fields | {"code": "new", "state": "published"})


def test_a_new_class_is_a_draft_whose_organiser_is_its_staff() -> None:
    actor = make_officer("organiser", region=None, role="organiser")
    course = make_course()
    made = services.open_class(unsaved(), [course], actor=actor, now=NOW)
    assert (made.state, made.created_by, made.created_at) == (CohortState.DRAFT, actor, NOW)
    assert list(made.courses.all()) == [course]
    assert [(row.user, row.role) for row in made.staff.all()] == [(actor, "organiser")]


def test_an_officer_who_opens_a_class_is_not_its_staff() -> None:
    made = services.open_class(unsaved(), [], actor=make_officer("bob"), now=NOW)
    assert not made.staff.exists()


def test_the_level_stays_once_people_have_enrolled(cohort, organiser) -> None:
    enrol(cohort, make_person(1), State.APPLIED)
    cohort.level_id = "intermediate"
    with pytest.raises(Refused, match="people_enrolled"):
        services.change_class(cohort, [], actor=organiser, now=NOW)
    cohort.refresh_from_db()
    assert cohort.level_id == "junior"


def test_seats_are_not_cut_below_those_taken(cohort, organiser) -> None:
    enrol(cohort, make_person(1))
    enrol(cohort, make_person(2))
    cohort.capacity = 1
    with pytest.raises(Refused, match="seats_taken"):
        services.change_class(cohort, [], actor=organiser, now=NOW)
    cohort.capacity = 3
    services.change_class(cohort, [], actor=organiser, now=NOW)


def test_a_change_touches_neither_code_nor_frozen_list(cohort, organiser) -> None:
    stale = Cohort.objects.across_regions().get(pk=cohort.pk)
    services.freeze_register(cohort, actor=organiser, now=NOW)
    stale.title = "新名"
    services.change_class(stale, [], actor=organiser, now=NOW)
    cohort.refresh_from_db()
    assert (cohort.title, cohort.frozen_at) == ("新名", NOW)


def test_a_class_is_published_then_closed_and_never_opened_again(cohort, organiser) -> None:
    draft = make_cohort(code="draft", state="draft")
    services.move_class(draft, CohortState.PUBLISHED, actor=organiser, now=NOW)
    inside, left = enrol(draft, make_person(1)), enrol(draft, make_person(2), "withdrawn")
    services.move_class(draft, CohortState.CLOSED, actor=organiser, now=NOW)
    for enrolment in (inside, left):
        enrolment.refresh_from_db()
    assert (inside.state, left.state) == ("completed", "withdrawn")
    assert inside.steps.get().to_state == "completed"
    with pytest.raises(Refused, match="wrong_state"):
        services.move_class(draft, CohortState.PUBLISHED, actor=organiser, now=NOW)


def test_staff_must_hold_the_role_today_and_one_organiser_stays(cohort, organiser) -> None:
    teacher = make_officer("teacher", region=None, role="instructor")
    services.add_staff(cohort, teacher, "instructor", actor=organiser, now=NOW)
    services.add_staff(cohort, teacher, "instructor", actor=organiser, now=NOW)
    assert cohort.staff.count() == 2
    with pytest.raises(Refused, match="no_such_role"):
        services.add_staff(cohort, teacher, "organiser", actor=organiser, now=NOW)
    with pytest.raises(Refused, match="last_organiser"):
        services.drop_staff(cohort, cohort.staff.get(user=organiser).pk, actor=organiser, now=NOW)
    services.drop_staff(cohort, cohort.staff.get(user=teacher).pk, actor=organiser, now=NOW)
    assert cohort.staff.count() == 1


def test_a_role_that_has_ended_opens_no_class(cohort, organiser) -> None:
    assert Cohort.objects.visible_to(organiser).count() == 1
    organiser.grants.update(valid_to=LONG_AGO + timedelta(days=1))
    again = type(organiser).objects.get(pk=organiser.pk)
    assert Cohort.objects.visible_to(again).count() == 0


def test_an_organisers_area_opens_no_class_of_others() -> None:
    make_cohort()
    roaming = make_officer("roaming", region="6405", role="organiser")
    assert Cohort.objects.visible_to(roaming).count() == 0
    assert Cohort.objects.visible_to(roaming, "organiser").count() == 0


# --- what the database itself refuses -------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("class_ends_after_it_starts", {"ends_on": date(2026, 3, 1)}),
        ("enrolment_closes_after_it_opens", {"closes_at": NOW - timedelta(days=60)}),
        ("class_has_a_seat", {"capacity": 0}),
    ],
)
def test_a_class_that_cannot_be(name: str, changes: dict) -> None:
    with pytest.raises(IntegrityError, match=name):
        make_cohort(**changes)


def test_one_enrolment_a_class_and_one_place_among_its_staff(cohort, organiser) -> None:
    person = make_person(1)
    enrol(cohort, person)
    with pytest.raises(IntegrityError), transaction.atomic():
        enrol(cohort, person)
    with pytest.raises(IntegrityError), transaction.atomic():
        CohortStaff.objects.create(cohort=cohort, user=organiser, role="organiser")


def test_a_line_of_the_plan_asks_for_one_thing(cohort) -> None:
    lesson = lessons_of(make_course())[0]
    with pytest.raises(IntegrityError, match="plan_line_lesson_or_paper"):
        plan_line(cohort, date(2026, 4, 1), lesson=lesson, paper=make_paper())


def test_a_line_is_dropped_from_its_own_class_only(cohort) -> None:
    line = plan_line(make_cohort(code="other"), date(2026, 4, 1))
    services.drop_plan_line(cohort, line.pk)
    assert CohortPlan.objects.filter(pk=line.pk).exists()
    assert cohort.code == CODE
