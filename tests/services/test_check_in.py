"""Sessions, checking in by code and by hand, and the figures that follow."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from cms.core.errors import Refused
from cms.core.models import FactIsFinal
from cohorts.attendance import services
from cohorts.attendance.hours import Attendance
from cohorts.attendance.models import CheckIn, ClassSession
from cohorts.attendance.overview import attendance, attendance_in, next_session, present_in
from cohorts.attendance.rotating_code import code_at
from tests.factories.classes import (
    enrol,
    enrol_trainee,
    make_account,
    make_cohort,
    make_session,
    make_staff,
    mark,
)
from tests.factories.people import NOW, make_person, make_reference

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _reference() -> None:
    make_reference()


@pytest.fixture
def cohort():
    return make_cohort()


@pytest.fixture
def staff(cohort):
    return make_staff(cohort, "teacher", "instructor")


@pytest.fixture
def session(cohort):
    return make_session(cohort, NOW)


def in_time(session: ClassSession) -> Any:
    return session.starts_at + timedelta(minutes=5)


def scan(session: ClassSession, user: Any, now: Any = None, code: str = "") -> Any:
    at = now or in_time(session)
    code = code or code_at(session.check_secret, at)
    return services.check_in(session.uuid, code, user=user, now=at)


def refusal(session: ClassSession, user: Any, now: Any = None, code: str = "") -> str:
    with pytest.raises(Refused) as why:
        scan(session, user, now, code)
    return str(why.value.message)


# --- by the code ----------------------------------------------------------------------------------
def test_who_scans_in_time_is_present_once(cohort, session) -> None:
    user, enrolment = enrol_trainee(cohort, 1)
    assert scan(session, user).mark.kind == "present"
    again = scan(session, user, in_time(session) + timedelta(minutes=30), "0123456789")
    assert again.mark.at == in_time(session)
    row = CheckIn.objects.across_regions().get()
    assert (row.enrolment, row.means, row.by) == (enrolment, "code", user)


def test_each_reason_is_said(cohort, session) -> None:
    user, _ = enrol_trainee(cohort, 1)
    assert "30 minutes" in refusal(session, user, session.starts_at - timedelta(minutes=31))
    assert "over" in refusal(session, user, session.ends_at)
    old = code_at(session.check_secret, in_time(session) - timedelta(minutes=2))
    assert "too old" in refusal(session, user, code=old)
    assert "not enrolled" in refusal(session, make_account())
    assert not CheckIn.objects.across_regions().exists()


def test_who_waits_for_a_seat_is_not_in_the_class(cohort, session) -> None:
    user = make_account()
    person = make_person(5)
    type(person).objects.across_regions().filter(pk=person.pk).update(user=user)
    enrol(cohort, person, "applied")
    assert "not enrolled" in refusal(session, user)


def test_an_unknown_session_is_nobodys(cohort) -> None:
    user, _ = enrol_trainee(cohort, 1)
    assert services.check_in(uuid4(), "0123456789", user=user, now=NOW) is None


def test_who_was_entered_as_absent_can_still_scan_once(cohort, session, staff) -> None:
    user, enrolment = enrol_trainee(cohort, 1)
    mark(session, enrolment, "absent", staff)
    assert scan(session, user).mark.kind == "present"


def test_the_staffs_correction_after_a_scan_stands(cohort, session, staff) -> None:
    user, enrolment = enrol_trainee(cohort, 1)
    scan(session, user)
    mark(session, enrolment, "absent", staff)
    assert scan(session, user).mark.kind == "absent"
    assert CheckIn.objects.across_regions().count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_once_are_one_check_in() -> None:
    cohort = make_cohort()
    session = make_session(cohort, NOW)
    user, _ = enrol_trainee(cohort, 1)
    start, faults = Barrier(3), []

    def tap() -> None:
        try:
            start.wait()
            scan(session, user)
        except Exception as fault:  # noqa: BLE001 - shown by the assertion below
            faults.append(fault)
        finally:
            connection.close()

    taps = [Thread(target=tap) for _ in range(3)]
    for thread in taps:
        thread.start()
    for thread in taps:
        thread.join()
    assert not faults
    assert CheckIn.objects.across_regions().count() == 1


def test_the_database_keeps_one_row_by_code(cohort, session) -> None:
    user, enrolment = enrol_trainee(cohort, 1)
    scan(session, user)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.create(session=session, enrolment=enrolment, by=user, at=NOW)


# --- by hand --------------------------------------------------------------------------------------
def test_only_what_differs_is_written_and_a_correction_is_a_later_row(
    cohort, session, staff
) -> None:
    (_, one), (_, two) = enrol_trainee(cohort, 1), enrol_trainee(cohort, 2)
    entered = {one.uuid: "present", two.uuid: "leave"}
    assert services.mark_by_hand(session, entered, actor=staff, now=NOW) == 2
    assert services.mark_by_hand(session, entered, actor=staff, now=NOW) == 0
    assert services.mark_by_hand(session, {two.uuid: "absent"}, actor=staff, now=NOW) == 1
    rows = CheckIn.objects.across_regions().filter(enrolment=two)
    assert [row.kind for row in rows] == ["leave", "absent"]


def test_strangers_and_made_up_kinds_are_not_entered(cohort, session, staff) -> None:
    _, one = enrol_trainee(cohort, 1)
    stranger = enrol(make_cohort(code="other"), make_person(9))
    waiting = enrol(cohort, make_person(8), "waiting")
    entered = {
        one.uuid: "asleep",
        stranger.uuid: "present",
        waiting.uuid: "present",
        uuid4(): "present",
    }
    assert services.mark_by_hand(session, entered, actor=staff, now=NOW) == 0


def test_a_check_in_is_a_fact(cohort, session, staff) -> None:
    _, one = enrol_trainee(cohort, 1)
    row = mark(session, one, "present", staff)
    row.kind = "absent"
    with pytest.raises(FactIsFinal):
        row.save()
    with pytest.raises(FactIsFinal):
        row.delete()


# --- sessions -------------------------------------------------------------------------------------
def test_a_session_without_check_ins_can_be_taken_back(cohort, session, staff) -> None:
    services.drop_session(session, actor=staff, now=NOW)
    assert not ClassSession.objects.across_regions().exists()


def test_a_session_somebody_was_at_stays(cohort, session, staff) -> None:
    mark(session, enrol_trainee(cohort, 1)[1], "present", staff)
    with pytest.raises(Refused, match="session_has_check_ins"):
        services.drop_session(session, actor=staff, now=NOW)


def test_a_session_ends_after_it_begins(cohort) -> None:
    with pytest.raises(IntegrityError, match="session_ends_after_it_starts"):
        make_session(cohort, NOW, ends_at=NOW - DAY)


def test_the_secret_of_each_session_is_its_own(cohort) -> None:
    one, two = make_session(cohort, NOW), make_session(cohort, NOW + DAY)
    assert one.check_secret != two.check_secret


# --- figures --------------------------------------------------------------------------------------
def test_attendance_counts_sessions_that_are_over(cohort, staff) -> None:
    _, one = enrol_trainee(cohort, 1)
    _, two = enrol_trainee(cohort, 2)
    first, second = make_session(cohort, NOW - 2 * DAY), make_session(cohort, NOW - DAY, units=2)
    coming = make_session(cohort, NOW + DAY)
    for session, kind in ((first, "present"), (second, "leave"), (coming, "present")):
        mark(session, one, kind, staff)
    found = attendance(cohort, NOW)
    assert found[one.pk] == Attendance(present=1, leave=2, absent=0, held=3)
    assert found[two.pk] == Attendance(present=0, leave=0, absent=3, held=3)
    assert present_in([first, second, coming]) == {first.pk: 1, coming.pk: 1}


@pytest.mark.parametrize("trainees", [1, 6])
def test_attendance_takes_three_statements_however_many_there_are(
    trainees, staff, cohort, django_assert_num_queries
) -> None:
    other = make_cohort(code="other")
    for n in range(trainees):
        mark(make_session(cohort, NOW - DAY), enrol_trainee(cohort, n)[1], "present", staff)
    with django_assert_num_queries(3):
        assert len(attendance_in([cohort, other], NOW)) == trainees


def test_the_next_session_is_of_the_own_class_and_the_one_that_is_on(cohort) -> None:
    user, _ = enrol_trainee(cohort, 1)
    make_session(make_cohort(code="other"), NOW)
    make_session(cohort, NOW - DAY)
    assert next_session(user, NOW) is None
    later = make_session(cohort, NOW + DAY)
    assert next_session(user, NOW) == later
    assert next_session(user, later.starts_at + timedelta(minutes=5)) == later
    assert next_session(user, later.ends_at) is None
    assert next_session(make_account(), NOW) is None
