"""What a change in the force's records means: events of the contract, as the judge's truth.

It is written apart from the map of any integration, ours too: where an integration loses or alters
something, the two differ, and the judge sees it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from msgspec import ValidationError, convert, structs

from reference.contract.events import (
    AnyEvent,
    AppointmentMade,
    Channel,
    CrimeAllocated,
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeRecorded,
    CrimeReopened,
    CrimeUnmerged,
    IncidentReported,
    MilestoneReached,
    OfficerDeployed,
    OfficerReplied,
    OutcomeRecorded,
    Reference,
    Role,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.doubles.appointment_events import appointment_events, may_be_new
from simulator.doubles.named_by import NamedBy
from simulator.doubles.said_by_record import SaidByRecord, differ
from simulator.doubles.unsaid import DELETED, UnsaidEvents
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
_OFFENCE_CODES = ("csp_offencecode", "csp_offencegroup")
_DECIDED_BY = {1: "police", 2: "CPS"}


class RowEvents:
    """Makes the events of each change; it knows which crimes were recorded, and with whom.

    `unsaid` has what no event can tell yet.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.links = NamedBy(rows, "csp_involvement", "csp_incident")
        self.unsaid = UnsaidEvents()
        #: Told what a record says by now of an event that was made of it before.
        self.on_corrected: Callable[[AnyEvent], None] = lambda _event: None
        self._crimes_of: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._crimes: dict[str, CrimeRecorded] = {}
        self._told: defaultdict[str, set[CrimeRecorded]] = defaultdict(set)
        self._reported: set[str] = set()
        self._people: dict[str, VictimRecord] = {}

    def learn(self, event: AnyEvent) -> None:
        """Take an event that was recorded, by whatever way."""
        match event:
            case CrimeRecorded():
                self._crimes[event.crime_reference] = event
                self._told[event.crime_reference].add(event)
                self._people |= {each.person_id: each for each in event.victims}
                for each in event.victims:
                    self._crimes_of[each.person_id][event.crime_reference] = None
            case IncidentReported():
                self._reported.add(event.crime_reference)
                self._people[event.victim.person_id] = event.victim
            case VictimDetailsChanged():
                self._people[event.victim.person_id] = event.victim

    def knows(self, crime_reference: str) -> bool:
        """Say whether a crime was recorded, or reported: of another nothing can be told."""
        return crime_reference in self._crimes or crime_reference in self._reported

    def of(self, change: Change) -> list[AnyEvent]:
        """Give the events of a change, in order; a record that is not whole yet makes none."""
        table, row_id, events = change.table, change.row_id, list[AnyEvent]()
        if change.after is None:
            events += self._gone(change)
        else:
            events += self._said_by(table, row_id, change.before, change.after)
        if table == "csp_involvement":
            events += self._of_link(change)
        return events + self._completed_by(row_id)

    def recorded_by_a_tester(self, crime_id: str, reference: str) -> list[AnyEvent]:
        """Give what else a case says that was not whole, and that control has now recorded."""
        row = self._row("incident", crime_id)
        if not row or not self.knows(reference):
            return []
        told = {each: row.get(each) for each in _OFFENCE}
        events = self._said_by("incident", crime_id, {"statecode": _OPEN, **told}, row)
        return events + self._completed_by(crime_id)

    def _gone(self, change: Change) -> list[AnyEvent]:
        """Give that a crime was withdrawn; that a person is gone no event can tell."""
        said = SaidByRecord(change.table, change.row_id, change.before or {}, frozenset())
        person_id, reference = said.row.get("csp_personid"), said.row.get("ticketnumber") or ""
        if change.table == "contact":
            for each in self._crimes_of.get(person_id or "", ()):
                if self._rows.id_by_key(TABLES["incident"], {"ticketnumber": each}):
                    said.lacks(VictimDetailsChanged, (DELETED,), crime_reference=each)
        self.unsaid.replace(change.table, change.row_id, said.found)
        is_crime = change.table == "incident" and self.knows(reference)
        if not is_crime or said.row.get("statecode") != _OPEN or said.row.get("csp_mergedinto"):
            return []
        return said.made(CrimeCancelled, crime_reference=reference, cancelled_at=_moment(change.at))

    def _of_link(self, change: Change) -> list[AnyEvent]:
        """Give a crime again when somebody more is to go with it; who leaves it is no news."""
        link = change.after or {}
        is_new = differ(change.before or {}, link, ("csp_incident", "csp_person", "csp_role"))
        events = []
        for each in (change.before, change.after):
            row = self._row("incident", (each or {}).get("csp_incident"))
            if row:
                joins = each is change.after and link.get("csp_role") in ROLES and is_new
                crime_id = str(row["incidentid"])
                events += self._said_by("incident", crime_id, row, row, has_other_people=joins)
        return events

    def _completed_by(self, row_id: str) -> list[AnyEvent]:
        """Give what other records said already, and this one was missing for."""
        events = []
        for table, waiting_id in self.unsaid.waiting_for(row_id):
            if row := self._row(table, waiting_id):
                found = self._said_by(table, waiting_id, row, row)
                events += found
                if any(isinstance(each, CrimeRecorded) for each in found):
                    events += self._completed_by(waiting_id)
        return events

    def _said_by(
        self,
        table: str,
        row_id: str,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any],
        *,
        has_other_people: bool = False,
    ) -> list[AnyEvent]:
        """Give what a record says now and did not before, and keep what no event can tell."""
        said = SaidByRecord(table, row_id, after, self.unsaid.kinds_of(table, row_id))
        found: Iterator[AnyEvent] = iter(())
        match table:
            case "incident":
                found = self._of_crime(said, before, has_other_people=has_other_people)
            case "contact":
                found = self._of_person(before, after)
            case "csp_involvement":
                _check_link(said)
            case "annotation" if before is None or OfficerReplied.__name__ in said.unsaid:
                found = self._of_note(said)
            case "appointment":
                found = self._of_appointment(said, before)
        events = []
        for event in found:
            self.learn(event)
            events.append(event)
        self.unsaid.replace(table, row_id, said.found)
        return events

    def _of_crime(
        self, said: SaidByRecord, before: Mapping[str, Any] | None, *, has_other_people: bool
    ) -> Iterator[AnyEvent]:
        reference, crime = said.row.get("ticketnumber"), said.row
        known = self._crimes.get(reference or "")
        if known is None:
            if reference in self._reported and not any(crime.get(each) for each in _OFFENCE_CODES):
                return
            # A case may be saved before it is whole: all that it says by then is said now.
            before = {"statecode": _OPEN}
            recorded = self._recorded(said, None)
            if recorded is None:
                return
            yield recorded
        elif has_other_people or said.is_new(CrimeRecorded, before, ("customerid",)):
            again = self._recorded(said, known)
            if again is not None and again not in self._told[known.crime_reference]:
                yield again
        elif differ(before or {}, crime, ("csp_force", "csp_reportedat")):
            self._correct(filter(None, (self._recorded(said, known),)))
        if known is not None and said.is_new(CrimeReclassified, before, _OFFENCE):
            yield from said.made(
                CrimeReclassified,
                crime_reference=reference,
                offence_code=crime.get("csp_offencecode"),
                offence_subgroup=crime.get("csp_offencegroup"),
                offence=crime.get("title"),
                safeguarding=_parts(crime.get("csp_safeguarding")),
                reclassified_at=crime["modifiedon"],
            )
        yield from self._steps(said, before or {})

    def _steps(self, said: SaidByRecord, before: Mapping[str, Any]) -> Iterator[AnyEvent]:
        """Give what happened to a crime that is recorded."""
        crime, reference = said.row, said.row["ticketnumber"]
        at = crime["modifiedon"]
        if said.is_new(OfficerDeployed, before, ("csp_deployedat",)) and crime.get(
            "csp_deployedat"
        ):
            yield from said.made(
                OfficerDeployed,
                crime_reference=reference,
                deployed_at=_moment(crime["csp_deployedat"]),
            )
        if said.is_new(CrimeAllocated, before, ("ownerid", "csp_team")):
            yield from self._allocated(said)
        is_new = said.is_new(MilestoneReached, before, ("csp_milestone",))
        is_other = is_new or differ(before, crime, ("csp_milestoneat",))
        if is_other and crime.get("csp_milestone"):
            reached = said.made(
                MilestoneReached,
                crime_reference=reference,
                milestone=crime["csp_milestone"],
                reached_at=_moment(crime.get("csp_milestoneat") or at),
            )
            yield from reached if is_new else self._correct(reached)
        yield from self._state(said, before)
        if said.is_new(CrimeMerged, before, ("csp_mergedinto",)):
            into = crime.get("csp_mergedinto")
            if into:
                number = self._row("incident", into).get("ticketnumber")
                yield from said.made(
                    CrimeMerged,
                    crime_reference=reference,
                    into=number,
                    merged_at=_moment(at),
                    waits_for=(into,),
                )
            elif before.get("csp_mergedinto"):
                yield from said.made(
                    CrimeUnmerged, crime_reference=reference, unmerged_at=_moment(at)
                )

    def _state(self, said: SaidByRecord, before: Mapping[str, Any]) -> Iterator[AnyEvent]:
        """Give how a crime ended, or that it goes on again."""
        after, reference = said.row, said.row["ticketnumber"]
        at, was, now = after["modifiedon"], before.get("statecode"), after.get("statecode")
        outcome = after.get("csp_outcome") or ""
        decided = {
            "crime_reference": reference,
            "outcome": int(outcome) if outcome.isascii() and outcome.isdigit() else None,
            "decided_by": _DECIDED_BY.get(after.get("csp_decidedby") or 0, "unknown"),
        }
        if outcome == "1" and now == _OPEN and before.get("csp_outcome") != outcome:
            yield from said.made(OutcomeRecorded, decided_at=_moment(at), **decided)
        is_new = said.is_new(CrimeClosed, before, ("statecode", "csp_outcome"))
        is_other = is_new or differ(before, after, ("csp_closedat", "csp_decidedby"))
        if now == _CLOSED and is_other:
            closed_at = _moment(after.get("csp_closedat") or at)
            closed = said.made(CrimeClosed, closed_at=closed_at, **decided)
            yield from closed if is_new else self._correct(closed)
        if now == _CANCELLED and was != _CANCELLED:
            yield from said.made(
                CrimeCancelled, crime_reference=reference, cancelled_at=_moment(at)
            )
        if now == _OPEN and was in {_CLOSED, _CANCELLED}:
            yield from said.made(CrimeReopened, crime_reference=reference, reopened_at=_moment(at))

    def _correct(self, events: Iterable[AnyEvent]) -> tuple[AnyEvent, ...]:
        for each in events:
            self.on_corrected(each)
        return ()

    def _recorded(self, said: SaidByRecord, known: CrimeRecorded | None) -> CrimeRecorded | None:
        """Make the crime with everybody; what has no column stays as it was recorded."""
        crime = said.row
        victims, needs, waits_for = self._victims(crime)
        found = said.made(
            CrimeRecorded,
            **{} if known is None else {"area": known.area, "grade": known.grade},
            crime_reference=crime.get("ticketnumber"),
            force=crime.get("csp_force"),
            offence_code=crime.get("csp_offencecode"),
            offence_subgroup=crime.get("csp_offencegroup"),
            offence=crime.get("title"),
            safeguarding=_parts(crime.get("csp_safeguarding")),
            recorded_at=_moment(crime.get("csp_reportedat") or crime["createdon"]),
            victims=victims,
            needs=needs,
            waits_for=waits_for,
        )
        return found[0] if found else None

    def _victims(
        self, crime: Mapping[str, Any]
    ) -> tuple[tuple[VictimRecord, ...], tuple[str, ...], tuple[str, ...]]:
        """Give everybody who is to go with a crime, each once; who has no number, and waits."""
        people: list[tuple[str, Any, Role]] = []
        if crime.get("customerid"):
            people.append(("customerid", crime["customerid"], ROLES[1]))
        people += [
            ("csp_involvement.csp_person", link.get("csp_person"), role)
            for link in self.links.of(crime["incidentid"])
            if (role := ROLES.get(link.get("csp_role") or 0))
        ]
        found: dict[str, VictimRecord] = {}
        needs: dict[str, None] = {}
        waits_for: dict[str, None] = {}
        for column, row_id, role in people:
            person = self._row("contact", row_id)
            person_id = person.get("csp_personid")
            if not person:
                needs[column] = None
            elif not isinstance(person_id, str) or not _is_reference(person_id):
                needs[f"{column}.csp_personid"] = waits_for[row_id] = None
            elif person_id not in found:
                found[person_id] = self._victim(person, role)
        return tuple(found.values()), tuple(needs), tuple(waits_for)

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

    def _allocated(self, said: SaidByRecord) -> list[CrimeAllocated]:
        crime = said.row
        officer = self._row("systemuser", crime.get("ownerid"))
        named = {"name": officer.get("fullname"), "collar_number": officer.get("employeeid")}
        needs = [f"ownerid.{each}" for each in ("fullname", "employeeid") if not officer.get(each)]
        return said.made(
            CrimeAllocated,
            crime_reference=crime["ticketnumber"],
            allocated_at=_moment(crime["modifiedon"]),
            officer_in_charge=named if officer and not needs else None,
            team=crime.get("csp_team") or "",
            needs=tuple(needs) if officer else (),
            waits_for=(crime["ownerid"],) if officer else (),
        )

    def _of_person(
        self, before: Mapping[str, Any] | None, after: Mapping[str, Any]
    ) -> Iterator[AnyEvent]:
        person_id = after.get("csp_personid")
        if before is None or not person_id or not differ(before, after, _DETAILS):
            return
        for reference in self._crimes_of[person_id]:
            for each in self._crimes[reference].victims:
                if each.person_id == person_id:
                    victim = self._victim(after, each.role)
                    yield VictimDetailsChanged(crime_reference=reference, victim=victim)

    def _of_note(self, said: SaidByRecord) -> Iterator[AnyEvent]:
        """Give an officer's reply; it waits for a case that is not recorded yet."""
        note = said.row
        if note.get("csp_entrytype") != REPLY:
            return
        crime = self._recorded_crime(said, OfficerReplied, "objectid")
        if not crime:
            return
        yield from said.made(
            OfficerReplied,
            crime_reference=crime["ticketnumber"],
            person_id=self._person_of(note, crime),
            reply_id=note["annotationid"],
            text=note.get("notetext"),
            checked=bool(note.get("csp_checked")),
            replied_at=_moment(note["createdon"]),
            waits_for=(crime["incidentid"], note.get("csp_person")),
        )

    def _of_appointment(
        self, said: SaidByRecord, before: Mapping[str, Any] | None
    ) -> Iterator[AnyEvent]:
        """Give that an officer will see a victim; it waits for a case that is not recorded yet."""
        crime = self._row("incident", said.row.get("regardingobjectid"))
        if may_be_new(said, before):
            crime = self._recorded_crime(said, AppointmentMade, "regardingobjectid")
        if crime and self.knows(crime.get("ticketnumber") or ""):
            yield from appointment_events(said, before, crime, self._person_of(said.row, crime))

    def _recorded_crime(
        self, said: SaidByRecord, kind: type[Any], column: str
    ) -> Mapping[str, Any]:
        """Give the crime that a record is about; what is not recorded yet is waited for."""
        crime = self._row("incident", said.row.get(column))
        reference = crime.get("ticketnumber") or ""
        if self.knows(reference):
            return crime
        said.lacks(
            kind,
            (f"{column}.ticketnumber" if crime and not reference else column,),
            waits_for=(crime["incidentid"],) if crime else (),
            crime_reference=reference,
        )
        return {}

    def _person_of(self, row: Mapping[str, Any], crime: Mapping[str, Any]) -> str | None:
        """Give the person that a note or an appointment names, or the only one of its crime."""
        person_id = self._row("contact", row.get("csp_person")).get("csp_personid")
        people = [each.person_id for each in self._victims(crime)[0]]
        return person_id or (people[0] if len(people) == 1 else None)

    def _row(self, table: str, row_id: Any) -> Mapping[str, Any]:
        is_there = isinstance(row_id, str) and self._rows.has(TABLES[table], row_id)
        return self._rows.get(TABLES[table], row_id) if is_there else {}


def _check_link(said: SaidByRecord) -> None:
    """Keep that a person is linked to no case, or without what they are in it."""
    role = said.row.get("csp_role")
    if role is None or (role in ROLES and not said.row.get("csp_incident")):
        said.lacks(CrimeRecorded, ("csp_role" if role is None else "csp_incident",))


def _is_reference(text: str) -> bool:
    try:
        convert(text, Reference)
    except ValidationError:
        return False
    return True


def _parts(text: Any) -> tuple[str, ...]:
    """Read the markers of a case, which stand between semicolons."""
    return tuple(part for each in (text or "").split(";") if (part := each.strip()))


def _moment(text: str) -> datetime:
    """Read a time of the records, which is UTC where it says nothing else."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
