"""What a victim reads on their crime's page: each event in plain words from the catalogue."""

from datetime import datetime

from reference.contract.events import (
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    CrimeAllocated,
    CrimeClosed,
    CrimeRecorded,
    OfficerDeployed,
    OfficerReplied,
    OutcomeRecorded,
)
from reference.contract.messages import TimelineEntry
from reference.portal import policy
from reference.portal.catalogue import Catalogue
from reference.portal.rendering import london
from reference.portal.settings import Settings
from reference.portal.store import Crime, Store, moment


class Timeline:
    """Writes entries; `Store.entries` reads them."""

    def __init__(self, *, store: Store, catalogue: Catalogue, settings: Settings) -> None:
        self._store = store
        self._catalogue = catalogue
        self._settings = settings

    async def show(self, crime: Crime, event: AnyEvent) -> None:
        """Put an event on its crime's page, for the victims it concerns."""
        if isinstance(event, OfficerReplied):
            return
        kind = type(event).__name__
        outcome = event.outcome if isinstance(event, OutcomeRecorded | CrimeClosed) else None
        entry = self._catalogue.entry(kind, outcome=outcome, variant=_variant(event))
        officer = event.officer_in_charge if isinstance(event, CrimeAllocated) else None
        title, text = entry.render(
            officer=officer.name if officer else "",
            collar_number=officer.collar_number if officer else "",
            team=event.team if isinstance(event, CrimeAllocated) else "",
            force=self._settings.forces[crime.force].name,
            when=london(event.starts_at) if isinstance(event, _WITH_A_TIME) else "",
            place=event.place if isinstance(event, _WITH_A_TIME) else "",
        )
        person_id = event.person_id if isinstance(event, _FOR_ONE) else ""
        shown = TimelineEntry(at=_happened_at(event, crime), kind=kind, title=title, text=text)
        await self._store.add_entry(crime.reference, person_id, shown)


_WITH_A_TIME = (AppointmentMade, AppointmentChanged)
_FOR_ONE = (AppointmentMade, AppointmentChanged, AppointmentCancelled)


def _variant(event: AnyEvent) -> str:
    if isinstance(event, CrimeAllocated):
        return "officer" if event.officer_in_charge else "team"
    if isinstance(event, CrimeClosed) and policy.may_offer_review(
        decided_by=event.decided_by,
        interviewed=event.interviewed_under_caution,
        outcome=event.outcome,
    ):
        return "review"
    return ""


def _happened_at(event: AnyEvent, crime: Crime) -> datetime:
    """When it was so: an appointment is shown when it was made, not when it will be."""
    match event:
        case CrimeRecorded():
            return event.recorded_at
        case OfficerDeployed():
            return event.deployed_at
        case CrimeAllocated():
            return event.allocated_at
        case OutcomeRecorded():
            return event.decided_at
        case CrimeClosed():
            return event.closed_at
        case _:
            return moment(crime.updated_at)
