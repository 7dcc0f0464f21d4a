"""What an integration did on the way is found, and what an honest one does is not."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec import structs

from reference.contract.events import (
    AnyEvent,
    CrimeClosed,
    CrimeRecorded,
    MilestoneReached,
    OfficerReplied,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.doubles.integration_findings import integration_findings
from simulator.evidence.records import (
    DeliveredOtherwise,
    EventDelivered,
    EventRecorded,
    MessageAccepted,
    Record,
)
from tests.simulator.doubles.crimes import NOW, REFERENCE

MILESTONE = MilestoneReached(crime_reference=REFERENCE, milestone="scene_examined", reached_at=NOW)
CLOSED = CrimeClosed(crime_reference=REFERENCE, outcome=18, closed_at=NOW)
REPLY = OfficerReplied(
    crime_reference=REFERENCE, person_id="p-1", reply_id="r-1", text="A", replied_at=NOW
)
CRIME = CrimeRecorded(
    crime_reference=REFERENCE,
    force="thames_valley",
    offence_code="28A",
    offence_subgroup="Residential burglary",
    offence="Burglary",
    recorded_at=NOW,
    victims=(),
)
TEXT = MessageAccepted(
    at=NOW + timedelta(minutes=9),
    message_id="m-1",
    channel="text",
    to="07700900456",
    subject="",
    body="You have an update.",
    sender="force",
    reference="",
)


def _recorded(event_id: str, event: AnyEvent, at: datetime) -> EventRecorded:
    return EventRecorded(
        at=at,
        event_id=event_id,
        event_type=type(event).__name__,
        crime_reference=event.crime_reference,
        happened_at=at,
        data=msgspec.Raw(msgspec.json.encode(event)),
    )


def _came(event_id: str, arrived: int, *, status: int = 202, **values: Any) -> EventDelivered:
    at = NOW + timedelta(minutes=8, seconds=arrived)
    given = {"delivered_id": f"theirs-{event_id}", **values}
    return EventDelivered(at=at, event_id=event_id, status=status, arrived=arrived, **given)


def _found(*records: Record) -> list[tuple[str, bool, str]]:
    return [(each.harm, each.avoidable, each.observed) for each in integration_findings(records)]


def _in_turn(first: AnyEvent, second: AnyEvent, later: timedelta) -> list[Record]:
    return [_recorded("e-1", first, NOW), _recorded("e-2", second, NOW + later)]


@pytest.mark.parametrize(
    ("first", "second", "later"),
    [
        (MILESTONE, CLOSED, timedelta(seconds=10)),
        (MILESTONE, CLOSED, timedelta(days=1)),
        (REPLY, CLOSED, timedelta(minutes=6)),
        (CLOSED, MILESTONE, timedelta(minutes=6)),
    ],
)
def test_an_event_that_was_overtaken_is_found(
    first: AnyEvent, second: AnyEvent, later: timedelta
) -> None:
    """The portal tells a victim of a step in a crime that it has closed."""
    [(harm, avoidable, observed)] = _found(
        *_in_turn(first, second, later), _came("e-2", 1), _came("e-1", 2)
    )

    assert (harm, avoidable) == ("out of order", True)
    assert f"{type(first).__name__} recorded at" in observed
    assert f"was delivered after {type(second).__name__} recorded at" in observed


@pytest.mark.parametrize(
    ("first", "second", "deliveries"),
    [
        (MILESTONE, CLOSED, (_came("e-1", 1), _came("e-2", 2))),
        (MILESTONE, CLOSED, (_came("e-1", 1), _came("e-2", 2), _came("e-1", 3))),
        (MILESTONE, CLOSED, (_came("e-1", 1, status=503), _came("e-2", 2), _came("e-1", 3))),
        # Of two records, and of an end that waits for corrections, nobody promises the order.
        (REPLY, CLOSED, (_came("e-2", 1), _came("e-1", 2))),
        (CLOSED, MILESTONE, (_came("e-2", 1), _came("e-1", 2))),
    ],
)
def test_an_honest_integration_keeps_the_order(
    first: AnyEvent, second: AnyEvent, deliveries: tuple[EventDelivered, ...]
) -> None:
    """It may deliver twice, and again what the portal did not take when its turn came."""
    assert _found(*_in_turn(first, second, timedelta(minutes=2)), *deliveries) == []


def test_another_crime_waits_for_nobody() -> None:
    """The order is that of one crime."""
    other = structs.replace(CLOSED, crime_reference="43260000002")
    records = _in_turn(MILESTONE, other, timedelta(days=1))

    assert _found(*records, _came("e-2", 1), _came("e-1", 2)) == []


def test_an_update_that_came_again_by_another_id_is_found() -> None:
    """No portal can know it again: the victim is told twice."""
    again = DeliveredOtherwise(event_type="CrimeClosed", crime_reference=REFERENCE, again_of="e-1")
    told = (_came("e-1", 1), _came("theirs-2", 2, delivered_id="theirs-2", otherwise=again))
    [(harm, avoidable, observed)] = _found(_recorded("e-1", CLOSED, NOW), *told)

    assert (harm, avoidable) == ("duplicated", True)
    assert observed == "CrimeClosed e-1 was delivered again by another id, theirs-2"


def test_a_crime_that_came_again_by_another_id_is_said_and_allowed() -> None:
    """The contract lets it: it is no fault, and the tester sees that it happened."""
    recorded = _recorded("e-1", CRIME, NOW)
    same = _found(recorded, _came("e-1", 1), _came("e-1", 2))
    said = DeliveredOtherwise(event_type="CrimeRecorded", crime_reference=REFERENCE, again_of="e-1")
    again = _came("e-1", 2, delivered_id="theirs-2", otherwise=said)
    [(harm, avoidable, observed)] = _found(recorded, _came("e-1", 1), again)

    assert same == []
    assert (harm, avoidable) == ("noise", False)
    assert observed.endswith("again by another id, theirs-2; the contract allows it")


@pytest.mark.parametrize(
    ("number", "harm", "says"),
    [
        ("07700 900456", "misdirected", ": it may be a stranger's, and 1 messages went there"),
        ("", "lost", ""),
    ],
)
def test_a_strangers_number_is_called_so(number: str, harm: str, says: str) -> None:
    """The texts went there; a number that is left out is one that nobody can be told by."""

    def details(phone: str) -> VictimDetailsChanged:
        victim = VictimRecord(person_id="p-1", mobile_phone=phone)
        return VictimDetailsChanged(crime_reference=REFERENCE, victim=victim)

    said = DeliveredOtherwise(
        event_type="VictimDetailsChanged",
        crime_reference=REFERENCE,
        altered=("victim.mobile_phone",),
        data=msgspec.Raw(msgspec.json.encode(details(number))),
    )
    recorded = _recorded("e-1", details("07700900123"), NOW)
    [found] = _found(recorded, _came("e-1", 1, otherwise=said), TEXT)

    observed = "VictimDetailsChanged was delivered with another value in victim.mobile_phone"
    assert found == (harm, True, f"{observed}{says}")
    assert "0770" not in found[2]
