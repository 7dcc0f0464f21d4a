"""The desk with skills, a reserve and call-backs: against a plain centre, by hand, at extremes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.contact_centre.call_outcomes import CallOutcomes, Redials, join_outcomes
from simulator.contact_centre.call_queue import Desk
from simulator.contact_centre.calls import Calls, FurtherSteps
from simulator.contact_centre.skilled_desk import CallBackRules, SkilledDesk, Teams
from simulator.errors import BadInput
from tests.simulator.contact_centre.plain_centre import (
    ONLY_101,
    ONLY_999,
    SHARED,
    Person,
    PlainCentre,
)
from tests.simulator.contact_centre.test_call_queue import (
    STEP,
    Row,
    calls_of,
    in_redials,
    rows_of_calls,
    staff,
    with_redials,
)

MONDAY = datetime(2026, 2, 2, tzinfo=UTC)
RULES = CallBackRules(
    offered_after_seconds=600, attempts_max=3, attempt_seconds=300, retry_seconds=900
)
Outcome = tuple[int, bool, float, float, str, float, int]


def with_call_backs(calls: Calls, picks_up_at: Sequence[int]) -> Calls:
    """Add to each call the attempt at which its caller picks up; 0 declines."""
    steps = FurtherSteps.none_of(len(calls))
    return replace(calls, further=replace(steps, picks_up_at=np.array(picks_up_at, dtype=np.int8)))


def outcomes_of(calls: Calls, desk: SkilledDesk, edges: Sequence[int]) -> list[Outcome]:
    """Answer the calls in several runs; give each attempt as a plain centre's are given."""
    first = join_outcomes(*[desk.run(calls[a:b]) for a, b in pairwise(edges)], desk.finish())
    again, back = desk.redials(), desk.call_backs()
    assert first.call.tolist() == list(range(len(calls)))
    called = {
        call: ("called back" if reached else "given up", wait, attempts)
        for call, wait, attempts, reached in zip(
            back.call.tolist(),
            back.wait_seconds.tolist(),
            back.attempts.tolist(),
            back.reached.tolist(),
            strict=True,
        )
    }
    found: list[Outcome] = []
    for part, at_seconds, is_redial in (
        (first, calls.at_seconds, False),
        (again, again.at_seconds, True),
    ):
        for call, at, wait, gone in zip(
            part.call.tolist(),
            at_seconds.tolist(),
            part.wait_seconds.tolist(),
            part.abandoned.tolist(),
            strict=True,
        ):
            plain = ("hung up" if gone else "answered", 0.0, 0)
            rest = plain if is_redial else called.get(call, plain)
            found.append((call, is_redial, at, wait, *rest))
    return sorted(found)


def outcomes_of_plain(calls: Calls, centre: PlainCentre) -> list[Outcome]:
    """Let a plain centre answer the same calls."""
    steps = calls.further or FurtherSteps.none_of(len(calls))
    columns = (
        calls.line,
        calls.at_seconds,
        calls.service_seconds,
        calls.patience_seconds,
        calls.redials,
        calls.redial_seconds,
        steps.picks_up_at,
    )
    people = [
        Person(number, *row)
        for number, row in enumerate(zip(*(each.tolist() for each in columns), strict=True))
    ]
    return sorted(
        (
            each.call,
            each.is_redial,
            each.at,
            each.wait,
            each.ended,
            each.due if each.attempts else 0.0,
            each.attempts,
        )
        for each in centre.answer(people)
    )


def plain(teams: Teams, reserve: int, rules: CallBackRules | None) -> PlainCentre:
    """Make a plain centre with the same rosters and rules."""
    rosters = {ONLY_999: teams.only_999, ONLY_101: teams.only_101, SHARED: teams.shared}
    by_half_hour = {
        team: roster if len(roster) == 336 else [each for each in roster for _half in range(2)]
        for team, roster in rosters.items()
    }
    if rules is None:
        return PlainCentre(rosters=by_half_hour, reserve=reserve)
    return PlainCentre(
        rosters=by_half_hour,
        reserve=reserve,
        offered_after=rules.offered_after_seconds,
        attempts_max=rules.attempts_max,
        attempt_seconds=rules.attempt_seconds,
        retry_seconds=rules.retry_seconds,
    )


# --- Functionality: what holds for all inputs ---


@given(data=st.data(), rows=rows_of_calls, handlers=staff)
@settings(deadline=None)
def test_with_everybody_shared_it_is_the_plain_desk(
    data: st.DataObject, rows: list[Row], handlers: list[int]
) -> None:
    """No skills, no reserve, no call-backs: every call and redial ends as at a `Desk`."""
    redials = data.draw(st.lists(in_redials, min_size=len(rows), max_size=len(rows)))
    calls = with_redials(rows, redials)
    desks = (
        Desk(roster=handlers, start=MONDAY),
        SkilledDesk(teams=Teams(shared=handlers), start=MONDAY),
    )

    ours, skilled = (
        (join_outcomes(desk.run(calls), desk.finish()), desk.redials()) for desk in desks
    )

    pairs: list[tuple[CallOutcomes | Redials, CallOutcomes | Redials]]
    pairs = [(ours[0], skilled[0]), (ours[1], skilled[1])]
    for a, b in pairs:
        assert b.call.tolist() == a.call.tolist()
        assert b.wait_seconds.tolist() == a.wait_seconds.tolist()
        assert b.abandoned.tolist() == a.abandoned.tolist()
    assert skilled[1].at_seconds.tolist() == ours[1].at_seconds.tolist()


few = st.lists(st.integers(0, 2), min_size=8, max_size=8)


@given(data=st.data(), rows=rows_of_calls, cuts=st.lists(st.integers(0, 25), max_size=4))
@settings(deadline=None)
def test_it_agrees_with_a_plain_centre(
    data: st.DataObject, rows: list[Row], cuts: list[int]
) -> None:
    """Whatever the rosters, reserve, redials, call-backs and runs, every call ends the same way."""
    redials = data.draw(st.lists(in_redials, min_size=len(rows), max_size=len(rows)))
    calls = with_call_backs(
        with_redials(rows, redials),
        data.draw(st.lists(st.integers(0, 4), min_size=len(rows), max_size=len(rows))),
    )
    reserve = data.draw(st.integers(0, 2))
    teams = Teams(
        shared=[*data.draw(few), *[3] * 328],
        only_999=[*data.draw(few), *[1] * 328],
        only_101=[*data.draw(few), *[1] * 328],
    )
    rules = data.draw(
        st.none()
        | st.builds(
            CallBackRules,
            offered_after_seconds=st.integers(0, 4).map(lambda steps: steps * STEP),
            attempts_max=st.integers(1, 3),
            attempt_seconds=st.integers(0, 2).map(lambda steps: steps * STEP),
            retry_seconds=st.integers(1, 4).map(lambda steps: steps * STEP),
        )
    )
    desk = SkilledDesk(teams=teams, start=MONDAY, reserve=reserve, call_backs=rules)
    edges = [0, *sorted(min(each, len(rows)) for each in cuts), len(rows)]

    found = outcomes_of(calls, desk, edges)

    assert found == outcomes_of_plain(calls, plain(teams, reserve, rules))


def random_calls(calls: int, *, seed: int) -> Calls:
    """Draw calls of both lines with redials and call-backs, at times that are no whole seconds."""
    rng = np.random.default_rng(seed)
    line = np.where(rng.random(calls) < 0.4, 0, 1).astype(np.int8)
    drawn = Calls(
        at_seconds=np.cumsum(rng.exponential(17, calls)),
        line=line,
        service_seconds=rng.exponential(180, calls),
        patience_seconds=rng.exponential(np.where(line, 400, 900), calls),
        redials=rng.integers(0, 3, calls).astype(np.int8),
        redial_seconds=rng.integers(1, 1800, calls).astype(np.int32),
    )
    return with_call_backs(drawn, rng.integers(0, 5, calls).tolist())


def random_teams(*, seed: int) -> Teams:
    """Draw rosters that change each half-hour."""
    rng = np.random.default_rng(seed)
    return Teams(
        shared=rng.integers(6, 14, 336).tolist(),
        only_999=rng.integers(0, 5, 336).tolist(),
        only_101=rng.integers(0, 6, 336).tolist(),
    )


@pytest.mark.parametrize("calls", [2_000, pytest.param(200_000, marks=pytest.mark.proof)])
def test_many_calls_end_as_at_a_plain_centre(calls: int) -> None:
    """0 differences: redials, call-backs and all, with skills, a reserve and half-hour rosters."""
    drawn, teams = random_calls(calls, seed=calls), random_teams(seed=calls)
    rules = CallBackRules(
        offered_after_seconds=60.5, attempts_max=3, attempt_seconds=45.5, retry_seconds=600.25
    )
    desk = SkilledDesk(teams=teams, start=MONDAY, reserve=2, call_backs=rules)

    found = outcomes_of(drawn, desk, [0, calls // 3, calls])

    expected = outcomes_of_plain(drawn, plain(teams, 2, rules))
    assert {each[4] for each in expected} == {"answered", "hung up", "called back", "given up"}
    assert [a for a, b in zip(found, expected, strict=True) if a != b] == []


# --- By hand ---


def desk_of(
    shared: int = 0,
    only_999: int = 0,
    only_101: int = 0,
    reserve: int = 0,
    rules: CallBackRules | None = None,
) -> SkilledDesk:
    """A desk with the same teams in every hour."""
    teams = Teams(shared=[shared] * 168, only_999=[only_999] * 168, only_101=[only_101] * 168)
    return SkilledDesk(teams=teams, start=MONDAY, reserve=reserve, call_backs=rules)


def waits(calls: Calls, desk: SkilledDesk) -> list[float]:
    """Answer the calls; give how long each waited."""
    found: list[float] = join_outcomes(desk.run(calls), desk.finish()).wait_seconds.tolist()
    return found


def test_a_handler_of_one_line_leaves_the_other_alone() -> None:
    """Two 999 calls wait for one another though a 101 handler is free, and the other way round."""
    calls = calls_of([(0, 0, 100, inf), (1, 0, 100, inf), (2, 1, 100, inf), (3, 1, 100, inf)])

    assert waits(calls, desk_of(only_999=1, only_101=1)) == [0, 99, 0, 99]


def test_a_shared_handler_is_kept_for_whom_nobody_else_can_take() -> None:
    """The 999 handler takes the first 999 call, so the shared one is there for 101."""
    calls = calls_of([(0, 0, 100, inf), (1, 1, 100, inf)])

    assert waits(calls, desk_of(only_999=1, shared=1)) == [0, 0]


def test_101_waits_while_no_more_than_the_reserve_is_free() -> None:
    """Of three handlers one stays free: the third 101 call waits, a 999 call does not."""
    calls = calls_of(
        [(0, 1, 100, inf), (0, 1, 200, inf), (1, 1, 50, inf), (2, 0, 300, inf), (3, 1, 50, inf)]
    )

    # The third caller is answered at 200: one handler is free from 100, and a second only then.
    assert waits(calls, desk_of(shared=3, reserve=1)) == [0, 0, 199, 0, 247]


def test_a_caller_is_rung_back_after_those_on_the_line() -> None:
    """One handler for 1,000 s: who leaves at 600 is rung back after the one who still waits."""
    calls = with_call_backs(
        calls_of([(0, 1, 1000, inf), (0, 1, 60, inf), (700, 1, 300, inf)]), [0, 1, 0]
    )
    desk = desk_of(shared=1, rules=RULES)

    assert waits(calls, desk) == [0, 600, 300]
    back = desk.call_backs()
    assert (back.call.tolist(), back.asked_at_seconds.tolist()) == ([1], [600])
    # Answered at 1,000 for 300 s, so the call back is made at 1,300.
    assert back.wait_seconds.tolist() == [700]
    assert back.reached.tolist() == [True]


def test_an_attempt_in_vain_takes_time_and_is_repeated() -> None:
    """At 1,000 and at 2,200 nobody picks up, for 300 s each; a caller at 2,300 waits for that."""
    calls = with_call_backs(
        calls_of([(0, 1, 1000, inf), (0, 1, 60, inf), (2300, 0, 10, inf)]), [0, 3, 0]
    )
    desk = desk_of(shared=1, rules=RULES)

    assert waits(calls, desk) == [0, 600, 200]
    back = desk.call_backs()
    assert back.attempts.tolist() == [3]
    # The third attempt is at 2,500 + 900.
    assert back.wait_seconds.tolist() == [3400 - 600]


def test_after_the_last_attempt_a_call_back_is_given_up() -> None:
    """Who would pick up at a fourth attempt is not reached in three."""
    calls = with_call_backs(calls_of([(0, 1, 1000, inf), (0, 1, 60, inf)]), [0, 4])
    desk = desk_of(shared=1, rules=RULES)
    outcomes = join_outcomes(desk.run(calls), desk.finish())

    assert not outcomes.abandoned.any()
    assert desk.call_backs().reached.tolist() == [False]
    assert desk.call_backs().attempts.tolist() == [3]


def test_nobody_is_rung_back_who_hangs_up_before_the_offer() -> None:
    """With less patience than ten minutes a caller hangs up, and 999 callers are offered none."""
    calls = with_call_backs(
        calls_of([(0, 1, 1000, inf), (0, 1, 60, 599), (0, 0, 60, 700)]), [1, 1, 1]
    )
    desk = desk_of(shared=1, rules=RULES)
    outcomes = join_outcomes(desk.run(calls), desk.finish())

    assert outcomes.abandoned.tolist() == [False, True, True]
    assert len(desk.call_backs()) == 0


# --- Extreme values and dirty input ---


def test_nobody_calls() -> None:
    """Nothing comes of no calls."""
    desk = desk_of(shared=1, rules=RULES)

    assert waits(calls_of([]), desk) == []
    assert len(desk.call_backs()) == len(desk.redials()) == 0


def test_the_patient_are_answered_when_somebody_comes() -> None:
    """Nobody is on duty but in the last half-hour of the week: all wait for that."""
    teams = Teams(shared=[*[0] * 335, 9])
    desk = SkilledDesk(teams=teams, start=MONDAY)
    calls = calls_of([(each, each % 2, 60, inf) for each in range(9)])

    assert waits(calls, desk) == [335 * 1800 - each for each in range(9)]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: desk_of(only_101=5), "teams: nobody ever answers 999; put a shared or a 999"),
        (lambda: desk_of(only_999=5), "teams: nobody ever answers 101 while 0 shared handlers"),
        (lambda: desk_of(shared=3, reserve=3), "nobody ever answers 101 while 3 shared handlers"),
        (lambda: desk_of(shared=3, reserve=-1), "reserve: -1; give 0 or more handlers"),
        (lambda: desk_of(shared=-3), "shared: -3 at hour 0; give 0 to 10,000"),
    ],
)
def test_teams_that_leave_a_line_alone_are_refused(make: Callable[[], object], words: str) -> None:
    """An endless queue is refused before it begins, with the fix."""
    with pytest.raises(BadInput, match=words):
        make()
