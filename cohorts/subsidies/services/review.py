"""Move claims along their table: submit, review, approve, return, refuse, withdraw.

One function moves, for one claim or for many. It asks the table of transitions for state and role,
and then for the hands: nobody acts on the own claim, and who made or reviewed it does not approve.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from cms.accounts.models import User
from cms.accounts.services import audit
from cms.core.errors import Refused
from cms.core.scoping import region_q
from cms.core.wording import Message
from cohorts.certificates.models import Certificate
from cohorts.subsidies.models import Claim, ReviewStep
from cohorts.subsidies.models.claim import ClaimQuerySet
from cohorts.subsidies.services.authority import reaches
from cohorts.subsidies.services.claims import BATCH_SIZE, refresh
from cohorts.subsidies.transitions import CLAIM_STEPS, ClaimAction, Step

# What an act leaves on the claim besides its state. A returned claim is reviewed afresh.
MARKS: dict[ClaimAction, tuple[str, ...]] = {
    ClaimAction.SUBMIT: ("submitted",),
    ClaimAction.REVIEW: ("reviewed",),
    ClaimAction.APPROVE: ("approved",),
}
CLEARED: dict[ClaimAction, tuple[str, ...]] = {ClaimAction.RETURN: ("reviewed",)}
# The rules must still say yes when a claim is put forward and when it is let through.
NEEDS_ELIGIBLE = frozenset({ClaimAction.SUBMIT, ClaimAction.REVIEW, ClaimAction.APPROVE})
# And the certificate must still be in force each time that the claim comes nearer to money.
NEEDS_CERTIFICATE = frozenset(
    {ClaimAction.PUT_ON_NOTICE, ClaimAction.CONFIRM, ClaimAction.PUT_IN_BATCH}
)
# Decided by the area that issued the policy, not by the one where the claim was made.
FOR_ISSUER = frozenset({ClaimAction.APPROVE, ClaimAction.PUT_ON_NOTICE})


@dataclass(frozen=True)
class Moved:
    """What a bulk act did: claims moved, and those that were not, each with the reason."""

    done: tuple[Claim, ...]
    refused: tuple[tuple[Claim, Refused], ...]


@transaction.atomic
def move_many(
    claims: Iterable[Claim],
    action: ClaimAction,
    *,
    actor: User | None,
    now: datetime,
    reason: str = "",
    **changes: Any,
) -> Moved:
    """Move what may be moved, in one transaction. `actor` None is the system, by the calendar.

    A claim that this actor may not move now is left as it is, its decision too.
    """
    step = CLAIM_STEPS[action]
    if actor is not None and step.asks_reason and not reason.strip():
        raise Refused("reason_needed", Message("Say why."), status=400)
    done, refused = _parted(_current(claims), lambda row: _refusal(row, action, step, actor))
    if action in NEEDS_ELIGIBLE:
        refresh(done, now=now, actor=actor, applied=action is ClaimAction.SUBMIT)
        done, turned = _parted(done, _ineligible)
        refused += turned
    _write(done, step, changes | _marks(action, actor, now))
    _add_steps(done, action, step, actor=actor, now=now, reason=reason)
    if done and actor is not None:
        _note(done, action, actor=actor, now=now, reason=reason)
    return Moved(tuple(done), tuple(refused))


def move(
    claim: Claim, action: ClaimAction, *, actor: User, now: datetime, reason: str = ""
) -> Claim:
    """Move one claim, or raise Refused with the reason."""
    moved = move_many([claim], action, actor=actor, now=now, reason=reason)
    if moved.refused:
        raise moved.refused[0][1]
    return moved.done[0]


def submit(claim: Claim, *, actor: User, now: datetime) -> Claim:
    return move(claim, ClaimAction.SUBMIT, actor=actor, now=now)


def submit_many(claims: Iterable[Claim], *, actor: User, now: datetime) -> Moved:
    return move_many(claims, ClaimAction.SUBMIT, actor=actor, now=now)


def review(claim: Claim, *, actor: User, now: datetime, reason: str = "") -> Claim:
    return move(claim, ClaimAction.REVIEW, actor=actor, now=now, reason=reason)


def review_many(claims: Iterable[Claim], *, actor: User, now: datetime) -> Moved:
    return move_many(claims, ClaimAction.REVIEW, actor=actor, now=now)


def approve(claim: Claim, *, actor: User, now: datetime, reason: str = "") -> Claim:
    return move(claim, ClaimAction.APPROVE, actor=actor, now=now, reason=reason)


def approve_many(claims: Iterable[Claim], *, actor: User, now: datetime) -> Moved:
    return move_many(claims, ClaimAction.APPROVE, actor=actor, now=now)


def return_claim(claim: Claim, *, reason: str, actor: User, now: datetime) -> Claim:
    return move(claim, ClaimAction.RETURN, actor=actor, now=now, reason=reason)


def refuse(claim: Claim, *, reason: str, actor: User, now: datetime) -> Claim:
    return move(claim, ClaimAction.REFUSE, actor=actor, now=now, reason=reason)


def withdraw(claim: Claim, *, reason: str, actor: User, now: datetime) -> Claim:
    return move(claim, ClaimAction.WITHDRAW, actor=actor, now=now, reason=reason)


def _current(claims: Iterable[Claim]) -> list[Claim]:
    """The claims as they are now, held until the transaction ends."""
    wanted = [claim.pk for claim in claims]
    rows = Claim.objects.across_regions().filter(pk__in=wanted)
    held = rows.select_for_update(of=("self",)).select_related(
        "decision", "person", "version__policy", "certificate"
    )
    return list(held.order_by("pk"))


def _parted(
    rows: Sequence[Claim], refusal: Callable[[Claim], Refused | None]
) -> tuple[list[Claim], list[tuple[Claim, Refused]]]:
    done: list[Claim] = []
    refused: list[tuple[Claim, Refused]] = []
    for row in rows:
        why = refusal(row)
        if why is None:
            done.append(row)
        else:
            refused.append((row, why))
    return done, refused


def _refusal(claim: Claim, action: ClaimAction, step: Step, actor: User | None) -> Refused | None:
    if claim.state not in step.sources:
        return Refused("wrong_state", Message("The claim has moved on in the meantime."))
    checked = claim.certificate.state == Certificate.State.CHECKED
    if action in NEEDS_CERTIFICATE and not checked:
        return Refused(
            "certificate_not_checked", Message("The certificate behind it is no longer in force.")
        )
    if action is ClaimAction.REVOKE and checked:
        return Refused("certificate_checked", Message("The certificate behind it is in force."))
    return None if actor is None else _hands_refusal(claim, action, step, actor)


def _ineligible(claim: Claim) -> Refused | None:
    if claim.decision is not None and claim.decision.outcome == "eligible":
        return None
    return Refused("not_eligible", Message("By the facts of today, not every condition is met."))


def _hands_refusal(claim: Claim, action: ClaimAction, step: Step, actor: User) -> Refused | None:
    own = claim.person.user_id == actor.pk
    if own:
        return None if step.own else Refused("own_claim", Message("This is your own claim."))
    if not step.roles & actor.scope.roles:
        return Refused("wrong_role", Message("Your role does not do this step."), status=403)
    approving = action is ClaimAction.APPROVE
    if not reaches(actor, claim.region_id, step.roles):
        reason = Message("Your role for this step does not reach the area of the claim.")
        return Refused("out_of_scope", reason, status=403)
    if approving and not reaches(actor, claim.version.policy.region_id, step.roles):
        reason = Message("Approval is for the area that issued the policy.")
        return Refused("out_of_scope", reason, status=403)
    if approving and actor.pk in {claim.reviewed_by_id, claim.submitted_by_id}:
        return Refused(
            "same_person",
            Message("You submitted or reviewed this claim; somebody else has to approve it."),
        )
    return None


def may(claim: Claim, action: ClaimAction, actor: User) -> bool:
    """Whether the step would be taken if the actor asked for it now: what a page may offer."""
    return _refusal(claim, action, CLAIM_STEPS[action], actor) is None


def within_reach(claims: ClaimQuerySet, action: ClaimAction, actor: User) -> ClaimQuerySet:
    """Of these claims, those from which neither area nor earlier hands keep the actor."""
    step = CLAIM_STEPS[action]
    areas = actor.scope.areas(*step.roles)
    rows = claims.filter(region_q("region", areas))
    if not step.own:
        rows = rows.exclude(person__user=actor)
    if action in FOR_ISSUER:
        rows = rows.filter(region_q("version__policy__region", areas))
    if action is ClaimAction.APPROVE:
        rows = rows.exclude(reviewed_by=actor).exclude(submitted_by=actor)
    return rows


def _marks(action: ClaimAction, actor: User | None, now: datetime) -> dict[str, Any]:
    marks: dict[str, Any] = {}
    for name in MARKS.get(action, ()):
        marks |= {f"{name}_by": actor, f"{name}_at": now}
    for name in CLEARED.get(action, ()):
        marks |= {f"{name}_by": None, f"{name}_at": None}
    return marks


def _write(claims: Sequence[Claim], step: Step, changes: dict[str, Any]) -> None:
    """A guarded update: a claim that somebody else has moved meanwhile stops the whole act."""
    rows = Claim.objects.across_regions().filter(pk__in=[row.pk for row in claims])
    moved = rows.filter(state__in=step.sources).update(state=step.target, **changes)
    if moved != len(claims):
        raise Refused("wrong_state", Message("Some claims have moved on in the meantime."))


def _add_steps(
    claims: Sequence[Claim],
    action: ClaimAction,
    step: Step,
    *,
    actor: User | None,
    now: datetime,
    reason: str,
) -> None:
    steps = [
        ReviewStep(
            claim=row,
            action=action.value,
            from_state=row.state,
            to_state=step.target,
            reason=reason.strip(),
            by=actor,
            at=now,
        )
        for row in claims
    ]
    ReviewStep.objects.bulk_create(steps, batch_size=BATCH_SIZE)
    for row in claims:
        row.state = step.target


def _note(
    claims: Sequence[Claim], action: ClaimAction, *, actor: User, now: datetime, reason: str
) -> None:
    """One entry for each area, so that its auditors find what was done to its own claims."""
    by_region: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_region[claim.region_id].append(claim)
    for region, rows in sorted(by_region.items()):
        audit(
            actor=actor,
            action=f"claim_{action.value}",
            target=f"claim {rows[0].uuid}" if len(rows) == 1 else f"{len(rows)} claims",
            region=region,
            now=now,
            reason=reason,
            detail={"claims": [claim.pk for claim in rows][:200]},
        )
