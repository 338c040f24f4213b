"""A trainee's own page of a class: the next session, the plan, the attendance, the notices."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from cohorts.attendance.models import CheckIn, ClassSession
from cohorts.attendance.overview import attendance
from cohorts.enrolment.models import Cohort, Enrolment
from cohorts.enrolment.overview import plan_of


@login_required
def own_class(request: Any, code: str) -> HttpResponse:
    """404 for who is not in the class: the public page tells how to enrol."""
    now = timezone.now()
    own = Enrolment.objects.visible_to(request.user).filter(person__user=request.user).in_class()
    rows = own.select_related("cohort__level", "cohort__region", "cohort__organiser")
    enrolment = get_object_or_404(rows, cohort__code=code)
    cohort: Cohort = enrolment.cohort
    plan = plan_of(cohort, request.user, now)
    sessions = _sessions(request.user, enrolment)
    shown = {
        "cohort": cohort,
        "enrolment": enrolment,
        "next": next((s for s, _mark in sessions if s.ends_at > now), None),
        "sessions": sessions,
        "now": now,
        "plan": plan,
        "tracked": sum(1 for line in plan if line.done is not None),
        "done": sum(1 for line in plan if line.done),
        "overdue": sum(1 for line in plan if line.overdue),
        "attendance": attendance(cohort, now).get(enrolment.pk),
        "notices": cohort.notices.all(),
        "staff": cohort.staff.select_related("user"),
    }
    return render(request, "cohorts/following/own_class.html", shown)


def _sessions(user: Any, enrolment: Enrolment) -> list[tuple[ClassSession, CheckIn | None]]:
    rows = CheckIn.objects.visible_to(user).filter(enrolment=enrolment)
    last = {row.session_id: row for row in rows.order_by("pk")}
    sessions = ClassSession.objects.visible_to(user).filter(cohort=enrolment.cohort_id)
    return [(row, last.get(row.pk)) for row in sessions.select_related("cohort")]
