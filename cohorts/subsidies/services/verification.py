"""Check the books and replay decisions: what the database holds against what the rules say."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cms.core.wording import Message
from cohorts.certificates.models import Certificate
from cohorts.subsidies.books import BatchEntry, Books, Fault, LineEntry, faults
from cohorts.subsidies.entitlement import ENGINE, decide
from cohorts.subsidies.facts import canonical, fingerprint
from cohorts.subsidies.models import Claim, Decision, PayoutBatch, PayoutLine, PolicyVersion
from cohorts.subsidies.models.claim import CHECKED_STATES
from cohorts.subsidies.payout_sheet import rows_checksum
from cohorts.subsidies.services.ledger import postings_of
from cohorts.subsidies.services.payout import payout_rows


@dataclass(frozen=True)
class Verified:
    """How many rows were looked at, and everything that must not be."""

    checked: int
    faults: tuple[Fault, ...]


def verify_books() -> Verified:
    """Payments and ledger as `books` lists them, then claims, decisions and rules."""
    books = _books()
    versions = list(PolicyVersion.objects.select_related("policy"))
    found = (
        *faults(books),
        *_lost_claims(),
        *_changed_rules(versions),
        *_unfounded_decisions(),
    )
    checked = len(books.batches) + len(books.lines) + len(books.postings) + len(versions)
    return Verified(checked, found)


def _books() -> Books:
    batches = list(PayoutBatch.objects.across_regions())
    lines = list(
        PayoutLine.objects.across_regions()
        .live()
        .select_related(
            "batch",
            "award__person",
            "award__decision",
            "claim__notice",
            "claim__certificate",
        )
        .order_by("batch_id", "number", "pk")
    )
    by_batch: dict[int, list[PayoutLine]] = {batch.pk: [] for batch in batches}
    for line in lines:
        by_batch[line.batch_id].append(line)
    doubted = _doubted()
    return Books(
        batches=tuple(_batch(batch, by_batch[batch.pk]) for batch in batches),
        lines=tuple(_line(line, doubted) for line in lines),
        postings=tuple(postings_of()),
    )


def _doubted() -> set[int]:
    rows = PayoutLine.objects.across_regions().live().filter(claim__objections__state="open")
    return set(rows.values_list("pk", flat=True))


def _batch(batch: PayoutBatch, lines: list[PayoutLine]) -> BatchEntry:
    locked = batch.state != PayoutBatch.State.DRAFT
    return BatchEntry(
        id=str(batch.uuid),
        state=batch.state,
        fund=(batch.region_id, batch.year),
        line_count=batch.line_count,
        total_fen=batch.total_fen,
        checksum=batch.checksum,
        lines_checksum=rows_checksum(payout_rows(lines)) if locked else batch.checksum,
        opened_by=batch.opened_by_id,
        locked_by=batch.locked_by_id,
        approved_by=batch.approved_by_id,
    )


def _line(line: PayoutLine, doubted: set[int]) -> LineEntry:
    award, claim = line.award, line.claim
    notice = claim.notice
    return LineEntry(
        id=str(line.uuid),
        batch=str(line.batch.uuid),
        award=award.award_key,
        person=award.person_id,
        period=award.period,
        amount_fen=line.amount_fen,
        award_amount_fen=award.amount_fen,
        decision_outcome=award.decision.outcome,
        decision_amount_fen=award.decision.amount_fen,
        notice_closed=notice is not None and notice.closed_at is not None,
        open_objections=int(line.pk in doubted),
        certificate_checked=claim.certificate.state == Certificate.State.CHECKED,
        claimant=award.person.user_id,
        actors=(claim.submitted_by_id, claim.reviewed_by_id, claim.approved_by_id),
        account_recorded_by=line.account_recorded_by_id,
    )


def _lost_claims() -> list[Fault]:
    """Claims on their way to money, or paid, whose certificate is not in force."""
    claims = Claim.objects.across_regions().in_state(*CHECKED_STATES)
    lost = claims.exclude(certificate__state=Certificate.State.CHECKED)
    return [
        Fault("I12", f"claim {uuid}", Message("The claim stands on a certificate not in force"))
        for uuid in lost.values_list("uuid", flat=True)
    ]


def _changed_rules(versions: Iterable[PolicyVersion]) -> list[Fault]:
    return [
        Fault(
            "I13",
            f"policy {version.policy.code}/{version.number}",
            Message("The rules are not those that were loaded"),
        )
        for version in versions
        if fingerprint(version.rules) != version.sha256
    ]


def _unfounded_decisions() -> list[Fault]:
    """A stored decision says why not, or what is missing, or how much: one of the three."""
    rows = Decision.objects.across_regions().values_list("pk", "outcome", "amount_fen", "trace")
    return [
        Fault("I6", f"decision {pk}", Message("The decision has no reasons for its outcome"))
        for pk, outcome, amount_fen, trace in rows.iterator(chunk_size=500)
        if not _reasoned(outcome, amount_fen, trace)
    ]


def _reasoned(outcome: str, amount_fen: int, trace: dict[str, Any]) -> bool:
    reasons = {
        "eligible": amount_fen > 0,
        "not_eligible": bool(trace["why_not"]),
        "needs_info": bool(trace["missing"]),
    }
    return reasons[outcome] and (outcome == "eligible" or amount_fen == 0)


@dataclass(frozen=True)
class Replayed:
    """`different`: ids of decisions that their facts and version no longer give."""

    checked: int
    different: tuple[int, ...]


def replay_decisions() -> Replayed:
    """Decide every stored snapshot again under its stored version, byte for byte."""
    rows = Decision.objects.across_regions().select_related("version", "snapshot").order_by("pk")
    checked, different = 0, []
    for decision in rows.iterator(chunk_size=500):
        checked += 1
        if not _same(decision):
            different.append(decision.pk)
    return Replayed(checked, tuple(different))


def _same(decision: Decision) -> bool:
    facts = decision.snapshot.facts
    if fingerprint(facts) != decision.snapshot.sha256 or decision.engine != ENGINE:
        return False
    again = decide(decision.version.rulebook, facts).as_json()
    return canonical(again) == canonical(decision.trace) and (
        decision.outcome,
        decision.amount_fen,
    ) == (again["outcome"], again["amount_fen"])
