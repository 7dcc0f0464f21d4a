"""Rosters by hour and by half-hour of the week, by London's clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings

from simulator.clock import LONDON
from simulator.contact_centre.duty_roster import DutyRoster
from simulator.errors import BadInput
from tests.simulator.contact_centre.test_call_queue import (
    Row,
    answer,
    calls_of,
    rows_of_calls,
    staff,
)


@given(rows=rows_of_calls, handlers=staff)
@settings(deadline=None)
def test_hours_may_be_given_as_half_hours(rows: list[Row], handlers: list[int]) -> None:
    """A roster of 336 entries, each hour's twice, gives every wait that the roster of 168 gives."""
    calls = calls_of(rows)
    halves = [each for each in handlers for _half in range(2)]

    by_hour, by_half = answer(calls, handlers), answer(calls, halves)

    assert by_half.wait_seconds.tolist() == by_hour.wait_seconds.tolist()
    assert by_half.abandoned.tolist() == by_hour.abandoned.tolist()


def test_a_handler_who_comes_at_half_past_picks_up_then() -> None:
    """Nobody is on duty in the first half-hour: who rang at ten past waits until half past."""
    answered = answer(calls_of([(600, 1, 60, 9999)]), [0, *[1] * 335])

    assert answered.wait_seconds.tolist() == [1200]


def test_a_half_hour_is_one_of_londons_clock() -> None:
    """Monday 09:30 in London is entry 19, in winter and in summer; summer has its own roster."""
    roster = DutyRoster("roster", list(range(336)), list(range(336, 672)))

    for month, expected in ((2, 19), (4, 19), (7, 336 + 19)):
        first = datetime(2026, month, 1, 9, 30, tzinfo=LONDON)
        monday = first + timedelta(days=-first.weekday() % 7)
        local = monday.astimezone(UTC).astimezone(LONDON)
        assert roster.handlers_at(local) == expected


def test_a_half_hour_with_a_wrong_count_is_named() -> None:
    """The error says which half-hour."""
    with pytest.raises(BadInput, match=r"^roster: -1 at half-hour 335; give 0 to 10,000"):
        DutyRoster("roster", [*[1] * 335, -1], None)
    with pytest.raises(BadInput, match=r"^summer_roster: 0 in every half-hour"):
        DutyRoster("roster", [1] * 336, [0] * 336)
