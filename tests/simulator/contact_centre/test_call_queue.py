"""The desk against an obviously correct one, by hand, at extremes, and with bad input."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.clock import LONDON
from simulator.contact_centre.call_outcomes import CallOutcomes, join_outcomes
from simulator.contact_centre.call_queue import Desk
from simulator.contact_centre.calls import EMERGENCY, NON_EMERGENCY, Calls
from simulator.errors import BadInput

MONDAY = datetime(2026, 2, 2, tzinfo=UTC)
HOUR = 3600
STEP = 300

Row = tuple[int, int, int, int]  # at, line, service, patience: all in seconds


def calls_of(rows: Sequence[Row | tuple[float, int, float, float]]) -> Calls:
    """Turn rows into columns."""
    columns = np.array(rows, dtype=np.float64).reshape(-1, 4).T
    return Calls(
        at_seconds=columns[0],
        line=columns[1].astype(np.int8),
        service_seconds=columns[2],
        patience_seconds=columns[3],
    )


def answer(calls: Calls, roster: Sequence[int], start: datetime = MONDAY) -> CallOutcomes:
    """Answer all calls in one go."""
    desk = Desk(roster=roster, start=start)
    return join_outcomes(desk.run(calls), desk.finish())


def hours_of_week(first: Sequence[int], rest: int = 1) -> list[int]:
    """Staff the first hours of a week, and the rest alike."""
    return [*first, *[rest] * (168 - len(first))]


# --- Functionality: what holds for all inputs ---

in_steps = st.integers(min_value=0, max_value=12).map(lambda steps: steps * STEP)
rows_of_calls = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=36).map(lambda steps: steps * STEP),
        st.sampled_from([EMERGENCY, NON_EMERGENCY]),
        in_steps,
        in_steps,
    ),
    max_size=25,
).map(sorted)
staff = st.lists(st.integers(min_value=0, max_value=3), min_size=4, max_size=4).map(hours_of_week)


def plain_answers(rows: Sequence[Row], handlers: Sequence[int]) -> list[tuple[int, bool]]:
    """A desk without a heap or a shortcut: every five minutes, look at everything."""
    settled: dict[int, tuple[int, bool]] = {}
    free_at: list[int] = []
    waiting: list[int] = []
    now = 0
    while len(settled) < len(rows):
        if now % HOUR == 0:
            wanted = handlers[now // HOUR % 168]
            free_at += [now] * (wanted - len(free_at))
            while len(free_at) > wanted:
                free_at.remove(min(free_at))
        waiting += [each for each, row in enumerate(rows) if row[0] == now]
        while waiting and min(free_at, default=now + 1) <= now:
            caller = min(waiting, key=lambda each: (rows[each][1], each))
            at, _line, service, patience = rows[caller]
            waiting.remove(caller)
            settled[caller] = (min(patience, now - at), patience < now - at)
            if patience >= now - at:
                free_at.remove(min(free_at))
                free_at.append(now + service)
        now += STEP
    return [settled[each] for each in range(len(rows))]


@given(rows=rows_of_calls, handlers=staff)
@settings(deadline=None)
def test_a_desk_agrees_with_a_simple_desk(rows: list[Row], handlers: list[int]) -> None:
    """Every wait and hang-up is that of a desk that looks at everything every five minutes."""
    answered = answer(calls_of(rows), handlers)

    waits = answered.wait_seconds.tolist()
    assert plain_answers(rows, handlers) == list(
        zip(waits, answered.abandoned.tolist(), strict=True)
    )


def with_redials(rows: Sequence[Row], redials: Sequence[tuple[int, int]]) -> Calls:
    """Add to each call how often its caller rings again, and after how many seconds."""
    times, gaps = np.array(redials).T if redials else ((), ())
    return replace(
        calls_of(rows),
        redials=np.array(times, dtype=np.int8),
        redial_seconds=np.array(gaps, dtype=np.int32),
    )


Attempt = tuple[int, int, int, bool]  # first call, at, wait, hung up


def plain_attempts(
    rows: Sequence[Row], redials: Sequence[tuple[int, int]], handlers: Sequence[int]
) -> list[Attempt]:
    """The simple desk, where a caller who has hung up rings again: every attempt, by time."""
    attempts = [(call, row[0], redials[call][0]) for call, row in enumerate(rows)]
    settled: dict[int, tuple[int, bool]] = {}
    answered: set[int] = set()
    free_at: list[int] = []
    waiting: list[int] = []
    now = 0
    last = 0
    while len(settled) < len(attempts) or now <= last:
        if now % HOUR == 0:
            wanted = handlers[now // HOUR % 168]
            free_at += [now] * (wanted - len(free_at))
            while len(free_at) > wanted:
                free_at.remove(min(free_at))
        ringing = [each for each, (_, at, _) in enumerate(attempts) if at == now]
        by_time = sorted(range(len(attempts)), key=lambda each: (attempts[each][1], each))
        for each in by_time:
            call, at, left = attempts[each]
            again_at = at + rows[call][3] + redials[call][1]
            last = max(last, again_at if left else 0)
            if left and each not in answered and again_at == now:
                attempts.append((call, now, left - 1))
                ringing.append(len(attempts) - 1)
        for caller in ringing:
            # One after another: a free handler answers whoever rings while nobody waits.
            is_waited = any(now - attempts[e][1] <= rows[attempts[e][0]][3] for e in waiting)
            if is_waited or min(free_at, default=now + 1) > now:
                waiting.append(caller)
                continue
            settled[caller] = (0, False)
            answered.add(caller)
            free_at.remove(min(free_at))
            free_at.append(now + rows[attempts[caller][0]][2])
        while waiting and min(free_at, default=now + 1) <= now:
            caller = min(waiting, key=lambda each: rows[attempts[each][0]][1])
            call, at, _left = attempts[caller]
            _at, _line, service, patience = rows[call]
            waiting.remove(caller)
            settled[caller] = (min(patience, now - at), patience < now - at)
            if patience >= now - at:
                answered.add(caller)
                free_at.remove(min(free_at))
                free_at.append(now + service)
        now += STEP
    return sorted((call, at, *settled[each]) for each, (call, at, _) in enumerate(attempts))


in_redials = st.tuples(st.integers(0, 3), st.integers(1, 8).map(lambda steps: steps * STEP))


@given(data=st.data(), rows=rows_of_calls, handlers=staff, cuts=st.lists(st.integers(0, 25)))
@settings(deadline=None)
def test_a_desk_with_redials_agrees_with_a_simple_desk(
    data: st.DataObject, rows: list[Row], handlers: list[int], cuts: list[int]
) -> None:
    """Every attempt is that of the simple desk, however the calls are split into runs."""
    redials = data.draw(st.lists(in_redials, min_size=len(rows), max_size=len(rows)))
    calls = with_redials(rows, redials)
    desk = Desk(roster=handlers, start=MONDAY)
    edges = [0, *sorted(min(each, len(rows)) for each in cuts[:4]), len(rows)]

    first = join_outcomes(*[desk.run(calls[a:b]) for a, b in pairwise(edges)], desk.finish())
    again = desk.redials()

    found = [
        (call, at, wait, gone)
        for part, at_seconds in ((first, calls.at_seconds), (again, again.at_seconds))
        for call, at, wait, gone in zip(
            part.call.tolist(),
            at_seconds.tolist(),
            part.wait_seconds.tolist(),
            part.abandoned.tolist(),
            strict=True,
        )
    ]
    assert sorted(found) == plain_attempts(rows, redials, handlers)


def test_a_caller_who_hangs_up_rings_again_until_answered() -> None:
    """One handler for 1,000 s: a caller with patience 100 s, ten minutes apart, gets in third."""
    calls = with_redials([(0, 1, 1000, 0), (10, 1, 60, 100)], [(0, 1), (3, 600)])
    desk = Desk(roster=[1] * 168, start=MONDAY)

    first = join_outcomes(desk.run(calls), desk.finish())
    again = desk.redials()

    assert first.abandoned.tolist() == [False, True]
    assert again.call.tolist() == [1, 1]
    assert again.at_seconds.tolist() == [710, 1410]
    assert again.abandoned.tolist() == [True, False]


def test_summer_has_a_roster_of_its_own() -> None:
    """From June to August, by London's calendar, the summer roster is on duty."""
    may = datetime(2026, 5, 31, 21, tzinfo=UTC)  # 22:00 in London
    calls = calls_of([(600, 1, 60, inf), (2 * HOUR + 600, 1, 60, inf)])
    desk = Desk(
        roster=[int(hour == 0) for hour in range(168)],
        summer_roster=[1] * 168,
        start=may,
    )

    answered = join_outcomes(desk.run(calls), desk.finish())

    assert answered.wait_seconds.tolist() == [2 * HOUR - 600, 0]


@given(rows=rows_of_calls, handlers=staff, cuts=st.lists(st.integers(0, 25), max_size=4))
@settings(deadline=None)
def test_day_by_day_is_the_same_as_all_at_once(
    rows: list[Row], handlers: list[int], cuts: list[int]
) -> None:
    """However the calls are split into runs, the outcomes are the same."""
    calls = calls_of(rows)
    desk = Desk(roster=handlers, start=MONDAY)
    edges = [0, *sorted(cuts), len(rows)]

    parts = [desk.run(calls[a:b]) for a, b in pairwise(edges)]
    sliced = join_outcomes(*parts, desk.finish())

    whole = answer(calls, handlers)
    assert sliced.call.tolist() == whole.call.tolist() == list(range(len(rows)))
    assert sliced.wait_seconds.tolist() == whole.wait_seconds.tolist()
    assert sliced.abandoned.tolist() == whole.abandoned.tolist()


@given(rows=rows_of_calls, handlers=staff)
@settings(deadline=None)
def test_a_999_call_is_never_overtaken(rows: list[Row], handlers: list[int]) -> None:
    """No later caller, on either line, is answered before a 999 caller."""
    calls = calls_of(rows)
    answered = answer(calls, handlers)
    picked_up = calls.at_seconds + answered.wait_seconds
    there = ~answered.abandoned

    for caller in np.flatnonzero(there & (calls.line == EMERGENCY)):
        later = there & (calls.at_seconds > calls.at_seconds[caller])
        assert not (picked_up[later] < picked_up[caller]).any()


def test_a_101_call_in_hand_is_not_cut_off_for_999() -> None:
    """A 999 caller waits for the call in hand to end, and then goes before 101 callers."""
    calls = calls_of([(0, 1, 600, 9999), (10, 1, 60, 9999), (20, 0, 60, 9999)])

    answered = answer(calls, [1] * 168)

    assert answered.wait_seconds.tolist() == [0, 650, 580]


def test_who_has_hung_up_does_not_hold_up_who_rings() -> None:
    """At 1,000 a handler is free and nobody waits any more: the first of two callers is answered.

    Had the 999 caller who hung up at 110 still counted, the 999 call of that second had been first.
    """
    calls = calls_of([(0, 1, 1000, inf), (10, 0, 60, 100), (1000, 1, 50, inf), (1000, 0, 50, inf)])

    assert answer(calls, [1] * 168).wait_seconds.tolist() == [0, 100, 0, 50]


def test_calls_still_waiting_stay_in_the_queue() -> None:
    """A run returns the outcomes so far; a later run or finish returns the rest."""
    desk = Desk(roster=[1] * 168, start=MONDAY)

    monday = desk.run(calls_of([(0, 1, 900, 9999), (10, 1, 60, 9999)]))
    later = desk.run(calls_of([(2000, 1, 60, 9999)]))
    rest = desk.finish()

    assert (monday.call.tolist(), later.call.tolist(), rest.call.tolist()) == ([0], [1, 2], [])
    assert later.wait_seconds.tolist() == [890, 0]


# --- Extreme values ---


def test_no_calls_are_no_trouble() -> None:
    """A day without calls gives nothing, and changes nothing."""
    assert len(answer(calls_of([]), [1] * 168).call) == 0


def test_with_a_handler_each_nobody_waits() -> None:
    """As many handlers as calls: every call is answered at once."""
    answered = answer(calls_of([(0, each % 2, 3600, 0) for each in range(50)]), [50] * 168)

    assert not answered.wait_seconds.any()
    assert not answered.abandoned.any()


def test_nobody_on_duty_means_everybody_waits_for_the_next_hour() -> None:
    """In an hour without handlers the patient wait and the impatient hang up at their patience."""
    answered = answer(calls_of([(0, 1, 60, 9999), (600, 1, 60, 120)]), hours_of_week([0], 2))

    assert answered.wait_seconds.tolist() == [3600, 120]
    assert answered.abandoned.tolist() == [False, True]


def test_a_handler_going_off_duty_finishes_the_call() -> None:
    """A call across the end of a shift is not cut, and the next waits for a handler on duty."""
    calls = calls_of([(3000, 1, 1200, 0), (3100, 1, 3600, 0), (3500, 1, 60, 99_999)])

    answered = answer(calls, hours_of_week([2, 1]))

    assert answered.abandoned.tolist() == [False, False, False]
    assert answered.wait_seconds.tolist() == [0, 0, 3100 + 3600 - 3500]


def test_handlers_keep_londons_hours_when_the_clocks_change() -> None:
    """A handler on duty at 10:00 on the Sunday the clocks go forward is there at 09:00 UTC."""
    only_sunday_10 = [int(hour == 6 * 24 + 10) for hour in range(168)]
    saturday = datetime(2026, 3, 28, tzinfo=UTC)
    calls = calls_of([(HOUR, 1, 60, inf)])

    for start in (saturday, saturday.astimezone(LONDON)):
        answered = answer(calls, only_sunday_10, start)

        assert answered.wait_seconds.tolist() == [(24 + 9 - 1) * HOUR]


# --- Deterministic: no chance in the desk, so results by hand ---


@given(rows=rows_of_calls, handlers=staff)
@settings(deadline=None)
def test_same_calls_same_answers(rows: list[Row], handlers: list[int]) -> None:
    """A desk draws nothing: the same calls have the same outcomes."""
    first, second = (answer(calls_of(rows), handlers) for _ in range(2))

    assert first.wait_seconds.tolist() == second.wait_seconds.tolist()
    assert first.abandoned.tolist() == second.abandoned.tolist()


def test_a_caller_hangs_up_only_past_their_patience() -> None:
    """A caller is answered in the second that patience ends, and gone a second later."""
    answered = answer(calls_of([(0, 1, 100, 0), (0, 1, 50, 100), (0, 1, 50, 149)]), [1] * 168)

    assert answered.wait_seconds.tolist() == [0, 100, 149]
    assert answered.abandoned.tolist() == [False, False, True]


# --- Dirty input ---


@pytest.mark.parametrize(
    ("handlers", "words"),
    [
        ([1] * 167, "167 entries; give 168, one for each hour of the week, or 336"),
        ([-1] + [1] * 167, "-1 at hour 0; give 0 to"),
        ([0] * 168, "0 in every hour; put at least one handler on duty"),
    ],
)
def test_wrong_handlers_are_refused(handlers: list[int], words: str) -> None:
    """Handlers are 168 counts, not all 0."""
    with pytest.raises(BadInput, match=f"^roster: {words}"):
        Desk(roster=handlers, start=MONDAY)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (MONDAY.replace(tzinfo=None), "no time zone; give it in UTC"),
        (MONDAY + timedelta(minutes=5), "not on the hour"),
    ],
)
def test_a_start_that_is_not_an_hour_is_refused(start: datetime, words: str) -> None:
    """A desk begins on the hour, at a moment with a time zone."""
    with pytest.raises(BadInput, match=f"^start: .*{words}"):
        Desk(roster=[1] * 168, start=start)


def test_days_out_of_order_are_refused() -> None:
    """A run that begins before the last call of the run before is refused."""
    desk = Desk(roster=[1] * 168, start=MONDAY)
    desk.run(calls_of([(500, 1, 60, 60)]))

    with pytest.raises(BadInput, match=r"^calls.at_seconds: begins at 499.0, .* days in order"):
        desk.run(calls_of([(499, 1, 60, 60)]))


def test_calls_after_the_finish_are_refused() -> None:
    """A desk that has finished takes no more calls."""
    desk = Desk(roster=[1] * 168, start=MONDAY)
    desk.finish()

    with pytest.raises(BadInput, match=r"^calls: the desk has finished"):
        desk.run(calls_of([(0, 1, 60, 60)]))
