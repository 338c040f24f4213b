"""A trainee asks for a seat: seats, codes, levels, persons, consent; and leaves again."""

from datetime import timedelta
from secrets import randbelow
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from cms.accounts.models import AuditEntry, Consent, Person, PersonRegion
from cms.core.errors import Refused
from cms.notices.models import InboxMessage
from cohorts.enrolment import services
from cohorts.enrolment.models import Cohort, Enrolment
from cohorts.enrolment.services.code_check import TRIES
from cohorts.enrolment.states import State
from tests.factories.classes import (
    application,
    enrol,
    make_account,
    make_cohort,
    make_consent_text,
    make_staff,
)
from tests.factories.people import (
    NOW,
    SHAPOTOU,
    ZHONGNING,
    make_person,
    make_reference,
    make_trainee,
)

pytestmark = pytest.mark.django_db
OPEN = Cohort.Admission.OPEN


@pytest.fixture(autouse=True)
def _reference(request: Any) -> None:
    cache.clear()
    make_reference()


def refused(*args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as why:
        services.apply(*args, **{"now": NOW} | kwargs)
    return why.value.code


# --- seats ----------------------------------------------------------------------------------------
def test_an_application_waits_for_approval() -> None:
    enrolment = services.apply(make_cohort(), application(1), user=make_account(), now=NOW)
    assert enrolment.state == State.APPLIED
    assert [step.to_state for step in enrolment.steps.all()] == ["applied"]


def test_an_open_class_gives_a_seat_at_once_and_then_the_waiting_list() -> None:
    cohort = make_cohort(admission=OPEN, capacity=1)
    first = services.apply(cohort, application(1), user=make_account("one"), now=NOW)
    second = services.apply(cohort, application(2), user=make_account("two"), now=NOW)
    assert (first.state, second.state) == (State.ENROLLED, State.WAITING)
    assert [step.to_state for step in first.steps.all()] == ["applied", "enrolled"]


def test_whoever_enrols_twice_is_refused() -> None:
    cohort, user = make_cohort(), make_account()
    services.apply(cohort, application(1), user=user, now=NOW)
    assert refused(cohort, application(1), user=user) == "already_applied"


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "draft"},
        {"state": "closed"},
        {"opens_at": NOW + timedelta(seconds=1)},
        {"closes_at": NOW},
    ],
)
def test_a_class_that_takes_no_enrolments_refuses(changes: dict[str, Any]) -> None:
    assert refused(make_cohort(**changes), application(1), user=make_account()) == "not_open"
    assert not Person.objects.across_regions().exists()


@pytest.mark.django_db(transaction=True)
def test_two_callers_for_the_last_seat_give_one_seat() -> None:
    cohort = make_cohort(admission=OPEN, capacity=1)
    users = [make_account(f"caller-{n}") for n in range(4)]
    start, faults = Barrier(len(users)), []

    def call(n: int) -> None:
        try:
            start.wait()
            services.apply(cohort, application(n), user=users[n], now=NOW)
        except Exception as fault:  # noqa: BLE001 - shown by the assertion below
            faults.append(fault)
        finally:
            connection.close()

    callers = [Thread(target=call, args=(n,)) for n in range(len(users))]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    states = sorted(Enrolment.objects.across_regions().values_list("state", flat=True))
    assert not faults
    assert states == [State.ENROLLED, State.WAITING, State.WAITING, State.WAITING]


# --- levels ---------------------------------------------------------------------------------------
def test_a_second_level_in_the_same_exam_year_is_refused_with_the_reason() -> None:
    user = make_account()
    services.apply(make_cohort(), application(1), user=user, now=NOW)
    other = make_cohort(code="intermediate", level_id="intermediate")
    with pytest.raises(Refused, match="other_level") as why:
        services.apply(other, application(1), user=user, now=NOW)
    assert "初级" in str(why.value.message)


def test_after_leaving_the_other_level_is_open_again() -> None:
    user = make_account()
    first = services.apply(make_cohort(), application(1), user=user, now=NOW)
    services.withdraw(first, reason="改考中级", actor=user, now=NOW)
    other = make_cohort(code="intermediate", level_id="intermediate")
    assert services.apply(other, application(1), user=user, now=NOW).state == State.APPLIED


def test_another_exam_year_is_no_second_level() -> None:
    user = make_account()
    services.apply(make_cohort(exam_year_id=2025), application(1), user=user, now=NOW)
    other = make_cohort(code="intermediate", level_id="intermediate")
    assert services.apply(other, application(1), user=user, now=NOW).state == State.APPLIED


# --- persons --------------------------------------------------------------------------------------
def test_a_person_nobody_knew_is_made_tied_to_the_account_and_the_areas() -> None:
    user = make_account()
    cohort = make_cohort(region=ZHONGNING)
    enrolment = services.apply(cohort, application(1), user=user, now=NOW)
    person = enrolment.person
    assert (person.user_id, person.name, person.id_tail) == (user.pk, "报名1", person.id_tail)
    assert person.id_number.open().startswith("66")
    ties = PersonRegion.objects.filter(person=person).values_list("region_id", "source")
    assert set(ties) == {(SHAPOTOU, "enrolment"), (ZHONGNING, "enrolment")}
    assert enrolment.organisation.name == "沙坡头区社区"


def test_a_known_person_is_not_linked_here() -> None:
    make_person(1)
    user = make_account()
    with pytest.raises(Refused) as why:
        services.apply(make_cohort(), application(1), user=user, now=NOW)
    assert (why.value.code, why.value.detail) == ("person_known", {"link": "/me/link/"})
    assert not Person.objects.across_regions().filter(user=user).exists()
    assert not Enrolment.objects.across_regions().exists()


def test_what_is_entered_does_not_change_the_person_an_account_already_has() -> None:
    person = make_person(1)
    user = make_trainee("known", person)
    enrolment = services.apply(make_cohort(), application(2, name="别人"), user=user, now=NOW)
    assert enrolment.person == person
    person.refresh_from_db()
    assert person.name != "别人"
    assert person.phone.open() == "12000000002"
    services.apply(make_cohort(code="two"), application(3), user=user, now=NOW)
    person.refresh_from_db()
    assert person.phone.open() == "12000000002"


# --- consent --------------------------------------------------------------------------------------
def test_consent_to_the_text_in_force_is_needed_and_kept() -> None:
    make_consent_text(1)
    text, cohort, user = make_consent_text(2), make_cohort(), make_account()
    assert refused(cohort, application(1), user=user) == "consent_needed"
    assert refused(cohort, application(1, consent=1), user=user) == "consent_needed"
    services.apply(cohort, application(1, consent=2), user=user, now=NOW)
    given = Consent.objects.get(user=user)
    assert (given.text, given.given, given.at) == (text, True, NOW)


# --- codes ----------------------------------------------------------------------------------------
def with_code(cohort: Cohort, valid: timedelta = timedelta(days=7)) -> str:
    return services.new_code(
        cohort,
        below=randbelow,
        valid_until=NOW + valid,
        actor=make_staff(cohort, f"o-{cohort.code}"),
        now=NOW,
    )


def test_the_code_opens_the_class_it_was_given_out_for() -> None:
    cohort, other = make_cohort(), make_cohort(code="other")
    code = with_code(cohort)
    with_code(other)
    Cohort.objects.across_regions().filter(pk=other.pk).update(code_hash=cohort.code_hash)
    other.refresh_from_db()
    assert refused(other, application(1, code=code), user=make_account()) == "code_not_valid"
    user = make_account("two")
    typed = f"{code[:5].lower()} - {code[5:]}"
    assert services.apply(cohort, application(2, code=typed), user=user, now=NOW)


def test_the_code_stands_nowhere_in_plain() -> None:
    cohort = make_cohort()
    code = with_code(cohort)
    cohort.refresh_from_db()
    assert len(cohort.code_hash) == 64
    assert code not in str(cohort.__dict__)
    assert code not in str(list(AuditEntry.objects.across_regions().values()))


def test_a_new_code_ends_the_one_before() -> None:
    cohort = make_cohort()
    old = with_code(cohort)
    services.new_code(
        cohort,
        below=randbelow,
        valid_until=NOW + timedelta(days=1),
        actor=cohort.staff.get().user,
        now=NOW,
    )
    assert refused(cohort, application(1, code=old), user=make_account()) == "code_not_valid"


def test_wrong_missing_and_expired_give_the_same_reply() -> None:
    cohort = make_cohort()
    code = with_code(cohort)
    user, replies = make_account(), []
    for typed, now in (("", NOW), ("0000000000", NOW), (code, NOW + timedelta(days=7))):
        with pytest.raises(Refused) as why:
            services.apply(cohort, application(1, code=typed), user=user, now=now)
        replies.append((why.value.as_json(), why.value.status))
    assert replies[0] == replies[1] == replies[2]


def test_the_sixth_try_of_a_minute_is_refused_even_with_the_right_code() -> None:
    cohort, user = make_cohort(), make_account()
    code = with_code(cohort)
    for _ in range(TRIES):
        assert refused(cohort, application(1, code="0000000000"), user=user) == "code_not_valid"
    assert refused(cohort, application(1, code=code), user=user) == "too_many_tries"
    other = make_account("other")
    assert services.apply(cohort, application(2, code=code), user=other, now=NOW)


def test_a_code_cannot_end_before_it_begins() -> None:
    with pytest.raises(Refused, match="code_in_past"):
        with_code(make_cohort(), timedelta(0))


def test_without_the_code_the_class_asks_for_none() -> None:
    cohort = make_cohort()
    with_code(cohort)
    services.drop_code(cohort, actor=cohort.staff.get().user, now=NOW)
    assert services.apply(cohort, application(1), user=make_account(), now=NOW)


# --- leaving and coming back ----------------------------------------------------------------------
def test_leaving_needs_a_reason_and_frees_the_seat() -> None:
    cohort, user = make_cohort(admission=OPEN, capacity=1), make_account()
    enrolment = services.apply(cohort, application(1), user=user, now=NOW)
    with pytest.raises(Refused, match="reason_needed"):
        services.withdraw(enrolment, reason=" ", actor=user, now=NOW)
    left = services.withdraw(enrolment, reason="工作忙", actor=user, now=NOW)
    assert (left.state, left.steps.last().reason) == (State.WITHDRAWN, "工作忙")
    other = make_account("other")
    assert services.apply(cohort, application(2), user=other, now=NOW).state == State.ENROLLED


def test_who_left_may_come_back_and_keeps_the_history() -> None:
    cohort, user = make_cohort(admission=OPEN), make_account()
    first = services.apply(cohort, application(1), user=user, now=NOW)
    services.withdraw(first, reason="出差", actor=user, now=NOW)
    again = services.apply(cohort, application(1), user=user, now=NOW)
    assert (again.pk, again.state) == (first.pk, State.ENROLLED)
    states = [step.to_state for step in again.steps.all()]
    assert states == ["applied", "enrolled", "withdrawn", "applied", "enrolled"]


def test_whom_the_staff_removed_does_not_come_back_through_the_open_door() -> None:
    cohort, user = make_cohort(admission=OPEN), make_account()
    enrolment = services.apply(cohort, application(1), user=user, now=NOW)
    organiser = make_staff(cohort, "organiser")
    services.remove(enrolment, reason="冒名", actor=organiser, now=NOW)
    again = services.apply(cohort, application(1), user=user, now=NOW)
    assert again.state == State.APPLIED
    services.withdraw(again, reason="再试一次", actor=user, now=NOW)
    assert services.apply(cohort, application(1), user=user, now=NOW).state == State.APPLIED


def test_a_late_joiner_finds_the_notices_of_the_class() -> None:
    cohort = make_cohort(admission=OPEN)
    organiser = make_staff(cohort, "organiser")
    early = make_trainee("early", make_person(7))
    enrol(cohort, early.person)
    services.post_notice(cohort, subject="周六上课", body="带书", actor=organiser, now=NOW)
    late = make_account("late")
    services.apply(cohort, application(1), user=late, now=NOW)
    for user in (early, late):
        assert [m.subject for m in InboxMessage.objects.of(user.pk)] == ["周六上课"]
    waiting = make_account("waiting")
    Cohort.objects.across_regions().update(capacity=2)
    services.apply(cohort, application(2), user=waiting, now=NOW)
    assert not InboxMessage.objects.of(waiting.pk).exists()
