"""Policies in words: what they pay, to whom, what was assumed, and whether the examples pass."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cms.accounts.gates import roles_required
from cms.accounts.roles import REGIONAL
from cohorts.subsidies import services
from cohorts.subsidies.models import PolicyVersion
from cohorts.subsidies.requests import SignedInRequest
from cohorts.subsidies.services.authority import roles_over
from cohorts.subsidies.services.policies import problems_of, trials_of
from cohorts.subsidies.shown import policy_view
from cohorts.subsidies.transitions import CHECKERS, VersionAction, version_actions


class RetireForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("First day no longer in force"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
    )


@roles_required(*REGIONAL)
def policy_list(request: SignedInRequest) -> HttpResponse:
    versions = PolicyVersion.objects.select_related("policy__region", "author", "published_by")
    rows = [
        (version, policy_view(version.rulebook))
        for version in versions.order_by("-policy_id", "-number")
    ]
    return render(request, "cohorts/subsidies/policies.html", {"rows": rows})


@roles_required(*REGIONAL)
def policy_detail(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    return _page(request, _version(code, number), RetireForm())


def _version(code: str, number: int) -> PolicyVersion:
    versions = PolicyVersion.objects.select_related("policy__region", "author", "published_by")
    return get_object_or_404(versions, policy__code=code, number=number)


def _page(request: SignedInRequest, version: PolicyVersion, form: RetireForm) -> HttpResponse:
    trials = trials_of(version)
    shown = {
        "version": version,
        "rulebook": version.rulebook,
        "benefits": policy_view(version.rulebook),
        "trials": trials,
        "passed": sum(trial.passed for trial in trials),
        "problems": problems_of(version),
        "acts": version_actions(version.state, roles_over(request.user, version.policy.region_id)),
        "is_author": version.author_id == request.user.pk,
        "form": form,
    }
    status = 400 if form.errors else 200
    return render(request, "cohorts/subsidies/policy.html", shown, status=status)


@require_POST
@roles_required(*CHECKERS)
def act(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    version, now = _version(code, number), timezone.now()
    action = request.POST.get("action", "")
    if action == VersionAction.CHECK:
        services.check_version(version, actor=request.user, now=now)
    elif action == VersionAction.PUBLISH:
        services.publish(version, actor=request.user, now=now)
    elif action == VersionAction.RETIRE:
        form = RetireForm(request.POST)
        if not form.is_valid():
            return _page(request, version, form)
        services.retire(version, actor=request.user, now=now, **form.cleaned_data)
    messages.success(
        request, _("The version is now: %(state)s.") % {"state": version.get_state_display()}
    )
    return redirect("subsidies:policy", code=code, number=number)
