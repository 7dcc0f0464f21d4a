"""What a change in the force's records means: events of the contract, as the judge's truth.

It is written apart from the map of any integration, ours too: where an integration loses or alters
something, the two differ, and the judge sees it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from msgspec import ValidationError, convert, structs

from reference.contract.events import (
    AnyEvent,
    Channel,
    CrimeAllocated,
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeRecorded,
    CrimeReopened,
    CrimeUnmerged,
    MilestoneReached,
    OfficerReplied,
    OutcomeRecorded,
    Role,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.doubles.named_by import NamedBy
from simulator.neighbours.dataverse.rows import Change, Rows
from simulator.neighbours.dataverse.tables import TABLES

#: What a person is in a crime, by the number of the choice; a suspect is nobody to be told.
ROLES: Mapping[int, Role] = {1: "victim", 2: "reporter", 3: "witness"}
#: The channels that a person prefers, by the number of the choice.
PREFERRED: Mapping[int, tuple[Channel, ...]] = {
    1: ("text", "email"),
    2: ("email",),
    3: ("text",),
    5: (),
}
#: A note of this type holds the only words that leave the records.
REPLY = 2
_OPEN, _CLOSED, _CANCELLED = 0, 1, 2
_DETAILS = (
    "firstname",
    "lastname",
    "birthdate",
    "mobilephone",
    "telephone1",
    "emailaddress1",
    "preferredcontactmethodcode",
    "csp_safetocontact",
    "csp_enhancedrights",
    "csp_agreedworddigest",
    "csp_hasdied",
    "csp_ispoliceemployee",
    "csp_isrestricted",
)
_OFFENCE = ("csp_offencecode", "csp_offencegroup", "title", "csp_safeguarding")
_DECIDED_BY = {1: "police", 2: "CPS"}


class RowEvents:
    """Makes the events of each change; it knows which crimes were recorded, and with whom."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.links = NamedBy(rows, "csp_involvement", "csp_incident")
        self._crimes_of: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._crimes: dict[str, CrimeRecorded] = {}
        self._people: dict[str, VictimRecord] = {}

    def learn(self, event: AnyEvent) -> None:
        """Take an event that was recorded, by whatever way."""
        match event:
            case CrimeRecorded():
                self._crimes[event.crime_reference] = event
                self._people |= {each.person_id: each for each in event.victims}
                for each in event.victims:
                    self._crimes_of[each.person_id][event.crime_reference] = None
            case VictimDetailsChanged():
                self._people[event.victim.person_id] = event.victim

    def of(self, change: Change) -> list[AnyEvent]:
        """Give the events of a change, in order; a record that is not whole yet makes none."""
        if change.after is None:
            return []
        match change.table:
            case "incident":
                return list(self._of_crime(change.before, change.after))
            case "contact":
                return list(self._of_person(change.before, change.after))
            case "csp_involvement":
                return list(self._of_link(change.after))
            case "annotation" if change.before is None:
                return list(self._of_note(change.after))
        return []

    def _of_crime(
        self, before: Mapping[str, Any] | None, after: Mapping[str, Any]
    ) -> Iterator[AnyEvent]:
        reference = after.get("ticketnumber")
        if not reference:
            return
        if reference not in self._crimes:
            # A case may be saved before it is whole: all that it says by then is said now.
            before = {"statecode": _OPEN}
            recorded = self._recorded(after)
            if recorded is None:
                return
            yield recorded
        elif _differ(before or {}, after, _OFFENCE):
            yield from _made(
                CrimeReclassified,
                crime_reference=reference,
                offence_code=after.get("csp_offencecode"),
                offence_subgroup=after.get("csp_offencegroup"),
                offence=after.get("title"),
                safeguarding=_parts(after.get("csp_safeguarding")),
                reclassified_at=after["modifiedon"],
            )
        yield from self._steps(reference, before or {}, after)

    def _steps(
        self, reference: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> Iterator[AnyEvent]:
        """Give what happened to a crime that is recorded."""
        at = after["modifiedon"]
        if _differ(before, after, ("ownerid", "csp_team")):
            yield from self._allocated(reference, after)
        if _differ(before, after, ("csp_milestone",)) and after.get("csp_milestone"):
            yield from _made(
                MilestoneReached,
                crime_reference=reference,
                milestone=after["csp_milestone"],
                reached_at=_moment(after.get("csp_milestoneat") or at),
            )
        yield from _state(reference, before, after)
        if _differ(before, after, ("csp_mergedinto",)):
            into = self._row("incident", after.get("csp_mergedinto")).get("ticketnumber")
            if into:
                yield from _made(
                    CrimeMerged, crime_reference=reference, into=into, merged_at=_moment(at)
                )
            elif before.get("csp_mergedinto"):
                yield from _made(CrimeUnmerged, crime_reference=reference, unmerged_at=_moment(at))

    def _recorded(self, crime: Mapping[str, Any]) -> CrimeRecorded | None:
        found = _made(
            CrimeRecorded,
            crime_reference=crime["ticketnumber"],
            force=crime.get("csp_force"),
            offence_code=crime.get("csp_offencecode"),
            offence_subgroup=crime.get("csp_offencegroup"),
            offence=crime.get("title"),
            safeguarding=_parts(crime.get("csp_safeguarding")),
            recorded_at=_moment(crime.get("csp_reportedat") or crime["createdon"]),
            victims=tuple(self._victims(crime)),
        )
        return found[0] if found else None

    def _victims(self, crime: Mapping[str, Any]) -> Iterator[VictimRecord]:
        """Give everybody who is to go with a crime, each once."""
        named: dict[str, Role] = {}
        first = self._row("contact", crime.get("customerid"))
        people = [(first, ROLES[1])] if first else []
        for link in self.links.of(crime["incidentid"]):
            role = ROLES.get(link.get("csp_role") or 0)
            if role:
                people.append((self._row("contact", link.get("csp_person")), role))
        for person, role in people:
            person_id = person.get("csp_personid")
            if person_id and person_id not in named:
                named[person_id] = role
                yield self._victim(person, role)

    def _victim(self, person: Mapping[str, Any], role: Role) -> VictimRecord:
        """Give a person's record: what has no column stays as it was last recorded."""
        person_id = person["csp_personid"]
        known = self._people.get(person_id, VictimRecord(person_id=person_id))
        born = person.get("birthdate")
        return structs.replace(
            known,
            given_name=person.get("firstname") or "",
            family_name=person.get("lastname") or "",
            born=date.fromisoformat(born[:10]) if born else None,
            mobile_phone=person.get("mobilephone") or "",
            other_phone=person.get("telephone1") or "",
            email=person.get("emailaddress1") or "",
            preferred_channels=PREFERRED.get(
                person.get("preferredcontactmethodcode") or 0, known.preferred_channels
            ),
            safe_to_contact={1: True, 2: False}.get(person.get("csp_safetocontact") or 0),
            enhanced_rights=bool(person.get("csp_enhancedrights")),
            agreed_word_digest=person.get("csp_agreedworddigest") or "",
            has_died=bool(person.get("csp_hasdied")),
            is_police_employee=bool(person.get("csp_ispoliceemployee")),
            is_restricted=person.get("csp_isrestricted"),
            role=role,
        )

    def _allocated(self, reference: str, crime: Mapping[str, Any]) -> list[CrimeAllocated]:
        officer = self._row("systemuser", crime.get("ownerid"))
        named = {"name": officer.get("fullname"), "collar_number": officer.get("employeeid")}
        return _made(
            CrimeAllocated,
            crime_reference=reference,
            allocated_at=_moment(crime["modifiedon"]),
            officer_in_charge=named if officer else None,
            team=crime.get("csp_team") or "",
        )

    def _of_person(
        self, before: Mapping[str, Any] | None, after: Mapping[str, Any]
    ) -> Iterator[AnyEvent]:
        person_id = after.get("csp_personid")
        if before is None or not person_id or not _differ(before, after, _DETAILS):
            return
        for reference in self._crimes_of[person_id]:
            for each in self._crimes[reference].victims:
                if each.person_id == person_id:
                    victim = self._victim(after, each.role)
                    yield VictimDetailsChanged(crime_reference=reference, victim=victim)

    def _of_link(self, link: Mapping[str, Any]) -> Iterator[AnyEvent]:
        """Give a crime again when somebody more is to go with it."""
        crime = self._row("incident", link.get("csp_incident"))
        if not crime.get("ticketnumber") or link.get("csp_role") not in ROLES:
            return
        known = self._crimes.get(crime["ticketnumber"])
        again = self._recorded(crime)
        if again is not None and again != known:
            yield again

    def _of_note(self, note: Mapping[str, Any]) -> Iterator[AnyEvent]:
        crime = self._row("incident", note.get("objectid"))
        if note.get("csp_entrytype") != REPLY or not crime.get("ticketnumber"):
            return
        person_id = self._row("contact", note.get("csp_person")).get("csp_personid")
        people = [each.person_id for each in self._victims(crime)]
        if not person_id and len(people) == 1:
            person_id = people[0]
        yield from _made(
            OfficerReplied,
            crime_reference=crime["ticketnumber"],
            person_id=person_id,
            reply_id=note["annotationid"],
            text=note.get("notetext"),
            checked=bool(note.get("csp_checked")),
            replied_at=_moment(note["createdon"]),
        )

    def _row(self, table: str, row_id: Any) -> Mapping[str, Any]:
        is_there = isinstance(row_id, str) and self._rows.has(TABLES[table], row_id)
        return self._rows.get(TABLES[table], row_id) if is_there else {}


def _state(
    reference: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[AnyEvent]:
    """Give how a crime ended, or that it goes on again."""
    at, was, now = after["modifiedon"], before.get("statecode"), after.get("statecode")
    outcome = after.get("csp_outcome") or ""
    decided = {
        "crime_reference": reference,
        "outcome": int(outcome) if outcome.isascii() and outcome.isdigit() else None,
        "decided_by": _DECIDED_BY.get(after.get("csp_decidedby") or 0, "unknown"),
    }
    if outcome == "1" and now == _OPEN and before.get("csp_outcome") != outcome:
        yield from _made(OutcomeRecorded, decided_at=_moment(at), **decided)
    if now == _CLOSED and _differ(before, after, ("statecode", "csp_outcome")):
        closed_at = _moment(after.get("csp_closedat") or at)
        yield from _made(CrimeClosed, closed_at=closed_at, **decided)
    if now == _CANCELLED and was != _CANCELLED:
        yield from _made(CrimeCancelled, crime_reference=reference, cancelled_at=_moment(at))
    if now == _OPEN and was in {_CLOSED, _CANCELLED}:
        yield from _made(CrimeReopened, crime_reference=reference, reopened_at=_moment(at))


def _made(kind: type[Any], **values: Any) -> list[Any]:
    """Make an event; none of what the contract would not take."""
    try:
        return [convert(msgspec.to_builtins(values), kind)]
    except ValidationError:
        return []


def _differ(before: Mapping[str, Any], after: Mapping[str, Any], columns: tuple[str, ...]) -> bool:
    return any(before.get(each) != after.get(each) for each in columns)


def _parts(text: Any) -> tuple[str, ...]:
    """Read the markers of a case, which stand between semicolons."""
    return tuple(part for each in (text or "").split(";") if (part := each.strip()))


def _moment(text: str) -> datetime:
    """Read a time of the records, which is UTC where it says nothing else."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
