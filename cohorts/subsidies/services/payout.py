"""The lines of a batch as they will be paid, and the workbook made of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Sum

from cms.accounts.models import User
from cms.accounts.services import audit
from cms.core.errors import Refused
from cms.core.wording import Message
from cohorts.subsidies.models import Claim, PayeeAccount, PayoutBatch, PayoutLine
from cohorts.subsidies.payout_sheet import PayoutRow, payout_workbook, rows_checksum
from cohorts.subsidies.services.authority import require_authority
from cohorts.subsidies.transitions import PAYERS, BatchAction, BatchState

PAYABLE = frozenset(
    {BatchState.APPROVED, BatchState.EXPORTED, BatchState.SETTLED, BatchState.CLOSED}
)


def live_lines(batch: PayoutBatch) -> list[PayoutLine]:
    rows = PayoutLine.objects.across_regions().filter(batch=batch).live()
    related = rows.select_related("award", "award__person", "claim__certificate", "claim__region")
    return list(related.order_by("number", "pk"))


def present_accounts(lines: Iterable[PayoutLine]) -> dict[int, PayeeAccount]:
    """The valid account of each person to be paid, by person; who has none is left out."""
    persons = {line.award.person_id for line in lines}
    rows = PayeeAccount.objects.across_regions().valid().filter(person__in=persons)
    return {row.person_id: row for row in rows}


@dataclass(frozen=True)
class Totals:
    count: int
    total_fen: int


def batch_totals(batch: PayoutBatch) -> Totals:
    """Count and sum of the live lines, in any state of the batch."""
    rows = PayoutLine.objects.across_regions().filter(batch=batch).live()
    found = rows.aggregate(count=Count("pk"), total=Sum("amount_fen"))
    return Totals(found["count"], found["total"] or 0)


def hands_of(batch: PayoutBatch, step: str) -> frozenset[int]:
    """Users who must not take this step of the batch.

    Whoever approves has neither made it, nor submitted or checked one of its claims, nor said
    where its money goes.
    """
    if step not in {BatchAction.LOCK, BatchAction.APPROVE}:
        return frozenset()
    hands: set[int | None] = {batch.opened_by_id}
    if step == BatchAction.APPROVE:
        hands.add(batch.locked_by_id)
        lines = PayoutLine.objects.across_regions().filter(batch=batch).live()
        hands |= set(lines.values_list("account_recorded_by", flat=True))
        claims = Claim.objects.across_regions().filter(pk__in=lines.values("claim"))
        checking = claims.values_list("submitted_by", "reviewed_by", "approved_by")
        hands |= {hand for hands_on in checking for hand in hands_on}
    return frozenset(hand for hand in hands if hand is not None)


def payout_rows(lines: Iterable[PayoutLine]) -> list[PayoutRow]:
    """Rows of locked lines, accounts opened. Raises SealBroken where one was tampered with."""
    return [
        PayoutRow(
            number=line.number or 0,
            name=line.name,
            unit=line.unit,
            level=line.award.level_id,
            certificate_number=line.certificate_number,
            amount_fen=line.amount_fen,
            bank=line.bank,
            account=line.open_account(),
            holder=line.holder,
        )
        for line in lines
    ]


@transaction.atomic
def export_payout(batch: PayoutBatch, *, actor: User | None, now: datetime) -> bytes:
    """The payout list of an approved batch: the same batch gives the same bytes, every time.

    Accounts leave the platform with it, so it is written down who took it (`actor` None: the
    command line of the server).
    """
    if batch.state not in PAYABLE:
        raise Refused("not_approved", Message("A batch is exported after its approval."))
    if actor is not None:
        require_authority(actor, batch.region_id, PAYERS)
    rows = payout_rows(live_lines(batch))
    if rows_checksum(rows) != batch.checksum:
        raise Refused("checksum", Message("The lines are not those that were locked: do not pay."))
    audit(
        actor=actor,
        action="export_payout",
        target=f"batch {batch.uuid}",
        region=batch.region_id,
        now=now,
        detail={"lines": len(rows), "checksum": batch.checksum},
    )
    return payout_workbook(title=batch.title, unit=str(batch.region), year=batch.year, rows=rows)
