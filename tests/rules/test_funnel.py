"""The funnel's limits against published values and against sums done another way."""

from fractions import Fraction
from math import comb

import pytest

from cohorts.outcomes.funnel import (
    ABOVE,
    BELOW,
    FAR_ABOVE,
    FAR_BELOW,
    INNER,
    OUTER,
    WITHIN,
    Target,
    limits,
    place,
    quantile,
)

THIRD = Target(35, 100)


def tail_at_most(k: int, n: int, rate: Fraction) -> Fraction:
    """P(X ≤ k), summed from the definition."""
    terms = (comb(n, i) * rate**i * (1 - rate) ** (n - i) for i in range(k + 1))
    return sum(terms, Fraction(0))


@pytest.mark.parametrize(
    ("n", "low", "high", "lowest", "highest"),
    # Limits of Spiegelhalter's funnel at a rate of .35: 95 % and 99.8 %.
    [
        (20, 0.15, 0.55, 0.05, 0.70),
        (50, 0.22, 0.48, 0.16, 0.56),
        (100, 0.26, 0.44, 0.21, 0.50),
        (200, 0.285, 0.415, 0.25, 0.455),
    ],
)
def test_the_limits_are_the_quantiles_of_the_binomial_distribution(n, low, high, lowest, highest):
    found = [quantile(n, THIRD, share) / n for share in (INNER, 1 - INNER, OUTER, 1 - OUTER)]
    assert found == pytest.approx([low, high, lowest, highest])


@pytest.mark.parametrize("n", [10, 17, 60])
@pytest.mark.parametrize("share", [OUTER, INNER, 1 - INNER, 1 - OUTER])
def test_a_quantile_is_the_first_count_that_reaches_its_share(n, share):
    k, rate = quantile(n, Target(80, 231), share), Fraction(80, 231)
    assert tail_at_most(k, n, rate) >= share
    assert k == 0 or tail_at_most(k - 1, n, rate) < share


def test_the_drawn_limits_lie_between_the_counts_and_narrow_with_n():
    small, large = limits(20, THIRD), limits(200, THIRD)
    for line in (small, large):
        assert 0 <= line.lowest < line.low < 0.35 < line.high < line.highest <= 1
    assert large.high - large.low < small.high - small.low
    assert quantile(20, THIRD, INNER) - 1 <= small.low * 20 <= quantile(20, THIRD, INNER)


def test_a_group_is_outside_where_its_tail_is_thinner_than_the_limit():
    n, rate = 31, Fraction(80, 231)
    target = Target(80, 231)
    places = [place(k, n, target) for k in range(n + 1)]
    for k, seen in enumerate(places):
        below = tail_at_most(k, n, rate)
        above = 1 - tail_at_most(k - 1, n, rate) if k else Fraction(1)
        expected = (
            FAR_BELOW if below < OUTER
            else FAR_ABOVE if above < OUTER
            else BELOW if below < INNER
            else ABOVE if above < INNER
            else WITHIN
        )  # fmt: skip
        assert seen == expected, k
    assert places[17] == ABOVE  # 17 of 31, 54.8 %
    assert set(places) == {FAR_BELOW, BELOW, WITHIN, ABOVE, FAR_ABOVE}


def test_where_nobody_or_everybody_passed_nobody_differs_by_chance():
    assert place(0, 12, Target(0, 40)) == WITHIN
    assert place(1, 12, Target(0, 40)) == FAR_ABOVE
    assert place(12, 12, Target(40, 40)) == WITHIN
    assert limits(12, Target(40, 40)).highest <= 1


@pytest.mark.parametrize(("passed", "of"), [(0, 0), (-1, 3), (4, 3)])
def test_a_target_is_a_share_of_somebody(passed, of):
    with pytest.raises(ValueError, match="no rate"):
        Target(passed, of)
