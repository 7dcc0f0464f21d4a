"""Rules of the clock: London's working days and deadlines, and world time in whole seconds."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import (
    LONDON,
    WorldClock,
    is_working_day,
    next_on_working_day,
    next_working_morning,
    wall_now,
    working_days_after,
)

START = datetime(2026, 6, 1, 9, tzinfo=UTC)
SIX_YEARS_SECONDS = 6 * 365 * 86_400
MOMENTS = st.integers(0, SIX_YEARS_SECONDS).map(
    lambda seconds: datetime(2023, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def london(*parts: int) -> datetime:
    """Give a moment of London's clocks, in UTC."""
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)  # type: ignore[arg-type, misc]


def after(seconds: float) -> datetime:
    """Give a moment so many seconds after the start."""
    return START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "day",
    [
        date(2023, 5, 8),
        date(2026, 4, 3),
        date(2026, 8, 31),
        date(2026, 12, 28),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 12, 27),
        date(2027, 12, 28),
        date(2028, 1, 3),
    ],
)
def test_a_bank_holiday_is_no_working_day(day: date) -> None:
    """Substitute days, Easter and the one-off of 2023 are holidays in England, all on weekdays."""
    assert day.weekday() < 5
    assert not is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [
        # Holidays elsewhere in the United Kingdom, and days beside a holiday.
        date(2026, 3, 17),
        date(2026, 7, 13),
        date(2026, 11, 30),
        date(2026, 12, 24),
        date(2026, 12, 29),
        date(2026, 12, 31),
        date(2027, 4, 5),
    ],
)
def test_other_weekdays_are_working_days(day: date) -> None:
    """What is a holiday in Scotland, in Northern Ireland or nowhere is a working day here."""
    assert is_working_day(day)


@pytest.mark.parametrize("year", range(2023, 2029))
def test_a_year_has_the_working_days_it_has(year: int) -> None:
    """Weekdays less eight holidays; the un-substituted date of a weekend counts once, not twice."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    days = [day for day in days if day.year == year]
    holidays = 9 if year == 2023 else 8

    weekdays = sum(day.weekday() < 5 for day in days)
    assert sum(is_working_day(day) for day in days) == weekdays - holidays


@pytest.mark.parametrize(
    ("moment", "days", "deadline"),
    [
        (london(2026, 12, 24, 15), 1, date(2026, 12, 29)),
        (london(2026, 12, 24, 15), 5, date(2027, 1, 5)),
        (london(2027, 3, 25, 15), 1, date(2027, 3, 30)),
        (london(2027, 3, 25, 15), 5, date(2027, 4, 5)),
        (london(2027, 5, 1, 15), 1, date(2027, 5, 4)),
        (london(2027, 5, 1, 15), 5, date(2027, 5, 10)),
        # The London day counts: half past midnight in summer is the day before in UTC.
        (london(2026, 6, 2, 0, 30), 1, date(2026, 6, 3)),
        (london(2026, 6, 1, 23, 30), 1, date(2026, 6, 2)),
        (london(2026, 6, 1, 12), 0, date(2026, 6, 1)),
    ],
)
def test_a_deadline_is_the_end_of_a_working_day(
    moment: datetime, days: int, deadline: date
) -> None:
    """The day itself is day 0; holidays and weekends do not count; the last second is in time."""
    found = working_days_after(moment, days)

    assert found.astimezone(LONDON).date() == deadline
    assert found.astimezone(LONDON).strftime("%H:%M:%S") == "23:59:59"
    assert found.tzinfo is UTC


def test_a_deadline_is_of_london_s_clocks() -> None:
    """Across a change of the clocks a deadline keeps London's midnight, not UTC's."""
    assert working_days_after(london(2027, 3, 25, 15), 1) == datetime(
        2027, 3, 30, 22, 59, 59, tzinfo=UTC
    )
    assert working_days_after(london(2026, 10, 23, 15), 1) == datetime(
        2026, 10, 26, 23, 59, 59, tzinfo=UTC
    )


@given(MOMENTS, st.integers(1, 40))
def test_deadlines_are_in_order(moment: datetime, days: int) -> None:
    """One more working day is later, always on a working day, never within the same day."""
    deadline, next_one = (working_days_after(moment, each) for each in (days, days + 1))

    assert moment < deadline < next_one
    assert is_working_day(deadline.astimezone(LONDON).date())
    assert timedelta(days=days) - timedelta(hours=25) < deadline - moment
    assert deadline - moment < timedelta(days=2 * days + 8)


@given(MOMENTS, st.integers(0, 40), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_an_earlier_moment_has_no_later_deadline(
    moment: datetime, days: int, later: timedelta
) -> None:
    """Deadlines keep the order of what they are reckoned from."""
    assert working_days_after(moment, days) <= working_days_after(moment + later, days)


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        (london(2026, 6, 1, 9), london(2026, 6, 1, 10)),
        (london(2026, 6, 1, 10), london(2026, 6, 1, 10)),
        (london(2026, 6, 1, 10, 0, 1), london(2026, 6, 2, 10)),
        (london(2026, 12, 24, 11), london(2026, 12, 29, 10)),
        (london(2026, 10, 24, 9), london(2026, 10, 26, 10)),
    ],
)
def test_the_next_working_morning(moment: datetime, morning: datetime) -> None:
    """It is ten o'clock by London's clocks, today while there is time."""
    assert next_working_morning(moment) == morning


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        (london(2026, 6, 1, 9, 59), london(2026, 6, 1, 10)),
        (london(2026, 6, 1, 10, 0, 1), london(2026, 6, 1, 10, 0, 1)),
        (london(2026, 6, 1, 13, 59), london(2026, 6, 1, 13, 59)),
        (london(2026, 6, 1, 14), london(2026, 6, 2, 10)),
        (london(2026, 6, 6, 11), london(2026, 6, 8, 10)),
    ],
)
def test_the_next_time_on_a_working_day(moment: datetime, found: datetime) -> None:
    """It is at once between the two hours, or else in the next working morning."""
    assert next_on_working_day(moment, until_hour=14) == found


@given(MOMENTS)
def test_a_working_morning_is_never_in_the_past(moment: datetime) -> None:
    """It is at the moment or after it, on a working day."""
    morning = next_working_morning(moment, hour=8)

    assert morning >= moment
    assert is_working_day(morning.astimezone(LONDON).date())
    assert morning.astimezone(LONDON).hour == 8


def test_the_time_of_day_is_utc() -> None:
    """The wall clock is asked here, and answers in UTC."""
    with freeze_time("2026-06-01 12:00:00"):
        assert wall_now() == datetime(2026, 6, 1, 12, tzinfo=UTC)
        assert wall_now().tzinfo is UTC


def test_what_is_due_happens_on_the_way() -> None:
    """What is due up to and at the new time happens, in order, each at its own time."""
    clock = WorldClock(START)
    seen: list[tuple[str, datetime]] = []
    for name, seconds in (("third", 60), ("first", 1), ("second", 30), ("later", 61)):
        clock.at(after(seconds), lambda name=name: seen.append((name, clock.now)))  # type: ignore[misc]

    clock.run_to(after(60))

    assert seen == [("first", after(1)), ("second", after(30)), ("third", after(60))]
    assert clock.now == after(60)
    assert clock.next_due == after(61)


def test_what_is_due_at_the_same_second_keeps_its_order() -> None:
    """First come, first served; and what is caused at this second still belongs to it."""
    clock = WorldClock(START)
    seen: list[str] = []
    clock.at(after(5), lambda: clock.at(clock.now, lambda: seen.append("caused")))
    clock.at(after(5), lambda: seen.append("second"))

    clock.run_to(after(5))

    assert seen == ["second", "caused"]


def test_what_has_passed_is_due_now() -> None:
    """Nothing happens in the past."""
    clock = WorldClock(START)
    clock.run_to(after(10))
    seen: list[datetime] = []

    clock.at(after(3), lambda: seen.append(clock.now))
    assert clock.next_due == after(10)
    clock.run_to(after(10))

    assert seen == [after(10)]


def test_time_never_goes_back() -> None:
    """To run to the past changes nothing."""
    clock = WorldClock(START)
    clock.run_to(after(10))

    clock.run_to(after(4))

    assert clock.now == after(10)


def test_time_passes_when_nothing_is_due() -> None:
    """An empty world has a time of its own, and nothing that is due."""
    clock = WorldClock(START)
    assert clock.next_due is None

    clock.run_to(after(86_400))

    assert clock.now == after(86_400)
    assert clock.next_due is None


def test_moments_of_other_zones_are_the_same_moments() -> None:
    """World time is UTC, whichever zone a moment is given in."""
    clock = WorldClock(START)

    clock.run_to(datetime(2026, 6, 1, 15, tzinfo=timezone(timedelta(hours=5))))

    assert clock.now == datetime(2026, 6, 1, 10, tzinfo=UTC)
    assert clock.now.tzinfo is UTC


@given(st.lists(st.floats(0, 1000), max_size=12), st.lists(st.floats(0, 1200), max_size=6))
def test_everything_happens_once_and_not_too_early(due: list[float], steps: list[float]) -> None:
    """However time is cut into steps, each act happens once, in the second in which it is due."""
    clock = WorldClock(START)
    seen: list[tuple[float, datetime]] = []
    for each in due:
        clock.at(after(each), lambda each=each: seen.append((each, clock.now)))  # type: ignore[misc]

    for step in [*sorted(steps), 1001.0]:
        clock.run_to(after(step))

    assert sorted(each for each, _at in seen) == sorted(due)
    assert all(abs((at - after(each)).total_seconds()) < 1 for each, at in seen)
    assert [at for _each, at in seen] == sorted(at for _each, at in seen)


@given(st.floats(0.001, 1000))
def test_time_comes_to_what_is_due(seconds: float) -> None:
    """To run to the moment at which something is due makes it no earlier than that moment."""
    clock = WorldClock(START)

    clock.run_to(after(seconds))

    assert clock.now >= after(seconds)
