"""The journal is a maximum: arrival order and repetition never matter."""

from hypothesis import given
from hypothesis import strategies as st

from quizzes.attempts.journal import Event, Kind, acked_through, answers_sha256, fold, gaps

events = st.builds(
    Event,
    epoch=st.integers(1, 3),
    seq=st.integers(1, 20),
    item=st.integers(1, 5),
    kind=st.sampled_from(Kind),
    value=st.sampled_from(["", "a", "b", "a,c"]),
    late=st.booleans(),
)
journals = st.lists(events, max_size=30)


@given(journals, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_arrival_does_not_matter(journal, rng, late_counts):
    arrived = rng.sample(journal, len(journal))
    assert fold(arrived, late_counts=late_counts) == fold(journal, late_counts=late_counts)


@given(journals, st.data())
def test_repeats_do_not_matter(journal, draw):
    again = draw.draw(st.lists(st.sampled_from(journal), max_size=10)) if journal else []
    assert fold([*journal, *again]) == fold(journal)


@given(journals, journals)
def test_batches_can_be_folded_in_any_grouping(first, second):
    assert fold([*first, *second]) == fold([*second, *first])


@given(journals)
def test_an_item_shows_what_some_event_said(journal):
    said = {(event.item, event.value) for event in journal if event.kind is Kind.OPTIONS}
    for item, options in fold(journal).answers.items():
        assert (item, ",".join(options)) in said


@given(journals)
def test_an_undecided_late_event_is_as_if_it_never_came(journal):
    assert fold(journal) == fold([event for event in journal if not event.late])


@given(st.sets(st.integers(1, 40)), st.integers(0, 45))
def test_gaps_and_what_came_make_up_the_whole(seqs, through):
    missing = {seq for first, last in gaps(seqs, through) for seq in range(first, last + 1)}
    assert missing == set(range(1, through + 1)) - seqs


@given(st.sets(st.integers(1, 40)))
def test_nothing_is_missing_up_to_the_acknowledged_number(seqs):
    through = acked_through(seqs)
    assert gaps(seqs, through) == []
    assert through + 1 not in seqs


answers = st.dictionaries(
    st.integers(1, 99), st.lists(st.sampled_from("abcde"), unique=True), max_size=20
)


@given(answers, st.randoms(use_true_random=False))
def test_the_digest_does_not_depend_on_any_order(given_answers, rng):
    turned = {
        item: rng.sample(given_answers[item], len(given_answers[item]))
        for item in rng.sample(list(given_answers), len(given_answers))
    }
    assert answers_sha256(turned) == answers_sha256(given_answers)
