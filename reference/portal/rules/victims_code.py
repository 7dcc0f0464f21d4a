"""Pure: by when the Victims' Code has a victim told, in working days without bank holidays.

The days are those of the version that was in force when it happened.
"""

from datetime import UTC, datetime, time, timedelta

from msgspec import structs

from reference.contract.events import VictimRecord
from reference.portal.rules.recipients import is_under
from reference.portal.settings import Settings
from reference.portal.timestamps import LONDON

_OF_AGE_YEARS = 18  # in the Victims' Code, whatever age the portal invites from


def informed_within(at: datetime, record: VictimRecord, settings: Settings) -> datetime:
    """Find by when the Victims' Code has a victim told of what happened (Right 6)."""
    code = settings.code_at(at)
    days = code.working_days_enhanced if record.enhanced_rights else code.working_days
    return within_working_days(at, days, settings)


def told_in_person_by(
    at: datetime, record: VictimRecord, now: datetime, settings: Settings
) -> datetime:
    """Find by when an officer tells a victim, or decides who is told: now at the earliest.

    A bereaved family and a child's guardian have enhanced rights, recorded or not.
    """
    is_child = record.born is not None and is_under(record.born, now, _OF_AGE_YEARS)
    is_another = record.who_is_told == "another" and record.kind == "person"
    is_enhanced = record.enhanced_rights or record.has_died or is_child or is_another
    by = informed_within(at, structs.replace(record, enhanced_rights=is_enhanced), settings)
    return max(now, by)


def told_by(at: datetime, record: VictimRecord, settings: Settings) -> datetime:
    """Find the last quarter of an hour outside quiet hours in which news is told in time."""
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
