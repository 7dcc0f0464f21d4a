"""Rules of working days: Monday to Friday in London, without the bank holidays of the order."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import LONDON
from simulator.inputs.working_days import WorkingDays, english_bank_holidays

ENGLAND = WorkingDays(english_bank_holidays(range(2023, 2031)))
SIX_YEARS_SECONDS = 6 * 365 * 86_400
MOMENTS = st.integers(0, SIX_YEARS_SECONDS).map(
    lambda seconds: datetime(2023, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def london(*parts: int) -> datetime:
    """Give a moment of London's clocks, in UTC."""
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)  # type: ignore[arg-type, misc]


def last_day(deadline: datetime) -> date:
    """Give the London day that a deadline ends."""
    return (deadline.astimezone(LONDON) - timedelta(seconds=1)).date()


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
    assert day not in ENGLAND


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
    assert day in ENGLAND


@pytest.mark.parametrize("year", range(2023, 2029))
def test_a_year_has_the_working_days_it_has(year: int) -> None:
    """Weekdays less eight holidays; the un-substituted date of a weekend counts once, not twice."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    days = [day for day in days if day.year == year]
    holidays = 9 if year == 2023 else 8

    weekdays = sum(day.weekday() < 5 for day in days)
    assert sum(day in ENGLAND for day in days) == weekdays - holidays


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
    """The day itself is day 0; holidays and weekends do not count; the whole day is in time."""
    found = ENGLAND.deadline(moment, days)

    assert last_day(found) == deadline
    assert f"{found.astimezone(LONDON):%H:%M:%S}" == "00:00:00"
    assert found.tzinfo is UTC
    assert ENGLAND.after(moment.astimezone(LONDON).date(), days) == deadline


def test_a_deadline_is_of_london_s_clocks() -> None:
    """Across a change of the clocks a deadline keeps London's midnight, not UTC's."""
    assert ENGLAND.deadline(london(2027, 3, 25, 15), 1) == datetime(2027, 3, 30, 23, tzinfo=UTC)
    assert ENGLAND.deadline(london(2026, 10, 23, 15), 1) == datetime(2026, 10, 27, tzinfo=UTC)


@given(MOMENTS, st.integers(1, 40))
def test_deadlines_are_in_order(moment: datetime, days: int) -> None:
    """One more working day is later, always on a working day, never within the same day."""
    deadline, next_one = (ENGLAND.deadline(moment, each) for each in (days, days + 1))

    assert moment < deadline < next_one
    assert last_day(deadline) in ENGLAND
    assert timedelta(days=days) - timedelta(hours=25) < deadline - moment
    assert deadline - moment < timedelta(days=2 * days + 8)


@given(MOMENTS, st.integers(0, 40), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_an_earlier_moment_has_no_later_deadline(
    moment: datetime, days: int, later: timedelta
) -> None:
    """The earlier of two moments has the earlier deadline, or the same one."""
    assert ENGLAND.deadline(moment, days) <= ENGLAND.deadline(moment + later, days)


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
    assert ENGLAND.next_morning(moment) == morning


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
    assert ENGLAND.next_between(moment, until_hour=14) == found


@given(MOMENTS)
def test_a_working_morning_is_never_in_the_past(moment: datetime) -> None:
    """It is at the moment or after it, on a working day."""
    morning = ENGLAND.next_morning(moment, hour=8)

    assert morning >= moment
    assert morning.astimezone(LONDON).date() in ENGLAND
    assert morning.astimezone(LONDON).hour == 8


def test_another_list_gives_other_working_days() -> None:
    """Only the bank holidays of the list count: a local one does, and England's do not."""
    market_day = date(2026, 12, 29)
    force = WorkingDays((market_day,))
    christmas_eve = london(2026, 12, 24, 15)

    assert market_day not in force
    assert date(2026, 12, 25) in force
    assert last_day(force.deadline(christmas_eve, 3)) == date(2026, 12, 30)
    assert last_day(ENGLAND.deadline(christmas_eve, 3)) == date(2026, 12, 31)
    assert force.next_morning(london(2026, 12, 28, 11)) == london(2026, 12, 30, 10)
    assert force.next_between(london(2026, 12, 29, 11), until_hour=14) == london(2026, 12, 30, 10)


def test_a_holiday_at_a_weekend_is_listed_by_its_substitute_day_alone() -> None:
    """What fills an order is as an operator would write it: sorted, and each day once."""
    days = english_bank_holidays(range(2027, 2028))

    assert len(days) == 8
    assert list(days) == sorted(set(days))
    assert all(day.weekday() < 5 for day in days)


@pytest.mark.parametrize(
    ("asked", "count", "earliest"),
    [
        (datetime(2026, 10, 19, 10, tzinfo=UTC), 5, datetime(2026, 10, 23, 10, tzinfo=UTC)),
        (datetime(2026, 10, 23, 10, tzinfo=UTC), 5, datetime(2026, 10, 29, 11, tzinfo=UTC)),
        (datetime(2026, 10, 24, 10, tzinfo=UTC), 5, datetime(2026, 10, 30, 11, tzinfo=UTC)),
        (datetime(2026, 10, 19, 10, tzinfo=UTC), 1, datetime(2026, 10, 19, 10, tzinfo=UTC)),
    ],
    ids=["a Monday", "the clocks go back", "a Saturday does not count", "one day"],
)
def test_the_earliest_reading_counts_the_day_itself(
    asked: datetime, count: int, earliest: datetime
) -> None:
    """It ends at the same time of London's day, and never after the latest reading."""
    days = WorkingDays(())

    assert days.earliest_deadline(asked, count) == earliest
    assert earliest <= days.deadline(asked, count)
