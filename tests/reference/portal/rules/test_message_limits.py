"""How many messages are too many: news is bundled, and a week has a limit."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reference.portal.rules import message_limits
from reference.portal.settings import settings_from
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


@given(st.lists(st.integers(0, 10_000), max_size=20))
def test_phase_1_has_no_limit(minutes: list[int]) -> None:
    """Graded progress is told as it happens."""
    sent = [NOON - timedelta(minutes=each) for each in sorted(minutes, reverse=True)]

    assert message_limits.cap_until(NOON, sent, 1, ALL) == NOON
