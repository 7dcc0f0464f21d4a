"""Pure: who is invited, what is announced, what a person says first, and when a message may go.

Nothing here reads a clock or a store: an event, a case and a moment give an answer.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from reference.contract.events import (
    AnyEvent,
    CrimeClosed,
    OutcomeRecorded,
    Role,
    VictimRecord,
)
from reference.portal.rules import recipients
from reference.portal.settings import Announcement, Settings

LONDON = recipients.LONDON


def exclusion(
    *,
    offence_subgroup: str,
    safeguarding: Iterable[str],
    status: str = "open",
    recorded_at: datetime,
    victim: VictimRecord,
    settings: Settings,
    role: Role = "victim",
    now: datetime | None = None,
    is_flagged_elsewhere: bool = False,
) -> str:
    """Say why nobody is told of this crime for this person, or "" when somebody is.

    `now` is when the crime was recorded unless another moment is given.
    """
    markers = settings.safeguarding_exclusions.intersection(safeguarding)
    if status in {"cancelled", "merged"}:
        return status
    if settings.phase_at(recorded_at) < 1:
        return "recorded before the portal went live"
    if offence_subgroup not in settings.eligible_subgroups:
        return "offence not in the portal"
    if markers:
        return f"safeguarding: {', '.join(sorted(markers))}"
    why = recipients.why_not(
        victim,
        role=role,
        recorded_at=recorded_at,
        now=now or recorded_at,
        age_min_years=settings.age_min_years,
        is_flagged_elsewhere=is_flagged_elsewhere,
    )
    return why or recipients.why_not_safe(recipients.addressed(victim))


def announcement(event: AnyEvent, phase: int, settings: Settings) -> Announcement | None:
    """Find what this event is announced by in this phase, if anything."""
    found = settings.announcements.get(type(event).__name__)
    return found if found is not None and found.phase <= phase else None


def status_after(event: OutcomeRecorded | CrimeClosed) -> Literal["charged", "closed"]:
    """Give the status of a crime after a decision: a charge is not a closure."""
    return "closed" if isinstance(event, CrimeClosed) else "charged"


def is_sensitive(event: AnyEvent, offence_subgroup: str, settings: Settings) -> bool:
    """Say whether this is a closure that the victim first hears of from a person."""
    return isinstance(event, CrimeClosed) and (
        event.outcome in settings.sensitive_outcomes
        or offence_subgroup in settings.sensitive_subgroups
    )


def within_working_days(at: datetime, days: int, settings: Settings) -> datetime:
    """Find the end of the working day by which something is due: London, Monday to Friday."""
    day = at.astimezone(LONDON).date()
    left = days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in settings.bank_holidays
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON).astimezone(UTC)


def told_by(at: datetime, record: VictimRecord, settings: Settings) -> datetime:
    """Find the last quarter of an hour in which news of now may go, outside quiet hours, in time.

    What is held back so that nobody is flooded is never held longer than the Victims' Code allows.
    """
    day = informed_within(at, record, settings).astimezone(LONDON).date() - timedelta(days=1)
    ends = settings.quiet_from or time(23, 59)
    return datetime.combine(day, ends, tzinfo=LONDON).astimezone(UTC) - timedelta(minutes=15)


def informed_within(at: datetime, record: VictimRecord, settings: Settings) -> datetime:
    """Find by when the Victims' Code has a victim told of what happened (Right 6)."""
    days = settings.working_days_enhanced if record.enhanced_rights else settings.working_days
    return within_working_days(at, days, settings)


def may_offer_review(*, decided_by: str, interviewed: bool | None, outcome: int) -> bool:
    """Say whether the police Victims' Right to Review applies to a closure.

    It needs a police decision about a suspect interviewed under caution; never after an
    out-of-court disposal or where the victim does not support (Wiltshire and Cleveland PCC pages).
    """
    return decided_by == "police" and interviewed is True and outcome in _REVIEWABLE


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


_REVIEWABLE = frozenset({9, 10, 11, 12, 13, 15, 17, 21})
