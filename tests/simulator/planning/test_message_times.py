"""When a message may go: quiet hours, the weekly limit, and the Victims' Code's deadline."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from simulator.inputs.order import read_order
from simulator.planning.message_times import DAY, WEEK, MessageTimes
from tests.simulator.real_files import ORDER

# A Monday, in winter: London is on UTC until 28 March.
START = datetime(2027, 1, 4, tzinfo=UTC)
HOUR = 3600
TIMES = MessageTimes(read_order(ORDER), START, 120)


@pytest.mark.parametrize(
    ("at", "goes_at"),
    [
        (7 * HOUR, 8 * HOUR),
        (8 * HOUR, 8 * HOUR),
        (12 * HOUR + 5, 12 * HOUR + 5),
        (21 * HOUR, DAY + 8 * HOUR),
        (DAY + 2 * HOUR, DAY + 8 * HOUR),
    ],
)
def test_quiet_hours(at: int, goes_at: int) -> None:
    """A message waits for eight in the morning, London time."""
    assert TIMES.send_at(at) == goes_at


def test_quiet_hours_follow_the_clock() -> None:
    """In summer eight o'clock is seven in UTC."""
    day = (datetime(2027, 4, 1, tzinfo=UTC) - START) // timedelta(days=1) * DAY

    assert TIMES.send_at(day) == day + 7 * HOUR


def test_the_weekly_limit_waits_for_a_place() -> None:
    """A sixth message in seven days goes a week after the first."""
    five = [HOUR * each for each in range(9, 14)]

    assert TIMES.with_room(15 * HOUR, five[:4]) == 15 * HOUR
    assert TIMES.with_room(15 * HOUR, five) == 9 * HOUR + WEEK


def test_a_calendar_week_waits_for_monday() -> None:
    """A sixth message in a week from Monday goes on the next one."""
    order = read_order(ORDER)
    order = structs.replace(order, messages=structs.replace(order.messages, week="calendar"))
    times = MessageTimes(order, START, 60)
    five = [DAY + HOUR * each for each in range(9, 14)]

    assert times.with_room(2 * DAY + 9 * HOUR, five) == WEEK
    assert times.with_room(2 * DAY + 9 * HOUR, five[:4]) == 2 * DAY + 9 * HOUR


def test_news_goes_before_the_codes_deadline() -> None:
    """Five working days, one with enhanced rights: a quarter to nine on the last evening."""
    friday = 4 * DAY + 10 * HOUR

    assert TIMES.told_by(friday, is_enhanced=True) == 7 * DAY + 20 * HOUR + 45 * 60
    assert TIMES.told_by(friday, is_enhanced=False) == 11 * DAY + 20 * HOUR + 45 * 60
