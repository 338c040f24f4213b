"""The end of an attempt, to the second."""

from datetime import UTC, datetime, timedelta

import pytest

from quizzes.attempts.timing import (
    USUAL,
    Allowances,
    deadline,
    finalise_at,
    is_in_time,
    minutes_taken,
)

STARTED = datetime(2026, 4, 12, 9, 0, tzinfo=UTC)
ENDS = datetime(2026, 4, 12, 11, 0, tzinfo=UTC)


def test_the_deadline_is_the_start_and_the_duration():
    assert deadline(STARTED, 120) == ENDS


@pytest.mark.parametrize(
    ("after_s", "counts"), [(-1, True), (0, True), (30, True), (30.001, False), (3600, False)]
)
def test_the_grace_counts_to_its_last_moment(after_s, counts):
    assert is_in_time(ENDS + timedelta(seconds=after_s), ENDS, 30) is counts


def test_the_server_waits_for_offline_phones_before_it_closes():
    assert finalise_at(ENDS, USUAL) == datetime(2026, 4, 12, 11, 30, 30, tzinfo=UTC)
    assert finalise_at(ENDS, Allowances(grace_s=10, offline_window_s=0)) == ENDS + timedelta(
        seconds=10
    )


@pytest.mark.parametrize(("ended_min", "taken"), [(101, 101), (120, 120), (149, 120)])
def test_time_after_the_deadline_is_not_working_time(ended_min, taken):
    assert minutes_taken(STARTED, STARTED + timedelta(minutes=ended_min), ENDS) == taken
