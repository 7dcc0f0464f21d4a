"""Rows of published tables with skills, a reserve, call-backs and half-hours switched on.

Where only 101 is called, n handlers for 101 alone are a queue of n; so are n shared ones beside a
reserve; and where all callers accept a call back at once, those rung back wait as they would have.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from math import inf

import numpy as np
import pytest

from simulator.contact_centre.call_desk import CallDesk
from simulator.contact_centre.call_outcomes import CallOutcomes, join_outcomes
from simulator.contact_centre.call_queue import Desk
from simulator.contact_centre.calls import Calls, FurtherSteps
from simulator.contact_centre.skilled_desk import CallBackRules, SkilledDesk, Teams
from tests.simulator.contact_centre.test_call_queue_theory import (
    QUEUES,
    Queue,
    assert_mean,
    stationary_calls,
)

START = datetime(2026, 2, 2, tzinfo=UTC)
RESERVE = 5
#: V5 is a test of a published package: of a load of 123 on 132 handlers so many wait.
ROWS = QUEUES | {
    "V5 Erlang-C": Queue(
        132, 123 / 60, 60, inf, 0.3211161793, 0.0, 0.3211161793 * 60 / (132 - 123), 900_000
    )
}
#: Erlang-B: load, handlers, share lost (V6: tests of published packages). Nobody has any patience.
LOST = [
    (5.0, 1, 0.8333333),
    (5.0, 10, 0.018384570),
    (20.0, 10, 0.5379631686),
    (123.0, 132, 0.0312428),
    (200.0, 190, 0.0886968437),
]


def plain(handlers: int) -> CallDesk:
    """The quick desk, by half-hour."""
    return Desk(roster=[handlers] * 336, start=START)


def skilled(handlers: int) -> CallDesk:
    """All for 101 alone; one for 999, whom nobody calls."""
    teams = Teams(shared=[0] * 336, only_999=[1] * 336, only_101=[handlers] * 336)
    return SkilledDesk(teams=teams, start=START)


def reserved(handlers: int) -> CallDesk:
    """All shared, and five more who stay free for 999."""
    teams = Teams(shared=[handlers + RESERVE] * 336)
    return SkilledDesk(teams=teams, start=START, reserve=RESERVE)


DESKS: dict[str, Callable[[int], CallDesk]] = {
    "plain": plain,
    "skilled": skilled,
    "reserved": reserved,
}


def answer(desk: CallDesk, calls: Calls) -> CallOutcomes:
    """Answer all calls."""
    return join_outcomes(desk.run(calls), desk.finish())


@pytest.mark.parametrize("desk", DESKS)
@pytest.mark.parametrize(("load", "handlers", "share"), LOST)
def test_who_finds_nobody_free_is_lost_as_erlang_b_says(
    load: float, handlers: int, share: float, desk: str
) -> None:
    """With no patience a call is answered at once or never."""
    queue = Queue(handlers, load / 60, 60, inf, share, share, 0.0, calls=60_000)
    calls = stationary_calls(queue, seed=round(load) + handlers)
    calls = replace(calls, patience_seconds=np.zeros(len(calls)))

    answered = answer(DESKS[desk](handlers), calls)

    assert_mean(answered.abandoned, share, "lost")
    assert not answered.wait_seconds.any()


@pytest.mark.proof
@pytest.mark.parametrize("desk", DESKS)
@pytest.mark.parametrize("name", ROWS)
def test_every_row_holds_with_skills_and_with_a_reserve(name: str, desk: str) -> None:
    """Who waits, who hangs up, and the mean wait are those of the exact model, |z| at most 3.5."""
    queue = ROWS[name]
    calls = stationary_calls(queue, seed=100 + list(ROWS).index(name))

    answered = answer(DESKS[desk](queue.handlers), calls)

    if not np.isnan(queue.waits_share):
        assert_mean(answered.wait_seconds > 0, queue.waits_share, "share that waits")
    assert_mean(answered.abandoned, queue.abandoned_share, "abandoned")
    assert_mean(answered.wait_seconds, queue.wait_mean, "mean wait")


@pytest.mark.parametrize(
    "name", ["V3 Erlang-C", pytest.param("V2 Erlang-C", marks=pytest.mark.proof)]
)
def test_where_all_are_rung_back_each_waits_as_erlang_c_says(name: str) -> None:
    """Offered at once, accepted by all, picked up at the first attempt: the same queue."""
    queue = QUEUES[name]
    calls = stationary_calls(queue, seed=120)
    steps = replace(FurtherSteps.none_of(len(calls)), picks_up_at=np.ones(len(calls), np.int8))
    rules = CallBackRules(
        offered_after_seconds=0, attempts_max=1, attempt_seconds=0, retry_seconds=0
    )
    teams = Teams(shared=[queue.handlers] * 336)
    desk = SkilledDesk(teams=teams, start=START, call_backs=rules)

    answered = answer(desk, replace(calls, further=steps))
    back = desk.call_backs()

    waits = answered.wait_seconds.copy()
    waits[back.call] = back.wait_seconds
    assert_mean(waits > 0, queue.waits_share, "share that waits")
    assert_mean(waits, queue.wait_mean, "mean wait")
    plainly = answer(plain(queue.handlers), calls)
    assert np.abs(waits - plainly.wait_seconds).max() < 1e-6


#: V1 and V2 of Gans, Koole and Mandelbaum (2003): the wait that one call in ten exceeds.
LONG_WAITS = {"V1 Erlang-A": 12.4446, "V2 Erlang-C": 58.139}


@pytest.mark.proof
@pytest.mark.parametrize("name", LONG_WAITS)
def test_one_call_in_ten_waits_longer_than_printed(name: str) -> None:
    """The 90% point of all callers' waits; in V1 also 2.7136% wait longer than 20 s."""
    queue = QUEUES[name]
    calls = stationary_calls(queue, seed=140)

    answered = answer(reserved(queue.handlers), calls)

    assert_mean(answered.wait_seconds > LONG_WAITS[name], 0.1, "longer than the 90% point")
    if queue.patience < inf:
        assert_mean(answered.wait_seconds > 20, 0.027136, "longer than 20 s")


@pytest.mark.proof
@pytest.mark.parametrize("desk", DESKS)
def test_thirty_callers_are_there_as_often_as_published(desk: str) -> None:
    """V7: 28 handlers, a call every 10 s, of four minutes, patience five: pi(30) = 0.0365508672."""
    queue = Queue(28, 0.1, 240, 300, 0.0, 0.0, 0.0, 600_000)
    calls = stationary_calls(queue, seed=150)

    answered = answer(DESKS[desk](28), calls)

    served = np.where(answered.abandoned, 0.0, calls.service_seconds)
    left = np.sort(calls.at_seconds + answered.wait_seconds + served)
    looks = np.arange(0, calls.at_seconds[-1], 20.0)
    there = np.searchsorted(calls.at_seconds, looks) - np.searchsorted(left, looks)
    assert_mean(there == 30, 0.0365508671618836, "30 there")
