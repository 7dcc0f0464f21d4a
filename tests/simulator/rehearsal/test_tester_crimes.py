"""Testers' crimes are from their weeks; some have a second victim, from no other crime."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.rehearsal.rollout import read_rollout
from simulator.rehearsal.tester_crimes import FollowedCrimes, pick_crimes
from simulator.streams import Streams
from tests.simulator.real_files import ROLLOUT

TESTERS = read_rollout(ROLLOUT).testers


def picked(
    crimes: int, *, a_week: float, second: float, seed: int = 1, everybody_shares: bool = False
) -> FollowedCrimes:
    """Pick from crimes of which every third is not from these weeks."""
    testers = structs.replace(
        TESTERS,
        people=structs.replace(TESTERS.people, value=2),
        crimes_a_week_each=structs.replace(TESTERS.crimes_a_week_each, value=a_week / 2),
        second_victim=structs.replace(TESTERS.second_victim, value=second),
    )
    there = np.arange(crimes) % 3 != 2
    return pick_crimes(
        "a test", there, 2, testers, Streams(seed), lambda _one, _other: everybody_shares
    )


@given(
    crimes=st.integers(0, 200),
    a_week=st.floats(0, 60),
    second=st.floats(0, 1),
    seed=st.integers(0, 2**32),
)
def test_nobody_is_two_people(crimes: int, a_week: float, second: float, seed: int) -> None:
    """Rows are from the weeks, each once, in order; a second victim has no crime of their own."""
    found = picked(crimes, a_week=a_week, second=second, seed=seed)
    rows, people = found.rows.tolist(), list(found.beside.values())

    assert rows == sorted(set(rows))
    assert len(rows) == min(int(a_week * 2), sum(each % 3 != 2 for each in range(crimes)))
    assert set(found.beside) <= set(rows)
    assert len(set(people)) == len(people)
    assert not set(people) & set(rows)
    assert not any(each % 3 == 2 for each in [*rows, *people])


def test_as_many_have_a_second_victim_as_is_said() -> None:
    """None, all, or about the share; never two that share an address."""
    assert picked(900, a_week=100, second=0).beside == {}
    assert len(picked(900, a_week=100, second=1).beside) == 200
    assert 30 < len(picked(900, a_week=100, second=0.25).beside) < 75
    assert picked(900, a_week=100, second=1, everybody_shares=True).beside == {}


def test_without_people_left_there_is_no_second_victim() -> None:
    """All crimes of the weeks are the testers' own."""
    assert picked(30, a_week=100, second=1).beside == {}
