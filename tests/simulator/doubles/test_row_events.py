"""What an officer does in the records is the event that it means, whatever face it came by."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from reference.contract.events import (
    EVENT_TYPES,
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    CrimeAllocated,
    CrimeCancelled,
    CrimeClosed,
    CrimeRecorded,
    Officer,
    OfficerReplied,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.doubles.journal import open_journal
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.kept_neighbours import kept_rows
from simulator.evidence.records import EventRecorded, Record, Stamped, TaskRaised
from simulator.neighbours.crime_system.occurrence import Filed
from simulator.neighbours.dataverse.tables import TABLES
from tests.simulator.doubles.crimes import NOW, REFERENCE, allocated, stamp, task

OFFENCE = {"csp_offencecode": "28A", "csp_offencegroup": "Residential burglary"}


class Force:
    """The force's records, and what they told."""

    def __init__(self, path: Path) -> None:
        self.journal, _entries = open_journal(path)
        self.rows = kept_rows(lambda: NOW, self.journal)
        self.crimes = KeptCrimeSystem(lambda: NOW, self.journal, self.rows)
        self.told: list[Record] = []
        self.crimes.evidence.hear = self.told.append

    def make(self, table: str, **values: Any) -> str:
        """Have an officer make a row."""
        return self.rows.create(TABLES[table], values)

    def change(self, table: str, row_id: str, **values: Any) -> None:
        """Have an officer change a row."""
        self.rows.update(TABLES[table], row_id, values)

    def crime(self) -> str:
        """Have an officer record a burglary with one victim."""
        victim = self.make(
            "contact", csp_personid="p-1", lastname="Hill", mobilephone="07700900123"
        )
        customer = {"customerid_contact@odata.bind": f"/contacts({victim})"}
        return self.make(
            "incident",
            title="Burglary",
            ticketnumber=REFERENCE,
            csp_force="thames_valley",
            **OFFENCE,
            **customer,
        )

    @property
    def events(self) -> list[AnyEvent]:
        """What was recorded, as events of the contract."""
        return [
            msgspec.json.decode(each.data, type=EVENT_TYPES[each.event_type])
            for each in self.told
            if isinstance(each, EventRecorded)
        ]

    @property
    def kinds(self) -> list[str]:
        """The kinds of the events after the first."""
        return [type(each).__name__ for each in self.events[1:]]


@pytest.fixture
def force(tmp_path: Path) -> Iterator[Force]:
    """The records of a force that has just begun."""
    found = Force(tmp_path / "state")
    yield found
    found.journal.close()


def test_a_case_is_a_crime_recorded_with_its_people(force: Force) -> None:
    """A person who is linked goes with it, a suspect never; one linked later has it told again."""
    crime = force.crime()
    link = {"csp_incident@odata.bind": f"/incidents({crime})"}
    for person_id, role in (("p-2", 3), ("p-3", 4)):
        person = force.make("contact", csp_personid=person_id, lastname="Moss")
        force.make(
            "csp_involvement",
            csp_role=role,
            **{**link, "csp_person@odata.bind": f"/contacts({person})"},
        )
    first, again = force.events

    assert isinstance(first, CrimeRecorded)
    assert [each.mobile_phone for each in first.victims] == ["07700900123"]
    assert isinstance(again, CrimeRecorded)
    assert [(each.person_id, each.role) for each in again.victims] == [
        ("p-1", "victim"),
        ("p-2", "witness"),
    ]


def test_a_victim_who_is_named_later_goes_with_the_crime_again(force: Force) -> None:
    """Officers often write the case first, and then whose it is."""
    crime = force.make(
        "incident", title="Burglary", ticketnumber=REFERENCE, csp_force="kent", **OFFENCE
    )
    for person_id in ("p-1", "p-2"):
        person = force.make("contact", csp_personid=person_id)
        bound = {"customerid_contact@odata.bind": f"/contacts({person})"}
        force.change("incident", crime, **bound)
        force.change("incident", crime, **bound)

    assert [[each.person_id for each in event.victims] for event in force.events] == [  # type: ignore[union-attr]
        [],
        ["p-1"],
        ["p-2"],
    ]


def test_a_case_that_is_not_whole_says_nothing_until_it_is(force: Force) -> None:
    """Without force or number there is no crime to tell of; then all that it says is told."""
    crime = force.make("incident", title="Burglary", csp_milestone="scene_examined")
    before = len(force.events)
    force.change("incident", crime, ticketnumber=REFERENCE, csp_force="thames_valley", **OFFENCE)

    assert before == 0
    assert [type(each).__name__ for each in force.events] == ["CrimeRecorded", "MilestoneReached"]


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ([{"csp_team": "Team A"}], ["CrimeAllocated"]),
        ([{"csp_deployedat": "2026-06-01T09:00:00Z"}], ["OfficerDeployed"]),
        ([{"csp_milestone": "scene_examined"}], ["MilestoneReached"]),
        ([{"csp_milestone": "weather"}], []),
        ([{"statecode": 1, "csp_outcome": "18"}], ["CrimeClosed"]),
        ([{"csp_outcome": "1"}], ["OutcomeRecorded"]),
        ([{"statecode": 1}], []),
        ([{"statecode": 2}], ["CrimeCancelled"]),
        (
            [{"statecode": 1, "csp_outcome": "18"}, {"statecode": 0}],
            ["CrimeClosed", "CrimeReopened"],
        ),
        ([{"title": "Theft", "csp_offencecode": "44"}], ["CrimeReclassified"]),
        ([{"csp_safeguarding": "domestic_abuse; hate_crime"}], ["CrimeReclassified"]),
        ([{"description": "The force's own words"}], []),
    ],
)
def test_each_change_of_a_case_is_its_event(
    force: Force, changes: list[dict[str, Any]], kinds: list[str]
) -> None:
    """What the contract has no word for, or would not take, is no event."""
    crime = force.crime()
    for each in changes:
        force.change("incident", crime, **each)

    assert force.kinds == kinds


def test_markers_and_what_keeps_a_person_out_go_with_the_crime(force: Force) -> None:
    """The order says what each means; nobody is told whom it excludes."""
    details = {"csp_hasdied": True, "csp_ispoliceemployee": True, "csp_isrestricted": False}
    victim = force.make("contact", csp_personid="p-1", preferredcontactmethodcode=2, **details)
    force.make(
        "incident",
        title="Assault",
        ticketnumber=REFERENCE,
        csp_force="thames_valley",
        csp_safeguarding="domestic_abuse; hate_crime;",
        **OFFENCE,
        **{"customerid_contact@odata.bind": f"/contacts({victim})"},
    )
    [crime] = force.events

    assert isinstance(crime, CrimeRecorded)
    assert crime.safeguarding == ("domestic_abuse", "hate_crime")
    [person] = crime.victims
    assert (person.has_died, person.is_police_employee, person.is_restricted) == (True, True, False)
    assert person.preferred_channels == ("email",)


def test_changes_that_are_made_as_one_may_take_back_each_other(force: Force) -> None:
    """A link that is removed in the same change set breaks nothing."""
    crime = force.crime()
    person = force.make("contact", csp_personid="p-2")
    link = force.make(
        "csp_involvement",
        csp_role=1,
        **{
            "csp_incident@odata.bind": f"/incidents({crime})",
            "csp_person@odata.bind": f"/contacts({person})",
        },
    )
    with force.rows.whole():
        force.change("incident", crime, title="Theft")
        force.rows.delete(TABLES["csp_involvement"], link)
    force.change("contact", person, mobilephone="07700900456")

    assert force.kinds == ["CrimeRecorded", "CrimeReclassified", "VictimDetailsChanged"]


def test_a_merger_and_its_end_are_events(force: Force) -> None:
    """The case that it joined is named by its number."""
    crime = force.crime()
    other = force.make("incident", title="Theft", ticketnumber="43260000002")
    force.change("incident", crime, **{"csp_mergedinto@odata.bind": f"/incidents({other})"})
    force.change("incident", crime, **{"csp_mergedinto@odata.bind": None})

    assert force.kinds == ["CrimeMerged", "CrimeUnmerged"]


def test_new_details_go_to_every_crime_of_a_person(force: Force) -> None:
    """What has no column stays as it was: nobody loses the channels that they chose."""
    known = VictimRecord(person_id="p-1", preferred_channels=("email",), mobile_phone="1")
    force.crimes.record(
        CrimeRecorded(
            crime_reference=REFERENCE,
            force="thames_valley",
            offence_code="28A",
            offence_subgroup="Residential burglary",
            offence="Burglary",
            recorded_at=NOW,
            victims=(known,),
        )
    )
    person = force.rows.id_by_key(TABLES["contact"], {"csp_personid": "p-1"})
    force.change("contact", person, mobilephone="07700900456", birthdate="1980-02-29T00:00:00Z")
    _crime, changed = force.events

    assert isinstance(changed, VictimDetailsChanged)
    assert changed.victim.mobile_phone == "07700900456"
    assert changed.victim.preferred_channels == ("email",)
    assert str(changed.victim.born) == "1980-02-29"


def test_a_reply_is_for_the_person_that_it_names_or_the_only_one(force: Force) -> None:
    """A note of the force's own type never leaves."""
    crime = force.crime()
    about = {"objectid_incident@odata.bind": f"/incidents({crime})"}
    force.make("annotation", notetext="We will ring you.", csp_entrytype=2, **about)
    force.make("annotation", notetext="Never trust him.", csp_entrytype=1, **about)
    [_crime, reply] = force.events

    assert isinstance(reply, OfficerReplied)
    assert (reply.person_id, reply.text) == ("p-1", "We will ring you.")


def test_an_appointment_is_made_changed_and_cancelled(force: Force) -> None:
    """Of the person that it names or the only one; one that is over, or of no crime, is no news."""
    crime = force.crime()
    about = {"regardingobjectid_incident@odata.bind": f"/incidents({crime})"}
    force.make("appointment", subject="Dentist", scheduledstart="2026-06-02T09:00:00Z")
    made = force.make("appointment", scheduledstart="2026-06-02T09:00:00Z", **about)
    force.change("appointment", made, location="Oxford police station")
    force.change("appointment", made, description="Bring the file")
    force.change("appointment", made, statecode=2)
    over = force.make("appointment", scheduledstart="2026-06-03T09:00:00Z", **about)
    force.change("appointment", over, statecode=1)
    _crime, first, changed, cancelled, second = force.events

    assert isinstance(first, AppointmentMade)
    assert isinstance(changed, AppointmentChanged)
    assert isinstance(cancelled, AppointmentCancelled)
    assert isinstance(second, AppointmentMade)
    assert {first.appointment_id, changed.appointment_id, cancelled.appointment_id} == {made}
    assert (first.person_id, first.starts_at.isoformat(), changed.place) == (
        "p-1",
        "2026-06-02T09:00:00+00:00",
        "Oxford police station",
    )


def test_an_appointment_that_a_tester_records_is_a_row(force: Force) -> None:
    """An officer who changes it in the records changes the same appointment."""
    force.crime()
    about: dict[str, Any] = {"crime_reference": REFERENCE, "appointment_id": "a-1"}
    about["person_id"] = "p-1"
    force.crimes.record(AppointmentMade(starts_at=NOW, place="Here", **about))
    [row] = force.rows.all(TABLES["appointment"])
    force.change("appointment", str(row["activityid"]), location="There")
    changed = force.events[-1]
    force.crimes.record(AppointmentCancelled(**about))
    [row] = force.rows.all(TABLES["appointment"])

    assert isinstance(changed, AppointmentChanged)
    assert (changed.appointment_id, changed.place, row["statecode"]) == ("a-1", "There", 2)
    assert force.kinds == ["AppointmentMade", "AppointmentChanged", "AppointmentCancelled"]


def test_what_a_tester_records_is_in_the_rows_and_told_once(force: Force) -> None:
    """Dynamics shows what the control interface was told, and makes no second event of it."""
    force.crimes.record(allocated())
    force.crimes.record(
        CrimeClosed(crime_reference=REFERENCE, outcome=18, closed_at=NOW, decided_by="police")
    )
    [crime] = force.rows.all(TABLES["incident"])
    [officer] = force.rows.all(TABLES["systemuser"])

    assert (crime["ticketnumber"], crime["statecode"], crime["csp_outcome"]) == (REFERENCE, 1, "18")
    assert (crime["ownerid"], officer["fullname"]) == (officer["systemuserid"], "PC Hill")
    assert [type(each) for each in force.events] == [CrimeAllocated, CrimeClosed]


def test_an_officer_has_the_name_that_was_recorded_last(force: Force) -> None:
    """An integration reads it in the rows, and would seem to alter it."""
    force.crimes.record(allocated())
    married = Officer(collar_number="1234", name="PC Marsh")
    force.crimes.record(structs.replace(allocated(), officer_in_charge=married))
    [officer] = force.rows.all(TABLES["systemuser"])

    assert officer["fullname"] == "PC Marsh"


def test_what_a_portal_files_by_one_face_is_known_by_the_other(force: Force) -> None:
    """A stamp and a task are rows; a note with a key is a stamp; each key is used once."""
    crime = force.crime()
    filed = [force.crimes.stamp(REFERENCE, stamp("k-1")), force.crimes.raise_task(task("t-1"))]
    about = {"objectid_incident@odata.bind": f"/incidents({crime})"}
    force.make("annotation", csp_key="k-2", subject="p-1", notetext="Any news?", **about)
    again = force.crimes.stamp(REFERENCE, stamp("k-2"))
    shown = force.crimes.occurrence(REFERENCE)
    [row] = force.rows.all(TABLES["task"])

    assert filed == [Filed.created, Filed.created]
    assert again is Filed.different
    assert shown is not None
    assert [each.text for each in shown.enquiry_log] == ["Is there news?", "Any news?"]
    assert (row["csp_key"], row["csp_personid"]) == ("t-1", "p-1")
    assert [type(each) for each in force.told[1:]] == [Stamped, TaskRaised, Stamped]


def test_a_crime_that_nobody_knows_has_no_log(force: Force) -> None:
    """Nothing is filed about it, by whichever face."""
    assert force.crimes.stamp("43260000009", stamp()) is Filed.no_occurrence
    assert force.crimes.occurrence("43260000009") is None


def test_a_case_that_is_deleted_was_withdrawn(force: Force) -> None:
    """While it is open; of one that was never told nobody has to hear."""
    crime = force.crime()
    never = force.make("incident", title="No number")
    for each in (never, crime):
        force.rows.delete(TABLES["incident"], each)

    assert [type(each) for each in force.events] == [CrimeRecorded, CrimeCancelled]


def test_a_case_that_ended_and_is_deleted_tells_nothing_more(force: Force) -> None:
    """A closed case goes when its time to be kept is over: its victim is not told again."""
    crime = force.crime()
    force.change("incident", crime, statecode=1, csp_outcome="18")
    force.rows.delete(TABLES["incident"], crime)

    assert [type(each) for each in force.events] == [CrimeRecorded, CrimeClosed]


def test_that_a_person_was_deleted_no_event_can_tell(force: Force) -> None:
    """It is kept as unsaid, by the crime that they were in; of whom no crime names nothing is."""
    crime = force.crime()
    witness, stranger = (force.make("contact", csp_personid=each) for each in ("p-2", "p-9"))
    links = {
        "csp_incident_incident@odata.bind": f"/incidents({crime})",
        "csp_person_contact@odata.bind": f"/contacts({witness})",
    }
    force.make("csp_involvement", csp_role=3, **links)
    for each in (witness, stranger):
        force.rows.delete(TABLES["contact"], each)
    unsaid = {each.record_id: each for each in force.crimes.unsaid}
    gone = unsaid[witness]

    assert (gone.event_type, gone.crime_reference) == ("VictimDetailsChanged", REFERENCE)
    assert gone.needs == ("the row that was deleted",)
    assert stranger not in unsaid


def test_a_victim_who_is_deleted_takes_their_case_along(force: Force) -> None:
    """Dynamics deletes the cases of a customer with them: each was withdrawn."""
    crime = force.crime()
    victim = str(force.rows.get(TABLES["incident"], crime)["customerid"])
    force.rows.delete(TABLES["contact"], victim)

    assert [type(each) for each in force.events] == [CrimeRecorded, CrimeCancelled]
    assert force.crimes.unsaid == []


@pytest.mark.parametrize(
    ("first", "then", "field", "value"),
    [
        (
            {"csp_milestone": "scene_examined", "csp_milestoneat": "2026-05-13T08:00:00Z"},
            {"csp_milestoneat": "2026-05-31T08:00:00Z"},
            "reached_at",
            datetime(2026, 5, 31, 8, tzinfo=UTC),
        ),
        (
            {"statecode": 1, "csp_outcome": "18"},
            {"csp_closedat": "2026-05-31T08:00:00Z"},
            "closed_at",
            datetime(2026, 5, 31, 8, tzinfo=UTC),
        ),
        ({}, {"csp_force": "kent"}, "force", "kent"),
    ],
)
def test_what_an_officer_corrects_is_no_news_and_is_known(
    force: Force, first: dict[str, Any], then: dict[str, Any], field: str, value: Any
) -> None:
    """An integration that could not make the event before says what stands now."""
    crime = force.crime()
    corrected: list[AnyEvent] = []
    force.crimes.tell_corrections(corrected.append)
    if first:
        force.change("incident", crime, **first)
    before = list(force.events)
    force.change("incident", crime, **then)

    assert force.events == before
    assert [getattr(each, field) for each in corrected] == [value]


def test_a_portal_may_still_file_what_was_said_of_a_case_that_is_gone(force: Force) -> None:
    """A victim wrote just before it was deleted: their words and the task are kept."""
    crime = force.crime()
    force.rows.delete(TABLES["incident"], crime)
    filed = force.crimes.stamp(REFERENCE, stamp()), force.crimes.raise_task(task())
    [note] = force.rows.all(TABLES["annotation"])

    assert filed == (Filed.created, Filed.created)
    assert (note["notetext"], note["objectid"]) == (stamp().text, None)
