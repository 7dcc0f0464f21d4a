"""Rules of the force's records: every fact becomes one event; stamps and tasks are filed once."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from reference.contract.events import (
    CloudEvent,
    CrimeAllocated,
    CrimeRecorded,
    Officer,
    OfficerDeployed,
    VictimRecord,
)
from reference.contract.messages import Stamp, Task
from simulator.evidence.records import (
    EventRecorded,
    EvidenceLog,
    InternalNoteWritten,
    Stamped,
    TaskRaised,
)
from simulator.neighbours.crime_system.occurrence import Filed
from simulator.neighbours.crime_system.records import CrimeSystem

NOON = datetime(2026, 6, 1, 11, tzinfo=UTC)
REFERENCE = "43260000001"
CRIME = CrimeRecorded(
    crime_reference=REFERENCE,
    force="thames_valley",
    offence_code="131",
    offence_subgroup="Bicycle theft",
    offence="Theft of a pedal cycle",
    recorded_at=NOON,
    victims=(VictimRecord(person_id="person-1"),),
)
STAMP = Stamp(key="q-1", person_id="person-1", text="When?", written_at=NOON)
TASK = Task(
    key="q-1",
    crime_reference=REFERENCE,
    kind="victim_question",
    person_id="person-1",
    reason="the victim asked",
)


class Setting:
    """Records with a crime in them, and a time that tests move."""

    def __init__(self, source: str = "world") -> None:
        self.now = NOON
        self.log = EvidenceLog()
        self.records = CrimeSystem(now=lambda: self.now, evidence=self.log, source=source)
        self.first = self.records.record(CRIME)

    def allocate(self, officer: Officer | None, team: str = "") -> None:
        """Have the crime allocated."""
        self.records.record(
            CrimeAllocated(
                crime_reference=REFERENCE,
                allocated_at=self.now,
                officer_in_charge=officer,
                team=team,
            )
        )

    def found(self, kind: type[TaskRaised] | type[Stamped]) -> list[TaskRaised | Stamped]:
        """List what was written down of one kind."""
        return [each for each in self.log.records if isinstance(each, kind)]


def test_a_fact_becomes_an_event() -> None:
    """What is recorded waits for integration as a CloudEvent of the contract."""
    scene = Setting()
    [outgoing] = scene.records.outgoing

    event = msgspec.json.decode(outgoing.body, type=CloudEvent)

    assert event.id == outgoing.event_id == scene.first
    assert (event.source, event.type, event.subject) == ("world", "CrimeRecorded", REFERENCE)
    assert event.time == NOON
    assert msgspec.json.decode(event.data, type=CrimeRecorded) == CRIME


def test_a_fact_is_written_down_with_when_it_was_so() -> None:
    """When something happened may be earlier than when it was recorded; both are kept."""
    scene = Setting()
    deployed = OfficerDeployed(crime_reference=REFERENCE, deployed_at=NOON)
    scene.now = NOON + timedelta(hours=3)

    scene.records.record(deployed, happened_at=NOON + timedelta(hours=1))
    scene.records.record(deployed)

    first, second = (each for each in scene.log.records[-2:] if isinstance(each, EventRecorded))
    assert first.at == second.at == NOON + timedelta(hours=3)
    assert first.happened_at == NOON + timedelta(hours=1)
    assert second.happened_at == second.at
    assert msgspec.json.decode(first.data, type=OfficerDeployed) == deployed


def test_events_have_ids_that_count_up() -> None:
    """A run repeats to the id, and two worlds on one clock never share one."""
    one, other = Setting("live"), Setting("test")
    one.allocate(None, "Investigation Team")

    ids = [each.event_id for each in (*one.records.outgoing, *other.records.outgoing)]

    assert ids == ["live-0000001", "live-0000002", "test-0000001"]


def test_an_id_is_unique_only_within_its_source() -> None:
    """What another crime system records comes under the id that the next event here has."""
    log = EvidenceLog()
    records = CrimeSystem(now=lambda: NOON, evidence=log, source="test")
    named = [records.record(CRIME, elsewhere=True), records.record(CRIME)]
    sent = [msgspec.json.decode(each.body, type=CloudEvent) for each in records.outgoing]

    assert [(each.source, each.id) for each in sent] == [
        ("test.2", "test-0000001"),
        ("test", "test-0000001"),
    ]
    assert named == ["test-0000001 of test.2", "test-0000001"]


def test_what_somebody_else_says_is_no_record_of_the_force() -> None:
    """It is worded as an event, with an id of its own, and nothing is written down or delivered."""
    setting = Setting()
    written, waiting = len(setting.log.records), len(setting.records.outgoing)
    said = setting.records.say_as_another(CRIME)

    assert msgspec.json.decode(said.body, type=CloudEvent).id == said.event_id != setting.first
    assert (len(setting.log.records), len(setting.records.outgoing)) == (written, waiting)


def test_a_note_never_leaves() -> None:
    """What the force writes for itself is in the log and in the evidence, and causes no event."""
    scene = Setting()
    scene.records.outgoing.clear()

    scene.records.write_note(REFERENCE, "suspect not yet spoken to", author="PC Elm")

    assert not scene.records.outgoing
    occurrence = scene.records.occurrence(REFERENCE)
    assert occurrence is not None
    [entry] = occurrence.enquiry_log
    assert entry.internal
    last = scene.log.records[-1]
    assert isinstance(last, InternalNoteWritten)
    assert last.text == "suspect not yet spoken to"


def test_a_stamp_is_filed_once() -> None:
    """The same words under the same key, sent again, are known: nothing is filed twice."""
    scene = Setting()

    assert scene.records.stamp(REFERENCE, STAMP) is Filed.created
    assert scene.records.stamp(REFERENCE, STAMP) is Filed.known

    occurrence = scene.records.occurrence(REFERENCE)
    assert occurrence is not None
    assert [(each.text, each.internal) for each in occurrence.enquiry_log] == [("When?", False)]
    assert [each.written_at for each in scene.log.records if isinstance(each, Stamped)] == [NOON]
    assert scene.records.words_of(REFERENCE, "q-1") == "When?"


def test_other_words_under_a_known_key_are_different() -> None:
    """A key is for one message: other words under it are not filed, and the first stay."""
    scene = Setting()
    scene.records.stamp(REFERENCE, STAMP)

    again = msgspec.structs.replace(STAMP, text="Why?")

    assert scene.records.stamp(REFERENCE, again) is Filed.different
    assert scene.records.words_of(REFERENCE, "q-1") == "When?"
    assert len(scene.found(Stamped)) == 1


def test_other_words_of_somebody_else_are_different() -> None:
    """The same words of another person under a known key are another message."""
    scene = Setting()
    scene.records.stamp(REFERENCE, STAMP)

    again = msgspec.structs.replace(STAMP, person_id="person-2")

    assert scene.records.stamp(REFERENCE, again) is Filed.different


def test_a_task_is_raised_once() -> None:
    """The same task, sent again, is known; another under its key is different; officers get one."""
    scene = Setting()

    assert scene.records.raise_task(TASK) is Filed.created
    assert scene.records.raise_task(TASK) is Filed.known
    other = msgspec.structs.replace(TASK, reason="something else")
    assert scene.records.raise_task(other) is Filed.different

    assert list(scene.records.tasks_arrived) == [TASK]
    assert len(scene.found(TaskRaised)) == 1


@pytest.mark.parametrize(
    ("officer", "team", "assignee"),
    [
        (Officer("PC Elm", "1001"), "", "1001"),
        (Officer("PC Elm", "1001"), "Investigation Team", "1001"),
        (None, "Investigation Team", "Investigation Team"),
        (None, "", ""),
    ],
)
def test_a_task_is_for_the_officer_or_the_team(
    officer: Officer | None, team: str, assignee: str
) -> None:
    """It goes to the officer in charge; where none is named, to the team that has the crime."""
    scene = Setting()
    scene.allocate(officer, team)

    scene.records.raise_task(TASK)

    [raised] = scene.found(TaskRaised)
    assert isinstance(raised, TaskRaised)
    assert raised.assignee == assignee


def test_a_new_allocation_counts() -> None:
    """When a crime changes hands, tasks go to the new officer or team."""
    scene = Setting()
    scene.allocate(Officer("PC Elm", "1001"))
    scene.allocate(None, "Investigation Team")

    occurrence = scene.records.occurrence(REFERENCE)

    assert occurrence is not None
    assert occurrence.officer_in_charge is None
    assert occurrence.team == "Investigation Team"


def test_nothing_is_filed_in_an_unknown_occurrence() -> None:
    """A reference that the force never recorded has no log to file anything in."""
    scene = Setting()

    assert scene.records.stamp("43269999999", STAMP) is Filed.no_occurrence
    task = msgspec.structs.replace(TASK, crime_reference="43269999999")
    assert scene.records.raise_task(task) is Filed.no_occurrence
    assert scene.records.occurrence("43269999999") is None
    assert not scene.records.tasks_arrived


def test_words_that_were_never_stamped_are_none() -> None:
    """An officer who looks for words that did not come finds nothing."""
    assert Setting().records.words_of(REFERENCE, "q-9") == ""
