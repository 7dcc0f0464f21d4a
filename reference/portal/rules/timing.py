"""Pure: when a message may go: quiet hours, bundles, the weekly limit, the Code's working days."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reference.contract.events import VictimRecord
from reference.portal.settings import Settings

LONDON = ZoneInfo("Europe/London")
WEEK = timedelta(days=7)


def send_at(now: datetime, settings: Settings) -> datetime:
    """Find when a message wanted now may go: at once, or when quiet hours end."""
    if settings.quiet_from is None or settings.quiet_until is None:
        return now
    local = now.astimezone(LONDON)
    starts, ends, clock = settings.quiet_from, settings.quiet_until, local.time()
    spans_midnight = starts > ends
    is_quiet = clock >= starts or clock < ends if spans_midnight else starts <= clock < ends
    if not is_quiet:
        return now
    opens = datetime.combine(local.date(), ends, tzinfo=LONDON)
    if spans_midnight and clock >= starts:
        opens += timedelta(days=1)
    # On the night the clocks go back, the hour is there twice.
    return max(now, opens.astimezone(UTC))


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


def informed_within(at: datetime, record: VictimRecord, settings: Settings) -> datetime:
    """Find by when the Victims' Code has a victim told of what happened (Right 6)."""
    days = settings.working_days_enhanced if record.enhanced_rights else settings.working_days
    return within_working_days(at, days, settings)


def told_by(at: datetime, record: VictimRecord, settings: Settings) -> datetime:
    """Find the last quarter of an hour in which news of now may go, outside quiet hours, in time.

    The weekly limit never holds news back for longer than the Victims' Code allows.
    """
    day = informed_within(at, record, settings).astimezone(LONDON).date() - timedelta(days=1)
    ends = settings.quiet_from or time(23, 59)
    return datetime.combine(day, ends, tzinfo=LONDON).astimezone(UTC) - timedelta(minutes=15)


def within_working_days(at: datetime, days: int, settings: Settings) -> datetime:
    """Find the end of the working day by which something is due: London, Monday to Friday."""
    day = at.astimezone(LONDON).date()
    left = days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in settings.bank_holidays
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON).astimezone(UTC)
