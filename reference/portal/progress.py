"""Pure: a crime as it stands after an event. An older fact that comes late undoes no newer one."""

from collections.abc import Callable
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec

from reference.contract.events import (
    AnyEvent,
    CrimeAllocated,
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeReopened,
    CrimeTransferred,
    OfficerUnavailable,
    OutcomeRecorded,
)
from reference.portal import policy
from reference.portal.store import Crime, seconds


def after(crime: Crime, event: AnyEvent, now: datetime) -> Crime:
    """Give the crime as it stands after an event."""
    changes: dict[str, object] = {"updated_at": seconds(now)}
    change = _CHANGES.get(type(event))
    if change is not None:
        changes |= change(crime, event)
    return msgspec.structs.replace(crime, **changes)


def _ended(field: str, **also: str) -> Callable[[Crime, Any], dict[str, object]]:
    """Make the change for what begins or ends a case at the moment in a field.

    `also` says which fields of the crime take which of the event's.
    """

    def change(crime: Crime, event: Any) -> dict[str, object]:
        at = seconds(getattr(event, field))
        if at < crime.ended_at:
            return {}
        taken = {ours: getattr(event, theirs) for ours, theirs in also.items()}
        return {"status": policy.status_after(event, crime.status), "ended_at": at, **taken}

    return change


def _allocated(crime: Crime, event: CrimeAllocated) -> dict[str, object]:
    at = seconds(event.allocated_at)
    if at < crime.allocated_at:
        return {}
    officer = event.officer_in_charge
    return {
        "officer": officer.name if officer else "",
        "collar_number": officer.collar_number if officer else "",
        "team": event.team,
        "allocated_at": at,
        "officer_is": "",
        "officer_until": None,
    }


def _unavailable(crime: Crime, event: OfficerUnavailable) -> dict[str, object]:
    is_theirs = event.officer.collar_number == crime.collar_number
    if not is_theirs or seconds(event.unavailable_at) < crime.allocated_at:
        return {}
    until = None if event.until is None or event.why == "left" else seconds(event.until)
    return {"officer_is": event.why, "officer_until": until}


def _reclassified(_crime: Crime, event: CrimeReclassified) -> dict[str, object]:
    return {
        "offence": event.offence,
        "offence_subgroup": event.offence_subgroup,
        "safeguarding": "|".join(event.safeguarding),
    }


_CHANGES: MappingProxyType[type, Callable[[Crime, Any], dict[str, object]]] = MappingProxyType(
    {
        CrimeAllocated: _allocated,
        OfficerUnavailable: _unavailable,
        CrimeReclassified: _reclassified,
        OutcomeRecorded: _ended("decided_at"),
        CrimeClosed: _ended("closed_at"),
        CrimeReopened: _ended("reopened_at"),
        CrimeTransferred: _ended("transferred_at", transferred_to="to_force"),
        CrimeCancelled: _ended("cancelled_at"),
        CrimeMerged: _ended("merged_at", merged_into="into"),
    }
)
