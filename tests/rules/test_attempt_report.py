"""What a report says of each option, and which items a filter shows."""

import pytest

from quizzes.attempts.report import ItemLine, Show, is_shown, is_worked_through, option_lines
from quizzes.attempts.scoring import ItemScore, Verdict

OPTIONS = [(letter, f"选项{letter}") for letter in "abcde"]


def tones(key, chosen, item_type="multiple_response"):
    lines = option_lines(OPTIONS, key=key, chosen=chosen, item_type=item_type)
    return [line.tone.value for line in lines]


@pytest.mark.parametrize(
    ("key", "chosen", "expected"),
    [
        ("acd", "ac", ["hit", "", "hit", "missed", ""]),
        ("acd", "acd", ["hit", "", "hit", "hit", ""]),
        ("acd", "ab", ["hit", "wrong", "missed", "missed", ""]),
        ("acd", "", ["key", "", "key", "key", ""]),
    ],
)
def test_missed_options_stand_apart_from_wrong_ones(key, chosen, expected):
    assert tones(key, chosen) == expected


def test_a_single_choice_shows_the_key_and_misses_nothing():
    assert tones("b", "a", "single_choice") == ["wrong", "key", "", "", ""]


def test_letters_follow_the_order_of_the_paper():
    lines = option_lines(OPTIONS[::-1], key="ae", chosen="a", item_type="multiple_response")
    line = ItemLine(
        score=ItemScore(1, 0, 4, 1, Verdict.PARTIAL, None),
        type="multiple_response",
        stem="",
        stimulus="",
        options=lines,
        rationale="",
    )
    assert (line.chosen, line.missed, line.key) == ("E", "A", "A E")
    assert line.is_multiple


@pytest.mark.parametrize(
    ("show", "verdicts"),
    [
        (Show.ALL, set(Verdict)),
        (Show.LOST, {Verdict.PARTIAL, Verdict.WRONG, Verdict.BLANK}),
        (Show.WRONG, {Verdict.WRONG}),
        (Show.PARTIAL, {Verdict.PARTIAL}),
        (Show.BLANK, {Verdict.BLANK}),
    ],
)
def test_a_filter_shows_its_verdicts(show, verdicts):
    assert {verdict for verdict in Verdict if is_shown(show, verdict)} == verdicts


@pytest.mark.parametrize(("answered", "through"), [(0, False), (39, False), (40, True), (80, True)])
def test_half_a_paper_answered_makes_what_was_left_blank_count(answered, through):
    assert is_worked_through(answered, 80) is through
