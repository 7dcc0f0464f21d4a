"""What stops all that is said to a person, in whatever crime or record of theirs it stands."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from reference.contract.events import VictimRecord
from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    NOON,
    SAMS_MOBILE,
    alex,
    cancelled,
    deployed,
    details,
    enveloped,
    merged,
    reclassified,
    recorded,
    sam,
)
from tests.reference.portal.scene import Scene

OTHER = "43260000002"
ABUSE: dict[str, Any] = {"crime": OTHER, "safeguarding": ("domestic_abuse",)}
# Alex, written down once more.
TWIN = alex("twin", mobile_phone=SAMS_MOBILE)
FLAGS: tuple[Callable[[], VictimRecord], ...] = (
    lambda: alex("twin", mobile_phone=SAMS_MOBILE, safe_to_contact=False),
    lambda: alex("twin", mobile_phone=SAMS_MOBILE, has_died=True),
    lambda: alex("twin", mobile_phone=SAMS_MOBILE, is_suspect_in_linked_crime=True),
    lambda: alex("twin", mobile_phone=SAMS_MOBILE, is_police_employee=True),
    lambda: alex("twin", mobile_phone=SAMS_MOBILE, is_restricted=True),
)


def told_of(scene: Scene, crime: str = CRIME) -> int:
    """Say how many messages an officer's being sent to a crime makes."""
    before = len(scene.messages)
    scene.deliver(deployed(crime))
    return len(scene.messages) - before


def asked(scene: Scene) -> list[tuple[str, str]]:
    """List the people the force is asked to speak to, about which crime."""
    return [
        (task["person_id"], task["crime_reference"])
        for task in scene.neighbours.tasks
        if task["kind"] == "sensitive_contact"
    ]


def test_a_marker_of_the_person_stops_their_other_crimes(scene: Scene) -> None:
    """Messages, session and link end with it; an officer is asked to tell them, once."""
    scene.deliver(recorded())
    session = scene.session()
    scene.deliver(recorded(**ABUSE))

    assert scene.api("GET", "/crimes", session=session).status == 401
    assert told_of(scene) == 0
    assert asked(scene) == [("alex", CRIME)]


def test_another_marker_is_of_its_crime_alone(scene: Scene) -> None:
    """The victim of a sexual offence is still told about a bicycle."""
    scene.deliver(recorded(), recorded(crime=OTHER, safeguarding=("sexual",)))

    assert told_of(scene) == 1
    assert asked(scene) == []


def test_a_marker_holds_for_the_victims_of_the_crime_alone(scene: Scene) -> None:
    """A witness may be a neighbour, who is still told about their own crime."""
    scene.deliver(recorded(), recorded(sam(), alex(role="witness"), **ABUSE))

    assert told_of(scene) == 1


def test_a_marker_that_is_taken_back_stops_nothing_more(scene: Scene) -> None:
    """It was put on the wrong crime, and is put right."""
    scene.deliver(recorded(), recorded(**ABUSE))
    scene.deliver(reclassified(OTHER, "Bicycle theft", safeguarding=()))

    assert told_of(scene) == 1


def test_a_record_that_was_cancelled_is_a_warning_still(scene: Scene) -> None:
    """Whether there was a crime in law says nothing of who reads the phone."""
    scene.deliver(recorded(), recorded(**ABUSE), cancelled(OTHER))

    assert told_of(scene) == 0


def test_the_crimes_of_two_occurrences_that_were_not_merged_yet(scene: Scene) -> None:
    """One incident recorded twice, and the marker on one of them: neither is told of.

    When they are merged it stays so.
    """
    scene.deliver(recorded(), recorded(**ABUSE))

    assert (told_of(scene), told_of(scene, OTHER)) == (0, 0)

    scene.deliver(merged(CRIME, into=OTHER))

    assert told_of(scene, OTHER) == 0


@pytest.mark.parametrize("flagged", FLAGS)
@pytest.mark.parametrize("is_there_first", [True, False])
def test_a_flag_in_one_record_holds_for_the_other(
    scene: Scene, flagged: Callable[[], VictimRecord], *, is_there_first: bool
) -> None:
    """Whichever came first, and whatever forbids it."""
    both = [recorded(flagged(), crime=OTHER), recorded()]
    scene.deliver(*(both if is_there_first else reversed(both)))

    assert told_of(scene) == 0
    assert ("alex", CRIME) in asked(scene)


def test_a_marker_in_one_record_holds_for_the_other(scene: Scene) -> None:
    """The abuse is recorded for one of two records of the same person."""
    scene.deliver(recorded(), recorded(TWIN, **ABUSE))

    assert told_of(scene) == 0


def test_a_flag_that_is_taken_back_frees_the_other_record(scene: Scene) -> None:
    """Both are told again of what happens from then on."""
    scene.deliver(recorded(), recorded(TWIN, crime=OTHER))
    scene.deliver(details(alex("twin", mobile_phone=SAMS_MOBILE, safe_to_contact=False), OTHER))

    assert told_of(scene) == 0

    scene.deliver(enveloped(details(TWIN, OTHER), time=NOON + timedelta(minutes=1)))

    assert told_of(scene) == 1


def test_a_record_that_is_put_right_frees_whom_it_was_not(scene: Scene) -> None:
    """The birthday was wrong: another person is not safe to contact."""
    unsafe = alex("twin", mobile_phone=SAMS_MOBILE, safe_to_contact=False)
    scene.deliver(recorded(), recorded(unsafe, crime=OTHER))

    assert told_of(scene) == 0

    scene.deliver(details(alex("twin", born=None, safe_to_contact=False), OTHER))

    assert told_of(scene) == 1


def test_somebody_of_another_name_is_somebody_else(scene: Scene) -> None:
    """Twins have a birthday and a phone in common, and are two."""
    unsafe = alex("twin", given_name="Robin", safe_to_contact=False)
    scene.deliver(recorded(), recorded(unsafe, crime=OTHER))

    assert told_of(scene) == 1


@pytest.mark.parametrize(("name", "status"), [("Alex", 200), ("Robin", 403)])
def test_who_has_two_records_comes_in_by_the_newest(scene: Scene, name: str, status: int) -> None:
    """The same word of one person is theirs; of two at one number it is neither's."""
    later = NOON + timedelta(days=1)
    twin = alex("twin", given_name=name)
    scene.deliver(recorded(), recorded(twin, crime=OTHER, recorded_at=later))
    step = scene.begin(MOBILE)

    assert scene.prove(step).status == status

    if status == 200:
        session = scene.enter_code(step, scene.last_code()).json["session"]
        crimes = scene.api("GET", "/crimes", session=session).json["crimes"]

        assert [each["crime_reference"] for each in crimes] == [OTHER, CRIME]
