"""Workbench: applications to a class, answered in bulk; the register and its freezing."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cms.accounts.gates import roles_required
from cms.core.confirming import ask, is_confirmed
from cohorts.enrolment import services
from cohorts.enrolment.gates import READERS, RUNNERS, class_for, enrolment_for
from cohorts.enrolment.models import Enrolment
from cohorts.enrolment.states import SEATED
from cohorts.enrolment.views import questions
from cohorts.enrolment.views.shell import around


@roles_required(*READERS)
def application_list(request: Any, uuid: Any) -> HttpResponse:
    cohort = class_for(request.user, uuid)
    visible = Enrolment.objects.visible_to(request.user, *READERS).filter(cohort=cohort)
    rows = visible.select_related("person", "organisation__region")
    taken = visible.filter(state__in=SEATED).count()
    shown = around(request.user, cohort, "applications") | {
        "rows": rows.undecided(),
        "gone": rows.exclude(state__in=SEATED).exclude(pk__in=visible.undecided()),
        "left": max(cohort.capacity - taken, 0),
        "taken": taken,
    }
    return render(request, "cohorts/enrolment/applications.html", shown)


@require_POST
@roles_required(*RUNNERS)
def answer(request: Any, uuid: Any) -> HttpResponse:
    """Approve or refuse the ticked applications."""
    cohort, now = class_for(request.user, uuid, RUNNERS), timezone.now()
    chosen = _ticked(request)
    if not chosen:
        messages.warning(request, _("Tick at least one application first."))
    elif request.POST.get("action") == "refuse":
        refused = services.refuse(
            cohort, chosen, reason=request.POST.get("reason", ""), actor=request.user, now=now
        )
        text = ngettext(
            "%(count)d application refused.", "%(count)d applications refused.", len(refused)
        )
        messages.success(request, text % {"count": len(refused)})
    else:
        _report(request, services.approve(cohort, chosen, actor=request.user, now=now))
    return redirect("enrolment:applications", uuid=uuid)


def _ticked(request: Any) -> list[UUID]:
    """The ticked applications by uuid; what is no uuid names none."""
    found = []
    for text in request.POST.getlist("enrolment"):
        with suppress(ValueError):
            found.append(UUID(text))
    return found


def _report(request: Any, answered: services.Answered) -> None:
    if n := len(answered.enrolled):
        text = ngettext("%(count)d person enrolled.", "%(count)d persons enrolled.", n)
        messages.success(request, text % {"count": n})
    if n := len(answered.waiting) + len(answered.stayed):
        text = ngettext(
            "No seat is left for %(count)d person: on the waiting list.",
            "No seats are left for %(count)d persons: on the waiting list.",
            n,
        )
        messages.warning(request, text % {"count": n})


@require_POST
@roles_required(*RUNNERS)
def freeze(request: Any, uuid: Any) -> HttpResponse:
    cohort = class_for(request.user, uuid, RUNNERS)
    if not is_confirmed(request):
        return ask(request, questions.of_freezing(request.user, cohort))
    count = services.freeze_register(cohort, actor=request.user, now=timezone.now())
    text = ngettext(
        "The list is frozen with %(count)d person.",
        "The list is frozen with %(count)d persons.",
        count,
    )
    messages.success(request, text % {"count": count})
    return redirect("class:overview", uuid=uuid)


@require_POST
@roles_required(*RUNNERS)
def remove(request: Any, uuid: Any, enrolment: Any) -> HttpResponse:
    cohort = class_for(request.user, uuid, RUNNERS)
    found = enrolment_for(request.user, cohort, enrolment)
    services.remove(
        found, reason=request.POST.get("reason", ""), actor=request.user, now=timezone.now()
    )
    messages.success(
        request, _("%(name)s is no longer in the class.") % {"name": found.person.name}
    )
    return redirect("class:people", uuid=uuid)
