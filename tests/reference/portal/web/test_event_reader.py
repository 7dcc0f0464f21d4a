"""What the types of events cannot say, and the reader refuses by its field."""

from datetime import timedelta

import msgspec
import pytest

from reference.contract.events import AnyEvent, ToldInstead
from reference.portal.errors import Problem
from reference.portal.web.event_reader import Reader
from tests.reference.portal.crimes import (
    NOON,
    alex,
    appointment,
    closed,
    deployed,
    details,
    enveloped,
    recorded,
)
from tests.reference.portal.scene import Scene, problem


@pytest.mark.parametrize("reference", ["\n", "4326\n", "43\n26", "43\r\n26"])
def test_a_reference_has_no_line_end(reference: str) -> None:
    """No address of a page could lead to such a crime: its victim would never find it."""
    batch = [enveloped(recorded()), enveloped(deployed(reference))]

    with pytest.raises(Problem) as refused:
        Reader(["thames_valley"]).read(msgspec.json.encode(batch), NOON)

    assert refused.value.status == 400
    assert refused.value.field == "[1].data.crime_reference"
    assert refused.value.detail == "has a line end; leave it out"


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (recorded(offence="a\0b"), "data.offence"),
        (recorded(alex(), alex("a\0b")), "data.victims[1].person_id"),
        (recorded(alex(given_name="\0")), "data.victims[0].given_name"),
        (
            recorded(alex(told_instead=ToldInstead(email="a\0b"))),
            "data.victims[0].told_instead.email",
        ),
        (recorded(safeguarding=("a", "b\0")), "data.safeguarding[1]"),
        (details(alex(mobile_phone="07700\0900123")), "data.victim.mobile_phone"),
    ],
)
def test_a_nul_character_is_refused_wherever_it_stands(
    scene: Scene, event: AnyEvent, field: str
) -> None:
    """A database cannot keep it: the field is named, and nothing of the delivery is kept."""
    answer = scene.post_events([enveloped(deployed("another")), enveloped(event)])

    assert answer.status == 400
    assert problem(answer)["field"] == f"[1].{field}"
    assert not any(scene.rows()[table] for table in ("crime", "person", "event_seen"))


@pytest.mark.parametrize("field", ["id", "source", "subject", "sequence"])
def test_a_nul_character_in_the_envelope_is_refused(field: str) -> None:
    """The envelope names the event: it is kept like what is in it."""
    batch = [enveloped(recorded(), **{field: "a\0b"})]

    with pytest.raises(Problem) as refused:
        Reader(["thames_valley"]).read(msgspec.json.encode(batch), NOON)

    assert refused.value.field == f"[0].{field}"


@pytest.mark.parametrize("reference", [" ", "4/3", "é?#%", "..", "43\t26", "🚲"])
def test_a_reference_may_hold_anything_else(reference: str) -> None:
    """How a force numbers its crimes is its own affair."""
    batch = [enveloped(deployed(reference))]
    [(_, event)] = Reader(["thames_valley"]).read(msgspec.json.encode(batch), NOON)

    assert event.crime_reference == reference


@pytest.mark.parametrize(("hours", "status"), [(23, 202), (25, 400)])
@pytest.mark.parametrize("field", ["time", "data.closed_at", "data.deployed_at"])
def test_what_has_happened_is_not_dated_ahead(
    scene: Scene, *, field: str, hours: int, status: int
) -> None:
    """A closure of next year would stand for a year, and a reopening now would change nothing."""
    scene.deliver(recorded())
    ahead = scene.now + timedelta(hours=hours)
    event = closed(at=ahead) if field == "data.closed_at" else deployed(at=scene.now)
    event = deployed(at=ahead) if field == "data.deployed_at" else event
    answer = scene.post_events([enveloped(event, time=ahead if field == "time" else scene.now)])

    assert answer.status == status
    if status == 400:
        assert problem(answer)["field"] == f"[0].{field}"


def test_an_appointment_is_planned(scene: Scene) -> None:
    """It starts when it starts, however far ahead."""
    scene.deliver(recorded())
    planned = appointment(starts_at=scene.now + timedelta(days=90))

    assert scene.post_events([enveloped(planned, time=scene.now)]).status == 202
