"""What other pages ask about attendance and sessions."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cms.core.wording import Message
from cohorts.attendance.check_in_window import closed_because
from cohorts.attendance.hours import PRESENT, Attendance, attendance_of, last_marks
from cohorts.attendance.models import CheckIn, ClassSession
from cohorts.attendance.rotating_code import is_fresh
from cohorts.enrolment.models import Cohort, Enrolment


def attendance(cohort: Cohort, now: datetime) -> dict[int, Attendance]:
    """Attendance by enrolment, over the sessions that are over."""
    return attendance_in([cohort], now)


def attendance_in(cohorts: Iterable[Cohort], now: datetime) -> dict[int, Attendance]:
    """The same for several classes at once, in three statements however many trainees there are."""
    chosen = list(cohorts)
    enrolled = Enrolment.objects.across_regions().filter(cohort__in=chosen).in_class()
    held = held_units(chosen, now)
    marks = marks_of(chosen)
    return {
        pk: attendance_of(pk, held[cohort], marks)
        for pk, cohort in enrolled.values_list("pk", "cohort_id")
    }


def held_units(cohorts: Iterable[Cohort], now: datetime) -> Mapping[int, dict[int, int]]:
    """Half-day units by class and session, for sessions that are over."""
    over = ClassSession.objects.across_regions().filter(cohort__in=cohorts, ends_at__lte=now)
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for pk, cohort, units in over.values_list("pk", "cohort_id", "units"):
        found[cohort][pk] = units
    return found


def marks_of(cohorts: Iterable[Cohort]) -> dict[tuple[int, int], str]:
    """What counts by (enrolment, session): the row that was written last."""
    rows = CheckIn.objects.across_regions().filter(session__cohort__in=cohorts).order_by("pk")
    return last_marks(rows.values_list("enrolment_id", "session_id", "kind"))


def present_in(sessions: Iterable[ClassSession]) -> Counter[int]:
    """How many are present by session."""
    rows = CheckIn.objects.across_regions().filter(session__in=list(sessions)).order_by("pk")
    marks = last_marks(rows.values_list("enrolment_id", "session_id", "kind"))
    return Counter(session for (_enrolment, session), kind in marks.items() if kind == PRESENT)


def next_session(user: Any, now: datetime) -> ClassSession | None:
    """The next session of the own classes, or the one that is on."""
    if not user.is_authenticated:
        return None
    own = Enrolment.objects.visible_to(user).filter(person__user=user).in_class()
    rows = ClassSession.objects.visible_to(user).filter(
        cohort__in=own.values("cohort"), ends_at__gt=now
    )
    found: ClassSession | None = rows.select_related("cohort").order_by("starts_at").first()
    return found


def is_present(user: Any, session: ClassSession) -> bool:
    """Return whether the last mark of this account in the session says present."""
    marks = CheckIn.objects.across_regions().filter(session=session, enrolment__person__user=user)
    last = marks.order_by("pk").last()
    return last is not None and last.kind == PRESENT


@dataclass(frozen=True)
class Door:
    """What stands before somebody who has scanned the code: a session, and why not, if not."""

    session: ClassSession
    enrolment: Enrolment | None
    mark: CheckIn | None
    refusal: Message | None
    code: str = ""


def door(uuid: Any, code: str, *, user: Any, now: datetime) -> Door | None:
    """The door of one session for one account; None where there is no such session."""
    rows = ClassSession.objects.across_regions().filter(uuid=uuid)
    session = rows.select_related("cohort").first()
    if session is None:
        return None
    members = Enrolment.objects.across_regions().filter(cohort=session.cohort, person__user=user)
    enrolment = members.in_class().first()
    marks = CheckIn.objects.across_regions().filter(session=session, enrolment=enrolment)
    mark = marks.order_by("-pk").first() if enrolment else None
    return Door(session, enrolment, mark, _refusal(session, enrolment, code, now), code)


def _refusal(
    session: ClassSession, enrolment: Enrolment | None, code: str, now: datetime
) -> Message | None:
    if enrolment is None:
        return Message("Your account is not enrolled in the class of this session.")
    if (closed := closed_because(session.starts_at, session.ends_at, now)) is not None:
        return closed
    if not is_fresh(session.check_secret, code, now):
        return Message("This code is too old. Scan the one that is on the screen now.")
    return None
