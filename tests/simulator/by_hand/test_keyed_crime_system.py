"""What is keyed in has the reference it got there, and the time the tester says."""

from datetime import timedelta

import pytest
from msgspec import structs

from reference.contract.events import OfficerDeployed
from simulator.errors import CannotVerify
from simulator.evidence.records import EventDelivered, EventRecorded, InternalNoteWritten
from tests.simulator.by_hand.by_hand_world import THEIRS, AroundByHand, found, recorded
from tests.simulator.worlds import REFERENCE, START

HALF_PAST = timedelta(minutes=30)


def test_a_fact_is_recorded_when_the_tester_saved_it() -> None:
    """It is not the time of the instruction: keying in takes time."""
    around = AroundByHand(THEIRS, "10:20", "")
    around.typed.now = START + HALF_PAST

    around.records.record(recorded())
    around.records.record(OfficerDeployed(crime_reference=REFERENCE, deployed_at=START))

    first, second = found(around, EventRecorded)
    assert (first.at, first.crime_reference) == (START + timedelta(minutes=20), REFERENCE)
    assert second.at == START + HALF_PAST
    assert f"On crime {THEIRS}, record that an officer was deployed." in around.typed.said


def test_time_does_not_go_back() -> None:
    """A time before the last thing keyed in becomes the time of that."""
    around = AroundByHand(THEIRS, "10:20", "10:05")
    around.typed.now = START + HALF_PAST

    around.records.record(recorded())
    around.records.record(OfficerDeployed(crime_reference=REFERENCE, deployed_at=START))

    assert found(around, EventRecorded)[1].at == START + timedelta(minutes=20)


@pytest.mark.parametrize("wrong", ["", "T 1", "x" * 65])
def test_a_wrong_reference_is_asked_for_again(wrong: str) -> None:
    """It must be one word, as shown in the test crime system."""
    around = AroundByHand(wrong, THEIRS, "")

    around.records.record(recorded())

    assert around.references.theirs(REFERENCE) == THEIRS
    assert "Give the reference as it is shown there" in around.typed.said


def test_one_reference_is_for_one_crime() -> None:
    """Two crimes under one number could not be told apart."""
    around = AroundByHand(THEIRS, "", THEIRS, "T-0002", "")
    around.records.record(recorded())

    around.records.record(structs.replace(recorded(), crime_reference="43260000002"))

    assert around.references.theirs("43260000002") == "T-0002"
    assert "That is the reference of another crime of this run." in around.typed.said


def test_what_cannot_be_keyed_in_did_not_happen() -> None:
    """If the tester could not do it, nothing is recorded."""
    around = AroundByHand("could not there is no such field")

    with pytest.raises(CannotVerify, match="there is no such field"):
        around.records.record(recorded())
    assert found(around, EventRecorded) == []
    assert not around.records.outgoing


def test_it_is_delivered_once_and_not_by_us() -> None:
    """The test crime system sends it; a tester cannot send it again."""
    around = AroundByHand(THEIRS, "")
    event_id = around.records.record(recorded())
    around.world.settle()

    delivered = around.evidence.records[-1]
    assert isinstance(delivered, EventDelivered)
    assert delivered.status == 202
    with pytest.raises(CannotVerify, match="cannot be sent twice"):
        around.world.integration.redeliver(event_id)


def test_a_note_for_the_force_is_keyed_in() -> None:
    """It is written where no victim may ever see it."""
    around = AroundByHand(THEIRS, "", "")
    around.records.record(recorded())

    around.records.write_note(REFERENCE, "The suspect is known.", author="PC Okafor")

    assert isinstance(around.evidence.records[-1], InternalNoteWritten)
    assert f"On crime {THEIRS}, write into the enquiry log, as PC Okafor" in around.typed.said
