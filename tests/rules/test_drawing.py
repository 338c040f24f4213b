"""Marks stand where their figures say."""

import pytest

from cohorts.outcomes.drawing import Group, funnel_chart, interval, width, years_chart
from cohorts.outcomes.funnel import ABOVE, Target
from cohorts.outcomes.rates import Counts, pass_rate


def rate(registered, reported, sat, passed):
    return pass_rate(Counts(registered, reported, sat, passed))


def test_a_rate_is_a_dot_on_its_range_and_bounds_have_no_dot():
    drawn = interval(rate(100, 100, 50, 30))
    assert (drawn.x, drawn.width, drawn.point, drawn.is_bounds) == (
        "46.2%", "26.2%", "60.0%", False,
    )  # fmt: skip
    assert drawn.text == "46.2–72.4%"
    patchy = interval(rate(100, 60, 50, 30))
    assert (patchy.point, patchy.is_bounds, patchy.text) == ("", True, "33.3–77.8%")
    assert interval(rate(9, 9, 9, 9)) is None
    assert interval(None) is None


def test_a_bar_is_as_long_as_its_share():
    assert (width(1, 4), width(0, 4), width(0, 0)) == ("25.0%", "0.0%", "0%")


def test_years_with_a_rate_are_dots_and_only_neighbours_are_joined():
    chart = years_chart(
        [(2021, rate(40, 40, 40, 20)), (2022, rate(40, 40, 40, 10)), (2023, rate(5, 5, 5, 5)),
         (2024, rate(40, 20, 20, 10)), (2026, rate(40, 40, 40, 10))]
    )  # fmt: skip
    first, second, small, patchy, last = chart.marks
    assert first.point == "96.0"  # half of the way from 176 up to 16
    assert second.point == "136.0"
    assert (small.point, small.high, small.counts) == ("", "", "5/5")
    assert (patchy.point, patchy.label) == ("", "25.0–75.0%")
    assert float(patchy.height) == pytest.approx(80, abs=0.2)
    assert last.point
    assert chart.line == f"M{first.x} 96.0 L{second.x} 136.0"


def test_a_funnel_has_a_dot_a_group_and_axes_that_hold_them_all():
    groups = [Group("一班", 30, 33, ABOVE), Group("二班", 13, 27)]
    chart = funnel_chart(groups, Target(43, 60))
    assert [dot.group.name for dot in chart.dots] == ["一班", "二班"]
    for dot in chart.dots:
        assert 44 <= float(dot.x) <= 536
        assert 14 <= float(dot.y) <= 290
    assert chart.y_ticks[0].text == "0%"
    assert chart.y_ticks[-1].text == "100%"
    assert chart.x_ticks[0][1] == "10"
    high, low = chart.dots
    assert float(high.label_y) < float(high.y)  # above the target: the name above the dot
    assert float(low.label_y) > float(low.y)
