"""Intervals against published vectors; what is shown of a small or patchy rate."""

import pytest

from cohorts.outcomes.rates import (
    BOUNDS,
    DENOMINATORS,
    POINT,
    REGISTERED,
    REPORTED,
    SAT,
    SUPPRESSED,
    Counts,
    Rate,
    bounds,
    pass_rate,
    share,
    wilson,
)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (0, 5, 0, 0.434482),
        (5, 5, 0.565518, 1),
        (3, 10, 0.107791, 0.603222),
        (7, 10, 0.396778, 0.892209),
        (18, 20, 0.698966, 0.972134),
        (30, 50, 0.461814, 0.723916),
        (260, 400, 0.602032, 0.695114),
    ],
)
def test_wilson_gives_the_published_interval(successes, n, low, high):
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-7)


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_wilson_refuses_what_is_no_share(successes, n):
    with pytest.raises(ValueError, match="no interval"):
        wilson(successes, n)


def counts(registered=268, reported=268, sat=231, passed=80):
    return Counts(registered=registered, reported=reported, sat=sat, passed=passed)


def test_a_rate_is_passed_of_those_who_sat_with_its_range():
    found = pass_rate(counts())
    assert found.kind == POINT
    assert found.rate == pytest.approx(80 / 231)
    assert (found.low, found.high) == pytest.approx(wilson(80, 231))
    assert (found.n, found.passed, found.coverage) == (231, 80, 1.0)


def test_fewer_than_ten_results_give_no_rate():
    found = pass_rate(counts(registered=9, reported=9, sat=9, passed=9))
    assert found.kind == SUPPRESSED
    assert (found.rate, found.low, found.high) == (None, None, None)


def test_ten_results_give_a_rate():
    assert pass_rate(counts(registered=10, reported=10, sat=10, passed=3)).kind == POINT


def test_under_four_fifths_coverage_only_the_bounds_stand():
    found = pass_rate(counts(registered=100, reported=79, sat=60, passed=30))
    assert found.kind == BOUNDS
    assert found.rate is None
    assert (found.low, found.high) == pytest.approx((30 / 81, 51 / 81))


def test_four_fifths_coverage_is_enough():
    assert pass_rate(counts(registered=100, reported=80, sat=60, passed=30)).kind == POINT


def test_nobody_signed_up_has_no_coverage():
    found = pass_rate(counts(registered=0, reported=0, sat=0, passed=0))
    assert (found.kind, found.coverage) == (SUPPRESSED, None)


def test_a_rate_of_another_denominator_names_it_in_its_n():
    known = counts(registered=100, reported=100, sat=80, passed=40)
    assert [pass_rate(known, of).n for of in DENOMINATORS] == [100, 80, 100]
    assert [pass_rate(known, of).rate for of in DENOMINATORS] == pytest.approx([0.4, 0.5, 0.4])


def test_of_those_signed_up_one_unreported_person_leaves_bounds_at_any_coverage():
    known = counts(registered=100, reported=99, sat=80, passed=40)
    found = pass_rate(known, REGISTERED)
    assert (found.kind, found.rate, found.low, found.high) == (BOUNDS, None, 0.4, 0.41)
    assert found.is_covered
    assert pass_rate(known, SAT).kind == POINT
    assert share(40, 100, missing=1).kind == BOUNDS


def test_a_rate_of_those_signed_up_needs_ten_results_not_ten_sign_ups():
    found = pass_rate(counts(registered=40, reported=9, sat=9, passed=3), REGISTERED)
    assert (found.kind, found.low) == (SUPPRESSED, None)


def test_the_bounds_take_the_missing_into_every_denominator():
    known = counts(registered=100, reported=84, sat=60, passed=30)
    assert bounds(known, SAT) == pytest.approx((30 / 76, 46 / 76))
    assert bounds(known, REGISTERED) == pytest.approx((0.3, 0.46))
    assert bounds(known, REPORTED) == pytest.approx((0.3, 0.46))
    with pytest.raises(ValueError, match="nobody"):
        bounds(counts(registered=0, reported=0, sat=0, passed=0))


def test_a_share_of_people_follows_the_same_rules():
    assert share(30, 50) == Rate(POINT, 30, 50, 1.0, 0.6, *wilson(30, 50))
    assert share(3, 9).kind == SUPPRESSED
    assert share(0, 0).kind == SUPPRESSED
    patchy = share(20, 50, missing=15)
    assert (patchy.kind, patchy.low, patchy.high) == (BOUNDS, 0.4, 0.7)


def test_those_without_a_score_are_apart_from_the_missing():
    known = counts(registered=10, reported=8, sat=5, passed=2)
    assert (known.absent, known.missing) == (3, 2)
