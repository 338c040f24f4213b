"""Payout batches: collect what is due, lock it, have it approved, send it, settle it.

Three persons open, lock and approve; the approver has submitted or checked none of its claims and
recorded none of its accounts. Each step holds the batch first, so that the second of two callers
finds it moved on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Sum
from django.utils import timezone

from cms.accounts.models import Region, User
from cms.accounts.services import audit
from cms.core.errors import Refused
from cms.core.scoping import region_q
from cms.core.wording import Message
from cohorts.certificates.models import Certificate
from cohorts.subsidies.books import Kind
from cohorts.subsidies.models import Award, Claim, PayoutBatch, PayoutLine
from cohorts.subsidies.payout_sheet import rows_checksum
from cohorts.subsidies.services.authority import require_authority
from cohorts.subsidies.services.checks import batch_checks
from cohorts.subsidies.services.ledger import post_lines, require_budget
from cohorts.subsidies.services.payout import (
    hands_of,
    live_lines,
    payout_rows,
    present_accounts,
)
from cohorts.subsidies.services.review import move_many
from cohorts.subsidies.services.units import units_of
from cohorts.subsidies.transitions import BATCH_STEPS, PAYERS, BatchAction, ClaimAction


@transaction.atomic
def open_batch(
    *, region: str, year: int, actor: User, now: datetime, title: str = ""
) -> PayoutBatch:
    """Open a draft with every award of that exam year that is due in the area.

    Where a draft is open already, what has fallen due since is added to it, and lines whose
    certificate was revoked are taken out.
    """
    require_authority(actor, region, PAYERS)
    drafts = PayoutBatch.objects.across_regions().filter(region=region, year=year, state="draft")
    batch = drafts.select_for_update().first()
    due = _due_awards(region, year)
    if batch is None and not due:
        raise Refused("nothing_due", Message("No confirmed claim of this year waits for payment."))
    if batch is None:
        batch = _new_batch(region, year, actor=actor, now=now, title=title)
        _note(batch, "open_batch", actor=actor, now=now)
    _take_out_revoked(batch, actor=actor, now=now)
    add_due(batch, due, actor=actor, now=now)
    return batch


def _new_batch(region: str, year: int, *, actor: User, now: datetime, title: str) -> PayoutBatch:
    earlier = PayoutBatch.objects.across_regions().filter(region=region, year=year)
    last = earlier.aggregate(last=Max("number"))["last"] or 0
    name = Region.objects.get(code=region).name
    return PayoutBatch.objects.create(
        region_id=region,
        year=year,
        number=last + 1,
        title=title.strip() or f"{name}{year}年度社会工作专业人才补贴拨付清单",
        opened_by=actor,
        opened_at=now,
    )


def _due(region: str) -> Any:
    """Awards of confirmed claims without a live payment."""
    awards = Award.objects.across_regions().filter(
        region_q("region", [region]),
        claim__state__in=["confirmed", "payment_returned"],
        claim__certificate__state=Certificate.State.CHECKED,
    )
    return awards.exclude(pk__in=PayoutLine.objects.across_regions().live().values("award"))


def _due_awards(region: str, year: int) -> list[Award]:
    """What is due of a year, in the order it will be listed."""
    return list(_due(region).filter(exam_year=year).order_by("region_id", "pk"))


@dataclass(frozen=True)
class Due:
    """What a batch of one year would hold if it were opened now."""

    year: int
    persons: int
    total_fen: int


def due_by_year(region: str) -> list[Due]:
    """What waits for payment in an area, newest year first; years without anything are left out."""
    years = _due(region).filter(exam_year__isnull=False).order_by("-exam_year")
    sums = years.values("exam_year").annotate(
        persons=Count("person", distinct=True), total=Sum("amount_fen")
    )
    return [Due(row["exam_year"], row["persons"], row["total"]) for row in sums]


def add_due(
    batch: PayoutBatch, awards: Sequence[Award], *, actor: User, now: datetime
) -> list[PayoutLine]:
    """Lines for awards; the attempt number counts earlier payments that came back."""
    earlier = PayoutLine.objects.across_regions().filter(award__in=[row.pk for row in awards])
    attempts = dict(earlier.values_list("award").annotate(Count("pk")).order_by())
    lines = PayoutLine.objects.bulk_create(
        [
            PayoutLine(
                batch=batch,
                award=award,
                claim_id=award.claim_id,
                attempt_no=attempts.get(award.pk, 0) + 1,
                amount_fen=award.amount_fen,
            )
            for award in awards
        ]
    )
    claims = Claim.objects.across_regions().filter(award__in=[row.pk for row in awards])
    _move_all(claims, ClaimAction.PUT_IN_BATCH, actor=actor, now=now)
    return lines


def _take_out_revoked(batch: PayoutBatch, *, actor: User, now: datetime) -> None:
    lines = PayoutLine.objects.across_regions().filter(batch=batch).live()
    lost = lines.exclude(claim__certificate__state=Certificate.State.CHECKED)
    claims = list(Claim.objects.across_regions().filter(pk__in=lost.values("claim")))
    if not claims:
        return
    lines.filter(claim__in=claims).update(state=PayoutLine.State.REMOVED)
    _move_all(claims, ClaimAction.TAKE_FROM_BATCH, actor=actor, now=now)


@transaction.atomic
def lock_batch(batch: PayoutBatch, *, actor: User, now: datetime) -> PayoutBatch:
    """Fix the lines with names, units and accounts of this moment, and their checksum."""
    lines = _hold(batch, BatchAction.LOCK, actor=actor)
    if not lines:
        raise Refused("empty_batch", Message("The batch has no lines."))
    _refuse_revoked(lines)
    _fix(lines, now)
    changes: dict[str, Any] = {
        "line_count": len(lines),
        "total_fen": sum(line.amount_fen for line in lines),
        "checksum": rows_checksum(payout_rows(lines)),
        "locked_by": actor,
        "locked_at": now,
    }
    return _move(batch, BatchAction.LOCK, actor=actor, now=now, **changes)


def _refuse_revoked(lines: list[PayoutLine]) -> None:
    checked = Certificate.State.CHECKED
    lost = [line for line in lines if line.claim.certificate.state != checked]
    if lost:
        raise Refused(
            "certificate_not_checked",
            Message(
                "%(count)s lines rest on a revoked certificate: collect what is due again to take "
                "them out.",
                count=len(lost),
            ),
            {"names": [line.award.person.name for line in lost]},
        )


def _fix(lines: list[PayoutLine], now: datetime) -> None:
    accounts = present_accounts(lines)
    missing = [line for line in lines if line.award.person_id not in accounts]
    if missing:
        raise Refused(
            "accounts_missing",
            Message("%(count)s payees have no account on record yet.", count=len(missing)),
            {"names": [line.award.person.name for line in missing]},
        )
    units = units_of((line.claim for line in lines), timezone.localdate(now))
    for number, line in enumerate(lines, start=1):
        account = accounts[line.award.person_id]
        line.number = number
        line.name = line.award.person.name
        line.unit = units.get(line.award.person_id, "")
        line.certificate_number = line.claim.certificate.number or ""
        line.bank, line.holder = account.bank, account.holder
        line.account, line.account_tail = account.open_account(), account.account_tail
        line.account_recorded_by_id = account.recorded_by_id
        line.save()


@transaction.atomic
def unlock_batch(batch: PayoutBatch, *, reason: str, actor: User, now: datetime) -> PayoutBatch:
    """Give a locked batch back to its maker; the checksum is void."""
    if not reason.strip():
        raise Refused("reason_needed", Message("Say why."), status=400)
    _hold(batch, BatchAction.UNLOCK, actor=actor)
    return _move(
        batch,
        BatchAction.UNLOCK,
        actor=actor,
        now=now,
        reason=reason,
        locked_by=None,
        locked_at=None,
        checksum="",
        line_count=0,
        total_fen=0,
    )


@transaction.atomic
def approve_batch(batch: PayoutBatch, *, actor: User, now: datetime) -> PayoutBatch:
    """Commit the budget. The approver opened, locked and checked nothing of it."""
    lines = _hold(batch, BatchAction.APPROVE, actor=actor)
    failed = [check for check in batch_checks(batch, approver=actor.pk) if not check.passed]
    if failed:
        raise Refused("checks_fail", failed[0].text)
    require_budget((batch.region_id, batch.year), batch.total_fen)
    moved = _move(
        batch, BatchAction.APPROVE, actor=actor, now=now, approved_by=actor, approved_at=now
    )
    post_lines(Kind.COMMIT, batch, lines, actor=actor, now=now)
    return moved


@transaction.atomic
def export_batch(batch: PayoutBatch, *, actor: User, now: datetime) -> PayoutBatch:
    """The list goes to the bank: what was committed becomes payable."""
    lines = _hold(batch, BatchAction.EXPORT, actor=actor)
    moved = _move(batch, BatchAction.EXPORT, actor=actor, now=now, exported_at=now)
    post_lines(Kind.INSTRUCT, batch, lines, actor=actor, now=now)
    return moved


@transaction.atomic
def settle_batch(batch: PayoutBatch, *, actor: User, now: datetime) -> PayoutBatch:
    """The bank has paid every line of the list."""
    lines = _hold(batch, BatchAction.SETTLE, actor=actor)
    moved = _move(batch, BatchAction.SETTLE, actor=actor, now=now, settled_at=now)
    post_lines(Kind.PAY, batch, lines, actor=actor, now=now)
    PayoutLine.objects.across_regions().filter(batch=batch).live().update(state="paid")
    _move_all(_claims(batch, "in_batch"), ClaimAction.PAY, actor=actor, now=now)
    return moved


@transaction.atomic
def close_batch(batch: PayoutBatch, *, actor: User, now: datetime) -> PayoutBatch:
    """Put the batch and its claims on file."""
    _hold(batch, BatchAction.CLOSE, actor=actor)
    moved = _move(batch, BatchAction.CLOSE, actor=actor, now=now, closed_at=now)
    _move_all(_claims(batch, "paid"), ClaimAction.CLOSE, actor=actor, now=now)
    return moved


def _claims(batch: PayoutBatch, state: str) -> Any:
    lines = PayoutLine.objects.across_regions().filter(batch=batch).live()
    return Claim.objects.across_regions().filter(state=state, pk__in=lines.values("claim"))


def _hold(batch: PayoutBatch, action: BatchAction, *, actor: User) -> list[PayoutLine]:
    """Hold the batch until the transaction ends, and only then read: its live lines.

    Raises Refused where it is not this actor's to move, or not in a state for this step.
    """
    step = BATCH_STEPS[action]
    require_authority(actor, batch.region_id, step.roles)
    PayoutBatch.objects.across_regions().select_for_update().get(pk=batch.pk)
    batch.refresh_from_db()
    if batch.state not in step.sources:
        raise Refused("wrong_state", Message("The batch has moved on in the meantime."))
    lines = live_lines(batch)
    if any(line.award.person.user_id == actor.pk for line in lines):
        raise Refused("own_claim", Message("You are paid by this batch yourself."))
    if actor.pk in hands_of(batch, action):
        raise Refused(
            "same_person",
            Message("You took an earlier step of these payments; somebody else does this one."),
        )
    return lines


def _move(
    batch: PayoutBatch,
    action: BatchAction,
    *,
    actor: User,
    now: datetime,
    reason: str = "",
    **changes: Any,
) -> PayoutBatch:
    step = BATCH_STEPS[action]
    rows = PayoutBatch.objects.across_regions().filter(pk=batch.pk, state__in=step.sources)
    if not rows.update(state=step.target, **changes):
        raise Refused("wrong_state", Message("The batch has moved on in the meantime."))
    batch.refresh_from_db()
    _note(batch, f"batch_{action.value}", actor=actor, now=now, reason=reason)
    return batch


def _move_all(claims: Any, action: ClaimAction, *, actor: User, now: datetime) -> None:
    moved = move_many(claims, action, actor=actor, now=now)
    if moved.refused:
        raise moved.refused[0][1]


def _note(batch: PayoutBatch, action: str, *, actor: User, now: datetime, reason: str = "") -> None:
    audit(
        actor=actor,
        action=action,
        target=f"batch {batch.code}",
        region=batch.region_id,
        now=now,
        reason=reason,
        detail={"lines": batch.line_count, "total_fen": batch.total_fen},
    )
