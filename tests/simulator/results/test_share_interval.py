"""The 95% interval of a share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.results.share_interval import wilson


def test_wilsons_interval_is_the_published_one() -> None:
    """Newcombe (1998), table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for part, whole, low, high in (
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):  # fmt: skip
        found = wilson(part / whole, whole)
        assert found == pytest.approx((low, high), abs=0.0001)


@given(whole=st.integers(1, 100_000), part=st.integers(0, 100_000))
def test_an_interval_has_its_share_and_is_of_shares(whole: int, part: int) -> None:
    """The share that was seen lies within its interval, and the interval within 0 and 1."""
    share = min(part, whole) / whole
    low, high = wilson(share, whole)

    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    assert low < high
