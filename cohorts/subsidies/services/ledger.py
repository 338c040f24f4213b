"""Write and read the ledger. Every posting goes through here, once."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from cms.accounts.models import Region, User
from cms.accounts.services import audit
from cms.core.errors import Refused
from cms.core.money import yuan_text
from cms.core.wording import Message
from cohorts.subsidies.books import Account, Fund, Kind, Posting, balances, posting
from cohorts.subsidies.models import PayoutBatch, PayoutLine, Transfer
from cohorts.subsidies.services.authority import require_authority
from cohorts.subsidies.transitions import PAYERS

NO_MONEY: Mapping[Account, int] = dict.fromkeys(Account, 0)


def postings_of(fund: Fund | None = None) -> list[Posting]:
    """The ledger as the rules read it; of one fund, or whole."""
    rows = Transfer.objects.across_regions().select_related("batch", "line")
    if fund is not None:
        rows = rows.filter(region=fund[0], year=fund[1])
    return [
        Posting(
            id=row.id,
            kind=Kind(row.kind),
            debit=Account(row.debit),
            credit=Account(row.credit),
            amount_fen=row.amount_fen,
            region=row.region_id,
            year=row.year,
            batch=str(row.batch.uuid) if row.batch else "",
            line=str(row.line.uuid) if row.line else "",
        )
        for row in rows
    ]


def balances_of(fund: Fund) -> Mapping[Account, int]:
    return balances(postings_of(fund)).get(fund, NO_MONEY)


@transaction.atomic
def allot_budget(
    *, region: str, year: int, amount_fen: int, reference: str, actor: User, now: datetime
) -> bool:
    """Record money given to a fund by a document; the same document again changes nothing."""
    require_authority(actor, region, PAYERS)
    if amount_fen <= 0 or not reference.strip():
        raise Refused(
            "amount_needed",
            Message("Name the amount and the document that grants it."),
            status=400,
        )
    row = posting(Kind.ALLOT, f"{region}/{year}/{reference.strip()}", amount_fen, (region, year))
    if known := Transfer.objects.across_regions().filter(pk=row.id).first():
        if known.amount_fen != amount_fen:
            raise Refused(
                "document_taken", Message("This document is recorded with another amount.")
            )
        return False
    _transfer(row, actor=actor, now=now, reference=reference.strip()).save(force_insert=True)
    audit(
        actor=actor,
        action="allot_budget",
        target=f"fund {region} {year}",
        region=region,
        now=now,
        reason=reference.strip(),
        detail={"amount_fen": amount_fen},
    )
    return True


def post_lines(
    kind: Kind, batch: PayoutBatch, lines: Iterable[PayoutLine], *, actor: User, now: datetime
) -> None:
    """One posting for each line. A second run collides with the ids of the first."""
    fund = (batch.region_id, batch.year)
    Transfer.objects.bulk_create(
        [
            _transfer(
                posting(kind, str(line.uuid), line.amount_fen, fund),
                actor=actor,
                now=now,
                batch=batch,
                line=line,
            )
            for line in lines
        ],
        batch_size=500,
    )


def _transfer(
    row: Posting,
    *,
    actor: User,
    now: datetime,
    reference: str = "",
    batch: PayoutBatch | None = None,
    line: PayoutLine | None = None,
) -> Transfer:
    return Transfer(
        id=row.id,
        kind=row.kind.value,
        debit=row.debit.value,
        credit=row.credit.value,
        amount_fen=row.amount_fen,
        region_id=row.region,
        year=row.year,
        batch=batch,
        line=line,
        reference=reference,
        by=actor,
        at=now,
    )


def require_budget(fund: Fund, amount_fen: int) -> None:
    """Raise Refused where the fund has less left. Approvals of one area wait for each other, or two
    of them could each find enough.
    """
    Region.objects.select_for_update().get(pk=fund[0])
    free = balances_of(fund)[Account.BUDGET]
    if free < amount_fen:
        raise Refused(
            "budget_short",
            Message(
                "The budget has %(free)s yuan left; this needs %(needed)s yuan.",
                free=yuan_text(free),
                needed=yuan_text(amount_fen),
            ),
        )
