"""Rosters: when an officer is at work, and when work is done."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import LONDON
from simulator.files.checked_toml import Share
from simulator.rehearsal.rosters import Roster, Shifts
from simulator.streams import Streams

MONDAY = datetime(2026, 6, 1, tzinfo=LONDON)
DRAWS = Streams(1).of_occasions("a test")


def roster(*cycle: tuple[int, ...], leave: float = 0.0) -> Roster:
    """Make a roster of this cycle of days."""
    shifts = Shifts(cycle=cycle, unit="hours", assumed="a test")
    return Roster(shifts, Share(leave, "share of weeks", assumed="a test"), DRAWS)


def hours(number: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=number)


def test_work_waits_for_the_shift_and_goes_on_in_the_next() -> None:
    """From 8 to 16 every day: three hours from 14:30 are done at 9:30 the next day."""
    officers = roster((8, 16))

    assert officers.next_at_work(0, MONDAY) == MONDAY + hours(8)
    assert officers.next_at_work(0, MONDAY + hours(9)) == MONDAY + hours(9)
    assert officers.next_at_work(0, MONDAY + hours(16)) == MONDAY + hours(32)
    assert officers.done_at(0, MONDAY + hours(14.5), hours(3)) == MONDAY + hours(24 + 9.5)
    assert officers.done_at(0, MONDAY, hours(8)) == MONDAY + hours(16)
    assert officers.done_at(0, MONDAY, hours(20)) == MONDAY + hours(2 * 24 + 12)


def test_officers_rest_on_different_days() -> None:
    """Of two who work every other day, one is always at work."""
    officers = roster((8, 16), ())
    first = {officers.next_at_work(each, MONDAY) for each in (0, 1)}

    assert first == {MONDAY + hours(8), MONDAY + hours(32)}


def test_a_shift_may_end_at_midnight_and_keeps_londons_hours() -> None:
    """A late shift on the day before the clocks change is as long as any other."""
    officers = roster((14, 24))
    saturday = datetime(2026, 3, 28, tzinfo=LONDON)

    assert officers.done_at(0, saturday, hours(10)) == datetime(2026, 3, 29, tzinfo=UTC)
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


@given(st.integers(0, 20), st.floats(0, 300), st.floats(0.01, 30))
def test_work_is_never_done_before_it_could_be(officer: int, after: float, work: float) -> None:
    """It ends later than it begins by at least its length, within a shift."""
    officers = roster((7, 16), (13, 22), (), leave=0.1)
    begins = MONDAY + hours(after)

    done = officers.done_at(officer, begins, hours(work))

    assert done >= officers.next_at_work(officer, begins) + hours(work)
    assert officers.done_at(officer, begins, hours(work + 1)) > done


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
