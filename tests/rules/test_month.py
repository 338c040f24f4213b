"""The month beside the to-do list."""

from datetime import date, datetime

from cms.workbench.month import Appointment, month_of

APRIL = date(2026, 4, 1)
TODAY = date(2026, 4, 14)


def test_weeks_begin_on_monday_and_leave_other_months_empty() -> None:
    first = month_of(APRIL, [], today=TODAY).weeks[0]
    assert [day.on and day.on.day for day in first] == [None, None, 1, 2, 3, 4, 5]
    assert [day.is_off for day in first] == [False] * 5 + [True, True]


def test_days_with_something_on_them_are_marked() -> None:
    month = month_of(APRIL, [Appointment(date(2026, 4, 18), None, "面授")], today=TODAY)
    marked = [day.on for week in month.weeks for day in week if day.has_something]
    assert marked == [date(2026, 4, 18)]


def test_only_what_is_to_come_is_listed_in_order_of_time() -> None:
    morning = Appointment(date(2026, 4, 18), datetime(2026, 4, 18, 8, 30), "面授")  # noqa: DTZ001
    noon = Appointment(date(2026, 4, 18), datetime(2026, 4, 18, 14), "模拟考")  # noqa: DTZ001
    whole = Appointment(date(2026, 4, 18), None, "公示截止")
    past = Appointment(date(2026, 4, 9), None, "过去")
    month = month_of(APRIL, [noon, past, morning, whole], today=TODAY)
    assert month.ahead == (whole, morning, noon)


def test_months_lead_to_one_another_over_the_turn_of_the_year() -> None:
    month = month_of(date(2026, 12, 1), [], today=TODAY)
    assert (month.before, month.after) == (date(2026, 11, 1), date(2027, 1, 1))
