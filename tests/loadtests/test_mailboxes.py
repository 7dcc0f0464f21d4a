"""Victims with a mailbox each, and the messages due to them."""

import msgspec

from loadtests.kills import ROOT, TARGET
from loadtests.mailboxes import Mailboxes
from reference.contract.events import CloudEvent, CrimeRecorded
from simulator.clock import wall_now
from simulator.evidence.records import EvidenceLog
from simulator.inputs.order import read_order
from simulator.inputs.target import read_target
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.streams import Streams


def mailboxes() -> Mailboxes:
    """Make them, for a crime system with nothing in it."""
    order = read_order(ROOT / read_target(TARGET).order)
    crime_system = CrimeSystem(now=wall_now, evidence=EvidenceLog(), source="test")
    return Mailboxes(crime_system, order, identity_key="key")


def test_every_event_is_owed_to_its_own_victim() -> None:
    """Each victim has an address, and a message is due for each event of their crime."""
    made = mailboxes()
    recorded = [each for batch in made.record(range(250)) for each in batch.events]
    closed = [
        each for batch in made.close(range(250), Streams(1).for_("x")) for each in batch.events
    ]
    deployed = made.deploy(range(250))

    assert len(made.owed) == 750
    assert len(set(made.owed.values())) == 250
    for events in zip(recorded, closed, deployed, strict=True):
        assert len({made.owed[each.event_id] for each in events}) == 1


def test_a_victim_is_reached_by_email_and_nothing_else() -> None:
    """The recorded address is the one to which the message is due."""
    made = mailboxes()
    [batch] = made.record([7])
    [outgoing] = batch.events
    envelope = msgspec.json.decode(outgoing.body, type=CloudEvent)
    [victim] = msgspec.json.decode(envelope.data, type=CrimeRecorded).victims

    assert victim.email == made.owed[outgoing.event_id]
    assert (victim.mobile_phone, victim.preferred_channels) == ("", ("email",))
    assert victim.safe_to_contact


def test_batches_are_no_larger_than_the_contract_allows() -> None:
    """Crimes are recorded in full batches, and closed in small ones of random sizes."""
    made = mailboxes()
    sizes = [len(each.events) for each in made.record(range(250))]
    closed = [len(each.events) for each in made.close(range(250), Streams(1).for_("x"))]

    assert sizes == [100, 100, 50]
    assert sum(closed) == 250
    assert len(set(closed)) > 2
