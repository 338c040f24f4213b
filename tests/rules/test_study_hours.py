"""What is credited as study, with sums worked out by hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from courses.study.hours import DAY_CAP_S, GAP_CAP_S, Arrival, Credit, credit_between, credited

CHINA = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 4, 14, 12, tzinfo=CHINA)
DAY = date(2026, 4, 14)


def at(seconds: float, lesson: int = 1, *, ends: bool = False) -> Arrival:
    return Arrival(NOON + timedelta(seconds=seconds), lesson, ends=ends)


def total(arrivals: list[Arrival]) -> int:
    return sum(credit.seconds for credit in credited(arrivals, CHINA))


def test_time_between_two_signs_of_life_is_credited_to_the_lesson_of_the_earlier() -> None:
    assert credit_between(at(0, lesson=1), at(30, lesson=2), CHINA) == (Credit(1, DAY, 30),)


def test_a_pause_is_credited_up_to_the_cap() -> None:
    assert total([at(0), at(3600)]) == GAP_CAP_S == 45


def test_ten_minutes_of_beats_are_ten_minutes() -> None:
    assert total([at(30 * n) for n in range(21)]) == 600


def test_two_windows_at_once_credit_no_second_twice() -> None:
    first = [at(30 * n, lesson=1) for n in range(11)]
    second = [at(30 * n + 10, lesson=2) for n in range(11)]
    both = sorted(first + second, key=lambda arrival: arrival.at)
    assert total(first) == 300
    assert total(both) == 310  # from the first sign to the last, once
    parts = credited(both, CHINA)
    assert sum(part.seconds for part in parts if part.lesson == 1) == 11 * 10
    assert sum(part.seconds for part in parts if part.lesson == 2) == 10 * 20


def test_nothing_is_credited_after_a_lesson_is_finished() -> None:
    assert total([at(0), at(20, ends=True), at(50)]) == 20


def test_nothing_is_credited_for_one_sign_or_for_signs_that_go_back() -> None:
    assert total([at(0)]) == 0
    assert total([at(30), at(0)]) == 0
    assert total([]) == 0


def test_parts_of_seconds_add_up_to_the_whole_time() -> None:
    assert total([at(n * 0.4) for n in range(101)]) == 40


def test_midnight_parts_the_time_between_two_days() -> None:
    late = datetime(2026, 4, 14, 23, 59, 50, tzinfo=CHINA)
    parts = credit_between(Arrival(late, 1), Arrival(late + timedelta(seconds=30), 1), CHINA)
    assert parts == (Credit(1, DAY, 10), Credit(1, date(2026, 4, 15), 20))


def test_the_day_is_that_of_china_whatever_zone_the_moment_is_in() -> None:
    moment = datetime(2026, 4, 14, 16, 0, 0, tzinfo=UTC)  # midnight in China
    parts = credit_between(Arrival(moment, 1), Arrival(moment + timedelta(seconds=5), 1), CHINA)
    assert parts == (Credit(1, date(2026, 4, 15), 5),)


def test_time_that_ends_at_midnight_leaves_nothing_for_the_next_day() -> None:
    late = datetime(2026, 4, 14, 23, 59, 30, tzinfo=CHINA)
    parts = credit_between(Arrival(late, 1), Arrival(late + timedelta(seconds=30), 1), CHINA)
    assert parts == (Credit(1, DAY, 30),)


def test_a_day_has_no_more_than_eight_periods() -> None:
    morning = datetime(2026, 4, 14, 6, tzinfo=CHINA)
    beats = [Arrival(morning + timedelta(seconds=30 * n), 1) for n in range(2000)]
    assert sum(credit.seconds for credit in credited(beats, CHINA)) == DAY_CAP_S == 21_600
