"""The rotating code, the window of checking in, and hours, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from cohorts.attendance.check_in_window import closed_because, opens_at
from cohorts.attendance.hours import Attendance, attendance_of, last_marks
from cohorts.attendance.rotating_code import LENGTH, STEP_S, code_at, is_fresh, seconds_left

SECRET, OTHER = "a" * 32, "b" * 32
MINUTE = datetime(2026, 4, 18, 0, 31, tzinfo=UTC)
STARTS, ENDS = datetime(2026, 4, 18, 0, 30, tzinfo=UTC), datetime(2026, 4, 18, 3, 30, tzinfo=UTC)
LONG = timedelta(seconds=STEP_S)


def test_a_code_holds_for_its_minute_and_the_next():
    code = code_at(SECRET, MINUTE)
    assert len(code) == LENGTH
    assert is_fresh(SECRET, code, MINUTE)
    assert is_fresh(SECRET, code.upper(), MINUTE + LONG)
    assert is_fresh(SECRET, code, MINUTE + 2 * LONG - timedelta(seconds=1))


def test_a_code_is_dead_after_two_minutes_and_before_its_time():
    code = code_at(SECRET, MINUTE)
    assert not is_fresh(SECRET, code, MINUTE + 2 * LONG)
    assert not is_fresh(SECRET, code, MINUTE - timedelta(seconds=1))


def test_a_code_of_another_session_opens_nothing():
    assert not is_fresh(OTHER, code_at(SECRET, MINUTE), MINUTE)
    assert not is_fresh(SECRET, "", MINUTE)
    assert not is_fresh(SECRET, "0123456789", MINUTE)


def test_codes_of_an_hour_are_all_different():
    assert len({code_at(SECRET, MINUTE + n * LONG) for n in range(60)}) == 60


@pytest.mark.parametrize(("after", "left"), [(0, 60), (1, 59), (59, 1), (60, 60)])
def test_seconds_until_the_code_changes(after, left):
    assert seconds_left(MINUTE + timedelta(seconds=after)) == left


def test_the_window_opens_half_an_hour_before_and_closes_with_the_session():
    first = opens_at(STARTS)
    assert first == STARTS - timedelta(minutes=30)
    assert closed_because(STARTS, ENDS, first) is None
    assert closed_because(STARTS, ENDS, ENDS - timedelta(seconds=1)) is None
    assert "30 minutes" in str(closed_because(STARTS, ENDS, first - timedelta(seconds=1)))
    assert "over" in str(closed_because(STARTS, ENDS, ENDS))


def test_the_last_row_counts():
    rows = [(1, 9, "present"), (2, 9, "present"), (1, 9, "absent")]
    assert last_marks(rows) == {(1, 9): "absent", (2, 9): "present"}


def test_units_add_up_and_who_is_in_no_list_was_absent():
    held = {7: 1, 8: 2, 9: 1}
    marks = {(1, 7): "present", (1, 8): "leave", (2, 9): "present", (1, 99): "present"}
    assert attendance_of(1, held, marks) == Attendance(present=1, leave=2, absent=1, held=4)
    assert attendance_of(1, held, marks).rate == 0.25
    assert attendance_of(3, held, marks) == Attendance(absent=4, held=4)


def test_without_a_session_there_is_no_rate():
    assert attendance_of(1, {}, {}).rate is None
