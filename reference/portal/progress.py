"""Pure: a crime as it stands after an event. An older fact that comes late undoes no newer one."""

from datetime import datetime

import msgspec

from reference.contract.events import AnyEvent, CrimeAllocated, CrimeClosed, OutcomeRecorded
from reference.portal import policy
from reference.portal.store import Crime, seconds


def after(crime: Crime, event: AnyEvent, now: datetime) -> Crime:
    """Give the crime as it stands after an event."""
    changes: dict[str, object] = {"updated_at": seconds(now)}
    if isinstance(event, OutcomeRecorded | CrimeClosed):
        ended_at = seconds(event.closed_at if isinstance(event, CrimeClosed) else event.decided_at)
        if ended_at >= crime.ended_at:
            status = policy.status_after(event, crime.status)
            changes |= {"status": status, "ended_at": ended_at}
    if isinstance(event, CrimeAllocated) and seconds(event.allocated_at) >= crime.allocated_at:
        officer = event.officer_in_charge
        changes |= {
            "officer": officer.name if officer else "",
            "collar_number": officer.collar_number if officer else "",
            "team": event.team,
            "allocated_at": seconds(event.allocated_at),
        }
    return msgspec.structs.replace(crime, **changes)
