"""Pure: by when the Victims' Code has a victim told, in working days without bank holidays."""

from datetime import UTC, datetime, time, timedelta

from reference.contract.events import VictimRecord
from reference.portal.settings import Settings
from reference.portal.timestamps import LONDON


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
