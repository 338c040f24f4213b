"""What holds for any books: money is neither made nor lost, and nothing is posted twice."""

from hypothesis import given
from hypothesis import strategies as st

from cohorts.subsidies.books import (
    Account,
    BatchEntry,
    Books,
    Kind,
    LineEntry,
    Posting,
    balances,
    faults,
    posting,
)

FUNDS = [("6405", 2023), ("6405", 2024), ("640521", 2023)]
STATES = ["draft", "locked", "approved", "exported", "settled", "closed"]
REACHED = {
    "draft": 0,
    "locked": 0,
    "approved": 1,
    "exported": 2,
    "settled": 3,
    "closed": 3,
}
STEPS = [Kind.COMMIT, Kind.INSTRUCT, Kind.PAY]
AMOUNTS = st.lists(st.integers(1, 600000), min_size=1, max_size=6)
BATCHES = st.lists(st.tuples(st.sampled_from(FUNDS), st.sampled_from(STATES), AMOUNTS), max_size=5)


def line(batch: str, number: int, amount_fen: int) -> LineEntry:
    return LineEntry(
        id=f"{batch}/{number}",
        batch=batch,
        award="zhongwei-certificate/intermediate",
        person=hash((batch, number)),
        period="once",
        amount_fen=amount_fen,
        award_amount_fen=amount_fen,
        decision_outcome="eligible",
        decision_amount_fen=amount_fen,
        notice_closed=True,
        open_objections=0,
        certificate_checked=True,
        claimant=None,
        actors=(1, 2, 3),
        account_recorded_by=8,
    )


def books_of(drawn: list[tuple[tuple[str, int], str, list[int]]]) -> Books:
    """The books that the steps of the batches leave behind, with budget enough."""
    postings: list[Posting] = [posting(Kind.ALLOT, str(fund), 10**8, fund) for fund in FUNDS]
    batches, lines = [], []
    for number, (fund, state, amounts) in enumerate(drawn):
        name = f"batch-{number}"
        rows = [line(name, place, amount) for place, amount in enumerate(amounts)]
        lines += rows
        for kind in STEPS[: REACHED[state]]:
            postings += [
                posting(kind, row.id, row.amount_fen, fund, batch=name, line=row.id) for row in rows
            ]
        batches.append(BatchEntry(name, state, fund, len(rows), sum(amounts), "x", "x", 4, 5, 6))
    return Books(tuple(batches), tuple(lines), tuple(postings))


@given(BATCHES)
def test_books_made_by_the_steps_have_no_faults(
    drawn: list[tuple[tuple[str, int], str, list[int]]],
) -> None:
    assert faults(books_of(drawn)) == ()


@given(BATCHES)
def test_all_accounts_together_are_always_nought(
    drawn: list[tuple[tuple[str, int], str, list[int]]],
) -> None:
    """I2."""
    for held in balances(books_of(drawn).postings).values():
        assert sum(held.values()) == 0
        assert all(held[account] >= 0 for account in Account if account != "appropriation")


@given(BATCHES, st.data())
def test_a_step_repeated_any_number_of_times_posts_the_same_rows(
    drawn: list[tuple[tuple[str, int], str, list[int]]], data: st.DataObject
) -> None:
    """I14: ids come from what is paid, so a repeated step collides instead of paying again."""
    postings = books_of(drawn).postings
    again = data.draw(st.lists(st.sampled_from(postings), max_size=10))
    rebuilt = [
        posting(row.kind, row.line or str(row.fund), row.amount_fen, row.fund, batch=row.batch)
        for row in again
    ]
    assert {row.id for row in rebuilt} <= {row.id for row in postings}
    assert len({row.id for row in postings}) == len(postings)


@given(BATCHES.filter(bool), st.data())
def test_losing_or_changing_one_posting_is_found(
    drawn: list[tuple[tuple[str, int], str, list[int]]], data: st.DataObject
) -> None:
    books = books_of(drawn)
    moved = [row for row in books.postings if row.kind is not Kind.ALLOT]
    if not moved:
        return
    lost = data.draw(st.sampled_from(moved))
    postings = tuple(row for row in books.postings if row.id != lost.id)
    found = {fault.invariant for fault in faults(Books(books.batches, books.lines, postings))}
    assert "I3" in found
