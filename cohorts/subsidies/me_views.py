"""A trainee's own claims: what each certificate brings, and why."""

from datetime import date
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
from cohorts.subsidies.models import Claim, PayeeAccount, PolicyVersion, ReviewStep
from cohorts.subsidies.own import (
    contact,
    deadline,
    headline,
    is_in_hand,
    own_findings,
    own_road,
    paper_rows,
    said_why,
)
from cohorts.subsidies.requests import SignedInRequest
from cohorts.subsidies.services.outlook import Outlook, outlooks
from cohorts.subsidies.services.pace import pace_of
from cohorts.subsidies.shown import counted, policy_view
from cohorts.subsidies.transitions import ClaimAction, claim_actions


@login_required
def claim_list(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    certificates = _certificates(request)
    found = outlooks(certificates, now=now)
    shown = {
        "rows": [_row(outlook, timezone.localdate(now)) for outlook in found],
        "linked": request.user.scope.person_id is not None,
        "policies": [] if certificates else _policies(),
    }
    return render(request, "cohorts/subsidies/my_claims.html", shown)


def _row(outlook: Outlook, today: date) -> dict[str, Any]:
    return {"outlook": outlook, "amount_fen": _amount(outlook), "until": deadline(outlook, today)}


def _policies() -> list[dict[str, Any]]:
    """What the policies in force promise, for somebody who has no certificate yet: of each scheme
    the newest.
    """
    versions = PolicyVersion.objects.in_force(timezone.localdate()).published()
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    for version in versions.select_related("policy").order_by("-effective_from", "-pk"):
        families = {benefit.family for benefit in version.rulebook.benefits}
        if not families <= seen:
            found.append({"version": version, "benefits": policy_view(version.rulebook)})
        seen |= families
    return found


def _certificates(request: SignedInRequest) -> list[Certificate]:
    """The visitor's own: an officer sees more elsewhere, but not here."""
    person = request.user.scope.person_id
    if person is None:
        return []
    rows = Certificate.objects.visible_to(request.user).live().filter(person=person)
    return list(rows.select_related("level", "region", "person"))


@login_required
def claim_detail(request: SignedInRequest, certificate: Any, benefit: str) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    found = outlooks(_certificates(request), now=now)
    outlook = _chosen(found, certificate, benefit)
    claim, findings = outlook.claim, own_findings(outlook)
    own_acts = claim_actions(claim.state, frozenset(), own=True) if claim else ()
    steps = list(ReviewStep.objects.visible_to(request.user).filter(claim=claim)) if claim else []
    account = (
        PayeeAccount.objects.visible_to(request.user)
        .valid()
        .filter(person=request.user.scope.person_id)
        .first()
    )
    shown = {
        "outlook": outlook,
        "claim": claim,
        "findings": findings,
        "counts": counted(findings),
        "headline": headline(findings, outlook),
        "amount_fen": _amount(outlook),
        "until": deadline(outlook, today),
        "why": said_why(claim, steps),
        "papers": paper_rows(findings, account) if is_in_hand(claim) else [],
        "account": account,
        "road": own_road(claim, outlook.version, steps, pace_of(outlook.version)),
        "contact": contact(outlook.version),
        "others": [_row(row, today) for row in found if row is not outlook],
        "may_submit": outlook.claimable or ClaimAction.SUBMIT in own_acts,
        "may_withdraw": ClaimAction.WITHDRAW in own_acts,
    }
    return render(request, "cohorts/subsidies/my_claim.html", shown)


def _chosen(found: list[Outlook], certificate: Any, benefit: str) -> Outlook:
    for outlook in found:
        if (outlook.certificate.uuid, outlook.weighed.benefit) == (certificate, benefit):
            return outlook
    raise Http404


def _amount(outlook: Outlook) -> int:
    """What the certificate brings, by the month where it is paid so; while something is open,
    what it could bring.
    """
    if outlook.by_person and outlook.weighed.amount_fen:
        return outlook.weighed.amount_fen
    if outlook.by_person and outlook.claim is not None and outlook.claim.decision is not None:
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
