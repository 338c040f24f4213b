"""What an answer outside a paper is worth, and which questions a run takes."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from quizzes.practice.drawing import OpenMistake, draw, most_useful
from quizzes.practice.judging import (
    chose_too_few,
    chosen_of,
    is_answerable,
    judge,
    points_half,
    value_of,
)

DAY = datetime(2026, 4, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("item_type", "key", "chosen", "verdict", "score_half"),
    [
        ("single_choice", "b", "b", "right", 2),
        ("single_choice", "b", "a", "wrong", 0),
        ("single_choice", "b", "", "blank", 0),
        ("true_false", "a", "a", "right", 2),
        ("multiple_response", "acd", "dca", "right", 4),
        ("multiple_response", "acd", "ac", "partial", 2),
        ("multiple_response", "acd", "a", "partial", 1),
        ("multiple_response", "ac", "ac", "right", 4),
        ("multiple_response", "acd", "abcd", "wrong", 0),
        ("multiple_response", "acd", "", "blank", 0),
    ],
)
def test_an_answer_counts_as_in_the_exam(item_type, key, chosen, verdict, score_half):
    judged = judge(item_type, key, chosen)
    assert (judged.verdict, judged.score_half) == (verdict, score_half)


def test_a_multiple_response_is_worth_two_points_and_any_other_one():
    assert points_half("multiple_response") == 4
    assert points_half("single_choice") == points_half("true_false") == 2


@pytest.mark.parametrize(
    ("item_type", "chosen", "expected"),
    [
        ("single_choice", ["a"], True),
        ("single_choice", [], True),
        ("single_choice", ["a", "b"], False),
        ("multiple_response", ["a", "b"], True),
        ("multiple_response", ["a", "a"], False),
        ("multiple_response", ["a", "z"], False),
    ],
)
def test_only_what_a_form_could_send_is_answerable(item_type, chosen, expected):
    assert is_answerable(item_type, "abcd", chosen) is expected


def test_one_option_of_a_multiple_response_is_too_few_and_none_is_not():
    assert chose_too_few("multiple_response", "a")
    assert not chose_too_few("multiple_response", "ab")
    assert not chose_too_few("multiple_response", "")
    assert not chose_too_few("single_choice", "a")


def test_an_answer_is_kept_without_the_order_of_choosing():
    assert value_of("dca") == value_of("acd") == "a,c,d"
    assert chosen_of("a,c,d") == ("a", "c", "d")
    assert chosen_of("") == ()


def test_a_run_takes_first_what_was_never_answered_then_what_lies_longest_back():
    last = {1: DAY, 2: DAY - timedelta(days=3), 3: DAY - timedelta(days=1)}
    drawn = draw([1, 2, 3, 4], last_at=last, size=3, rng=random.Random(1))  # noqa: S311
    assert drawn == [4, 2, 3]


def test_a_run_takes_each_question_once_and_no_more_than_there_are():
    drawn = draw(range(30), last_at={}, size=50, rng=random.Random(1))  # noqa: S311
    assert sorted(drawn) == list(range(30))
    assert len(draw(range(30), last_at={}, size=None, rng=random.Random(1))) == 30  # noqa: S311


def test_equal_chance_draws_alike_whatever_the_order_of_candidates():
    forth = draw(range(30), last_at={}, size=10, rng=random.Random(5))  # noqa: S311
    back = draw(range(29, -1, -1), last_at={}, size=10, rng=random.Random(5))  # noqa: S311
    other = draw(range(30), last_at={}, size=10, rng=random.Random(6))  # noqa: S311
    assert forth == back
    assert forth != other


def mistake(question, *, wrong=1, streak=0, day=1):
    return OpenMistake(question, wrong, streak, datetime(2026, 4, day, tzinfo=UTC))


def test_mistakes_never_right_since_come_first_then_the_most_wrong_then_the_oldest():
    mistakes = [
        mistake(1, wrong=9, streak=1),
        mistake(2, day=2),
        mistake(3, day=1),
        mistake(4, wrong=2, day=9),
    ]
    assert most_useful(mistakes, None) == [4, 3, 2, 1]
    assert most_useful(reversed(mistakes), 2) == [4, 3]
