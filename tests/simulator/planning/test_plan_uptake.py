"""The uptake from which a plan gains: between the shares that were run, and never beyond them."""

from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.planning.paired_years import OneYear
from simulator.planning.plan_uptake import at_published, break_even, gains_from, share_of
from simulator.planning.variations import UPTAKES, AtUptake
from simulator.rehearsal.intervals import estimate
from simulator.rehearsal.net_benefit import (
    CALLS_SAVED,
    HANDLER_HOURS,
    NET,
    NET_WITHOUT_OTHER_TASKS,
    QUESTION_HOURS,
)

OTHER_HOURS = "Officers' hours spent on its other tasks"
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


def a_year(registered: float, pounds: float) -> OneYear:
    """Give a year in which as many register as would, each for so many pounds."""
    lines = (CALLS_SAVED, HANDLER_HOURS, QUESTION_HOURS, OTHER_HOURS, NET_WITHOUT_OTHER_TASKS)
    benefit = dict.fromkeys(lines, 0.0)
    found = [
        AtUptake(registered * share, {**benefit, NET: pounds * share - 1000}) for share in UPTAKES
    ]
    return cast("OneYear", SimpleNamespace(uptakes=found))


def test_at_the_published_number_each_year_is_read_between_its_shares() -> None:
    """6,000 of 60,000 and of 100,000: a tenth, and six hundredths, of what all would save."""
    found = at_published([a_year(60_000, 1e6), a_year(100_000, 2e6)], 6000)

    assert found is not None
    assert found.registers == pytest.approx(0.08)
    assert found.registered == estimate([6000.0, 6000.0])
    by_hand = estimate([99_000.0, 119_000.0])
    assert found.pounds.mean == pytest.approx(by_hand.mean)
    assert found.pounds.low == pytest.approx(by_hand.low)
    assert found.calls_saved.mean == 0


def test_where_fewer_would_register_there_is_nothing_to_read() -> None:
    """Not in one year of two, and not where no share was run."""
    none_run = cast("OneYear", SimpleNamespace(uptakes=[]))

    assert at_published([a_year(60_000, 1e6), a_year(5999, 1e6)], 6000) is None
    assert at_published([none_run], 6000) is None


@given(
    registered=st.lists(st.integers(1, 100_000), min_size=3, max_size=3, unique=True).map(sorted),
    published=st.integers(1, 100_000),
)
def test_the_share_lies_between_those_about_it(registered: list[int], published: int) -> None:
    """Of growing numbers; None above the last."""
    found = share_of(SHARES, [0, *registered], published)

    assert (found is None) == (published > registered[-1])
    if found is not None:
        place = next(i for i, each in enumerate([0, *registered]) if each >= published)
        assert SHARES[place - 1] <= found <= SHARES[place]
