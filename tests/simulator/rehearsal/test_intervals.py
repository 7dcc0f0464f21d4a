"""Intervals are those of Student's t, and the warm-up audit finds where a series settles."""

import numpy as np
import pytest

from simulator.rehearsal.intervals import (
    counted_interval,
    estimate,
    scaled,
    share_span,
    t_quantile,
    warm_up_needed,
)


@pytest.mark.parametrize(
    ("degrees", "point"),
    [(1, 12.7062), (5, 2.5706), (12, 2.1788), (13, 2.1604), (30, 2.0423), (120, 1.9799)],
)
def test_quantiles_are_the_tables(degrees: int, point: float) -> None:
    """97.5% points as printed in any table of Student's t."""
    assert t_quantile(degrees) == pytest.approx(point, abs=2e-4)


def test_an_interval_of_known_numbers() -> None:
    """Of 1, 2 and 3 the mean is 2, give or take 4.3027 / sqrt(3)."""
    found = estimate([1, 2, 3])

    assert found.mean == 2
    assert found.half_width == pytest.approx(4.3027 / 3**0.5)


def test_an_interval_ends_where_the_number_cannot_be() -> None:
    """Of 0 and 4 people ± would be from -23 on: it is from 0 on, and its other end stays."""
    whole, cut = estimate([0, 4]), estimate([0, 4], least=0.0)

    assert whole.low < -23
    assert (cut.mean, cut.low, cut.high) == (2, 0, whole.high)
    assert whole.is_even
    assert not cut.is_even
    assert estimate([0.5, 0.9], least=0.0, most=1.0).high == 1


def test_a_count_of_few_years_is_in_as_many_intervals_that_end_at_0() -> None:
    """Of 4,000 plans of 3 years, each of a rare count, 93% or more hold the true mean."""
    rng = np.random.default_rng(3)
    years = rng.gamma(4, 20 / 4, (4000, 3))
    found = [estimate(each, least=0.0) for each in years.tolist()]

    assert any(each.low == 0 for each in found)
    assert all(each.low >= 0 for each in found)
    assert sum(each.low <= 20 <= each.high for each in found) / 4000 >= 0.93


def test_one_number_has_no_interval() -> None:
    """It is all that is known."""
    found = estimate([4.0])

    assert (found.low, found.high) == (4.0, 4.0)


def test_a_share_has_an_interval_from_how_its_weeks_differ() -> None:
    """1 of 100 and 3 of 100: 2%, give or take 12.7062 sqrt(2 * (1 + 1)) / 200, from 0 on."""
    assert share_span([(1, 100), (3, 100)]) == pytest.approx((0.0, 0.02 + 12.7062 * 2 / 200))
    assert share_span([(2, 100), (4, 200), (6, 300)]) == pytest.approx((0.02, 0.02))
    assert share_span([(1, 100)]) is None
    assert share_span([(0, 0), (0, 0)]) is None


def test_intervals_of_shares_cover_95_in_100() -> None:
    """Of 2,000 quarters whose weeks are differently busy, 93 to 97% hold the true share."""
    rng = np.random.default_rng(2)
    calls = rng.poisson(7000, (2000, 13))
    lost = rng.poisson(calls * 0.02 * rng.gamma(10, 1 / 10, (2000, 13)))
    covered = 0
    for row in zip(lost.tolist(), calls.tolist(), strict=True):
        span = share_span(list(zip(*row, strict=True)))
        assert span is not None
        covered += span[0] <= 0.02 <= span[1]

    assert 0.93 <= covered / 2000 <= 0.97


def test_intervals_of_normal_numbers_cover_95_in_100() -> None:
    """Of 2,000 intervals of ten numbers each, 93 to 97% hold the true mean."""
    draws = np.random.default_rng(1).normal(3.0, 2.0, (2000, 10))

    covered = [each.low <= 3.0 <= each.high for each in map(estimate, draws.tolist())]

    assert 0.93 <= np.mean(covered) <= 0.97


def test_a_series_that_rises_and_settles_needs_its_rise_left_out() -> None:
    """Five weeks of rise are left out, and none of a series that is level."""
    level = [10.0, 10.1, 9.9, 10.0, 10.2, 9.8] * 5

    assert warm_up_needed([1.0, 3.0, 5.0, 7.0, 9.0, *level]) == 5
    assert warm_up_needed(level) <= 1


def test_a_count_has_the_exact_interval_of_poisson() -> None:
    """As in the tables of Garwood (1936), and also of nothing counted."""
    for counted, low, high in ((0, 0.0, 3.689), (1, 0.0253, 5.572), (14, 7.654, 23.490)):
        found = counted_interval(counted)
        assert found[0] == pytest.approx(low, abs=0.001)
        assert found[1] == pytest.approx(high, abs=0.001)


def test_the_interval_of_a_large_count_is_nearly_normal() -> None:
    """Within a few of the count, give or take 1.96 times its root."""
    low, high = counted_interval(20_000)

    assert low == pytest.approx(20_000 - 1.96 * 20_000**0.5, abs=3)
    assert high == pytest.approx(20_000 + 1.96 * 20_000**0.5, abs=4)


def test_a_count_of_a_share_stands_for_all() -> None:
    """The count and both ends of its interval are divided by the share."""
    found = scaled(14, 0.005)

    assert (found.counted, found.full_volume) == (14, 2800.0)
    assert (found.low, found.high) == (1530.8, 4697.9)
