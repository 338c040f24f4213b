"""Codes, seats, levels and plans of classes, without a database."""

from datetime import date
from secrets import randbelow

import pytest

from cohorts.enrolment.admission import (
    approved_state,
    first_state,
    other_level,
    seats_in_words,
)
from cohorts.enrolment.codes import ALPHABET, LENGTH, draw_code, grouped, normalised
from cohorts.enrolment.plan_state import is_done, is_overdue
from cohorts.enrolment.states import (
    COHORT_MOVES,
    COHORT_TONES,
    IN_CLASS,
    MOVES,
    SEATED,
    TONES,
    UNDECIDED,
    CohortState,
    State,
)

TODAY = date(2026, 4, 1)


def test_a_code_has_fifty_bits_and_no_letter_that_is_misread():
    assert len(ALPHABET) ** LENGTH == 2**50
    assert not set("ILOU") & set(ALPHABET)


def test_a_drawn_code_reads_back_however_it_is_typed():
    for _ in range(200):
        code = draw_code(randbelow)
        assert normalised(code) == code
        assert normalised(f" {grouped(code).lower()} ") == code


def test_letters_that_are_not_in_the_alphabet_are_read_as_the_digit_they_look_like():
    assert normalised("oO0iI-lL1AB") == "0001111" + "1AB"


@pytest.mark.parametrize("text", ["", "ABC", "ABCDEFGHJK1", "ABCDEFGHJU", "！＠＃"])
def test_what_cannot_be_a_code_is_none(text):
    assert normalised(text) == ""


@pytest.mark.parametrize(
    ("by_approval", "seats_left", "removed_before", "state"),
    [
        (True, 5, False, State.APPLIED),
        (True, 0, False, State.APPLIED),
        (False, 1, False, State.ENROLLED),
        (False, 0, False, State.WAITING),
        (False, -2, False, State.WAITING),
        (False, 5, True, State.APPLIED),
    ],
)
def test_where_an_application_stands_first(by_approval, seats_left, removed_before, state):
    found = first_state(
        by_approval=by_approval,
        seats_left=seats_left,
        others_wait=False,
        removed_before=removed_before,
    )
    assert found == state
    assert state == State.APPLIED or state in MOVES[State.APPLIED]


def test_a_free_seat_is_not_taken_past_those_who_wait():
    found = first_state(by_approval=False, seats_left=2, others_wait=True, removed_before=False)
    assert found == State.WAITING


def test_an_approval_without_a_seat_puts_on_the_waiting_list_and_moves_nobody_on_it():
    assert approved_state(State.APPLIED, seats_left=1) == State.ENROLLED
    assert approved_state(State.APPLIED, seats_left=0) == State.WAITING
    assert approved_state(State.WAITING, seats_left=0) is None
    assert approved_state(State.WAITING, seats_left=1) == State.ENROLLED


def test_a_second_class_of_the_same_level_is_no_other_level():
    assert other_level("junior", ["junior"]) is None
    assert other_level("junior", []) is None
    assert other_level("junior", ["junior", "intermediate"]) == "intermediate"


@pytest.mark.parametrize(
    ("taken", "words"),
    [
        (0, "40 of 40 seats left"),
        (29, "11 of 40 seats left"),
        (30, "Only 10 of 40 seats left"),
        (39, "Only 1 of 40 seats left"),
        (40, "All 40 seats are taken; there is a waiting list"),
        (41, "All 40 seats are taken; there is a waiting list"),
    ],
)
def test_seats_in_words(taken, words):
    assert str(seats_in_words(capacity=40, taken=taken)) == words


def test_a_line_is_done_by_its_lesson_or_paper_and_free_text_by_nothing():
    done = {"finished_lessons": {1}, "handed_in_papers": {7}}
    assert is_done(1, None, **done) is True
    assert is_done(2, None, **done) is False
    assert is_done(None, 7, **done) is True
    assert is_done(None, 1, **done) is False
    assert is_done(None, None, **done) is None


def test_a_line_is_overdue_from_the_day_after_and_never_when_nobody_can_tell():
    assert not is_overdue(TODAY, done=False, today=TODAY)
    assert is_overdue(date(2026, 3, 31), done=False, today=TODAY)
    assert not is_overdue(date(2026, 3, 31), done=True, today=TODAY)
    assert not is_overdue(date(2026, 3, 31), done=None, today=TODAY)


def test_the_tables_of_states_are_complete():
    assert set(MOVES) == set(TONES) == set(State)
    assert set(COHORT_MOVES) == set(COHORT_TONES) == set(CohortState)
    assert IN_CLASS < SEATED
    assert not IN_CLASS & UNDECIDED
    reached = {State.APPLIED}.union(*MOVES.values())
    assert reached == set(State)
