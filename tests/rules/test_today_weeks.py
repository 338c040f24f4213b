"""Bars of the weeks before today."""

from datetime import date

from cms.today.weeks import HEIGHT, weeks_of

MONDAY = date(2026, 3, 2)
TODAY = date(2026, 3, 18)


def test_minutes_are_summed_from_monday_to_sunday() -> None:
    minutes = {date(2026, 3, 2): 30, date(2026, 3, 8): 15, date(2026, 3, 9): 60}
    found = weeks_of(minutes, first=MONDAY, today=TODAY)
    assert [week.minutes for week in found] == [45, 60, 0]
    assert [week.is_now for week in found] == [False, False, True]


def test_the_goal_fills_the_height_until_somebody_studies_more() -> None:
    usual = weeks_of({}, first=MONDAY, today=TODAY)
    assert {week.goal_height for week in usual} == {HEIGHT}
    busy = weeks_of({MONDAY: 360}, first=MONDAY, today=TODAY)
    assert (busy[0].height, busy[0].goal_height) == (HEIGHT, HEIGHT / 2)


def test_bars_fill_the_width_side_by_side() -> None:
    found = weeks_of({}, first=MONDAY, today=TODAY)
    assert found[0].x == 0
    assert round(found[-1].x + found[-1].width) == 358
