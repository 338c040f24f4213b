"""What must hold before money moves, as the approver is shown it and as approving demands it."""

from collections.abc import Sequence
from dataclasses import dataclass

from cms.core.wording import Message
from cohorts.certificates.models import Certificate
from cohorts.subsidies.books import Account
from cohorts.subsidies.models import Claim, PayoutBatch, PayoutLine
from cohorts.subsidies.payout_sheet import rows_checksum
from cohorts.subsidies.reading import joined
from cohorts.subsidies.services.ledger import balances_of
from cohorts.subsidies.services.payout import live_lines, payout_rows, present_accounts
from cohorts.subsidies.transitions import BatchState

NAMED = 10


@dataclass(frozen=True)
class Check:
    """One thing that must hold before money moves, and whether it does."""

    text: Message
    passed: bool


def batch_checks(batch: PayoutBatch, *, approver: int | None = None) -> list[Check]:
    """The checks of a batch. `approver`: the user who would approve it; else who has."""
    lines = live_lines(batch)
    return [
        *_ground_checks(batch, lines),
        *_money_checks(batch, lines),
        *_hand_checks(batch, lines, approver),
    ]


def _ground_checks(batch: PayoutBatch, lines: Sequence[PayoutLine]) -> list[Check]:
    claims = Claim.objects.across_regions().filter(pk__in=[line.claim_id for line in lines])
    on_display = claims.filter(notice__closed_at__isnull=True).exists()
    doubted = claims.filter(objections__state="open").exists()
    checked = Certificate.State.CHECKED
    elsewhere = PayoutLine.objects.across_regions().live().exclude(batch=batch)
    return [
        Check(
            Message("Every line was on public notice for its days, without open objection"),
            not (on_display or doubted),
        ),
        Check(
            Message("Every certificate is checked, and none has been revoked since"),
            all(line.claim.certificate.state == checked for line in lines),
        ),
        Check(
            Message("Nobody is paid the same award twice, in any area or year"),
            not elsewhere.filter(award__in=[line.award_id for line in lines]).exists(),
        ),
    ]


def _money_checks(batch: PayoutBatch, lines: Sequence[PayoutLine]) -> list[Check]:
    total = sum(line.amount_fen for line in lines)
    checksum = rows_checksum(payout_rows(lines)) if batch.checksum else ""
    free = balances_of((batch.region_id, batch.year))[Account.BUDGET]
    needs_budget = batch.state in {"draft", "locked"}
    return [
        Check(
            Message("The lines add up to the total, and the checksum fits"),
            batch.state == "draft" or (batch.total_fen == total and checksum == batch.checksum),
        ),
        _account_check(batch, lines),
        Check(Message("The budget is large enough"), not needs_budget or free >= total),
    ]


def _account_check(batch: PayoutBatch, lines: Sequence[PayoutLine]) -> Check:
    without = _without_own_account(batch, lines)
    if not without:
        return Check(Message("Every account is held by the person to be paid"), passed=True)
    more = ["…"] if len(without) > NAMED else []
    missing = Message(
        "%(count)s persons have no account of their own on record: %(names)s",
        count=len(without),
        names=joined([*without[:NAMED], *more]),
    )
    return Check(missing, passed=False)


def _without_own_account(batch: PayoutBatch, lines: Sequence[PayoutLine]) -> list[str]:
    """Names of those whose account is not theirs: a draft has only the accounts of today."""
    if batch.state != BatchState.DRAFT:
        return [line.name for line in lines if line.holder != line.name]
    accounts = present_accounts(lines)
    holders = {person: account.holder for person, account in accounts.items()}
    persons = [line.award.person for line in lines]
    return [person.name for person in persons if holders.get(person.pk) != person.name]


def _hand_checks(
    batch: PayoutBatch, lines: Sequence[PayoutLine], approver: int | None
) -> list[Check]:
    payees = {line.award.person.user_id for line in lines} - {None}
    makers = {batch.opened_by_id, batch.locked_by_id, batch.approved_by_id}
    recorders = {line.account_recorded_by_id for line in lines} - {None}
    return [
        Check(
            Message("Whoever recorded an account does not approve its payment"),
            (batch.approved_by_id or approver) not in recorders,
        ),
        Check(Message("Nobody acts on a payment of their own"), not makers & payees),
    ]
