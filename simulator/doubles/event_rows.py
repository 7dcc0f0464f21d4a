"""An event that a tester records, written into the force's records, so that every face shows it.

What has no column, such as a transfer to another force, is an event alone.
"""

from collections.abc import Mapping
from typing import Any

from reference.contract.events import (
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
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
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.doubles.named_by import NamedBy
from simulator.doubles.row_events import PREFERRED, REPLY, ROLES
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.dataverse.tables import TABLES

_ROLE_NUMBERS = {role: number for number, role in ROLES.items()}
_PREFERRED_NUMBERS = {frozenset(each): number for number, each in PREFERRED.items()}
_DECIDERS = {"police": 1, "CPS": 2}


def write_event(rows: Rows, links: NamedBy, event: AnyEvent) -> None:
    """Write what an event says into the rows, which the caller has locked.

    `links` are the involvements of each crime.
    """
    written = _Writer(rows, links)
    crime_id = written.crime(event.crime_reference)
    match event:
        case IncidentReported():
            written.reported(crime_id, event)
        case CrimeRecorded():
            written.recorded(crime_id, event)
        case CrimeAllocated():
            written.allocated(crime_id, event)
        case CrimeMerged():
            into = f"/incidents({written.crime(event.into)})"
            written.change(crime_id, {"csp_mergedinto@odata.bind": into})
        case VictimDetailsChanged():
            written.person(event.victim)
        case AppointmentMade() | AppointmentChanged():
            written.appointment(crime_id, event)
        case AppointmentCancelled():
            written.no_appointment(event.appointment_id)
        case OfficerReplied():
            written.reply(crime_id, event)
        case _:
            written.change(crime_id, _columns(event))


def _columns(event: AnyEvent) -> dict[str, Any]:
    """Give the columns of a crime that an event changes."""
    columns: dict[str, Any] = {}
    match event:
        case MilestoneReached():
            reached_at = event.reached_at.isoformat()
            columns = {"csp_milestone": event.milestone, "csp_milestoneat": reached_at}
        case OfficerDeployed():
            columns = {"csp_deployedat": event.deployed_at.isoformat()}
        case OutcomeRecorded():
            columns = {"csp_outcome": "1", "csp_decidedby": _DECIDERS.get(event.decided_by)}
        case CrimeClosed():
            columns = {
                "statecode": 1,
                "csp_outcome": str(event.outcome),
                "csp_decidedby": _DECIDERS.get(event.decided_by),
                "csp_closedat": event.closed_at.isoformat(),
            }
        case CrimeReopened():
            columns = {"statecode": 0, "csp_closedat": None}
        case CrimeCancelled():
            columns = {"statecode": 2}
        case CrimeReclassified():
            columns = {
                "title": event.offence or event.crime_reference,
                "csp_offencecode": event.offence_code,
                "csp_offencegroup": event.offence_subgroup,
                "csp_safeguarding": ";".join(event.safeguarding),
            }
        case CrimeUnmerged():
            columns = {"csp_mergedinto@odata.bind": None}
    return columns


class _Writer:
    def __init__(self, rows: Rows, links: NamedBy) -> None:
        self._rows = rows
        self._links = links

    def crime(self, reference: str) -> str:
        """Give the id of a crime; one that was never recorded here is made, with its number."""
        return self._once("incident", {"ticketnumber": reference}, {"title": reference})

    def change(self, crime_id: str, values: Mapping[str, Any]) -> None:
        """Change some columns of a crime."""
        if values:
            self._rows.update(TABLES["incident"], crime_id, _cut("incident", values))

    def recorded(self, crime_id: str, event: CrimeRecorded) -> None:
        """Write a crime with its people: the first victim is the customer of the case."""
        people = [(self.person(each), each) for each in event.victims]
        first = next((row_id for row_id, each in people if each.role == "victim"), "")
        values: dict[str, Any] = {
            "title": event.offence or event.crime_reference,
            "csp_force": event.force,
            "csp_offencecode": event.offence_code,
            "csp_offencegroup": event.offence_subgroup,
            "csp_safeguarding": ";".join(event.safeguarding),
            "csp_reportedat": event.recorded_at.isoformat(),
        }
        if first:
            values["customerid_contact@odata.bind"] = f"/contacts({first})"
        self.change(crime_id, values)
        for row_id, each in people:
            if row_id != first:
                self._link(crime_id, row_id, _ROLE_NUMBERS[each.role])

    def reported(self, crime_id: str, event: IncidentReported) -> None:
        """Write what a person reported: it has no offence, as no crime is recorded yet."""
        values = {
            "csp_force": event.force,
            "csp_safeguarding": ";".join(event.safeguarding),
            "customerid_contact@odata.bind": f"/contacts({self.person(event.victim)})",
        }
        self.change(crime_id, values)

    def person(self, victim: VictimRecord) -> str:
        """Write a person as the force has them."""
        values = {
            "firstname": victim.given_name,
            "lastname": victim.family_name,
            "birthdate": victim.born.isoformat() if victim.born else None,
            "mobilephone": victim.mobile_phone,
            "telephone1": victim.other_phone,
            "emailaddress1": victim.email,
            "preferredcontactmethodcode": _PREFERRED_NUMBERS[frozenset(victim.preferred_channels)],
            "csp_safetocontact": {True: 1, False: 2, None: None}[victim.safe_to_contact],
            "csp_enhancedrights": victim.enhanced_rights,
            "csp_agreedworddigest": victim.agreed_word_digest,
            "csp_hasdied": victim.has_died,
            "csp_ispoliceemployee": victim.is_police_employee,
            "csp_isrestricted": victim.is_restricted,
        }
        row_id = self._once("contact", {"csp_personid": victim.person_id}, {})
        self._rows.update(TABLES["contact"], row_id, _cut("contact", values))
        return row_id

    def allocated(self, crime_id: str, event: CrimeAllocated) -> None:
        """Write who is in charge."""
        officer, bound = event.officer_in_charge, None
        if officer is not None and officer.collar_number:
            key = {"employeeid": officer.collar_number}
            row_id = self._once("systemuser", key, {"fullname": officer.name})
            self._rows.update(TABLES["systemuser"], row_id, {"fullname": officer.name})
            bound = f"/systemusers({row_id})"
        self.change(crime_id, {"ownerid@odata.bind": bound, "csp_team": event.team})

    def reply(self, crime_id: str, event: OfficerReplied) -> None:
        """Write an officer's reply as a note of that type."""
        values: dict[str, Any] = {
            "subject": "Reply to the victim",
            "notetext": event.text,
            "csp_entrytype": REPLY,
            "csp_checked": event.checked,
            "objectid_incident@odata.bind": f"/incidents({crime_id})",
        }
        person = self._rows.id_by_key(TABLES["contact"], {"csp_personid": event.person_id})
        if person:
            values["csp_person@odata.bind"] = f"/contacts({person})"
        self._rows.create(TABLES["annotation"], values)

    def appointment(self, crime_id: str, event: AppointmentMade | AppointmentChanged) -> None:
        """Write that an officer will see a victim, once by the id of the appointment."""
        values: dict[str, Any] = {
            "scheduledstart": event.starts_at.isoformat(),
            "location": event.place,
            "regardingobjectid_incident@odata.bind": f"/incidents({crime_id})",
        }
        person = self._rows.id_by_key(TABLES["contact"], {"csp_personid": event.person_id})
        if person:
            values["csp_person@odata.bind"] = f"/contacts({person})"
        key = {"csp_key": event.appointment_id}
        row_id = self._once("appointment", key, {"subject": "Appointment with the victim"})
        self._rows.update(TABLES["appointment"], row_id, values)

    def no_appointment(self, appointment_id: str) -> None:
        """Write that an appointment will not take place."""
        row_id = self._rows.id_by_key(TABLES["appointment"], {"csp_key": appointment_id})
        if row_id:
            self._rows.update(TABLES["appointment"], row_id, {"statecode": 2})

    def _link(self, crime_id: str, person_id: str, role: int) -> None:
        if person_id not in {each.get("csp_person") for each in self._links.of(crime_id)}:
            values = {
                "csp_incident@odata.bind": f"/incidents({crime_id})",
                "csp_person@odata.bind": f"/contacts({person_id})",
                "csp_role": role,
            }
            self._rows.create(TABLES["csp_involvement"], values)

    def _once(self, table: str, key: Mapping[str, str], values: Mapping[str, Any]) -> str:
        """Give the id of the row with a key, which is made if there is none."""
        cut = _cut(table, key)
        found = self._rows.id_by_key(TABLES[table], cut)
        return found or self._rows.create(TABLES[table], {**cut, **_cut(table, values)})


def _cut(table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Cut texts to what their columns hold: some are shorter than the contract's fields."""
    columns = TABLES[table].by_name
    return {
        name: value[: columns[name].characters_max]
        if isinstance(value, str) and name in columns and columns[name].kind in {"String", "Memo"}
        else value
        for name, value in values.items()
    }
