"""When a message may go: quiet hours, by the clock in London."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reference.portal.rules import quiet_hours
from reference.portal.settings import Settings, settings_from
from tests.reference.portal.scene import SETTINGS

LONDON = ZoneInfo("Europe/London")
ALL = settings_from(SETTINGS)


def with_quiet_hours(since: time, until: time) -> Settings:
    """The usual settings, with quiet hours."""
    return settings_from({**SETTINGS, "quiet_from": since, "quiet_until": until})


NIGHTS = with_quiet_hours(time(21), time(8))


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments)
def test_without_quiet_hours_a_message_goes_at_once(now: datetime) -> None:
    """Nothing holds a message that nobody asked to hold."""
    assert quiet_hours.send_at(now, ALL) == now


@given(moments, st.times(time(17), time(23, 59)), st.times(time(5), time(12)))
def test_a_message_goes_as_soon_as_it_is_not_night(now: datetime, since: time, until: time) -> None:
    """By day at once; by night when night ends, and never more than a night later."""
    at = quiet_hours.send_at(now, with_quiet_hours(since, until))

    def is_night(moment: datetime) -> bool:
        local = moment.astimezone(LONDON).time()
        return local >= since or local < until

    assert not is_night(at)
    assert now <= at <= now + timedelta(hours=20)
    assert at == now or (is_night(now) and at.astimezone(LONDON).time() == until)


@given(moments, st.times(time(0), time(2)), st.times(time(5), time(12)))
def test_quiet_hours_may_begin_after_midnight(now: datetime, since: time, until: time) -> None:
    """A night from half past midnight does not hold what is wanted at noon or at eleven."""
    local = now.astimezone(LONDON).time()
    assume(not since <= local < until)

    assert quiet_hours.send_at(now, with_quiet_hours(since, until)) == now


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        # 20:59 and 21:00 in summer, an hour ahead of UTC.
        (datetime(2026, 6, 3, 19, 59, tzinfo=UTC), datetime(2026, 6, 3, 19, 59, tzinfo=UTC)),
        (datetime(2026, 6, 3, 20, 0, tzinfo=UTC), datetime(2026, 6, 4, 7, 0, tzinfo=UTC)),
        # The night in which the clocks go forward, and the one in which they go back.
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 29, 7, 0, tzinfo=UTC)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 7, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),
    ],
)
def test_quiet_hours_end_at_eight_by_the_clock_on_the_wall(
    wanted: datetime, goes: datetime
) -> None:
    """Eight in the morning is eight in London, also when the clocks change in the night."""
    assert quiet_hours.send_at(wanted, NIGHTS) == goes
