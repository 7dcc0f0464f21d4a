"""Rules of the turns a crime can take: each is one event, and the records follow it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from reference.contract.events import (
    EVENT_TYPES,
    CloudEvent,
    Officer,
)
from simulator.evidence.records import TaskRaised
from simulator.neighbours.crime_system.occurrence import Filed
from simulator.neighbours.crime_system.records import CrimeSystem
from tests.simulator.neighbours.crime_system.test_records import (
    CRIME,
    NOON,
    REFERENCE,
    STAMP,
    TASK,
    Setting,
)

OTHER = "43260000002"
ELM = Officer("PC Elm", "1001")
TEAM = "Investigation Team"

TURNS: dict[str, Callable[[CrimeSystem], str]] = {
    "MilestoneReached": lambda records: records.reach_milestone(REFERENCE, "scene_examined"),
    "CrimeReopened": lambda records: records.reopen(REFERENCE),
    "CrimeReclassified": lambda records: records.reclassify(
        REFERENCE,
        offence_code="34B",
        offence_subgroup="Robbery of personal property",
        offence="Robbery",
        safeguarding=("domestic_abuse",),
    ),
    "CrimeMerged": lambda records: records.merge(REFERENCE, into=OTHER),
    "CrimeTransferred": lambda records: records.transfer(REFERENCE, to_force="Kent Police"),
    "CrimeCancelled": lambda records: records.cancel(REFERENCE),
    "VictimContacted": lambda records: records.note_contact(REFERENCE, "person-1"),
    "OfficerUnavailable": lambda records: records.be_unavailable(REFERENCE, ELM),
}


def also_recorded(scene: Setting) -> None:
    """Have another crime recorded, which a first can be merged into."""
    scene.records.record(msgspec.structs.replace(CRIME, crime_reference=OTHER))


@pytest.mark.parametrize("name", TURNS)
def test_each_turn_is_one_event_of_the_moment(name: str) -> None:
    """It says what happened, to which crime, and that it was now."""
    scene = Setting()
    scene.records.outgoing.clear()
    scene.now = NOON + timedelta(hours=5)

    event_id = TURNS[name](scene.records)

    [outgoing] = scene.records.outgoing
    envelope = msgspec.json.decode(outgoing.body, type=CloudEvent)
    event: Any = msgspec.json.decode(envelope.data, type=EVENT_TYPES[name])
    assert (envelope.id, envelope.type, envelope.time) == (event_id, name, scene.now)
    assert event.crime_reference == REFERENCE
    moments = [getattr(event, each) for each in event.__struct_fields__ if each.endswith("_at")]
    assert moments == [scene.now]


def test_a_turn_says_what_it_was_told() -> None:
    """Into which crime, to which force, as which offence, and until when."""
    scene = Setting()
    scene.records.outgoing.clear()
    for name in ("CrimeMerged", "CrimeTransferred", "CrimeReclassified"):
        TURNS[name](scene.records)
    scene.records.be_unavailable(REFERENCE, ELM, why="left", until=NOON)

    bodies = [msgspec.json.decode(each.body)["data"] for each in scene.records.outgoing]

    assert bodies[0]["into"] == OTHER
    assert bodies[1]["to_force"] == "Kent Police"
    assert bodies[2]["offence_subgroup"] == "Robbery of personal property"
    assert bodies[2]["safeguarding"] == ["domestic_abuse"]
    assert (bodies[3]["why"], bodies[3]["officer"]["name"]) == ("left", "PC Elm")


def test_events_of_one_crime_are_in_sequence() -> None:
    """Each crime counts its own, so that a portal can tell what came first."""
    scene = Setting()
    also_recorded(scene)
    scene.records.reopen(REFERENCE)

    said = [msgspec.json.decode(each.body, type=CloudEvent) for each in scene.records.outgoing]

    assert [(each.subject, each.sequence) for each in said] == [
        (REFERENCE, "0000001"),
        (OTHER, "0000001"),
        (REFERENCE, "0000002"),
    ]


def test_what_is_filed_on_a_merged_crime_is_filed_where_it_goes_on() -> None:
    """Words and tasks are not lost in an occurrence that was merged."""
    scene = Setting()
    also_recorded(scene)
    scene.records.merge(REFERENCE, into=OTHER)

    assert scene.records.stamp(REFERENCE, STAMP) is Filed.created
    assert scene.records.stamp(OTHER, STAMP) is Filed.known
    assert scene.records.raise_task(TASK) is Filed.created

    shown = scene.records.occurrence(OTHER)
    assert shown is not None
    assert [each.text for each in shown.enquiry_log] == ["When?"]
    assert scene.records.words_of(REFERENCE, "q-1") == "When?"


def test_crimes_merged_in_a_circle_end() -> None:
    """A mistake of the records staff is no endless loop; nor is a crime merged into none."""
    scene = Setting()
    also_recorded(scene)
    scene.records.merge(REFERENCE, into=OTHER)
    scene.records.merge(OTHER, into=REFERENCE)

    assert scene.records.stamp(REFERENCE, STAMP) is Filed.created

    alone = Setting()
    alone.records.merge(REFERENCE, into="43269999999")

    assert alone.records.stamp(REFERENCE, STAMP) is Filed.created


@pytest.mark.parametrize(
    ("officer", "until", "hours", "assignee"),
    [
        (ELM, None, 1, TEAM),
        (ELM, NOON + timedelta(hours=2), 1, TEAM),
        (ELM, NOON + timedelta(hours=2), 2, ELM.collar_number),
        (Officer("PC Okafor", "4271"), None, 1, ELM.collar_number),
    ],
)
def test_while_the_officer_is_away_a_task_is_the_teams(
    officer: Officer, until: Any, hours: int, assignee: str
) -> None:
    """Until they are back; when another officer is away nothing changes."""
    scene = Setting()
    scene.allocate(ELM, TEAM)
    scene.records.be_unavailable(REFERENCE, officer, until=until)
    scene.now = NOON + timedelta(hours=hours)

    scene.records.raise_task(TASK)

    [raised] = scene.found(TaskRaised)
    assert isinstance(raised, TaskRaised)
    assert raised.assignee == assignee


@pytest.mark.parametrize(
    ("said", "assignee"),
    [
        ({"for_officer": "4271"}, "4271"),
        ({"for_team": "Witness Care"}, "Witness Care"),
        ({"for_officer": "4271", "for_team": "Witness Care"}, "4271"),
        ({}, ELM.collar_number),
    ],
)
def test_a_task_is_for_whom_it_says(said: dict[str, str], assignee: str) -> None:
    """The records choose the assignee only if the task names none; its due date is kept."""
    scene = Setting()
    scene.allocate(ELM, TEAM)
    due_at = NOON + timedelta(days=5)

    scene.records.raise_task(msgspec.structs.replace(TASK, due_at=due_at, **said))

    [raised] = scene.found(TaskRaised)
    assert isinstance(raised, TaskRaised)
    assert (raised.assignee, raised.due_at) == (assignee, due_at)
