"""Pure: how many messages are too many: news that is bundled, and the limit of a week."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from reference.portal.rules import quiet_hours
from reference.portal.settings import Settings
from reference.portal.timestamps import LONDON

WEEK = timedelta(days=7)


def bundle_until(now: datetime, phase: int, settings: Settings) -> datetime:
    """Find how long news waits for more news, so that both make one message."""
    return now + timedelta(minutes=settings.bundle_minutes) if phase >= 2 else now


def cap_until(
    wanted_at: datetime, sent: Sequence[datetime], phase: int, settings: Settings
) -> datetime:
    """Find the first time that keeps within the weekly limit; `sent` holds what waits as well."""
    if phase < 2:
        return wanted_at
    if settings.week == "calendar":
        return _calendar_week_with_room(wanted_at, sent, settings)
    times = [wanted_at, *sorted(at + WEEK for at in sent if at + WEEK > wanted_at)]
    return next(at for at in times if _has_room(at, sent, settings.per_week_max))


def _has_room(wanted_at: datetime, sent: Sequence[datetime], limit: int) -> bool:
    """Say whether every 7 days that hold this time, and end with a message, keep the limit."""
    ends = [wanted_at, *(at for at in sent if wanted_at <= at < wanted_at + WEEK)]
    return all(sum(end - WEEK < at <= end for at in sent) < limit for end in ends)


def _calendar_week_with_room(
    wanted_at: datetime, sent: Sequence[datetime], settings: Settings
) -> datetime:
    """Find the time wanted, or the Monday of the first week after it that has room.

    A message counts in the week in which it goes, after quiet hours.
    """
    mondays = [_monday(at) for at in sent]
    first = monday = _monday(quiet_hours.send_at(wanted_at, settings))
    while mondays.count(monday) >= settings.per_week_max:
        monday += WEEK
    if monday == first:
        return wanted_at
    return datetime.combine(monday, time(), tzinfo=LONDON).astimezone(UTC)


def _monday(at: datetime) -> date:
    day = at.astimezone(LONDON).date()
    return day - timedelta(days=day.weekday())
