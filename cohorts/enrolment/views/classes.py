"""Workbench: the list of classes, one class as described, its staff, its enrolment code."""

import secrets
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.accounts.gates import roles_required
from cms.accounts.models import User
from cms.core.confirming import ask, is_confirmed
from cohorts.enrolment import services
from cohorts.enrolment.codes import grouped
from cohorts.enrolment.forms import CodeForm, CohortForm, FilterForm
from cohorts.enrolment.gates import READERS, RUNNERS, class_for
from cohorts.enrolment.models import Cohort
from cohorts.enrolment.states import CohortState
from cohorts.enrolment.views import questions
from cohorts.enrolment.views.shell import around

PAGE = 50


@roles_required(*READERS)
def class_list(request: Any) -> HttpResponse:
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = _narrowed(Cohort.objects.visible_to(request.user, *READERS), wanted)
    rows = rows.select_related("level", "region", "organiser").with_counts()
    if wanted.get("applications"):
        rows = rows.filter(to_answer__gt=0)
    rows = rows.order_by("-starts_on", "-pk")
    shown = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "form": form,
        "wanted": wanted,
        "may_open": request.user.has_role(*RUNNERS),
    }
    return render(request, "cohorts/enrolment/list.html", shown)


def _narrowed(rows: Any, wanted: dict[str, Any]) -> Any:
    if wanted.get("level"):
        rows = rows.filter(level=wanted["level"])
    if wanted.get("year"):
        rows = rows.filter(exam_year=wanted["year"])
    if wanted.get("state"):
        rows = rows.filter(state=wanted["state"])
    return rows


@roles_required(*RUNNERS)
def create(request: Any) -> HttpResponse:
    form = CohortForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        cohort = services.open_class(
            form.instance, form.cleaned_data["courses"], actor=request.user, now=timezone.now()
        )
        messages.success(request, _("The class is a draft. Publish it when everything is right."))
        return redirect("class:overview", uuid=cohort.uuid)
    return render(request, "cohorts/enrolment/form.html", {"form": form}, status=_status(form))


@roles_required(*RUNNERS)
def edit(request: Any, uuid: Any) -> HttpResponse:
    cohort = class_for(request.user, uuid, RUNNERS)
    form = CohortForm(request.POST or None, instance=cohort, user=request.user)
    if request.method == "POST" and form.is_valid():
        services.change_class(
            cohort, form.cleaned_data["courses"], actor=request.user, now=timezone.now()
        )
        messages.success(request, _("Saved."))
        return redirect("class:overview", uuid=uuid)
    shown = {"form": form, "cohort": class_for(request.user, uuid, RUNNERS)}
    return render(request, "cohorts/enrolment/form.html", shown, status=_status(form))


def _status(form: Any) -> int:
    return 400 if form.is_bound else 200


@require_POST
@roles_required(*RUNNERS)
def move(request: Any, uuid: Any) -> HttpResponse:
    """Publish or close, whichever the button says."""
    cohort = class_for(request.user, uuid, RUNNERS)
    to = request.POST.get("to", "")
    if to in set(CohortState):
        if not is_confirmed(request):
            return ask(request, questions.of_moving(request.user, cohort, CohortState(to)))
        services.move_class(cohort, CohortState(to), actor=request.user, now=timezone.now())
        messages.success(request, _("Done."))
    return redirect("class:overview", uuid=uuid)


@roles_required(*RUNNERS)
def staff(request: Any, uuid: Any) -> HttpResponse:
    """Who runs and teaches the class; adding and dropping somebody."""
    cohort, now = class_for(request.user, uuid, RUNNERS), timezone.now()
    if request.method == "POST":
        if "drop" in request.POST:
            services.drop_staff(cohort, _number(request.POST["drop"]), actor=request.user, now=now)
        else:
            pk, _sep, role = request.POST.get("add", "").partition(":")
            user = get_object_or_404(User, pk=_number(pk))
            services.add_staff(cohort, user, role, actor=request.user, now=now)
        messages.success(request, _("Saved."))
        return redirect("enrolment:staff", uuid=uuid)
    people = list(cohort.staff.select_related("user"))
    there = {(row.user_id, row.role) for row in people}
    grants = services.class_staff_candidates(now)
    shown = around(request.user, cohort, "settings") | {
        "people": people,
        "candidates": [g for g in grants if (g.user_id, g.role) not in there],
    }
    return render(request, "cohorts/enrolment/staff.html", shown)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


@roles_required(*RUNNERS)
def code(request: Any, uuid: Any) -> HttpResponse:
    """The enrolment code: given out by this one reply, and never readable again."""
    cohort, now = class_for(request.user, uuid, RUNNERS), timezone.now()
    form, plain = CodeForm(request.POST or None), ""
    if request.method == "POST" and "drop" in request.POST:
        services.drop_code(cohort, actor=request.user, now=now)
        messages.success(request, _("From now on the class asks for no code."))
        return redirect("enrolment:code", uuid=uuid)
    if request.method == "POST" and form.is_valid():
        plain = services.new_code(
            cohort,
            below=secrets.randbelow,
            valid_until=now + timedelta(days=form.cleaned_data["days"]),
            actor=request.user,
            now=now,
        )
    shown = around(request.user, cohort, "settings") | {
        "form": form,
        "plain": grouped(plain) if plain else "",
        "expired": bool(cohort.code_expires_at and cohort.code_expires_at <= now),
    }
    return render(request, "cohorts/enrolment/code.html", shown)
