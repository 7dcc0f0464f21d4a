"""Pure: how many messages are too many: news that is bundled, and the limit of a week."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from reference.portal.settings import Settings

WEEK = timedelta(days=7)


def bundle_until(now: datetime, phase: int, settings: Settings) -> datetime:
    """Find how long news waits for more news, so that both make one message."""
    return now + timedelta(minutes=settings.bundle_minutes) if phase >= 2 else now


def cap_until(
    wanted_at: datetime, sent: Sequence[datetime], phase: int, settings: Settings
) -> datetime:
    """Find when the next message keeps within the weekly limit; `sent` is oldest first."""
    recent = [at for at in sent if at > wanted_at - WEEK]
    if phase < 2 or len(recent) < settings.per_week_max:
        return wanted_at
    return recent[-settings.per_week_max] + WEEK
