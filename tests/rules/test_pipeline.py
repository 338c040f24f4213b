"""A class on its way, counted by hand; what is unknown stays unknown."""

from datetime import date

import pytest

from cohorts.outcomes.pipeline import (
    FIGURES,
    OTHERS,
    STAGES,
    Member,
    Pipeline,
    expected_on,
    has_attended,
    small_together,
)
from cohorts.outcomes.rates import BOUNDS, POINT, SUPPRESSED


def members(many, *, start=0, county="沙坡头区", unit="黄河社区", **known):
    return [Member(start + n, start + n, county, unit, **known) for n in range(many)]


# 40 on the register, 30 attended, 32 signed up, 28 reported, 25 sat, 15 passed.
CLASS = [
    *members(15, attended=True, signed_up=True, reported=True, sat=True, passed=True),
    *members(10, start=15, attended=True, signed_up=True, reported=True, sat=True, unit="文昌社区"),
    *members(3, start=25, attended=True, signed_up=True, reported=True, county="中宁县"),
    *members(4, start=28, attended=False, signed_up=True, county="中宁县"),
    *members(2, start=32, attended=True, county="", unit=""),
    *members(6, start=34, attended=False),
]


def pipeline(members=CLASS, *, held=6, known=True):
    return Pipeline(members, held, known)


def rates(found):
    return {(one.part, one.whole): one.rate for one in found.rates}


def test_each_stage_counts_who_came_as_far():
    counts = [(stage.name, stage.count) for stage in pipeline().stages]
    assert counts == [
        ("register", 40), ("attended", 30), ("signed_up", 32), ("reported", 28), ("sat", 25),
        ("passed", 15),
    ]  # fmt: skip


def test_each_rate_divides_the_stages_it_names():
    found = rates(pipeline())
    assert found["passed", "sat"].rate == pytest.approx(15 / 25)
    ends = {key: (rate.low, rate.high) for key, rate in found.items()}
    assert ends["passed", "signed_up"] == pytest.approx((15 / 32, 19 / 32))
    assert ends["passed", "register"] == pytest.approx((15 / 40, 19 / 40))
    assert ends["sat", "signed_up"] == pytest.approx((25 / 32, 29 / 32))
    for key in ends.keys() - {
        ("passed", "sat"),
        ("signed_up", "register"),
        ("attended", "register"),
    }:
        assert found[key].kind == BOUNDS  # four people of whom nothing is known stand in the whole
    assert found["signed_up", "register"].rate == pytest.approx(32 / 40)
    assert found["attended", "register"].rate == pytest.approx(30 / 40)
    assert found["passed", "sat"].coverage == pytest.approx(28 / 32)


def test_low_coverage_leaves_bounds_and_full_knowledge_of_attendance_its_rate():
    silent = members(20, start=100, attended=True, signed_up=True)
    found = rates(pipeline([*CLASS, *silent]))
    headline = found["passed", "sat"]
    assert (headline.kind, headline.low, headline.high) == (
        BOUNDS, pytest.approx(15 / 49), pytest.approx(39 / 49),
    )  # fmt: skip
    assert found["attended", "register"].kind == POINT


def test_a_small_class_has_no_rate():
    assert rates(pipeline(CLASS[:9]))["passed", "sat"].kind == SUPPRESSED


def test_before_the_sign_ups_are_known_nothing_after_them_is():
    found = pipeline(members(12, attended=True), known=False)
    assert [stage.count for stage in found.stages] == [12, 12, None, None, None, None]
    assert {key: rate is None for key, rate in rates(found).items()} == {
        ("passed", "sat"): True,
        ("passed", "signed_up"): True,
        ("passed", "register"): True,
        ("sat", "signed_up"): True,
        ("signed_up", "register"): True,
        ("attended", "register"): False,
    }


def test_before_the_first_session_nobody_has_stayed_away():
    found = pipeline(members(12), held=0, known=False)
    assert found.count("attended") is None
    assert rates(found)["attended", "register"] is None


def sized(**sizes):
    return {name: pipeline(members(n)) for name, n in sizes.items()}


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 12, "b": 11}, {"a": 12, "b": 11}),
        ({"a": 12, "b": 9, "c": 3}, {"a": 12, OTHERS: 12}),
        # Three alone would be known by subtraction: the smallest of the large joins them.
        ({"a": 20, "b": 10, "c": 3}, {"a": 20, OTHERS: 13}),
        ({"a": 10, "c": 3}, {OTHERS: 13}),
        ({"a": 4, "b": 3}, {OTHERS: 7}),
        ({}, {}),
    ],
)
def test_small_parts_stand_together(sizes, shown):
    found = small_together(sized(**sizes))
    assert {name: len(part.members) for name, part in found.items()} == shown


@pytest.mark.parametrize("by", ["county", "unit"])
@pytest.mark.parametrize("figure", STAGES)
def test_the_parts_add_up_to_the_class(by, figure):
    parts = pipeline().parted(lambda one: getattr(one, by))
    assert sum(part.count(figure) for part in parts.values()) == pipeline().count(figure)
    assert "" in parts  # who has no county or unit is a part, not lost


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_counts_exactly_the_people_behind_it(figure):
    found = pipeline()
    expected = 4 if figure == "missing" else found.count(figure)
    assert len(found.people(figure)) == expected


@pytest.mark.parametrize(
    ("kinds", "held", "attended"),
    [
        (["present", "present", "present"], 6, True),  # exactly half
        (["present", "present"], 5, False),
        (["present", "leave", "absent"], 3, False),  # a leave is no attendance
        ([], 4, False),
        ([], 0, None),
    ],
)
def test_attended_is_present_in_half_of_the_sessions_held(kinds, held, attended):
    assert has_attended(dict(enumerate(kinds)), held) is attended


def test_results_are_expected_as_long_after_the_exam_as_in_other_years():
    earlier = [(date(2023, 6, 11), date(2023, 8, 11)), (date(2025, 5, 25), date(2025, 7, 25))]
    assert expected_on(date(2026, 5, 24), earlier) == date(2026, 7, 24)
    assert expected_on(date(2026, 5, 24), []) is None
