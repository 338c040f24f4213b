"""A trainee's own claims: what each certificate brings, and why."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cohorts.certificates.models import Certificate
from cohorts.subsidies import services
from cohorts.subsidies.models import Claim, PayeeAccount
from cohorts.subsidies.requests import SignedInRequest
from cohorts.subsidies.services.outlook import Outlook, outlooks
from cohorts.subsidies.shown import (
    area_names,
    counted,
    finding_rows,
    live_finding_rows,
    road,
)
from cohorts.subsidies.transitions import ClaimAction, claim_actions


@login_required
def claim_list(request: SignedInRequest) -> HttpResponse:
    found = outlooks(_certificates(request), now=timezone.now())
    shown = {"outlooks": found, "linked": request.user.scope.person_id is not None}
    return render(request, "cohorts/subsidies/my_claims.html", shown)


def _certificates(request: SignedInRequest) -> list[Certificate]:
    """The visitor's own: an officer sees more elsewhere, but not here."""
    person = request.user.scope.person_id
    if person is None:
        return []
    rows = Certificate.objects.visible_to(request.user).live().filter(person=person)
    return list(rows.select_related("level", "region", "person"))


@login_required
def claim_detail(request: SignedInRequest, certificate: Any, benefit: str) -> HttpResponse:
    found = outlooks(_certificates(request), now=timezone.now())
    outlook = _chosen(found, certificate, benefit)
    rows = _rows(outlook)
    claim = outlook.claim
    own_acts = claim_actions(claim.state, frozenset(), own=True) if claim else ()
    shown = {
        "outlook": outlook,
        "claim": claim,
        "findings": rows,
        "counts": counted(rows),
        "amount_fen": _amount(outlook),
        "road": road(claim),
        "account": PayeeAccount.objects.visible_to(request.user)
        .valid()
        .filter(person=request.user.scope.person_id)
        .first(),
        "others": [row for row in found if row is not outlook],
        "may_submit": outlook.claimable or ClaimAction.SUBMIT in own_acts,
        "may_withdraw": ClaimAction.WITHDRAW in own_acts,
    }
    return render(request, "cohorts/subsidies/my_claim.html", shown)


def _chosen(found: list[Outlook], certificate: Any, benefit: str) -> Outlook:
    for outlook in found:
        if (outlook.certificate.uuid, outlook.weighed.benefit) == (certificate, benefit):
            return outlook
    raise Http404


def _rows(outlook: Outlook) -> list[dict[str, Any]]:
    """The stored findings where a claim was decided, else those of today."""
    rulebook, names = outlook.version.rulebook, area_names()
    claim = outlook.claim
    if claim is not None and claim.decision is not None:
        return finding_rows(claim.decision.trace["findings"], claim.version.rulebook, names)
    return live_finding_rows(outlook.weighed.findings, rulebook, names)


def _amount(outlook: Outlook) -> int:
    """What the certificate brings; while something is open, what it could bring."""
    if outlook.weighed.amount_fen:
        return outlook.weighed.amount_fen
    if outlook.claim is not None and outlook.claim.decision is not None:
        return outlook.claim.decision.amount_fen
    benefits = {row.id: row for row in outlook.version.rulebook.benefits}
    return benefits[outlook.weighed.benefit].amounts_fen[outlook.certificate.level_id]


@require_POST
@login_required
def submit(request: SignedInRequest, certificate: Any, benefit: str) -> HttpResponse:
    now = timezone.now()
    outlook = _chosen(outlooks(_certificates(request), now=now), certificate, benefit)
    claim = outlook.claim or services.file_claim(
        outlook.certificate,
        outlook.version,
        outlook.weighed.award or "",
        actor=request.user,
        now=now,
    )
    services.submit(claim, actor=request.user, now=now)
    messages.success(request, _("Submitted. The county reviews it next."))
    return redirect("my_claims:detail", certificate=certificate, benefit=benefit)


@require_POST
@login_required
def withdraw(request: SignedInRequest, uuid: Any) -> HttpResponse:
    person = request.user.scope.person_id
    claims = Claim.objects.visible_to(request.user).filter(person=person)
    claim = get_object_or_404(claims, uuid=uuid, person__isnull=False)
    reason = request.POST.get("reason", "")[:300]
    services.withdraw(claim, reason=reason, actor=request.user, now=timezone.now())
    messages.success(request, _("The claim is withdrawn."))
    return redirect("my_claims:list")
