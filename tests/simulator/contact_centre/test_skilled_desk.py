"""The desk with skills, a reserve and call-backs: against a plain centre, by hand, at extremes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.contact_centre.call_outcomes import CallOutcomes, Redials, join_outcomes
from simulator.contact_centre.call_queue import Desk
from simulator.contact_centre.calls import Calls, FurtherSteps
from simulator.contact_centre.skilled_desk import CallBackRules, SkilledDesk, Teams
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
