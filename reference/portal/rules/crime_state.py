"""Pure: a crime and its state after an event. A late, older fact undoes no newer one.

The newest fact of each kind is kept, so that the order in which facts come makes no difference.
"""

from collections.abc import Callable
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

import msgspec
from msgspec import Struct

from reference.contract import events
from reference.contract.events import AnyEvent
from reference.portal.rules import outcomes
from reference.portal.timestamps import SECOND, instant, seconds

Status = Literal["reported", "open", "charged", "closed", "transferred", "cancelled", "merged"]


class Crime(Struct, frozen=True, kw_only=True):
    """One crime as the portal knows it."""

    reference: str
    force: str
    offence: str
    offence_subgroup: str
    safeguarding: str
    status: Status
    officer: str
    collar_number: str
    team: str
    recorded_at: int
    updated_at: int
    allocated_at: int = 0
    ended_at: int = 0
    merged_into: str = ""
    transferred_to: str = ""
    officer_is: str = ""
    officer_until: int | None = None
    reclassified_at: int = 0
    decided: str = ""
    decided_at: int = 0
    transferred_at: int = 0
    cancelled_at: int = 0
    merged_at: int = 0
    reopened_at: int = 0
    may_review: int = 0
    unmerged_at: int = 0
    unavailable_at: int = 0

    @property
    def is_live(self) -> bool:
        """Say whether this portal still expects news about it."""
        return self.status in {"open", "charged", "closed"}

    @property
    def decision(self) -> tuple[str, int]:
        """The last decision and when, unless the crime was reopened since."""
        is_undone = self.decided_at <= self.reopened_at
        return ("", 0) if is_undone else (self.decided, self.decided_at)


def after(crime: Crime, event: AnyEvent, now: datetime) -> Crime:
    """Give the state of a crime after an event."""
    changes: dict[str, object] = {"updated_at": seconds(now)}
    change = _CHANGES.get(type(event))
    if change is not None:
        changes |= change(crime, event)
    changed = msgspec.structs.replace(crime, **changes)
    return _standing(changed) if type(event) in _BEGINNINGS_AND_ENDS else changed


def _standing(crime: Crime) -> Crime:
    """Find the status of a crime from the newest fact of each kind.

    What takes it out of the portal outweighs what was decided, until it is reopened. A merger
    that was taken back counts for nothing.
    """
    for status, at in (
        ("merged", crime.merged_at if crime.merged_at > crime.unmerged_at else 0),
        ("cancelled", crime.cancelled_at),
        ("transferred", crime.transferred_at),
        crime.decision,
    ):
        if at > crime.reopened_at:
            return msgspec.structs.replace(crime, status=status, ended_at=at // SECOND)
    return msgspec.structs.replace(crime, status="open", ended_at=crime.reopened_at // SECOND)


def _newest(field: str, **also: str) -> Callable[[Crime, Any], dict[str, object]]:
    """Make the change for an event that begins or ends a case, at the time in a field.

    `also` maps fields of the crime to fields of the event.
    """

    def change(crime: Crime, event: Any) -> dict[str, object]:
        at = instant(getattr(event, field))
        taken = {ours: getattr(event, theirs) for ours, theirs in also.items()}
        return {field: at, **taken} if at >= getattr(crime, field) else {}

    return change


def _decided(crime: Crime, event: events.OutcomeRecorded | events.CrimeClosed) -> dict[str, object]:
    at = instant(event.closed_at if isinstance(event, events.CrimeClosed) else event.decided_at)
    if at < crime.decided_at:
        return {}
    may_review = isinstance(event, events.CrimeClosed) and outcomes.may_offer_review(
        decided_by=event.decided_by,
        interviewed=event.interviewed_under_caution,
        outcome=event.outcome,
    )
    decided = outcomes.status_after(event)
    return {"decided": decided, "decided_at": at, "may_review": int(may_review)}


def _allocated(crime: Crime, event: events.CrimeAllocated) -> dict[str, object]:
    at = instant(event.allocated_at)
    if at < crime.allocated_at:
        return {}
    officer = event.officer_in_charge
    collar_number = officer.collar_number if officer else ""
    # The same allocation once more brings back no officer who went away since.
    is_again = (at, collar_number) == (crime.allocated_at, crime.collar_number)
    return {
        "officer": officer.name if officer else "",
        "collar_number": collar_number,
        "team": event.team,
        "allocated_at": at,
        "officer_is": crime.officer_is if is_again else "",
        "officer_until": crime.officer_until if is_again else None,
    }


def _unavailable(crime: Crime, event: events.OfficerUnavailable) -> dict[str, object]:
    at = instant(event.unavailable_at)
    is_theirs = event.officer.collar_number == crime.collar_number
    if not is_theirs or at < max(crime.allocated_at, crime.unavailable_at):
        return {}
    until = None if event.until is None or event.why == "left" else seconds(event.until)
    return {"officer_is": event.why, "officer_until": until, "unavailable_at": at}


def _reclassified(crime: Crime, event: events.CrimeReclassified) -> dict[str, object]:
    at = instant(event.reclassified_at)
    if at < crime.reclassified_at:
        return {}
    return {
        "reclassified_at": at,
        "offence": event.offence,
        "offence_subgroup": event.offence_subgroup,
        "safeguarding": "|".join(event.safeguarding),
    }


_CHANGES: MappingProxyType[type, Callable[[Crime, Any], dict[str, object]]] = MappingProxyType(
    {
        events.CrimeAllocated: _allocated,
        events.OfficerUnavailable: _unavailable,
        events.CrimeReclassified: _reclassified,
        events.OutcomeRecorded: _decided,
        events.CrimeClosed: _decided,
        events.CrimeReopened: _newest("reopened_at"),
        events.CrimeTransferred: _newest("transferred_at", transferred_to="to_force"),
        events.CrimeCancelled: _newest("cancelled_at"),
        events.CrimeMerged: _newest("merged_at", merged_into="into"),
        events.CrimeUnmerged: _newest("unmerged_at"),
    }
)
_BEGINNINGS_AND_ENDS = frozenset(
    {
        events.OutcomeRecorded,
        events.CrimeClosed,
        events.CrimeReopened,
        events.CrimeTransferred,
        events.CrimeCancelled,
        events.CrimeMerged,
        events.CrimeUnmerged,
    }
)
