"""Postings, balances, and every check of the books provoked once."""

from dataclasses import replace
from typing import Any

import pytest

from cohorts.subsidies.books import (
    Account,
    BatchEntry,
    Books,
    Kind,
    LineEntry,
    balances,
    checksum,
    faults,
    posting,
    short_code,
)

FUND = ("6405", 2023)
LINE = LineEntry(
    id="line-1",
    batch="batch-1",
    award="zhongwei-certificate/intermediate",
    person=7,
    period="once",
    amount_fen=300000,
    award_amount_fen=300000,
    decision_outcome="eligible",
    decision_amount_fen=300000,
    notice_closed=True,
    open_objections=0,
    certificate_checked=True,
    claimant=70,
    actors=(1, 2, 3),
    account_recorded_by=8,
)
BATCH = BatchEntry(
    id="batch-1",
    state="settled",
    fund=FUND,
    line_count=1,
    total_fen=300000,
    checksum="abc",
    lines_checksum="abc",
    opened_by=4,
    locked_by=5,
    approved_by=6,
)
POSTINGS = (
    posting(Kind.ALLOT, "6405/2023/one", 1_000_000, FUND),
    *(
        posting(kind, "line-1", 300000, FUND, batch="batch-1", line="line-1")
        for kind in (Kind.COMMIT, Kind.INSTRUCT, Kind.PAY)
    ),
)
BOOKS = Books((BATCH,), (LINE,), POSTINGS)


def found(books: Books) -> set[str]:
    return {fault.invariant for fault in faults(books)}


def test_books_in_order_have_no_faults() -> None:
    assert faults(BOOKS) == ()


def test_money_moves_from_budget_to_paid_and_the_sum_stays_nought() -> None:
    held = balances(POSTINGS)[FUND]
    assert held == {
        Account.APPROPRIATION: -1_000_000,
        Account.BUDGET: 700_000,
        Account.COMMITTED: 0,
        Account.PAYABLE: 0,
        Account.PAID: 300_000,
    }
    assert sum(held.values()) == 0


def test_the_same_event_has_the_same_id_and_other_kinds_other_ids() -> None:
    again = posting(Kind.COMMIT, "line-1", 300000, FUND)
    assert again.id == POSTINGS[1].id
    assert len({row.id for row in POSTINGS}) == len(POSTINGS)


def with_line(**changes: Any) -> Books:
    return replace(BOOKS, lines=(replace(LINE, **changes),))


def with_batch(**changes: Any) -> Books:
    return replace(BOOKS, batches=(replace(BATCH, **changes),))


@pytest.mark.parametrize(
    ("books", "invariant"),
    [
        (replace(BOOKS, lines=(LINE, replace(LINE, id="line-2"))), "I1"),
        (replace(BOOKS, postings=(replace(POSTINGS[0], amount_fen=-5), *POSTINGS[1:])), "I2"),
        (
            replace(BOOKS, postings=(*POSTINGS[:3], replace(POSTINGS[3], credit=Account.BUDGET))),
            "I2",
        ),
        (with_batch(total_fen=300001), "I3"),
        (with_batch(line_count=2), "I3"),
        (with_batch(lines_checksum="abd"), "I3"),
        (with_batch(state="exported"), "I3"),
        (replace(BOOKS, postings=POSTINGS[:3]), "I3"),
        (with_line(decision_outcome="needs_info"), "I8"),
        (with_line(decision_amount_fen=200000), "I8"),
        (with_line(award_amount_fen=200000), "I8"),
        (with_line(notice_closed=False), "I8"),
        (with_line(open_objections=1), "I8"),
        (with_line(actors=(1, None, 3)), "I8"),
        (with_line(actors=(1, 2, None)), "I8"),
        (with_line(actors=(1, 3, 3)), "I9"),
        (with_line(actors=(3, 2, 3)), "I9"),
        (with_line(actors=(1, 6, 3)), "I9"),
        (with_line(actors=(6, 2, 3)), "I9"),
        (with_line(account_recorded_by=6), "I9"),
        (with_line(claimant=3), "I9"),
        (with_line(certificate_checked=False), "I12"),
        (with_batch(locked_by=4), "I9"),
        (replace(BOOKS, postings=POSTINGS[1:]), "I10"),
    ],
)
def test_a_fault_in_the_books_is_found(books: Books, invariant: str) -> None:
    assert invariant in found(books)


def test_one_changed_sign_changes_the_checksum() -> None:
    rows = [[1, "马秀英", 300000], [2, "李建华", 300000]]
    assert checksum(rows) != checksum([[1, "马秀英", 300000], [2, "李健华", 300000]])
    assert checksum(rows) != checksum(reversed(rows))
    assert short_code("b7e204c951da" + "0" * 52) == "B7E2-04C9-51DA"
