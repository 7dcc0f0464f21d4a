"""Pure: who is invited, what is announced, and when a message may go.

Nothing here reads a clock or a store: an event, a case and a moment give an answer.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from reference.contract.events import AnyEvent, CrimeClosed, OutcomeRecorded, VictimRecord
from reference.portal.settings import Announcement, Settings

LONDON = ZoneInfo("Europe/London")


def exclusion(
    *,
    offence_subgroup: str,
    safeguarding: Iterable[str],
    recorded_at: datetime,
    victim: VictimRecord,
    settings: Settings,
) -> str:
    """Say why this victim is not invited for this crime, or "" when they are."""
    if settings.phase_at(recorded_at) < 1:
        return "recorded before the portal went live"
    if offence_subgroup not in settings.eligible_subgroups:
        return "offence not in the portal"
    markers = settings.safeguarding_exclusions.intersection(safeguarding)
    if markers:
        return f"safeguarding: {', '.join(sorted(markers))}"
    if victim.safe_to_contact is not True:
        return "not recorded as safe to contact"
    if victim.born and _age_years(victim.born, recorded_at) < settings.age_min_years:
        return f"under {settings.age_min_years}"
    return ""


def announcement(event: AnyEvent, phase: int, settings: Settings) -> Announcement | None:
    """Find what this event is announced by in this phase, if anything."""
    found = settings.announcements.get(type(event).__name__)
    return found if found is not None and found.phase <= phase else None


def status_after(event: AnyEvent, status: str) -> str:
    """Give the status of a crime after an event: a charge is not a closure."""
    if isinstance(event, OutcomeRecorded):
        return "charged"
    return "closed" if isinstance(event, CrimeClosed) else status


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
    return opens.astimezone(UTC)


_REVIEWABLE = frozenset({9, 10, 11, 12, 13, 15, 17, 21})


def _age_years(born: date, at: datetime) -> int:
    day = at.astimezone(LONDON).date()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
