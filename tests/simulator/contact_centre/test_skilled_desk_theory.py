"""Skills, a reserve, call-backs and a second desk in their steady state against exact theory."""

from dataclasses import replace
from datetime import UTC, datetime
from math import inf

import numpy as np
import pytest

from simulator.contact_centre.call_outcomes import join_outcomes
from simulator.contact_centre.call_queue import Desk
from simulator.contact_centre.calls import Calls, FurtherSteps
from simulator.contact_centre.centre import Answered, answer_passed_on
from simulator.contact_centre.skilled_desk import CallBackRules, SkilledDesk, Teams
from tests.simulator.contact_centre.markov_centre import Centre, Exact, solve
from tests.simulator.contact_centre.test_call_queue_theory import (
    QUEUES,
    assert_mean,
    stationary_calls,
)

START = datetime(2026, 2, 2, tzinfo=UTC)
SERVICE = 180.0
CENTRES = {
    "a reserve": Centre(3.0, 4.5, 0, 0, 10, 2, 3.0, 1.5),
    "skills": Centre(2.5, 5.0, 2, 3, 4, 0, 2.0, 1.5),
    "skills and a reserve": Centre(2.5, 4.5, 1, 3, 5, 2, 2.0, 1.0),
}


def test_the_markov_chain_is_erlang_a_where_all_are_shared() -> None:
    """V10 of the published tables: 0.397795 wait, 0.037836 hang up, after 0.075672 on average."""
    found = solve(Centre(0.0, 18.0, 0, 0, 20, 0, 2.0, 2.0))

    assert found == pytest.approx(Exact(0, 0.037836, 0, 0.075672, 0.397795), abs=5e-7)


def calls_to(centre: Centre, calls: int, *, seed: int) -> Calls:
    """Draw calls to both lines."""
    rng = np.random.default_rng(seed)
    rate = centre.calls_999 + centre.calls_101
    line = (rng.random(calls) >= centre.calls_999 / rate).astype(np.int8)
    patience = np.where(line, centre.patience_101, centre.patience_999) * SERVICE
    return Calls(
        at_seconds=np.cumsum(rng.exponential(SERVICE / rate, calls)),
        line=line,
        service_seconds=rng.exponential(SERVICE, calls),
        patience_seconds=rng.exponential(patience),
    )


@pytest.mark.parametrize(
    "calls", [pytest.param(40_000, id="few"), pytest.param(600_000, marks=pytest.mark.proof)]
)
@pytest.mark.parametrize("name", CENTRES)
def test_a_stationary_centre_agrees_with_its_markov_chain(name: str, calls: int) -> None:
    """By line: who hangs up and the mean wait; on 101 who waits at all."""
    centre = CENTRES[name]
    drawn = calls_to(centre, calls, seed=list(CENTRES).index(name))
    teams = Teams(
        only_999=[centre.only_999] * 168,
        only_101=[centre.only_101] * 168,
        shared=[centre.shared] * 168,
    )
    desk = SkilledDesk(teams=teams, start=START, reserve=centre.reserve)

    answered = join_outcomes(desk.run(drawn), desk.finish())

    expected, urgent = solve(centre), drawn.line == 0
    waits = answered.wait_seconds / SERVICE
    assert_mean(answered.abandoned[urgent], expected.abandoned_999, "999 abandoned")
    assert_mean(answered.abandoned[~urgent], expected.abandoned_101, "101 abandoned")
    assert_mean(waits[urgent], expected.wait_999, "999 wait")
    assert_mean(waits[~urgent], expected.wait_101, "101 wait")
    assert_mean(waits[~urgent] > 0, expected.waits_101, "101 waits at all")


def with_call_backs(calls: Calls, accepts: np.typing.NDArray[np.bool_]) -> Calls:
    """Let some callers accept a call back and pick up at once."""
    steps = FurtherSteps.none_of(len(calls))
    return replace(calls, further=replace(steps, picks_up_at=accepts.astype(np.int8)))


def test_call_backs_offered_at_once_wait_as_cobham_says() -> None:
    """Patient callers of V3: 999, then 101, then those rung back: three classes of one queue.

    W = C s/n / ((1 - rho of those before) (1 - rho with their own)), for each class.
    """
    queue = QUEUES["V3 Erlang-C"]
    calls = stationary_calls(queue, seed=21, share_999=0.3)
    accepts = (np.random.default_rng(22).random(len(calls)) < 0.6) & (calls.line == 1)
    rules = CallBackRules(
        offered_after_seconds=0, attempts_max=1, attempt_seconds=0, retry_seconds=0
    )
    desk = SkilledDesk(teams=Teams(shared=[queue.handlers] * 168), start=START, call_backs=rules)

    answered = join_outcomes(desk.run(with_call_backs(calls, accepts)), desk.finish())
    back = desk.call_backs()

    waits = answered.wait_seconds.copy()
    assert not waits[back.call].any()
    waits[back.call] = back.wait_seconds
    assert back.reached.all()
    load = queue.calls_a_second * queue.service / queue.handlers
    after_999, after_101 = 0.3 * load, (0.3 + 0.7 * 0.4) * load
    common = queue.waits_share * queue.service / queue.handlers
    urgent = calls.line == 0
    assert_mean(waits[urgent], common / (1 - after_999), "999")
    rest = ~urgent & ~accepts
    assert_mean(waits[rest], common / ((1 - after_999) * (1 - after_101)), "101")
    assert_mean(waits[accepts], common / ((1 - after_101) * (1 - load)), "call-backs")


def test_two_stages_are_two_queues_as_burke_says() -> None:
    """Operators of V3 pass on 40%: to a second queue of its own that is Erlang C too.

    What leaves a stationary M/M/n queue is Poisson (Burke 1956). At the second desk 40 calls in 30
    minutes, 6 minutes each, meet 10 people: a load of 8, Erlang C 0.4092, a mean wait of 73.66 s.
    """
    queue = QUEUES["V3 Erlang-C"]
    calls = stationary_calls(queue, seed=31)
    rng = np.random.default_rng(32)
    passes = rng.random(len(calls)) < 0.4
    steps = FurtherSteps(
        picks_up_at=np.zeros(len(calls), dtype=np.int8),
        second_seconds=np.where(passes, rng.exponential(360, len(calls)), 0.0),
        second_patience_seconds=np.full(len(calls), inf),
    )
    calls = replace(calls, further=steps)
    desk = Desk(roster=[queue.handlers] * 168, start=START)
    outcomes = join_outcomes(desk.run(calls), desk.finish())
    first = Answered(calls=calls, outcomes=outcomes, redials=desk.redials())

    second = answer_passed_on(first, Desk(roster=[10] * 168, start=START))

    assert_mean(outcomes.wait_seconds, queue.wait_mean, "operators")
    assert len(second.calls) == passes.sum()
    waits = second.outcomes.wait_seconds
    assert_mean(waits > 0, erlang_c(8.0, 10), "share that waits at the second desk")
    assert_mean(waits, erlang_c(8.0, 10) * 360 / (10 - 8.0), "mean wait at the second desk")


def erlang_c(load: float, handlers: int) -> float:
    """Give the share who wait, from Erlang B's recursion."""
    blocked = 1.0
    for each in range(1, handlers + 1):
        blocked = load * blocked / (each + load * blocked)
    return blocked / (1 - load / handlers * (1 - blocked))


def test_erlang_c_is_the_published_one() -> None:
    """V3 and V5 of the tables, and the second desk's."""
    assert erlang_c(10.0, 14) == pytest.approx(0.1741319, abs=1e-7)
    assert erlang_c(123.0, 132) == pytest.approx(0.3211161792617074)
    assert erlang_c(8.0, 10) == pytest.approx(0.4092, abs=5e-5)
