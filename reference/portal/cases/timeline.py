"""Writes what a victim reads on their crime's page: each event in words from the catalogue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from reference.contract import events
from reference.contract.events import AnyEvent
from reference.contract.messages import TimelineEntry
from reference.contract.outcomes import NOBODY_IDENTIFIED
from reference.portal.rules import outcomes
from reference.portal.rules.crime_state import Crime
from reference.portal.rules.victims_code import within_working_days
from reference.portal.settings import Settings
from reference.portal.storage.case_file import Appointment, CaseFile
from reference.portal.storage.crimes import Crimes, Victim
from reference.portal.timestamps import LONDON, instant, seconds
from reference.portal.words.catalogue import Catalogue, Entry
from reference.portal.words.dates import day_of, london
from reference.portal.words.wording import AUDIENCES, Audience

_SILENT = (events.OfficerReplied, events.VictimContacted, events.VictimDetailsChanged)
_WITH_A_TIME = (events.AppointmentMade, events.AppointmentChanged)
_APPOINTMENTS = (events.AppointmentMade, events.AppointmentChanged, events.AppointmentCancelled)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Writes entries; `CaseFile` keeps and reads them."""

    crimes: Crimes
    case_file: CaseFile
    catalogue: Catalogue
    settings: Settings

    async def show(
        self,
        crime: Crime,
        event: AnyEvent,
        said_at: datetime,
        *,
        before: Crime | None = None,
        but: Collection[str] = (),
        came_by: str = "",
    ) -> None:
        """Show an event on its crime's page, to the victims it concerns.

        If an audience has words of its own, each victim reads the words for them. `before` is the
        crime before the event; `but` names victims who do not read it. What `came_by` mergers is
        of one victim.
        """
        if isinstance(event, _SILENT):
            return
        if isinstance(event, _APPOINTMENTS):
            await self.case_file.keep_appointment(_appointment(event, said_at), came_by)
        concerned = getattr(event, "person_id", None)
        if concerned is not None:
            if concerned not in but:
                await self.show_for(crime, event, concerned, said_at, came_by=came_by)
            return
        case = _case(event, before or crime)
        if not but and len({self._words(event, case, audience) for audience in AUDIENCES}) == 1:
            entry = self._entry(crime, event, said_at, case, audience="standard")
            await self.case_file.add_entry(crime.reference, "", entry)
            return
        # A person who is not told about the crime yet reads all of it once they are.
        for person_id, _ in await self.crimes.people_of(crime.reference):
            if person_id not in but:
                await self.show_for(crime, event, person_id, said_at)

    async def show_for(
        self,
        crime: Crime,
        event: AnyEvent,
        person_id: str,
        said_at: datetime,
        *,
        into: Crime | None = None,
        came_by: str = "",
    ) -> None:
        """Show an event to one victim alone, on the page of the crime that theirs went `into`."""
        page = into.reference if into is not None else crime.reference
        audience = _audience(await self.crimes.victim(page, person_id))
        entry = self._entry(crime, event, said_at, _case(event, crime), audience=audience)
        await self.case_file.add_entry(page, person_id, entry, came_by)

    async def show_regular(self, crime: Crime, victim: Victim, kind: str, now: datetime) -> None:
        """Show a victim what an automatic message told them: advice, or "still with us"."""
        detail = crime.offence_subgroup
        shown = await self.case_file.entries(crime.reference, victim.person_id)
        if kind == "still_with_us":
            detail = str(1 + sum(each.kind == kind for each in shown))
        words = self.catalogue.entry(
            kind,
            detail=detail,
            variant="officer" if crime.officer else "team",
            audience=_audience(victim),
        )
        title, text = words.render(**self._places(crime), **_who(crime))
        if kind == "advice" and any(each.text == text for each in shown):
            return  # invited again, they are sent again what is shown there already
        entry = TimelineEntry(at=now, kind=kind, title=title, text=text)
        await self.case_file.add_entry(crime.reference, victim.person_id, entry)

    def _words(self, event: AnyEvent, case: "_Case", audience: Audience) -> Entry:
        return self.catalogue.entry(
            type(event).__name__, detail=case.detail, variant=case.variant, audience=audience
        )

    def _entry(
        self, crime: Crime, event: AnyEvent, said_at: datetime, case: "_Case", *, audience: Audience
    ) -> TimelineEntry:
        words = self._words(event, case, audience)
        told_by = self._told_by(event, said_at, audience)
        title, text = words.render(**self._places(crime), **_values(crime, event), told_by=told_by)
        at, kind = happened_at(event, said_at), type(event).__name__
        return TimelineEntry(at=at, kind=kind, title=title, text=text)

    def _told_by(self, event: AnyEvent, said_at: datetime, audience: Audience) -> str:
        """Say by which day an officer tells more of a milestone, unless that day has passed."""
        if not isinstance(event, events.MilestoneReached):
            return ""
        code, settings = self.settings.code_at(event.reached_at), self.settings
        days = code.working_days_enhanced if audience == "enhanced" else code.working_days
        due = within_working_days(event.reached_at, days, settings) - timedelta(minutes=1)
        return f"by {day_of(due.astimezone(LONDON))}" if due > said_at else ""

    def _places(self, crime: Crime) -> dict[str, str]:
        force = self.settings.forces[crime.force]
        return {"force": force.name, "witness_care": force.witness_care}


def _audience(victim: Victim | None) -> Audience:
    if victim is None:
        return "standard"
    if victim.record.kind == "organisation":
        return "organisation"
    return "enhanced" if victim.record.enhanced_rights else "standard"


class _Case(NamedTuple):
    detail: str
    variant: str


def _case(event: AnyEvent, before: Crime | None = None) -> _Case:
    detail, variant = "", ""
    match event:
        case events.CrimeRecorded(grade=int(grade)):
            detail = str(grade)
        case events.CrimeAllocated():
            variant = "officer" if event.officer_in_charge else "team"
            if before is not None and _is_handed_over(before, event):
                variant = f"new_{variant}"
        case events.MilestoneReached():
            detail = event.milestone
        case events.OfficerUnavailable():
            detail = event.why
            variant = "until" if event.why == "away" and event.until is not None else ""
        case events.OutcomeRecorded():
            detail = str(event.outcome)
        case events.CrimeClosed():
            detail = str(event.outcome)
            variant = outcomes.how_it_is_told(event)
            if event.outcome == NOBODY_IDENTIFIED and before and not before.allocated_at:
                variant = "unallocated"
    return _Case(detail, variant)


def _is_handed_over(before: Crime, event: events.CrimeAllocated) -> bool:
    officer = event.officer_in_charge
    is_another = officer is None or officer.collar_number != before.collar_number
    is_newer = instant(event.allocated_at) >= before.allocated_at
    return bool(before.officer) and is_another and is_newer


def _who(crime: Crime) -> dict[str, str]:
    return {
        "officer": crime.officer,
        "collar_number": crime.collar_number,
        "team": crime.team,
        "reference": crime.reference,
    }


def _values(crime: Crime, event: AnyEvent) -> dict[str, Any]:
    officer = getattr(event, "officer_in_charge", None) or getattr(event, "officer", None)
    until = event.until if isinstance(event, events.OfficerUnavailable) else None
    return {
        "officer": officer.name if officer else "",
        "collar_number": officer.collar_number if officer else "",
        "team": event.team if isinstance(event, events.CrimeAllocated) else crime.team,
        "when": _when(event),
        "place": event.place if isinstance(event, _WITH_A_TIME) else "",
        "reference": event.into if isinstance(event, events.CrimeMerged) else crime.reference,
        "to_force": event.to_force if isinstance(event, events.CrimeTransferred) else "",
        "until": london(until) if until is not None else "",
        "to_body": event.to_body if isinstance(event, events.CrimeClosed) else "",
        "to_body_contact": event.to_body_contact if isinstance(event, events.CrimeClosed) else "",
    }


def _when(event: AnyEvent) -> str:
    if isinstance(event, events.MilestoneReached):
        return day_of(event.reached_at.astimezone(LONDON))
    return london(event.starts_at) if isinstance(event, _WITH_A_TIME) else ""


def happened_at(event: AnyEvent, said_at: datetime) -> datetime:
    """Find when an event happened or, if it does not say, when it was recorded.

    An appointment is shown when it was made, not when it will be.
    """
    for field in event.__struct_fields__:
        if field.endswith("ed_at") or field == "unavailable_at":
            at: datetime = getattr(event, field)
            return at
    return said_at


def _appointment(
    event: events.AppointmentMade | events.AppointmentChanged | events.AppointmentCancelled,
    said_at: datetime,
) -> Appointment:
    starts_at, place = 0, ""
    if not isinstance(event, events.AppointmentCancelled):
        starts_at, place = seconds(event.starts_at), event.place
    return Appointment(
        crime_reference=event.crime_reference,
        appointment_id=event.appointment_id,
        person_id=event.person_id,
        starts_at=starts_at,
        place=place,
        status="cancelled" if isinstance(event, events.AppointmentCancelled) else "made",
        said_at=instant(said_at),
    )
