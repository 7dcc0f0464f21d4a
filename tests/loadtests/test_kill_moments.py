"""The moments of the kills: drawn from a seed, of all kinds, some of them in a recovery."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from loadtests.kill_moments import RECOVERING_EVERY, kill_moments
from simulator.streams import Streams


@given(kills=st.integers(1, 120), seed=st.integers(0, 2**32), portals=st.integers(1, 4))
def test_one_seed_gives_one_list_of_moments(kills: int, seed: int, portals: int) -> None:
    """One seed gives the same moments again, and fewer kills are the first of them."""
    drawn = kill_moments(kills, portals=portals, streams=Streams(seed))

    assert drawn == kill_moments(kills, portals=portals, streams=Streams(seed))
    assert drawn == kill_moments(kills + 3, portals=portals, streams=Streams(seed))[:kills]
    assert len(drawn) == kills
    assert all(0 <= each.portal < portals and each.count >= 1 for each in drawn)


@given(seed=st.integers(0, 2**32))
def test_five_kills_are_of_every_ordinary_kind(seed: int) -> None:
    """Even five kills hit while events come in, while messages go out, and in between."""
    kinds = {each.after for each in kill_moments(5, portals=1, streams=Streams(seed))}

    assert kinds == {"accepted", "arrived", "answered", "nothing"}


def test_some_kills_hit_a_portal_that_recovers() -> None:
    """Recovery from a crash must itself survive a crash."""
    kinds = Counter(each.after for each in kill_moments(50, portals=1, streams=Streams(1)))

    assert kinds["asked"] == 50 // RECOVERING_EVERY


def test_seeds_differ() -> None:
    """Another seed kills at other moments."""
    assert kill_moments(5, portals=1, streams=Streams(1)) != kill_moments(
        5, portals=1, streams=Streams(2)
    )
