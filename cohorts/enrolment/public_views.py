"""Classes for everybody: the list, one class, and the way in. No page here names a trainee."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.accounts.models import Person
from cms.core.errors import Refused
from cohorts.enrolment import services
from cohorts.enrolment.forms import ApplicationForm
from cohorts.enrolment.models import Cohort, Enrolment
from cohorts.enrolment.overview import (
    PublicCohort,
    classes_of,
    own_enrolments,
    plan_of,
    public_cohort,
    public_cohorts,
    sessions_of,
)
from cohorts.enrolment.states import IN_CLASS, TURNED_DOWN, UNDECIDED, State


def class_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    classes = public_cohorts(now)
    shown = {
        "own": classes_of(request.user),
        "asked": _asked(request.user, {found.cohort.pk for found in classes}),
        "classes": classes,
        "now": now,
    }
    return render(request, "cohorts/enrolment/public_list.html", shown)


def _asked(user: Any, still_public: set[int]) -> list[Enrolment]:
    """Own applications without a seat: open ones, and refused ones while the class is shown."""
    rows = own_enrolments(user).values()
    refused = [e for e in rows if e.state == State.REFUSED and e.cohort_id in still_public]
    return [*(e for e in rows if e.state in UNDECIDED), *refused]


def class_detail(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    found = _public(code, now)
    own = own_enrolments(request.user).get(found.cohort.pk)
    shown = {
        "found": found,
        "cohort": found.cohort,
        "own": own,
        "own_reason": _last_reason(own),
        "courses": found.cohort.courses.live(),
        "sessions": sessions_of(found.cohort),
        "plan": plan_of(found.cohort, request.user, now),
        "enrolment_is_over": not found.takes_enrolments and found.cohort.opens_at <= now,
        "may_enrol": found.takes_enrolments and _may_ask(own),
        "may_withdraw": own is not None and own.state in UNDECIDED,
    }
    return render(request, "cohorts/enrolment/public_class.html", shown)


def _public(code: str, now: Any) -> PublicCohort:
    found = public_cohort(code, now)
    if found is None:
        raise Http404
    return found


def _may_ask(own: Enrolment | None) -> bool:
    return own is None or own.state in TURNED_DOWN | {State.WITHDRAWN}


def _last_reason(own: Enrolment | None) -> str:
    """The reason that the staff gave, where it turned this person down."""
    if own is None or own.state not in TURNED_DOWN:
        return ""
    return str(own.steps.order_by("-pk").values_list("reason", flat=True).first() or "")


@login_required
def enrol(request: HttpRequest, code: str) -> HttpResponse:
    """The form asks for what is not known yet; what is, stands masked above it."""
    now = timezone.now()
    found = _public(code, now)
    if not found.takes_enrolments:
        return redirect("classes:detail", code=code)
    person = Person.objects.visible_to(request.user).filter(user=request.user.pk).first()
    form = _form(request, found.cohort, person, now)
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid():
        try:
            enrolment = _apply(request, found.cohort, form, now)
        except Refused as why:
            refused = why
        else:
            messages.success(request, _said_of(enrolment))
            to = "my_class:page" if enrolment.state in IN_CLASS else "classes:detail"
            return redirect(to, code=code)
    shown = {
        "found": found,
        "cohort": found.cohort,
        "person": person,
        "form": form,
        "consent_text": form.consent_text,
        "refused": refused,
    }
    failed = refused.status if refused else 400
    return render(
        request,
        "cohorts/enrolment/enrol.html",
        shown,
        status=failed if request.method == "POST" else 200,
    )


def _form(request: HttpRequest, cohort: Cohort, person: Person | None, now: Any) -> ApplicationForm:
    text = services.required_consent(now)
    entered = request.POST if request.method == "POST" else None
    return ApplicationForm(
        entered,
        cohort=cohort,
        person=person,
        consent_text=text,
        initial=_initial(request.user),
    )


def _initial(user: Any) -> dict[str, Any]:
    """Unit and county as in the class before, the phone as the account has it."""
    last = (
        Enrolment.objects.visible_to(user).filter(person__user=user).select_related("organisation")
    )
    unit = next((e.organisation for e in last.order_by("-pk") if e.organisation), None)
    known = {"unit": unit.name, "county": unit.region_id} if unit else {}
    return known | {"phone": user.phone.open() if user.phone else "", "name": user.first_name}


def _apply(request: Any, cohort: Cohort, form: ApplicationForm, now: Any) -> Enrolment:
    entered = form.cleaned_data
    text = form.consent_text
    application = services.Application(
        code=entered.get("code", ""),
        name=entered.get("name", ""),
        id_number=entered.get("id_number", ""),
        phone=entered.get("phone", ""),
        unit=entered["unit"],
        county=entered["county"].pk,
        consent=text.version if text and entered.get("consent") else None,
    )
    return services.apply(cohort, application, user=request.user, now=now)


def _said_of(enrolment: Enrolment) -> str:
    if enrolment.state == State.ENROLLED:
        return _("You have a seat. Welcome to the class.")
    if enrolment.state == State.WAITING:
        return _("All seats are taken; you are on the waiting list.")
    return _("Your application is in. The staff of the class decides about it.")


@require_POST
@login_required
def withdraw(request: Any, code: str) -> HttpResponse:
    own = Enrolment.objects.visible_to(request.user).filter(person__user=request.user)
    enrolment = get_object_or_404(own.select_related("cohort"), cohort__code=code)
    reason = request.POST.get("reason", "")
    services.withdraw(enrolment, reason=reason, actor=request.user, now=timezone.now())
    messages.success(request, _("You have left the class."))
    return redirect("classes:detail", code=code)
