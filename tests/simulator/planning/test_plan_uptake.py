"""The uptake from which a plan gains: between the shares that were run, and never beyond them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.planning.plan_uptake import break_even, gains_from

SHARES = (0.0, 0.1, 0.5, 1.0)
NETS = st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4)


@given(slope=st.floats(1, 1e6), even=st.floats(0.001, 0.999))
def test_where_each_person_saves_as_much_it_is_found_exactly(slope: float, even: float) -> None:
    """A straight line crosses 0 where it does, whichever shares were run."""
    found = gains_from(SHARES, [slope * (share - even) for share in SHARES])

    assert found == pytest.approx(even, abs=1e-9)


@given(nets=NETS)
def test_from_there_on_every_share_gains(nets: list[float]) -> None:
    """No share above it loses, and the one below it does; None where the last one loses."""
    found = gains_from(SHARES, nets)

    if found is None:
        assert nets[-1] <= 0
        return
    assert 0 <= found <= 1
    assert all(net > 0 for share, net in zip(SHARES, nets, strict=True) if share > found)


@given(nets=NETS, more=st.floats(0, 1e6))
def test_what_saves_more_breaks_even_no_later(nets: list[float], more: float) -> None:
    """As much more at every share moves the break-even down, or leaves it."""
    found = gains_from(SHARES, nets)
    assume(found is not None)
    better = gains_from(SHARES, [each + more for each in nets])

    assert found is not None
    assert better is not None
    assert better <= found + 1e-9


def test_the_interval_is_of_the_years() -> None:
    """Each year has its own; a year that never gains takes the interval away, and is counted."""
    early, late, never = [-1, 0, 4, 9], [-4, -4, 4, 9], [-9, -9, -9, -1]

    both = break_even("calls", SHARES, [early, late])
    assert both.share is not None
    assert both.share.mean == pytest.approx((0.1 + 0.3) / 2)
    assert both.share.low < 0.1
    assert both.share.high > 0.3
    assert (both.years, both.years_never) == (2, 0)
    one_less = break_even("calls", SHARES, [early, late, never])
    assert one_less.share is None
    assert (one_less.years, one_less.years_never) == (3, 1)
