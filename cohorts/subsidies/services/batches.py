"""Payout batches: collect what is due, lock it, have it approved, send it, settle it.

Three persons open, lock and approve; the approver has checked none of its claims. Each step is a
guarded update, so that the second of two callers finds nothing left to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from cms.accounts.models import Region, User
from cms.accounts.services import audit
from cms.core.errors import Refused
from cms.core.scoping import region_q
from cms.core.wording import Message
from cohorts.subsidies.books import Account, Kind
from cohorts.subsidies.models import Award, Claim, PayeeAccount, PayoutBatch, PayoutLine
from cohorts.subsidies.payout_sheet import rows_checksum
from cohorts.subsidies.services.ledger import (
    balances_of,
    post_lines,
    require_budget,
    require_payer,
)
from cohorts.subsidies.services.payout import hands_of, live_lines, payout_rows
from cohorts.subsidies.services.policies import require_authority
from cohorts.subsidies.services.review import move_many
from cohorts.subsidies.services.units import units_of
from cohorts.subsidies.transitions import BATCH_STEPS, BatchAction, ClaimAction


@dataclass(frozen=True)
class Check:
    """One thing that must hold before money moves, and whether it does."""

    text: Message
    passed: bool


@transaction.atomic
def open_batch(
    *, region: str, year: int, actor: User, now: datetime, title: str = ""
) -> PayoutBatch:
    """Open a draft with every award of that exam year that is due in the area.

    Where a draft is open already, what has fallen due since is added to it.
    """
    require_authority(actor, region)
    require_payer(actor)
    drafts = PayoutBatch.objects.across_regions().filter(region=region, year=year, state="draft")
    batch = drafts.select_for_update().first()
    due = _due_awards(region, year)
    if batch is None and not due:
        raise Refused("nothing_due", Message("No confirmed claim of this year waits for payment."))
    if batch is None:
        batch = _new_batch(region, year, actor=actor, now=now, title=title)
        _note(batch, "open_batch", actor=actor, now=now)
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


def _due_awards(region: str, year: int) -> list[Award]:
    """Awards of confirmed claims without a live payment, in the order they will be listed."""
    awards = Award.objects.across_regions().filter(
        region_q("region", [region]),
        exam_year=year,
        claim__state__in=["confirmed", "payment_returned"],
    )
    paid = PayoutLine.objects.across_regions().live().values("award")
    return list(awards.exclude(pk__in=paid).order_by("region_id", "pk"))


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


@transaction.atomic
def lock_batch(batch: PayoutBatch, *, actor: User, now: datetime) -> PayoutBatch:
    """Fix the lines with names, units and accounts of this moment, and their checksum."""
    lines = live_lines(batch)
    _require(actor, batch, hands_of(batch, BatchAction.LOCK))
    if not lines:
        raise Refused("empty_batch", Message("The batch has no lines."))
    _fix(lines, now)
    changes: dict[str, Any] = {
        "line_count": len(lines),
        "total_fen": sum(line.amount_fen for line in lines),
        "checksum": rows_checksum(payout_rows(lines)),
        "locked_by": actor,
        "locked_at": now,
    }
    return _move(batch, BatchAction.LOCK, actor=actor, now=now, **changes)


def _fix(lines: list[PayoutLine], now: datetime) -> None:
    persons = {line.award.person_id for line in lines}
    accounts = {
        row.person_id: row
        for row in PayeeAccount.objects.across_regions().valid().filter(person__in=persons)
    }
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
        line.save()


@transaction.atomic
def unlock_batch(batch: PayoutBatch, *, reason: str, actor: User, now: datetime) -> PayoutBatch:
    """Give a locked batch back to its maker; the checksum is void."""
    if not reason.strip():
        raise Refused("reason_needed", Message("Say why."), status=400)
    _require(actor, batch)
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
    lines = live_lines(batch)
    _require(actor, batch, hands_of(batch, BatchAction.APPROVE))
    failed = [check for check in batch_checks(batch) if not check.passed]
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
    _require(actor, batch)
    moved = _move(batch, BatchAction.EXPORT, actor=actor, now=now, exported_at=now)
    post_lines(Kind.INSTRUCT, batch, live_lines(batch), actor=actor, now=now)
    return moved


@transaction.atomic
def settle_batch(batch: PayoutBatch, *, actor: User, now: datetime) -> PayoutBatch:
    """The bank has paid every line of the list."""
    _require(actor, batch)
    lines = live_lines(batch)
    moved = _move(batch, BatchAction.SETTLE, actor=actor, now=now, settled_at=now)
    post_lines(Kind.PAY, batch, lines, actor=actor, now=now)
    PayoutLine.objects.across_regions().filter(batch=batch).live().update(state="paid")
    _move_all(_claims(batch, "in_batch"), ClaimAction.PAY, actor=actor, now=now)
    return moved


@transaction.atomic
def close_batch(batch: PayoutBatch, *, actor: User, now: datetime) -> PayoutBatch:
    """Put the batch and its claims on file."""
    _require(actor, batch)
    moved = _move(batch, BatchAction.CLOSE, actor=actor, now=now, closed_at=now)
    _move_all(_claims(batch, "paid"), ClaimAction.CLOSE, actor=actor, now=now)
    return moved


def _claims(batch: PayoutBatch, state: str) -> Any:
    lines = PayoutLine.objects.across_regions().filter(batch=batch).live()
    return Claim.objects.across_regions().filter(state=state, pk__in=lines.values("claim"))


def batch_checks(batch: PayoutBatch) -> list[Check]:
    """What the approver is shown, and what approving demands."""
    lines = live_lines(batch)
    claims = Claim.objects.across_regions().filter(pk__in=[line.claim_id for line in lines])
    on_display = claims.filter(notice__closed_at__isnull=True).exists()
    doubted = claims.filter(objections__state="open").exists()
    total = sum(line.amount_fen for line in lines)
    payees = {line.award.person.user_id for line in lines} - {None}
    hands = {batch.opened_by_id, batch.locked_by_id} & payees
    elsewhere = PayoutLine.objects.across_regions().live().exclude(batch=batch)
    checksum = rows_checksum(payout_rows(lines)) if batch.checksum else ""
    free = balances_of((batch.region_id, batch.year))[Account.BUDGET]
    needs_budget = batch.state in {"draft", "locked"}
    return [
        Check(
            Message("Every line was on public notice for its days, without open objection"),
            not (on_display or doubted),
        ),
        Check(
            Message("Nobody is paid the same award twice, in any area or year"),
            not elsewhere.filter(award__in=[line.award_id for line in lines]).exists(),
        ),
        Check(
            Message("The lines add up to the total, and the checksum fits"),
            batch.state == "draft" or (batch.total_fen == total and checksum == batch.checksum),
        ),
        Check(
            Message("Every account is held by the person to be paid"),
            all(line.holder == line.name for line in lines),
        ),
        Check(Message("Nobody acts on a payment of their own"), not hands),
        Check(Message("The budget is large enough"), not needs_budget or free >= total),
    ]


def _require(actor: User, batch: PayoutBatch, others: frozenset[int] = frozenset()) -> None:
    require_authority(actor, batch.region_id)
    require_payer(actor)
    if actor.pk in others:
        raise Refused(
            "same_person",
            Message("You took an earlier step of these payments; somebody else does this one."),
        )
    lines = PayoutLine.objects.across_regions().filter(batch=batch).live()
    if lines.filter(award__person__user=actor.pk).exists():
        raise Refused("own_claim", Message("You are paid by this batch yourself."))


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
