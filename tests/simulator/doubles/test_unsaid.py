"""A record that lacks what an event needs is named until it is whole; then its event is told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reference.contract.events import CrimeRecorded
from simulator.doubles.journal import open_journal
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.kept_neighbours import KeptInbox, kept_rows, kept_subscriptions, restore
from simulator.doubles.unsaid import how_to_complete
from simulator.evidence.records import RecordIncomplete, TaskRaised
from simulator.neighbours.dataverse.tables import TABLES
from simulator.neighbours.force_api.fields import read_fields
from tests.simulator.doubles.crimes import NOW, REFERENCE, task
from tests.simulator.doubles.test_row_events import OFFENCE, Force

CODE = {"csp_offencecode": "28A"}


@pytest.fixture
def force(tmp_path: Path) -> Iterator[Force]:
    """The records of a force that has just begun."""
    found = Force(tmp_path / "state")
    yield found
    found.journal.close()


def _unsaid(force: Force) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.table, each.event_type, each.needs) for each in force.crimes.unsaid]


def _case(force: Force, **values: Any) -> str:
    """A case that has its number and its force."""
    return force.make(
        "incident",
        **{"title": "Burglary", "ticketnumber": REFERENCE, "csp_force": "kent", **CODE, **values},
    )


def _officer(force: Force, **values: Any) -> dict[str, str]:
    user = force.make("systemuser", **values)
    return {"ownerid@odata.bind": f"/systemusers({user})"}


def test_a_case_without_its_offence_is_named_until_it_has_one(force: Force) -> None:
    """Everything that it says by then is told with it, and the evidence has both."""
    crime = _case(force, csp_milestone="scene_examined")
    before = _unsaid(force)
    force.change("incident", crime, csp_offencegroup="Residential burglary")
    incomplete = [each for each in force.told if isinstance(each, RecordIncomplete)]

    assert before == [("incident", "CrimeRecorded", ("csp_offencegroup",))]
    assert [type(each).__name__ for each in force.events] == ["CrimeRecorded", "MilestoneReached"]
    assert _unsaid(force) == []
    assert [(each.crime_reference, each.needs) for each in incomplete] == [
        (REFERENCE, ("csp_offencegroup",)),
        (REFERENCE, ()),
    ]


@pytest.mark.parametrize(
    ("says", "event_type", "needs", "mend", "kinds"),
    [
        (
            {"csp_milestone": "weather"},
            "MilestoneReached",
            "csp_milestone",
            {"csp_milestone": "scene_examined"},
            ["MilestoneReached"],
        ),
        (
            {"csp_milestone": "weather"},
            "MilestoneReached",
            "csp_milestone",
            {"csp_milestone": None},
            [],
        ),
        ({"statecode": 1}, "CrimeClosed", "csp_outcome", {"csp_outcome": "18"}, ["CrimeClosed"]),
        (
            {"statecode": 1, "csp_outcome": "19"},
            "CrimeClosed",
            "csp_outcome",
            {"statecode": 0},
            ["CrimeReopened"],
        ),
        (
            {"csp_offencegroup": None},
            "CrimeReclassified",
            "csp_offencegroup",
            {"csp_offencegroup": "Theft"},
            ["CrimeReclassified"],
        ),
    ],
)
def test_a_step_that_the_contract_does_not_take_is_named(
    force: Force,
    says: dict[str, Any],
    event_type: str,
    needs: str,
    mend: dict[str, Any],
    kinds: list[str],
) -> None:
    """A change of something else leaves it so; a mend ends it, with an event or without."""
    crime = force.crime()
    force.change("incident", crime, **says)
    force.change("incident", crime, description="The force's own words")
    before = _unsaid(force)
    force.change("incident", crime, **mend)

    assert before == [("incident", event_type, (needs,))]
    assert _unsaid(force) == []
    assert force.kinds == kinds


def test_an_officer_without_a_collar_number_is_named_and_shown(force: Force) -> None:
    """The portal reads who is in charge from the row, and is told once the number is there."""
    crime = force.crime()
    force.change("incident", crime, csp_team="Team A", **_officer(force, fullname="PC Hill"))
    before, shown = _unsaid(force), force.crimes.occurrence(REFERENCE)
    [officer] = [str(each["systemuserid"]) for each in force.rows.all(TABLES["systemuser"])]
    force.change("systemuser", officer, employeeid="1234")

    assert before == [("incident", "CrimeAllocated", ("ownerid.employeeid",))]
    assert shown is not None
    assert shown.officer_in_charge is not None
    assert (shown.officer_in_charge.name, shown.team) == ("PC Hill", "Team A")
    assert (force.kinds, _unsaid(force)) == (["CrimeAllocated"], [])


def test_a_case_that_is_not_told_yet_shows_its_officer(force: Force) -> None:
    """A task about it goes to the officer who is in charge."""
    _case(force, csp_team="Team A", **_officer(force, fullname="PC Hill", employeeid="1234"))
    shown = force.crimes.occurrence(REFERENCE)
    force.crimes.raise_task(task())
    [raised] = [each for each in force.told if isinstance(each, TaskRaised)]

    assert shown is not None
    assert shown.officer_in_charge is not None
    assert shown.officer_in_charge.collar_number == raised.assignee == "1234"


def test_a_person_without_a_number_holds_the_crime_back(force: Force) -> None:
    """They would be told nothing, and nobody would know."""
    victim = force.make("contact", lastname="Hill")
    bound = {"customerid_contact@odata.bind": f"/contacts({victim})"}
    _case(force, **OFFENCE, **bound)
    before = _unsaid(force)
    force.change("contact", victim, csp_personid="p-1")
    [crime] = force.events

    assert before == [("incident", "CrimeRecorded", ("customerid.csp_personid",))]
    assert isinstance(crime, CrimeRecorded)
    assert [each.person_id for each in crime.victims] == ["p-1"]
    assert _unsaid(force) == []


def test_a_link_that_is_not_whole_is_named(force: Force) -> None:
    """Without a role, or a case, or a person; one that is deleted is named no longer."""
    crime = force.crime()
    bound = {"csp_incident@odata.bind": f"/incidents({crime})"}
    no_role = force.make("csp_involvement", **bound)
    no_case = force.make("csp_involvement", csp_role=3)
    nobody = force.make("csp_involvement", csp_role=2, **bound)
    before = _unsaid(force)
    for each in (no_role, no_case, nobody):
        force.rows.delete(TABLES["csp_involvement"], each)

    assert before == [
        ("csp_involvement", "CrimeRecorded", ("csp_role",)),
        ("csp_involvement", "CrimeRecorded", ("csp_incident",)),
        ("incident", "CrimeRecorded", ("csp_involvement.csp_person",)),
    ]
    assert (_unsaid(force), force.kinds) == ([], [])


def test_a_reply_waits_for_its_case_and_its_person(force: Force) -> None:
    """What an officer wrote to a victim is told after the crime, and never lost."""
    victim = force.make("contact", csp_personid="p-1")
    crime = _case(force, **{"customerid_contact@odata.bind": f"/contacts({victim})"})
    about = {"objectid_incident@odata.bind": f"/incidents({crime})"}
    force.make("annotation", notetext="We will ring you.", csp_entrytype=2, **about)
    before = _unsaid(force)
    force.change("incident", crime, csp_offencegroup="Residential burglary")
    unsure = force.make("annotation", csp_entrytype=2, **about)
    empty = _unsaid(force)
    force.change("annotation", unsure, notetext="We rang you.")

    assert before[1:] == [("annotation", "OfficerReplied", ("objectid",))]
    assert empty == [("annotation", "OfficerReplied", ("notetext",))]
    assert (force.kinds, _unsaid(force)) == (["OfficerReplied", "OfficerReplied"], [])


def test_an_appointment_waits_for_its_case_its_person_and_its_time(force: Force) -> None:
    """It is told once, as it stands when it is whole."""
    crime = _case(force)
    about = {"regardingobjectid_incident@odata.bind": f"/incidents({crime})"}
    made = force.make("appointment", location="Here", **about)
    without_case = _unsaid(force)[1:]
    force.change("incident", crime, csp_offencegroup="Residential burglary")
    without_more = _unsaid(force)
    force.change("appointment", made, scheduledstart="2026-06-02T09:00:00Z")
    person = force.make("contact", csp_personid="p-1")
    force.change(
        "appointment", made, location="There", **{"csp_person@odata.bind": f"/contacts({person})"}
    )

    assert without_case == [("appointment", "AppointmentMade", ("regardingobjectid",))]
    assert without_more == [("appointment", "AppointmentMade", ("csp_person", "scheduledstart"))]
    assert (force.kinds, _unsaid(force)) == (["AppointmentMade"], [])


def test_a_merger_into_a_case_without_a_number_waits_for_it(force: Force) -> None:
    """It is no end of a merger either."""
    crime = force.crime()
    other = force.make("incident", title="Theft", csp_force="kent", **OFFENCE)
    force.change("incident", crime, **{"csp_mergedinto@odata.bind": f"/incidents({other})"})
    before = _unsaid(force)
    force.change("incident", other, ticketnumber="43260000002")

    assert before == [
        ("incident", "CrimeRecorded", ("ticketnumber",)),
        ("incident", "CrimeMerged", ("csp_mergedinto.ticketnumber",)),
    ]
    assert (force.kinds, _unsaid(force)) == (["CrimeRecorded", "CrimeMerged"], [])


def test_what_a_tester_records_completes_a_case(force: Force) -> None:
    """What else the case said already is told then."""
    _case(force, csp_milestone="scene_examined")
    force.crimes.record(
        CrimeRecorded(
            crime_reference=REFERENCE,
            force="kent",
            offence_code="28A",
            offence_subgroup="Residential burglary",
            offence="Burglary",
            recorded_at=NOW,
            victims=(),
        )
    )

    assert [type(each).__name__ for each in force.events] == ["CrimeRecorded", "MilestoneReached"]
    assert _unsaid(force) == []


def test_a_restart_knows_what_is_unsaid(tmp_path: Path) -> None:
    """The case is completed after it, and told."""
    first = Force(tmp_path / "state")
    crime = _case(first)
    before = _unsaid(first)
    first.journal.close()
    journal, entries = open_journal(tmp_path / "state")
    rows = kept_rows(lambda: NOW, journal)
    crimes = KeptCrimeSystem(lambda: NOW, journal, rows)
    subscriptions = kept_subscriptions(read_fields(), rows, lambda: NOW, journal)
    restore(entries, KeptInbox(lambda: NOW, journal), crimes, rows, subscriptions)
    again = [(each.table, each.event_type, each.needs) for each in crimes.unsaid]
    rows.update(TABLES["incident"], crime, {"csp_offencegroup": "Residential burglary"})
    journal.close()

    assert again == before != []
    assert (len(crimes.untaken), crimes.unsaid) == (1, [])


def test_the_mend_says_what_may_stand_there() -> None:
    """No value of a record is in it."""
    assert how_to_complete(("csp_force", "csp_team")) == (
        "Give csp_force and csp_team, or take back what says it."
    )
    assert "csp_outcome (one of 2, 3, 4," in how_to_complete(("csp_outcome",))
