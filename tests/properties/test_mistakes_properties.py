"""The notebook depends on what was answered when, and on nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizzes.attempts.scoring import Verdict
from quizzes.practice.mistakes import NEVER, Answered, fold

DAY = datetime(2026, 4, 20, tzinfo=UTC)
N_IN_A_ROW = st.integers(0, 4)


def _told_apart(answers):
    """As rows of a table are: no two of them have the same number."""
    return [replace(answered, tie=(place,)) for place, answered in enumerate(answers)]


answers = st.lists(
    st.builds(
        Answered,
        question=st.integers(1, 4),
        version=st.integers(1, 9),
        verdict=st.sampled_from(Verdict),
        value=st.sampled_from(["", "a", "a,b"]),
        guessed=st.booleans(),
        source=st.sampled_from(["practice", "mock"]),
        at=st.integers(0, 6).map(lambda minute: DAY + timedelta(minutes=minute)),
    ),
    max_size=30,
).map(_told_apart)


@given(answers, N_IN_A_ROW, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter_even_at_one_moment(given_answers, n, rng):
    arrived = rng.sample(given_answers, len(given_answers))
    assert fold(arrived, n) == fold(given_answers, n)


@given(answers, N_IN_A_ROW)
def test_folding_question_by_question_is_folding_all(given_answers, n):
    apart = {}
    for question in {answered.question for answered in given_answers}:
        apart |= fold((a for a in given_answers if a.question == question), n)
    assert apart == fold(given_answers, n)


@given(answers, N_IN_A_ROW)
def test_a_question_is_in_the_notebook_when_some_answer_was_not_sure(given_answers, n):
    unsure = {answered.question for answered in given_answers if not answered.is_sure}
    assert fold(given_answers, n).keys() == unsure


@given(answers, st.integers(1, 4))
def test_a_question_is_overcome_exactly_when_its_row_is_long_enough(given_answers, n):
    for standing in fold(given_answers, n).values():
        assert (standing.cleared_at is not None) == (standing.streak >= n)


@given(answers, N_IN_A_ROW)
def test_the_row_is_of_sure_answers_since_the_last_that_was_not_right(given_answers, n):
    for question, standing in fold(given_answers, n).items():
        ours = sorted(
            (a for a in given_answers if a.question == question), key=lambda a: (a.at, a.tie)
        )
        fallen = [place for place, answered in enumerate(ours) if not answered.is_right]
        since = ours[fallen[-1] + 1 :] if fallen else ours
        assert standing.streak <= sum(answered.is_sure for answered in since)


@given(answers)
def test_nothing_is_overcome_where_never_is_chosen(given_answers):
    assert all(row.cleared_at is None for row in fold(given_answers, NEVER).values())


@given(answers, N_IN_A_ROW)
def test_it_counts_the_answers_that_were_not_right(given_answers, n):
    for question, standing in fold(given_answers, n).items():
        wrong = [a for a in given_answers if a.question == question and not a.is_right]
        assert standing.wrong_count == len(wrong)
