"""A whole centre: what is drawn for its calls, who answers them, and that every call ends once."""

from dataclasses import fields, replace
from typing import Any

import msgspec
import numpy as np
import pytest

from simulator.contact_centre.call_outcomes import join_outcomes
from simulator.contact_centre.call_queue import Desk
from simulator.contact_centre.calls import Calls, FurtherSteps, merge
from simulator.contact_centre.centre import Answered, answer_calls, answer_passed_on
from simulator.contact_centre.rosters import (
    first_desk,
    handlers_by_hour,
    second_desk,
    teams_of,
    week_over_the_year,
)
from simulator.contact_centre.service_level import summarise
from simulator.contact_centre.staffing import ContactCentreParameters, base_calls, update_calls
from tests.simulator.contact_centre.test_call_queue import calls_of
from tests.simulator.contact_centre.test_skilled_desk import MONDAY, desk_of
from tests.simulator.contact_centre.test_staffing import (
    DAY,
    FORCES,
    HOUR,
    PARAMETERS,
    STREAMS,
    assumed,
    changed,
    london,
)

START, END = london(2026, 2, 2), london(2026, 2, 9)
ALL_ON: dict[str, Any] = {
    "shifts__in_use": True,
    "call_backs__in_use": True,
    "call_backs__offered_after_minutes": assumed(0.5),
    "second_desk__in_use": True,
    "forces__hampshire__only_999": assumed(0.2),
    "forces__hampshire__only_101": assumed(0.3),
    "forces__hampshire__reserve_999": assumed(1),
    # So few that there are queues.
    "forces__hampshire__occupancy_target": assumed(1.0),
    "second_desk__occupancy_target": assumed(1.0),
    "shifts__break_minutes": assumed(0),
    "shifts__shrinkage": assumed(0),
}


def calls_of_a_week(parameters: ContactCentreParameters) -> Calls:
    """A week's calls to Hampshire, those for news among them."""
    moments = np.sort(STREAMS.for_("moments of a test").integers(0, 7 * DAY, 1600))
    return merge(
        base_calls(parameters, "hampshire", START, END, STREAMS),
        update_calls(moments.astype(np.float64), parameters, "hampshire", STREAMS),
    )


def test_todays_file_has_none_of_it() -> None:
    """Calls have no further steps, and the quick desk answers them, by the hour."""
    calls = calls_of_a_week(PARAMETERS)

    first, second = answer_calls(calls, PARAMETERS, "hampshire", START)

    assert calls.further is None
    assert second is None
    assert first.call_backs is None
    desk = Desk(roster=handlers_by_hour(PARAMETERS, "hampshire"), start=START)
    assert desk.run(calls).wait_seconds.sum() > 0
    for force in FORCES:
        week = first_desk(PARAMETERS, force)
        assert week.on_duty == handlers_by_hour(PARAMETERS, force)
        assert second_desk(PARAMETERS, force).on_duty == [0] * 168
        assert week_over_the_year(PARAMETERS, force)[0] == week_over_the_year(PARAMETERS, force)[1]


def test_switching_it_on_changes_no_other_draw() -> None:
    """Times, lines, patience and redials are today's; a call passed on keeps its length there."""
    today, planned = (calls_of_a_week(each) for each in (PARAMETERS, changed(**ALL_ON)))

    for name in ("at_seconds", "line", "patience_seconds", "redials", "redial_seconds"):
        assert np.array_equal(getattr(today, name), getattr(planned, name))
    steps = planned.further
    assert steps is not None
    passes = steps.second_seconds > 0
    assert np.array_equal(steps.second_seconds[passes], today.service_seconds[passes])
    assert np.array_equal(planned.service_seconds[~passes], today.service_seconds[~passes])
    routine = today.line == 1
    assert not passes[~routine].any()
    assert not steps.picks_up_at[~routine].any()
    assert passes[routine].mean() == pytest.approx(0.8 * 0.6 + 0.2 * 0.3, abs=0.02)
    picks_up = steps.picks_up_at[routine]
    assert (picks_up > 0).mean() == pytest.approx(0.5, abs=0.02)
    assert (picks_up[picks_up > 0] == 1).mean() == pytest.approx(0.7, abs=0.03)


def test_leaving_out_calls_changes_nothing_about_the_others() -> None:
    """A choice of the moments has the same update calls, with their further steps."""
    parameters = changed(**ALL_ON)
    moments = np.arange(0.0, 5000.0, 10.0)
    calls = update_calls(moments, parameters, "hampshire", STREAMS)

    few = calls[::3]

    assert calls.further is not None
    assert few.further is not None
    for each in fields(FurtherSteps):
        column = getattr(calls.further, each.name)
        assert np.array_equal(getattr(few.further, each.name), column[::3])


def test_every_call_ends_once_with_all_of_it_on() -> None:
    """Answered, hung up, rung back or given up; and passed on once if the first desk answered."""
    parameters = changed(**ALL_ON)
    calls = calls_of_a_week(parameters)

    first, second = answer_calls(calls, parameters, "hampshire", START)

    assert first.call_backs is not None
    assert second is not None
    assert calls.further is not None
    outcomes, back, again = first.outcomes, first.call_backs, first.redials
    assert outcomes.call.tolist() == list(range(len(calls)))
    assert len(set(back.call.tolist())) == len(back) > 20
    assert not outcomes.abandoned[back.call].any()
    left = np.zeros(len(calls), dtype=np.bool_)
    left[back.call] = True
    ended = {
        *np.flatnonzero(~outcomes.abandoned & ~left).tolist(),
        *back.call[back.reached].tolist(),
        *again.call[~again.abandoned].tolist(),
    }
    passed = sorted(each for each in ended if calls.further.second_seconds[each])
    assert len(second.calls) == len(passed) == len(second.outcomes.call) > 1000
    assert np.array_equal(
        np.sort(second.calls.service_seconds), np.sort(calls.further.second_seconds[passed])
    )
    for wait in (outcomes.wait_seconds, again.wait_seconds, second.outcomes.wait_seconds):
        assert (wait >= 0).all()
    assert (np.diff(second.calls.at_seconds) >= 0).all()


def test_the_service_level_counts_each_once() -> None:
    """Offered is answered, hung up and left for a call back; those rung back are among the left."""
    parameters = changed(**ALL_ON)
    first, _second = answer_calls(calls_of_a_week(parameters), parameters, "hampshire", START)

    _urgent, level = summarise(
        first.calls,
        first.outcomes,
        [0, 7 * DAY],
        parameters=parameters,
        force="hampshire",
        redials=first.redials,
        call_backs=first.call_backs,
    )

    assert first.call_backs is not None
    mine = first.call_backs.reached
    assert level.offered == level.answered + level.abandoned + level.left_for_call_back
    assert level.left_for_call_back == len(first.call_backs)
    assert level.called_back == mine.sum() > 0
    assert level.call_back_seconds_mean == pytest.approx(first.call_backs.wait_seconds[mine].mean())


def test_a_call_comes_to_the_second_desk_when_the_first_is_done() -> None:
    """By hand: answered at 0 and 100, for 100 s each; the second desk has one person for 500 s."""
    calls = calls_of([(0, 1, 100, 9999), (0, 1, 100, 9999), (0, 1, 100, 50), (9, 1, 100, 9999)])
    steps = FurtherSteps(
        picks_up_at=np.zeros(4, dtype=np.int8),
        second_seconds=np.array([500.0, 60.0, 60.0, 0.0]),
        second_patience_seconds=np.array([0.0, 9999.0, 9999.0, 0.0]),
    )
    calls = replace(calls, further=steps)
    desk = desk_of(shared=1)
    outcomes = join_outcomes(desk.run(calls), desk.finish())
    first = Answered(calls=calls, outcomes=outcomes, redials=desk.redials())

    second = answer_passed_on(first, Desk(roster=[1] * 168, start=MONDAY))

    assert outcomes.abandoned.tolist() == [False, False, True, False]
    assert second.calls.at_seconds.tolist() == [100, 200]
    assert second.outcomes.wait_seconds.tolist() == [0, 400]


def test_those_on_duty_are_divided_into_whole_handlers() -> None:
    """Three in ten take 999 alone, and what is no whole handler is shared."""
    parameters = changed(
        forces__hampshire__only_999=assumed(0.3), forces__hampshire__only_101=assumed(0.25)
    )

    teams = teams_of([10, 3, 0], parameters.centre("hampshire"))

    assert (teams.only_999, teams.only_101, teams.shared) == ([3, 0, 0], [2, 0, 0], [5, 3, 0])


def test_both_desks_together_have_the_operators_time_on_top() -> None:
    """A call passed on takes as long as it did, and the operator's two minutes: so many hours."""
    parameters = changed(
        second_desk__in_use=True,
        second_desk__occupancy_target=assumed(0.832),
        second_desk__handlers_min=assumed(1),
    )
    today, planned = (week_over_the_year(each, "hampshire")[0] for each in (PARAMETERS, parameters))

    passed_on = 423_000 * (0.8 * 0.6 + 0.2 * 0.3) / 365.25 * 7
    # Each desk rounds each hour up to whole handlers.
    assert planned - today == pytest.approx(passed_on * 120 / HOUR / 0.832, abs=168)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {
                "forces__hampshire__only_999": assumed(0.7),
                "forces__hampshire__only_101": assumed(0.5),
            },
            "only_999 and only_101 are 1.2 together; give at most 1",
        ),
        ({"forces__hampshire__reserve_999": assumed(1.5)}, "reserve_999 is 1.5; give a whole"),
        (
            {"call_backs__attempts_max": assumed(0)},
            "value is 0; give a number of 1 or more - at .*attempts_max",
        ),
        ({"call_backs__attempts_max": assumed(2.5)}, "attempts_max is 2.5; give a whole number"),
        ({"second_desk__occupancy_target": assumed(0)}, "occupancy_target is 0; give a share"),
        (
            {"second_desk__handlers_min": assumed(0)},
            "value is 0; give a number of 1 or more - at .*handlers_min",
        ),
    ],
)
def test_a_wrong_centre_is_refused(changes: dict[str, Any], words: str) -> None:
    """The error says what is wrong and what to give."""
    with pytest.raises(msgspec.ValidationError, match=words):
        changed(**changes)
