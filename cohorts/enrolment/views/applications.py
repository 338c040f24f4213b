"""Workbench: applications to a class, answered in bulk; the register and its freezing."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import OuterRef, Subquery
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
from cohorts.enrolment.models import Cohort, Enrolment, EnrolmentStep
from cohorts.enrolment.states import SEATED, UNDECIDED
from cohorts.enrolment.views import questions
from cohorts.enrolment.views.shell import around


@roles_required(*READERS)
def application_list(request: Any, uuid: Any) -> HttpResponse:
    return _applications(request, class_for(request.user, uuid))


def _applications(
    request: Any, cohort: Cohort, *, ticked: Sequence[UUID] = (), missing: str = ""
) -> HttpResponse:
    """The page; `missing` says what an answer lacked, and nothing that was entered is lost."""
    last = EnrolmentStep.objects.filter(enrolment=OuterRef("pk")).order_by("-pk")
    visible = Enrolment.objects.visible_to(request.user, *READERS).filter(cohort=cohort)
    rows = visible.select_related("person", "organisation__region")
    taken = visible.filter(state__in=SEATED).count()
    shown = around(request.user, cohort, "applications") | {
        "rows": rows.undecided(),
        "gone": rows.exclude(state__in=SEATED | UNDECIDED).annotate(
            reason=Subquery(last.values("reason")[:1])
        ),
        "left": max(cohort.capacity - taken, 0),
        "taken": taken,
        "ticked": ticked,
        "reason": request.POST.get("reason", ""),
        "missing": missing,
    }
    status = 400 if missing else 200
    return render(request, "cohorts/enrolment/applications.html", shown, status=status)


@require_POST
@roles_required(*RUNNERS)
def answer(request: Any, uuid: Any) -> HttpResponse:
    """Approve or refuse the ticked applications."""
    cohort, now = class_for(request.user, uuid, RUNNERS), timezone.now()
    chosen, reason = _ticked(request), request.POST.get("reason", "").strip()
    refusing = request.POST.get("action") == "refuse"
    if not chosen:
        return _applications(request, cohort, missing=_("Tick at least one application first."))
    if refusing and not reason:
        missing = _("Nobody is refused yet: write the reason, which the applicants read.")
        return _applications(request, cohort, ticked=chosen, missing=missing)
    if refusing:
        refused = services.refuse(cohort, chosen, reason=reason, actor=request.user, now=now)
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
