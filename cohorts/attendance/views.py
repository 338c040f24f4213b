"""Workbench: sessions of a class, the code on the screen, the list ticked by hand, the table."""

from collections import Counter
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cms.accounts.gates import roles_required
from cms.core.confirming import Question, ask, is_confirmed
from cohorts.attendance import services
from cohorts.attendance.forms import SessionForm
from cohorts.attendance.hours import attendance_of
from cohorts.attendance.models import KIND_WORDS, CheckIn, ClassSession
from cohorts.attendance.overview import held_units, marks_of, present_in
from cohorts.attendance.qr import qr_svg
from cohorts.attendance.rotating_code import code_at, seconds_left
from cohorts.enrolment.gates import READERS, TEACHERS, class_for
from cohorts.enrolment.models import Cohort, Enrolment
from cohorts.enrolment.views.shell import around

SHOWN = 50


@roles_required(*READERS)
def coming(request: Any) -> HttpResponse:
    """Sessions of all classes in reach: those that are on or to come, and the last ones held."""
    now = timezone.now()
    rows = ClassSession.objects.visible_to(request.user, *READERS).select_related("cohort")
    ahead = list(rows.filter(ends_at__gt=now)[:SHOWN])
    held = list(rows.filter(ends_at__lte=now).order_by("-starts_at")[:SHOWN])
    present = present_in([*ahead, *held])
    shown = {
        "ahead": [(session, present[session.pk]) for session in ahead],
        "held": [(session, present[session.pk]) for session in held],
        "now": now,
    }
    return render(request, "cohorts/attendance/coming.html", shown)


@roles_required(*READERS)
def session_list(request: Any, uuid: Any) -> HttpResponse:
    cohort, now = class_for(request.user, uuid), timezone.now()
    marks = marks_of([cohort])
    counts = Counter((session, kind) for (_enrolment, session), kind in marks.items())
    rows = [
        {
            "session": session,
            "over": session.ends_at <= now,
            "present": counts[session.pk, CheckIn.Kind.PRESENT],
            "leave": counts[session.pk, CheckIn.Kind.LEAVE],
        }
        for session in cohort.sessions.visible_to(request.user, *READERS)
    ]
    shown = around(request.user, cohort, "sessions") | {
        "rows": rows,
        "members": _members(request.user, cohort).count(),
    }
    return render(request, "cohorts/attendance/sessions.html", shown)


def _members(user: Any, cohort: Cohort) -> Any:
    rows = Enrolment.objects.visible_to(user, *READERS).filter(cohort=cohort).in_class()
    return rows.select_related("person", "organisation").order_by("person__name", "pk")


@roles_required(*TEACHERS)
def create(request: Any, uuid: Any) -> HttpResponse:
    cohort = class_for(request.user, uuid, TEACHERS)
    form = SessionForm(
        request.POST or None,
        instance=ClassSession(cohort=cohort),
        initial={"venue": cohort.venue},
    )
    return _form(request, form, cohort)


@roles_required(*TEACHERS)
def edit(request: Any, uuid: Any) -> HttpResponse:
    session = _session(request.user, uuid, TEACHERS)
    form = SessionForm(request.POST or None, instance=session)
    return _form(request, form, session.cohort, session=session)


def _form(
    request: Any, form: SessionForm, cohort: Cohort, session: ClassSession | None = None
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        saved = services.put_session(form.instance, actor=request.user, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("attendance:session", uuid=saved.uuid)
    shown = {"form": form, "cohort": cohort, "session": session}
    status = 400 if form.is_bound else 200
    return render(request, "cohorts/attendance/form.html", shown, status=status)


def _session(user: Any, uuid: Any, roles: Any = READERS) -> ClassSession:
    rows = ClassSession.objects.visible_to(user, *roles).filter(uuid=uuid)
    session: ClassSession | None = rows.select_related("cohort__region").first()
    if session is None:
        raise Http404
    return session


@roles_required(*READERS)
def session_detail(request: Any, uuid: Any) -> HttpResponse:
    """Who is there: the list that the staff ticks, with what counts at the moment."""
    session = _session(request.user, uuid)
    rows = CheckIn.objects.visible_to(request.user, *READERS).filter(session=session)
    last = {row.enrolment_id: row for row in rows.select_related("by").order_by("pk")}
    people = [
        {"enrolment": enrolment, "mark": last.get(enrolment.pk)}
        for enrolment in _members(request.user, session.cohort)
    ]
    counts = Counter(row.kind for row in last.values())
    shown = around(request.user, session.cohort, "sessions") | {
        "session": session,
        "people": people,
        "counts": [(label, counts[kind]) for kind, label in KIND_WORDS.items()],
        "open_ones": len(people) - len(last),
        "kinds": KIND_WORDS.items(),
        "over": session.ends_at <= timezone.now(),
    }
    return render(request, "cohorts/attendance/session.html", shown)


@require_POST
@roles_required(*TEACHERS)
def mark(request: Any, uuid: Any) -> HttpResponse:
    session = _session(request.user, uuid, TEACHERS)
    count = services.mark_by_hand(session, _kinds(request), actor=request.user, now=timezone.now())
    text = ngettext("%(count)d entry written.", "%(count)d entries written.", count)
    messages.success(request, text % {"count": count})
    return redirect("attendance:session", uuid=uuid)


def _kinds(request: Any) -> dict[UUID, str]:
    """The ticks by enrolment; what is no uuid names nobody."""
    found = {}
    for name, kind in request.POST.items():
        prefix, _sep, text = name.partition(":")
        if prefix == "mark" and kind:
            with suppress(ValueError):
                found[UUID(text)] = kind
    return found


@require_POST
@roles_required(*TEACHERS)
def drop(request: Any, uuid: Any) -> HttpResponse:
    session = _session(request.user, uuid, TEACHERS)
    if not is_confirmed(request):
        return ask(request, _question_of_dropping(session))
    services.drop_session(session, actor=request.user, now=timezone.now())
    messages.success(request, _("The session is taken back."))
    return redirect("attendance:sessions", uuid=session.cohort.uuid)


def _question_of_dropping(session: ClassSession) -> Question:
    return Question(
        heading=_("Take back “%(title)s”?") % {"title": session.title},
        consequences=[
            _("It leaves the plan of the class, and the people of the class no longer see it."),
            _("It cannot be brought back; it would have to be planned again."),
        ],
        verb=_("Take back"),
        back=reverse("attendance:session", args=[session.uuid]),
        dangerous=True,
    )


@roles_required(*TEACHERS)
def screen(request: Any, uuid: Any) -> HttpResponse:
    """For the screen of the classroom: the code of this minute, fetched anew when it changes.

    The browser is told to by a header, so that the page needs no script.
    """
    session, now = _session(request.user, uuid, TEACHERS), timezone.now()
    code = code_at(session.check_secret, now)
    address = request.build_absolute_uri(reverse("check_in:session", args=[session.uuid, code]))
    shown = {
        "session": session,
        "qr": qr_svg(address),
        "present": present_in([session])[session.pk],
        "members": _members(request.user, session.cohort).count(),
    }
    response = render(request, "cohorts/attendance/screen.html", shown)
    response.headers["Refresh"] = str(seconds_left(now))
    return response


@roles_required(*READERS)
def table(request: Any, uuid: Any) -> HttpResponse:
    """Sessions × trainees with units and rates, as it is printed and signed."""
    cohort, now = class_for(request.user, uuid), timezone.now()
    sessions = list(cohort.sessions.visible_to(request.user, *READERS).filter(ends_at__lte=now))
    held, marks = held_units([cohort], now)[cohort.pk], marks_of([cohort])
    rows = [
        {
            "enrolment": enrolment,
            "cells": [marks.get((enrolment.pk, s.pk), CheckIn.Kind.ABSENT) for s in sessions],
            "attendance": attendance_of(enrolment.pk, held, marks),
        }
        for enrolment in _members(request.user, cohort)
    ]
    shown = around(request.user, cohort, "sessions") | {
        "sessions": sessions,
        "rows": rows,
        "units": sum(held.values()),
    }
    return render(request, "cohorts/attendance/table.html", shown)
