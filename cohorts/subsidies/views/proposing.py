"""Drafting claims from checked certificates, and why a run made none."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cms.accounts.gates import roles_required
from cms.accounts.models import User
from cohorts.subsidies import services
from cohorts.subsidies.models import PolicyVersion
from cohorts.subsidies.requests import SignedInRequest
from cohorts.subsidies.services.desk import basis_of
from cohorts.subsidies.transitions import CHECKERS


@require_POST
@roles_required(*CHECKERS)
def propose(request: SignedInRequest) -> HttpResponse:
    """Draft claims for the checked certificates of a policy, in the officer's own area."""
    version = get_object_or_404(PolicyVersion.objects.published(), pk=request.POST.get("version"))
    areas, now = _areas(request.user, version), timezone.now()
    proposals = [
        services.propose_due(version, now=now, actor=request.user, region=area) for area in areas
    ]
    if created := sum(len(proposal.created) for proposal in proposals):
        text = ngettext("%(count)d claim proposed.", "%(count)d claims proposed.", created)
        messages.success(request, text % {"count": created})
    else:
        messages.info(request, _why_none(version, areas))
    return redirect("subsidies:claims")


def _areas(user: User, version: PolicyVersion) -> list[str]:
    """Where the officer's areas and the area of the policy meet."""
    issuer = str(version.policy.region_id)
    return [
        max(region, issuer, key=len)
        for region in user.scope.areas(*CHECKERS)
        if region.startswith(issuer) or issuer.startswith(region)
    ]


def _why_none(version: PolicyVersion, areas: list[str]) -> str:
    years = "、".join(str(year) for year in version.rulebook.exam_years)
    basis = basis_of(version, areas)
    if basis.checked:
        text = ngettext(
            "No new claim: the %(n)d checked certificate of the exam years %(years)s has one.",
            "No new claim: all %(n)d checked certificates of the exam years %(years)s have one.",
            basis.checked,
        )
        return text % {"n": basis.checked, "years": years}
    if basis.waiting:
        text = ngettext(
            "No claim: %(n)d certificate of the exam years %(years)s still has to be checked.",
            "No claim: %(n)d certificates of the exam years %(years)s still have to be checked.",
            basis.waiting,
        )
        return text % {"n": basis.waiting, "years": years}
    text = _("No claim: no certificate of the exam years %(years)s is on record here.")
    return text % {"years": years}
