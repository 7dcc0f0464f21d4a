"""Rosters: when an officer is at work, and how long they have been by a time."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import LONDON
from simulator.files.checked_toml import Share
from simulator.rehearsal.rosters import DutyTime, DutyTimes, Roster, Shifts
from simulator.streams import Streams

MONDAY = datetime(2026, 6, 1, tzinfo=LONDON)
ENDS = 140 * 86_400
DRAWS = Streams(1).of_occasions("a test")


def roster(*cycle: tuple[int, ...], leave: float = 0.0) -> Roster:
    """Make a roster of this cycle of days."""
    shifts = Shifts(cycle=cycle, unit="hours", assumed="a test")
    return Roster(shifts, Share(leave, "share of weeks", assumed="a test"), DRAWS)


def hours(number: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=number)


def test_work_waits_for_the_shift_and_goes_on_in_the_next() -> None:
    """From 8 to 16 every day: the ninth hour at work ends at 9 the next day."""
    officers = roster((8, 16))

    assert officers.next_at_work(0, MONDAY) == MONDAY + hours(8)
    assert officers.next_at_work(0, MONDAY + hours(9)) == MONDAY + hours(9)
    assert officers.next_at_work(0, MONDAY + hours(16)) == MONDAY + hours(32)
    duty = duty_of(officers, 0)
    assert [duty.worked_by(each * 3600) / 3600 for each in (0, 8, 9, 16, 20, 33)] == [
        *(0, 0, 1, 8, 8, 9)
    ]
    assert [duty.when_worked(each * 3600) / 3600 for each in (0.5, 8, 9, 20)] == [8.5, 16, 33, 60]


def test_officers_rest_on_different_days() -> None:
    """Of two who work every other day, one is always at work."""
    officers = roster((8, 16), ())
    first = {officers.next_at_work(each, MONDAY) for each in (0, 1)}

    assert first == {MONDAY + hours(8), MONDAY + hours(32)}


def test_a_shift_may_end_at_midnight_and_keeps_londons_hours() -> None:
    """A late shift on the day before the clocks change is as long as any other."""
    officers = roster((14, 24))
    saturday = datetime(2026, 3, 28, tzinfo=LONDON)

    duty = DutyTimes(officers, saturday.astimezone(UTC), 7 * 86_400).of(0)
    assert duty.when_worked(10 * 3600) == 24 * 3600
    # An hour less until the next begins.
    assert duty.when_worked(11 * 3600) == (24 + 14) * 3600
    sunday = officers.next_at_work(0, datetime(2026, 3, 29, tzinfo=UTC))
    assert sunday == datetime(2026, 3, 29, 13, tzinfo=UTC)


def test_leave_is_by_the_week() -> None:
    """About the share of weeks, and all of a week."""
    officers = roster((8, 16), leave=0.25)
    weeks = [MONDAY + timedelta(weeks=each) for each in range(400)]
    away = [officers.next_at_work(1, each) != each + hours(8) for each in weeks]

    assert sum(away) / 400 == pytest.approx(0.25, abs=0.07)
    for each, is_away in zip(weeks[:20], away[:20], strict=True):
        friday = each + timedelta(days=4, hours=9)
        assert (officers.next_at_work(1, friday) != friday) == is_away


def duty_of(officers: Roster, officer: int) -> DutyTime:
    """Give an officer's time at work in the twenty weeks from a Monday on."""
    return DutyTimes(officers, MONDAY.astimezone(UTC), ENDS).of(officer)


@given(st.integers(0, 20), st.integers(0, ENDS), st.integers(1, 30 * 3600))
def test_time_at_work_is_that_of_the_roster(officer: int, at: int, work: int) -> None:
    """Nobody has worked between a moment and the next at which they are at work, leave and all."""
    officers = roster((7, 16), (13, 22), (), leave=0.1)
    duty = duty_of(officers, officer)
    begins = officers.next_at_work(officer, MONDAY + timedelta(seconds=at))
    there = int((begins - MONDAY).total_seconds())

    assert duty.worked_by(there) == duty.worked_by(at) <= at
    assert duty.worked_by_each(np.array([at])).tolist() == [duty.worked_by(at)]
    done = duty.when_worked(duty.worked_by(at) + work)
    assert done >= there + work or there + work > ENDS
    assert duty.worked_by(done) == duty.worked_by(at) + work or done > ENDS


def test_what_is_not_done_by_the_end_is_done_after_it() -> None:
    """Also where nobody ever works in that time."""
    assert duty_of(roster((8, 16)), 0).when_worked(10_000 * 3600) > ENDS
    nothing = np.empty(0, dtype=np.int64)
    assert DutyTime(nothing, nothing, ENDS).when_worked(60) > ENDS


@pytest.mark.parametrize(
    ("cycle", "words"),
    [
        (((16, 8),), r"\[16, 8\] on day 1; give \[from, to\]"),
        (((8, 16), (8,)), r"\[8\] on day 2"),
        (((), ()), "nobody ever works"),
    ],
)
def test_wrong_shifts_are_refused(cycle: tuple[tuple[int, ...], ...], words: str) -> None:
    """Each day has two hours in order, or none; some day has some."""
    with pytest.raises(ValueError, match=words):
        roster(*cycle)
