"""The ledger of subsidy money, and the checks that the books must always pass.

Money moves along one line, budget → committed → payable → paid, by postings that are never
changed; every posting has an id made from what it pays, so that it exists at most once.

The checks, by the numbers under which `verify_books` reports them:

- I1   an award is paid once for a period;
- I2   debits and credits are equal, in every fund;
- I3   a batch is the sum of its lines and of its postings, and its checksum fits them;
- I8   no payment without an eligible decision of that amount, a closed notice without open
       objection, and two persons who checked the claim;
- I9   nobody acts on the own claim, or on two of making, checking and paying; whoever recorded
       the account does not approve the payment;
- I10  no account but the appropriation falls below zero;
- I12  nothing is paid or about to be paid on a certificate that is not in force.

Two more need the rules: every decision has reasons (I6), and stored rules never change (I13).
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from cms.core.wording import Message
from cohorts.subsidies.facts import Json, fingerprint
from cohorts.subsidies.transitions import BatchState

POSTING_NAMES: Final = uuid.UUID("6f1f4d0e-5a0b-5c46-9a55-2f8f64056405")
Fund: TypeAlias = tuple[str, int]  # region code, fund year


class Account(StrEnum):
    APPROPRIATION = "appropriation"
    BUDGET = "budget"
    COMMITTED = "committed"
    PAYABLE = "payable"
    PAID = "paid"


class Kind(StrEnum):
    ALLOT = "allot"
    COMMIT = "commit"
    INSTRUCT = "instruct"
    PAY = "pay"


# What each kind of posting takes from (debit) and gives to (credit).
POSTINGS: Final[Mapping[Kind, tuple[Account, Account]]] = {
    Kind.ALLOT: (Account.APPROPRIATION, Account.BUDGET),
    Kind.COMMIT: (Account.BUDGET, Account.COMMITTED),
    Kind.INSTRUCT: (Account.COMMITTED, Account.PAYABLE),
    Kind.PAY: (Account.PAYABLE, Account.PAID),
}

# The postings that a batch in a state must have, line by line.
POSTED: Final[Mapping[str, tuple[Kind, ...]]] = {
    BatchState.DRAFT: (),
    BatchState.LOCKED: (),
    BatchState.APPROVED: (Kind.COMMIT,),
    BatchState.EXPORTED: (Kind.COMMIT, Kind.INSTRUCT),
    BatchState.SETTLED: (Kind.COMMIT, Kind.INSTRUCT, Kind.PAY),
    BatchState.CLOSED: (Kind.COMMIT, Kind.INSTRUCT, Kind.PAY),
}


@dataclass(frozen=True)
class Posting:
    id: uuid.UUID
    kind: Kind
    debit: Account
    credit: Account
    amount_fen: int
    region: str
    year: int
    batch: str = ""
    line: str = ""

    @property
    def fund(self) -> Fund:
        return self.region, self.year


def posting(
    kind: Kind, business_id: str, amount_fen: int, fund: Fund, *, batch: str = "", line: str = ""
) -> Posting:
    """A posting of a kind for one business event; the same event always has the same id."""
    debit, credit = POSTINGS[kind]
    name = uuid.uuid5(POSTING_NAMES, f"{kind}:{business_id}")
    region, year = fund
    return Posting(name, kind, debit, credit, amount_fen, region, year, batch, line)


def balances(postings: Iterable[Posting]) -> dict[Fund, dict[Account, int]]:
    """What each account holds: credits less debits, by region and fund year."""
    found: dict[Fund, dict[Account, int]] = defaultdict(lambda: dict.fromkeys(Account, 0))
    for row in postings:
        found[row.fund][row.debit] -= row.amount_fen
        found[row.fund][row.credit] += row.amount_fen
    return dict(found)


def checksum(rows: Iterable[Iterable[Json]]) -> str:
    """SHA-256 over the lines of a batch in their order; one changed sign changes it."""
    return fingerprint([list(row) for row in rows])


def short_code(digest: str) -> str:
    """The part of a checksum that people compare: B7E2-04C9-51DA."""
    head = digest[:12].upper()
    return "-".join(head[start : start + 4] for start in range(0, len(head), 4))


# --- the books as the checks read them ------------------------------------------------------------
@dataclass(frozen=True)
class BatchEntry:
    id: str
    state: str
    fund: Fund
    line_count: int
    total_fen: int
    checksum: str
    lines_checksum: str
    opened_by: int
    locked_by: int | None
    approved_by: int | None


@dataclass(frozen=True)
class LineEntry:
    """A live line of a batch with what entitles it. Persons and accounts are ids."""

    id: str
    batch: str
    award: str
    person: int
    period: str
    amount_fen: int
    award_amount_fen: int
    decision_outcome: str
    decision_amount_fen: int
    notice_closed: bool
    open_objections: int
    certificate_checked: bool
    claimant: int | None
    actors: tuple[int | None, int | None, int | None]  # submitted, reviewed, approved by
    account_recorded_by: int | None


@dataclass(frozen=True)
class Books:
    batches: tuple[BatchEntry, ...]
    lines: tuple[LineEntry, ...]
    postings: tuple[Posting, ...]


@dataclass(frozen=True)
class Fault:
    invariant: str
    subject: str
    message: Message


def faults(books: Books) -> tuple[Fault, ...]:
    """Everything in the books that must not be."""
    return (
        *_paid_twice(books),
        *_unbalanced(books),
        *_batches_off(books),
        *_without_grounds(books),
        *_hands_not_apart(books),
        *_overdrawn(books),
        *_on_lost_certificates(books),
    )


def _paid_twice(books: Books) -> Iterator[Fault]:
    counts = Counter((line.person, line.award, line.period) for line in books.lines)
    for (person, award, period), count in counts.items():
        if count > 1:
            yield Fault(
                "I1",
                f"person {person}",
                Message(
                    "%(award)s %(period)s has %(count)s live payments",
                    award=award,
                    period=period,
                    count=count,
                ),
            )


def _unbalanced(books: Books) -> Iterator[Fault]:
    for row in books.postings:
        if (row.debit, row.credit) != POSTINGS[row.kind] or row.amount_fen <= 0:
            yield Fault("I2", str(row.id), Message("The posting does not fit its kind"))
    for fund, accounts in balances(books.postings).items():
        if sum(accounts.values()):
            yield Fault("I2", f"{fund[0]} {fund[1]}", Message("Debits and credits differ"))


def _batches_off(books: Books) -> Iterator[Fault]:
    lines = _by_batch(books.lines)
    posted: dict[tuple[str, Kind], int] = defaultdict(int)
    for row in books.postings:
        posted[row.batch, row.kind] += row.amount_fen
    for batch in books.batches:
        yield from _batch_off(batch, lines[batch.id], posted)
    yield from _paid_off(books)


def _by_batch(lines: tuple[LineEntry, ...]) -> dict[str, list[LineEntry]]:
    found: dict[str, list[LineEntry]] = defaultdict(list)
    for line in lines:
        found[line.batch].append(line)
    return found


def _batch_off(
    batch: BatchEntry, lines: list[LineEntry], posted: Mapping[tuple[str, Kind], int]
) -> Iterator[Fault]:
    total = sum(line.amount_fen for line in lines)
    if batch.state != BatchState.DRAFT:
        if (batch.line_count, batch.total_fen) != (len(lines), total):
            yield Fault("I3", batch.id, Message("Count or total differs from the lines"))
        if batch.checksum != batch.lines_checksum:
            yield Fault("I3", batch.id, Message("The checksum differs from the lines"))
    for kind in (Kind.COMMIT, Kind.INSTRUCT, Kind.PAY):
        due = total if kind in POSTED[batch.state] else 0
        if posted.get((batch.id, kind), 0) != due:
            yield Fault(
                "I3",
                batch.id,
                Message("Postings of kind %(kind)s differ from the lines", kind=kind),
            )


def _paid_off(books: Books) -> Iterator[Fault]:
    """The ledger's paid account is the sum of the batches that were settled."""
    settled: dict[Fund, int] = defaultdict(int)
    for batch in books.batches:
        if Kind.PAY in POSTED[batch.state]:
            settled[batch.fund] += batch.total_fen
    held = balances(books.postings)
    for fund in {*settled, *held}:
        if held.get(fund, {}).get(Account.PAID, 0) != settled.get(fund, 0):
            yield Fault(
                "I3", f"{fund[0]} {fund[1]}", Message("The ledger's paid sum differs from batches")
            )


def _without_grounds(books: Books) -> Iterator[Fault]:
    for line in books.lines:
        amounts = {line.amount_fen, line.award_amount_fen, line.decision_amount_fen}
        if line.decision_outcome != "eligible" or len(amounts) > 1:
            yield Fault("I8", line.id, Message("No decision supports this amount"))
        if not line.notice_closed or line.open_objections:
            yield Fault("I8", line.id, Message("The public notice is not closed without objection"))
        reviewer, approver = line.actors[1:]
        if reviewer is None or approver is None:
            yield Fault("I8", line.id, Message("Two persons have not checked this claim"))


def _hands_not_apart(books: Books) -> Iterator[Fault]:
    payers = {batch.id: batch.approved_by for batch in books.batches}
    for batch in books.batches:
        hands = [hand for hand in _hands(batch) if hand is not None]
        if len(set(hands)) < len(hands):
            yield Fault("I9", batch.id, Message("One person took two steps of the batch"))
    for line in books.lines:
        yield from _line_hands(line, payers.get(line.batch))


def _line_hands(line: LineEntry, payer: int | None) -> Iterator[Fault]:
    submitted, reviewer, approver = line.actors
    checkers = {reviewer, approver} - {None}
    one_checker = reviewer is not None and reviewer == approver
    if one_checker or _is_in(submitted, {approver}) or _is_in(payer, {submitted, *checkers}):
        yield Fault("I9", line.id, Message("One person took two of making, checking, paying"))
    if _is_in(payer, {line.account_recorded_by}):
        yield Fault("I9", line.id, Message("Whoever recorded the account approved the payment"))
    if _is_in(line.claimant, {*checkers, payer}):
        yield Fault("I9", line.id, Message("A person acted on the own claim"))


def _is_in(person: int | None, others: set[int | None]) -> bool:
    return person is not None and person in others


def _hands(batch: BatchEntry) -> tuple[int | None, int | None, int | None]:
    return batch.opened_by, batch.locked_by, batch.approved_by


def _overdrawn(books: Books) -> Iterator[Fault]:
    for fund, accounts in balances(books.postings).items():
        for account, held in accounts.items():
            if held < 0 and account is not Account.APPROPRIATION:
                yield Fault(
                    "I10",
                    f"{fund[0]} {fund[1]}",
                    Message("The account %(account)s is below zero", account=account),
                )


def _on_lost_certificates(books: Books) -> Iterator[Fault]:
    for line in books.lines:
        if not line.certificate_checked:
            yield Fault("I12", line.id, Message("The line pays on a certificate not in force"))
