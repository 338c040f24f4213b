from datetime import date

import pytest

from cms.core.workdays import add_working_days, load_calendar, read_calendar, working_days_after

CALENDAR = load_calendar()
WEEKENDS_ONLY = read_calendar({})


def test_five_working_days_pass_over_a_weekend():
    assert add_working_days(date(2023, 11, 1), 5, WEEKENDS_ONLY) == date(2023, 11, 8)


def test_five_working_days_pass_over_the_national_holiday():
    # Thursday before 中秋国庆 2023: eight days off, then a Saturday and a Sunday made up.
    assert add_working_days(date(2023, 9, 28), 5, CALENDAR) == date(2023, 10, 11)


def test_a_make_up_saturday_counts():
    assert CALENDAR.is_workday(date(2024, 2, 18))
    assert not CALENDAR.is_workday(date(2024, 2, 16))
    assert add_working_days(date(2024, 2, 9), 1, CALENDAR) == date(2024, 2, 18)


def test_no_days_is_the_same_day_and_less_is_refused():
    assert add_working_days(date(2024, 2, 10), 0, CALENDAR) == date(2024, 2, 10)
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2024, 2, 10), -1, CALENDAR)


def test_counting_is_the_reverse_of_adding():
    start = date(2025, 9, 20)
    for count in range(1, 30):
        assert (
            working_days_after(start, add_working_days(start, count, CALENDAR), CALENDAR) == count
        )


# Working days of a year as the notices leave them: weekdays − holidays on weekdays + make-up days.
@pytest.mark.parametrize(("year", "days"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_each_year_has_the_known_number_of_working_days(year, days):
    assert working_days_after(date(year - 1, 12, 31), date(year, 12, 31), CALENDAR) == days


def test_every_make_up_day_is_a_weekend_and_never_a_holiday():
    assert all(day.weekday() >= 5 for day in CALENDAR.make_up_days)
    assert not CALENDAR.make_up_days & CALENDAR.holidays


def test_a_year_not_yet_announced_is_provisional():
    assert CALENDAR.is_provisional(date(2030, 5, 1))
    assert not CALENDAR.is_provisional(date(2024, 5, 1))
