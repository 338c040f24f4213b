"""The mistakes notebook: what enters it, what leaves it, what comes back."""

from datetime import UTC, datetime, timedelta

import pytest

from quizzes.attempts.scoring import Verdict
from quizzes.practice.mistakes import NEVER, Answered, fold

DAY = datetime(2026, 4, 20, tzinfo=UTC)
SIGNS = {"o": Verdict.RIGHT, "g": Verdict.RIGHT, "x": Verdict.WRONG, "^": Verdict.PARTIAL}
SIGNS["-"] = Verdict.BLANK


def answers(signs, question=1):
    """One answer a minute: o right, g right by a guess, x wrong, ^ partial, - blank."""
    return [
        Answered(
            question=question,
            version=10 * question,
            verdict=SIGNS[sign],
            value=f"{sign}{minute}",
            guessed=sign == "g",
            source="practice",
            at=DAY + timedelta(minutes=minute),
        )
        for minute, sign in enumerate(signs)
    ]


def standing(signs, clear_after=2):
    return fold(answers(signs), clear_after).get(1)


def minute(n):
    return DAY + timedelta(minutes=n)


@pytest.mark.parametrize("sign", ["x", "^", "-", "g"])
def test_wrong_partial_blank_and_guessed_enter_the_notebook(sign):
    found = standing(sign)
    assert found is not None
    assert found.cleared_at is None
    assert found.verdict is SIGNS[sign]


def test_a_sure_right_answer_enters_nothing():
    assert standing("ooo") is None


@pytest.mark.parametrize("clear_after", [1, 2, 3, 4])
def test_it_leaves_after_so_many_right_in_a_row(clear_after):
    before = standing("x" + "o" * (clear_after - 1), clear_after)
    after = standing("x" + "o" * clear_after, clear_after)
    assert before.cleared_at is None
    assert before.streak == clear_after - 1
    assert after.cleared_at == minute(clear_after)


def test_it_never_leaves_where_that_is_chosen():
    found = standing("x" + "o" * 9, NEVER)
    assert found.cleared_at is None
    assert found.streak == 9


@pytest.mark.parametrize("again", ["x", "^", "-"])
def test_wrong_again_begins_the_row_anew(again):
    found = standing(f"xo{again}o")
    assert (found.streak, found.wrong_count, found.cleared_at) == (1, 2, None)
    assert found.wrong_at == minute(2)


def test_a_guess_neither_helps_nor_harms_an_open_mistake():
    found = standing("xogo")
    assert found.cleared_at == minute(3)
    found = standing("xog")
    assert (found.streak, found.cleared_at) == (1, None)
    assert (found.verdict, found.value, found.last_at) == (Verdict.WRONG, "x0", minute(2))


def test_what_was_overcome_comes_back_when_wrong_again():
    found = standing("xoox")
    assert (found.cleared_at, found.streak, found.wrong_count) == (None, 0, 2)


def test_what_was_overcome_comes_back_by_a_guess_without_counting_as_wrong():
    found = standing("xoog")
    assert (found.cleared_at, found.verdict, found.wrong_count) == (None, Verdict.RIGHT, 1)


def test_a_lucky_guess_alone_was_never_wrong():
    assert standing("g").wrong_count == 0
    assert standing("goo").cleared_at == minute(2)


def test_more_right_answers_leave_the_moment_of_overcoming_alone():
    assert standing("xoooo").cleared_at == minute(2)


def test_the_page_shows_the_answer_that_put_it_there_last():
    found = standing("x^oo")
    assert (found.verdict, found.value, found.wrong_at) == (Verdict.PARTIAL, "^1", minute(1))
    assert found.last_at == minute(3)


def test_questions_do_not_touch_one_another():
    found = fold([*answers("xoo", 1), *answers("x", 2), *answers("o", 3)], 2)
    assert {question: row.cleared_at is None for question, row in found.items()} == {
        1: False,
        2: True,
    }


def test_answers_of_one_moment_have_an_order_of_their_own():
    first, second = answers("xo")
    same = [
        Answered(**{**fields(first), "at": DAY, "tie": (0, 1)}),
        Answered(**{**fields(second), "at": DAY, "tie": (1, 1)}),
    ]
    assert fold(same, 1) == fold(same[::-1], 1)
    assert fold(same, 1)[1].cleared_at == DAY


def fields(answered):
    return {name: getattr(answered, name) for name in answered.__dataclass_fields__}
