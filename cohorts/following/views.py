"""Workbench: a class at a glance, its register, one trainee in it, and who is behind where."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cms.accounts.gates import roles_required
from cms.core.identity import mask
from cohorts.attendance.models import CheckIn, ClassSession
from cohorts.attendance.overview import present_in
from cohorts.enrolment.gates import READERS, class_for, enrolment_for
from cohorts.enrolment.models import Cohort, Enrolment
from cohorts.enrolment.overview import letters_to
from cohorts.enrolment.states import COHORT_MOVES, SEATED, CohortState
from cohorts.enrolment.views.shell import around
from cohorts.following import services
from cohorts.following.reading import (
    practised_by_chapter,
    trainees_in,
    trainees_of,
)
from cohorts.following.register import ORDERS, Choice, chips, counts
from cohorts.following.words import explained

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTED = 8


@roles_required(*READERS)
def overview(request: Any, uuid: Any) -> HttpResponse:
    """The counts of a class, each of which leads to its rows; who is behind; what comes next."""
    cohort, now = class_for(request.user, uuid), timezone.now()
    trainees = trainees_of(cohort, now)
    followed = services.gravest_first(trainees)
    sessions = cohort.sessions.visible_to(request.user, *READERS)
    last = sessions.filter(ends_at__lte=now).last()
    seated = Enrolment.objects.visible_to(request.user, *READERS).filter(
        cohort=cohort, state__in=SEATED
    )
    shown = around(request.user, cohort, "overview") | {
        "members": len(trainees),
        "seated": seated.count(),
        "on_register": sum(1 for t in trainees if t.enrolment.on_register),
        "counts": counts(trainees),
        "accounts": sum(1 for t in trainees if t.has_account),
        "followed": followed[:LISTED],
        "behind": len(followed),
        "last": last,
        "last_present": present_in([last])[last.pk] if last else 0,
        "coming": sessions.filter(ends_at__gt=now)[:3],
        "staff": cohort.staff.select_related("user"),
        "next_state": _next_state(cohort),
        "may_freeze": cohort.frozen_at is None and cohort.state != CohortState.DRAFT,
    }
    return render(request, "cohorts/following/overview.html", shown)


def _next_state(cohort: Cohort) -> str:
    """The next state in the life of the class, as a button sends it."""
    return next(iter(COHORT_MOVES[CohortState(cohort.state)]), "")


@roles_required(*READERS)
def people(request: Any, uuid: Any) -> HttpResponse:
    cohort = class_for(request.user, uuid)
    trainees = trainees_of(cohort, timezone.now())
    choice = Choice.of(request.GET)
    shown = around(request.user, cohort, "people") | {
        "rows": choice.rows(trainees),
        "total": len(trainees),
        "choice": choice,
        "chips": chips(trainees, choice.shown),
        "orders": [(name, label) for name, (label, _key) in ORDERS.items()],
    }
    return render(request, "cohorts/following/people.html", shown)


@require_POST
@roles_required(*READERS)
def export(request: Any, uuid: Any) -> HttpResponse:
    """The register as the page shows it, as a workbook."""
    cohort, now = class_for(request.user, uuid), timezone.now()
    rows = Choice.of(request.POST).rows(trainees_of(cohort, now))
    content = services.export_register(cohort, rows, actor=request.user, now=now)
    name = f"{cohort.code}-{timezone.localdate(now)}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@roles_required(*READERS)
def person(request: Any, uuid: Any, enrolment: Any) -> HttpResponse:
    """One trainee as this class knows them, and why they are listed as behind."""
    cohort, now = class_for(request.user, uuid), timezone.now()
    found = enrolment_for(request.user, cohort, enrolment)
    trainee = next((t for t in trainees_of(cohort, now) if t.enrolment.pk == found.pk), None)
    shown = around(request.user, cohort, "people") | {
        "enrolment": found,
        "trainee": trainee,
        "steps": found.steps.select_related("by"),
        "sessions": _sessions(request.user, found),
        "practice": practised_by_chapter(trainee),
        "explained": explained(),
        "identity": mask(found.person.id_number.open()) if found.person.id_number else "",
        "letters": letters_to(found),
    }
    return render(request, "cohorts/following/person.html", shown)


def _sessions(user: Any, enrolment: Enrolment) -> list[tuple[ClassSession, CheckIn | None]]:
    rows = CheckIn.objects.visible_to(user, *READERS).filter(enrolment=enrolment)
    last = {row.session_id: row for row in rows.order_by("pk")}
    sessions = ClassSession.objects.visible_to(user, *READERS).filter(cohort=enrolment.cohort_id)
    return [(row, last.get(row.pk)) for row in sessions.select_related("cohort")]


@roles_required(*READERS)
def behind_list(request: Any) -> HttpResponse:
    """Who is behind, over all classes in reach that are going on."""
    now = timezone.now()
    classes = list(
        Cohort.objects.visible_to(request.user, *READERS)
        .in_progress(timezone.localdate(now))
        .select_related("level")
    )
    found = trainees_in(classes, now)
    groups = [
        {
            "cohort": cohort,
            "members": len(found[cohort.pk]),
            "followed": services.gravest_first(found[cohort.pk]),
        }
        for cohort in classes
    ]
    shown = {
        "groups": groups,
        "behind": sum(len(group["followed"]) for group in groups),
        "members": sum(group["members"] for group in groups),
        "explained": explained(),
    }
    return render(request, "cohorts/following/list.html", shown)
