"""Propose claims from checked certificates, and keep their decisions up to the facts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.accounts.models import User
from cms.accounts.services import audit
from cms.core.errors import Refused
from cms.core.scoping import region_q
from cms.core.wording import Message
from cohorts.certificates.models import Certificate
from cohorts.subsidies.benefits import ONCE, ONE_OFF
from cohorts.subsidies.entitlement import ENGINE, decide
from cohorts.subsidies.facts import fingerprint
from cohorts.subsidies.models import Claim, Decision, FactSnapshot, PolicyVersion, ReviewStep
from cohorts.subsidies.services.authority import require_authority
from cohorts.subsidies.services.facts import collect_facts
from cohorts.subsidies.transitions import CHECKERS, FILERS, FINAL, GIVEN_UP, VersionState

# Days pass without anything having changed: a decision is made anew when other facts differ.
DAYS = ("as_of", "applied_on")
BATCH_SIZE = 500


@dataclass(frozen=True)
class Proposal:
    """What one run did: claims made, drafts decided anew, and the outcomes of the new claims."""

    created: tuple[Claim, ...]
    refreshed: int
    outcomes: Counter[str] = field(default_factory=Counter)


@transaction.atomic
def propose_due(
    version: PolicyVersion, *, now: datetime, actor: User, region: str | None = None
) -> Proposal:
    """A draft claim, with every finding, for each checked certificate that has none yet.

    Only one-off benefits: monthly allowances are generated month by month. Running it again makes
    nothing new; drafts whose facts have changed are decided anew.
    """
    area = region or version.policy.region_id
    if version.state != VersionState.PUBLISHED:
        raise Refused("not_published", Message("Only a published policy can be claimed on."))
    if not area.startswith(version.policy.region_id):
        raise Refused("out_of_scope", Message("The policy does not reach this area."))
    require_authority(actor, area, CHECKERS)
    drafts = Claim.objects.across_regions().in_state("draft").filter(version=version)
    refreshed = refresh(
        drafts.filter(region_q("region", [area])).select_related("version"), now=now, actor=actor
    )
    due = _due_certificates(version, area)
    created = _create(version, due, now=now, actor=actor)
    if created:
        _note(version, created, area=area, now=now, actor=actor)
    outcomes = Counter(claim.decision.outcome for claim in created if claim.decision)
    return Proposal(tuple(created), refreshed, outcomes)


def _note(
    version: PolicyVersion, created: list[Claim], *, area: str, now: datetime, actor: User
) -> None:
    audit(
        actor=actor,
        action="propose_claims",
        target=f"policy {version.policy.code}/{version.number}",
        region=area,
        now=now,
        detail={"claims": len(created)},
    )


def _due_certificates(version: PolicyVersion, area: str) -> list[tuple[Certificate, str]]:
    """Checked certificates of the policy's years and levels in the area, with their award keys,
    for which nobody claims that award, and no claim to it was refused.
    """
    due: list[tuple[Certificate, str]] = []
    for benefit in version.rulebook.benefits:
        if benefit.shape != ONE_OFF:
            continue
        found = Certificate.objects.across_regions().filter(
            region_q("region", [area]),
            state="checked",
            exam_year__in=version.rulebook.exam_years,
            level__in=benefit.amounts_fen,
        )
        claimed = _already_claimed(benefit.family)
        due += [
            (row, benefit.award(row.level_id))
            for row in found.order_by("region_id", "pk")
            if (row.person_id, benefit.award(row.level_id)) not in claimed
        ]
    return due


def _already_claimed(family: str) -> set[tuple[int, str]]:
    """A claim that was given up is no claim; one that was refused does not come back by itself."""
    claims = Claim.objects.across_regions().filter(award_key__startswith=f"{family}/")
    standing = claims.exclude(state__in=GIVEN_UP)
    return set(standing.values_list("person_id", "award_key"))


@transaction.atomic
def file_claim(
    certificate: Certificate, version: PolicyVersion, award: str, *, actor: User, now: datetime
) -> Claim:
    """A claim of the holder's own accord, or filed for them; the one that exists is returned."""
    known = (
        Claim.objects.across_regions()
        .live()
        .filter(person=certificate.person_id, award_key=award, period=ONCE)
    )
    if found := known.first():
        return found
    benefit = version.rulebook.benefit_of(award)
    if version.state != VersionState.PUBLISHED or benefit is None or benefit.shape != ONE_OFF:
        raise Refused("not_published", Message("Only a published policy can be claimed on."))
    if certificate.person_id != actor.scope.person_id:
        require_authority(actor, certificate.region_id, FILERS)
    return _create(version, [(certificate, award)], now=now, actor=actor)[0]


def _create(
    version: PolicyVersion, due: list[tuple[Certificate, str]], *, now: datetime, actor: User
) -> list[Claim]:
    claims = [
        Claim(
            person_id=row.person_id,
            version=version,
            certificate=row,
            award_key=award,
            period=ONCE,
            level_id=row.level_id,
            exam_year=row.exam_year,
            region_id=row.region_id,
            created_at=now,
        )
        for row, award in due
    ]
    Claim.objects.bulk_create(claims, batch_size=BATCH_SIZE)
    ReviewStep.objects.bulk_create(
        [
            ReviewStep(claim=claim, action="propose", to_state=claim.state, by=actor, at=now)
            for claim in claims
        ],
        batch_size=BATCH_SIZE,
    )
    refresh(claims, now=now, actor=actor)
    return claims


@transaction.atomic
def refresh(
    claims: Iterable[Claim], *, now: datetime, actor: User | None, applied: bool = False
) -> int:
    """Decide claims anew where the facts have changed since their last decision.

    `applied`: the claims are being submitted now, so the day of application is today. Returns how
    many decisions were made; the claims given have the new ones. What has been before the public
    keeps the decision that stood there.
    """
    rows = _open_ones(claims)
    today = timezone.localdate(now)
    documents = collect_facts(
        _certificates(rows), as_of=today, applied_on=today if applied else None
    )
    known = _known_facts(rows)
    changed: list[tuple[Claim, dict[str, Any]]] = []
    for row in rows:
        earlier = known.get(row.pk, {})
        facts = _for_claim(row, documents[row.certificate_id], earlier)
        if _lasting(facts) != _lasting(earlier):
            changed.append((row, facts))
    _decide(changed, now=now, actor=actor)
    return len(changed)


def _open_ones(claims: Iterable[Claim]) -> list[Claim]:
    """Asked of the table: the rows in hand may be older than what has become of them."""
    rows = list(claims)
    shown = Claim.objects.across_regions().in_state(*FINAL)
    settled = set(shown.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return [row for row in rows if row.pk not in settled]


def _certificates(claims: Sequence[Claim]) -> list[Certificate]:
    wanted = {row.certificate_id for row in claims}
    return list(Certificate.objects.across_regions().filter(pk__in=wanted))


def _for_claim(claim: Claim, facts: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
    """The facts of the certificate, put to the claim's award; the day of application stays."""
    kept = {"applied_on": earlier["applied_on"]} if "applied_on" in earlier else {}
    return {**kept, **facts, "award": claim.award_key}


def _lasting(facts: dict[str, Any]) -> dict[str, Any]:
    lasting = {name: value for name, value in facts.items() if name not in DAYS}
    return lasting | {"applied": "applied_on" in facts}


def _known_facts(claims: Sequence[Claim]) -> dict[int, dict[str, Any]]:
    decisions = [row.decision_id for row in claims if row.decision_id is not None]
    snapshots = FactSnapshot.objects.across_regions().filter(decision__in=decisions)
    return dict(snapshots.values_list("claim_id", "facts"))


def _decide(
    changed: list[tuple[Claim, dict[str, Any]]], *, now: datetime, actor: User | None
) -> None:
    snapshots = [
        FactSnapshot(claim=claim, facts=facts, sha256=fingerprint(facts), collected_at=now)
        for claim, facts in changed
    ]
    FactSnapshot.objects.bulk_create(snapshots, batch_size=BATCH_SIZE)
    decisions = [_decision(snapshot, now=now, actor=actor) for snapshot in snapshots]
    Decision.objects.bulk_create(decisions, batch_size=BATCH_SIZE)
    for decision in decisions:
        decision.claim.decision = decision
    claims = [decision.claim for decision in decisions]
    Claim.objects.across_regions().bulk_update(claims, ["decision"], batch_size=BATCH_SIZE)


def _decision(snapshot: FactSnapshot, *, now: datetime, actor: User | None) -> Decision:
    claim = snapshot.claim
    entitlement = decide(claim.version.rulebook, snapshot.facts)
    return Decision(
        claim=claim,
        version=claim.version,
        snapshot=snapshot,
        engine=ENGINE,
        outcome=entitlement.outcome.value,
        amount_fen=entitlement.amount_fen,
        trace=entitlement.as_json(),
        supersedes_id=claim.decision_id,
        by=actor,
        at=now,
    )
