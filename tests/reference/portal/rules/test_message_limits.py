"""How many messages are too many: news is bundled, and a week has a limit."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.portal.rules import message_limits
from reference.portal.settings import settings_from
from reference.portal.timestamps import LONDON
from tests.reference.portal.crimes import NOON
from tests.reference.portal.scene import SETTINGS

ALL = settings_from(SETTINGS)
WEEK = timedelta(days=7)


def test_news_waits_for_more_only_from_phase_2() -> None:
    """In phase 1 a message goes at once; from phase 2 what comes within the hour is one."""
    assert message_limits.bundle_until(NOON, 1, ALL) == NOON
    assert message_limits.bundle_until(NOON, 2, ALL) == NOON + timedelta(minutes=60)


@given(st.lists(st.integers(0, 60 * 24 * 10), max_size=60), st.integers(1, 6))
def test_no_week_has_more_than_the_limit(minutes: list[int], limit: int) -> None:
    """Whenever messages are wanted, no seven days hold more than the limit, and none is lost."""
    settings = settings_from({**SETTINGS, "per_week_max": limit})
    sent: list[datetime] = []
    now = NOON
    for minute in sorted(minutes):
        wanted = max(NOON + timedelta(minutes=minute), now)
        now = message_limits.cap_until(wanted, sent, 2, settings)
        sent.append(now)

        assert now >= wanted

    assert len(sent) == len(minutes)
    assert all(sum(at - WEEK < each <= at for each in sent) <= limit for at in sent)


@given(
    st.lists(st.integers(-60 * 24 * 10, 60 * 24 * 10), max_size=20),
    st.integers(0, 60 * 24 * 3),
    st.integers(1, 4),
)
def test_what_waits_keeps_its_place_and_a_free_place_is_used(
    minutes: list[int], minute: int, limit: int
) -> None:
    """News fits between what waits; a second sooner it would break the limit of a week."""
    settings = settings_from({**SETTINGS, "per_week_max": limit})
    planned: list[datetime] = []
    for each in sorted(minutes):
        wanted = NOON + timedelta(minutes=each)
        planned.append(message_limits.cap_until(wanted, planned, 2, settings))
    wanted = NOON + timedelta(minutes=minute)

    at = message_limits.cap_until(wanted, planned, 2, settings)

    def holds(one: datetime) -> bool:
        every = [*planned, one]
        return all(sum(end - WEEK < each <= end for each in every) <= limit for end in every)

    assert holds(at)
    assert at == wanted or not holds(at - timedelta(seconds=1))


@given(st.lists(st.integers(0, 10_000), max_size=20))
def test_phase_1_has_no_limit(minutes: list[int]) -> None:
    """Graded progress is told as it happens."""
    sent = [NOON - timedelta(minutes=each) for each in sorted(minutes, reverse=True)]

    assert message_limits.cap_until(NOON, sent, 1, ALL) == NOON


CALENDAR = settings_from(
    {
        **SETTINGS,
        "week": "calendar",
        "per_week_max": 2,
        "quiet_from": time(21),
        "quiet_until": time(8),
    }
)


def at(day: int, hour: int, month: int = 6) -> datetime:
    """Give a time of 2026 in London; 1 June is a Monday."""
    return datetime(2026, month, day, hour, tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("wanted", "sent", "expected"),
    [
        (at(7, 12), [at(1, 9)], at(7, 12)),
        (at(7, 12), [at(1, 9), at(6, 9)], at(8, 0)),
        (at(8, 12), [at(6, 9), at(7, 9)], at(8, 12)),
        (at(7, 12), [at(1, 9), at(6, 9), at(8, 8), at(8, 8)], at(15, 0)),
        (at(7, 22), [at(1, 9), at(6, 9)], at(7, 22)),
        (at(7, 22), [at(8, 8), at(8, 8)], at(15, 0)),
        (at(25, 12, 10), [at(19, 9, 10), at(24, 9, 10)], at(26, 0, 10)),
        (at(29, 12, 3), [at(23, 9, 3), at(24, 9, 3)], at(30, 0, 3)),
    ],
    ids=[
        "there is room",
        "the week is full",
        "another week",
        "and the next week is full",
        "after quiet hours it counts on Monday",
        "on Monday there is no room",
        "the clocks go back that Sunday",
        "the clocks go forward that Sunday",
    ],
)
def test_a_calendar_week_begins_on_monday_in_london(
    wanted: datetime, sent: list[datetime], expected: datetime
) -> None:
    """What does not fit in a week goes on the Monday of the next week with room."""
    assert message_limits.cap_until(wanted, sent, 2, CALENDAR) == expected
    assert message_limits.cap_until(wanted, sent, 1, CALENDAR) == wanted
