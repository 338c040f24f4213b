"""Workbench: the plan of a class and its notices."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.accounts.gates import roles_required
from cms.core.confirming import ask, is_confirmed
from cohorts.enrolment import services
from cohorts.enrolment.forms import NoticeForm, PlanLineForm
from cohorts.enrolment.gates import READERS, TEACHERS, class_for
from cohorts.enrolment.models import CohortPlan, Enrolment
from cohorts.enrolment.views import questions
from cohorts.enrolment.views.shell import around


@roles_required(*READERS)
def plan(request: Any, uuid: Any) -> HttpResponse:
    """The dated lines; `?line=` opens one of them in the form."""
    writes = request.method == "POST"
    cohort = class_for(request.user, uuid, TEACHERS if writes else READERS)
    lines = cohort.plan.select_related("lesson", "paper")
    chosen = request.GET.get("line", "")
    line = get_object_or_404(CohortPlan, cohort=cohort, pk=chosen) if chosen.isdecimal() else None
    form = PlanLineForm(request.POST or None, instance=line, cohort=cohort)
    if writes and form.is_valid():
        services.put_plan_line(form.instance)
        messages.success(request, _("Saved."))
        return redirect("enrolment:plan", uuid=uuid)
    shown = around(request.user, cohort, "plan") | {"lines": lines, "form": form, "line": line}
    today = timezone.localdate()
    return render(
        request,
        "cohorts/enrolment/plan.html",
        shown | {"today": today},
        status=400 if writes else 200,
    )


@require_POST
@roles_required(*TEACHERS)
def drop_line(request: Any, uuid: Any, pk: int) -> HttpResponse:
    cohort = class_for(request.user, uuid, TEACHERS)
    line = get_object_or_404(CohortPlan, cohort=cohort, pk=pk)
    if not is_confirmed(request):
        return ask(request, questions.of_dropping(line))
    services.drop_plan_line(cohort, pk)
    messages.success(request, _("The line is gone from the plan."))
    return redirect("enrolment:plan", uuid=uuid)


@roles_required(*READERS)
def notices(request: Any, uuid: Any) -> HttpResponse:
    """What the class was told, and a form to tell it more."""
    writes = request.method == "POST"
    cohort = class_for(request.user, uuid, TEACHERS if writes else READERS)
    form = NoticeForm(request.POST or None)
    if writes and form.is_valid():
        services.post_notice(cohort, **form.cleaned_data, actor=request.user, now=timezone.now())
        messages.success(request, _("Sent to everybody in the class."))
        return redirect("enrolment:notices", uuid=uuid)
    members = Enrolment.objects.visible_to(request.user, *READERS).filter(cohort=cohort).in_class()
    shown = around(request.user, cohort, "notices") | {
        "notices": cohort.notices.select_related("by"),
        "form": form,
        "members": members.count(),
        "reachable": members.filter(person__user__isnull=False).count(),
    }
    return render(request, "cohorts/enrolment/notices.html", shown, status=400 if writes else 200)
