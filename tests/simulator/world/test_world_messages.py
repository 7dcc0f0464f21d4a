"""Rules of messages: they arrive at the holder of the address, and receipts follow."""

from datetime import datetime, timedelta

import pytest

from reference.contract.messages import Task
from simulator.drivers.base import Refused
from simulator.errors import CannotVerify
from simulator.evidence.records import (
    MessageAccepted,
    MessageReached,
    MessageRefused,
    NotForMeRefused,
    NotForMeSaid,
    ReceiptSent,
    TextReceived,
)
from tests.simulator.scripted_driver import ScriptedDriver
from tests.simulator.worlds import EMAIL, MOBILE, REFERENCE, START, Around, found

HOUR = timedelta(hours=1)
TASK = Task(key="t", crime_reference=REFERENCE, kind="breach", person_id="p", reason="a test")


@pytest.mark.parametrize(
    ("holders", "status"), [(0, "permanent-failure"), (1, "delivered"), (3, "delivered")]
)
def test_a_message_arrives_and_a_receipt_follows(holders: int, status: str) -> None:
    """Within a minute the portal gets the receipt for a message."""
    around = Around()
    for number in range(holders):
        around.meet(person_id=f"p{number}")
    sent = around.send("There is an update.")

    around.world.advance(START + timedelta(minutes=2))

    [reached] = found(around, MessageReached)
    assert reached == MessageReached(at=START, message_id=sent.message_id, holders=holders)
    [receipt] = around.portal.receipts
    assert (receipt.id, receipt.status, receipt.to) == (sent.message_id, status, MOBILE)
    [written] = found(around, ReceiptSent)
    assert START < written.at <= START + timedelta(minutes=1)
    assert around.world.messages_at(MOBILE) == [sent]


def test_a_portal_that_takes_no_receipts_gets_none() -> None:
    """A capability that is not claimed is not used."""
    portal = ScriptedDriver()
    portal.capabilities = frozenset({"test_clock", "text"})
    around = Around(portal=portal)
    around.send("There is an update.")

    around.world.advance(START + HOUR)

    assert portal.receipts == []
    assert found(around, ReceiptSent) == []


def test_an_address_is_held_however_it_is_written() -> None:
    """A mailbox is the same in capitals: what is sent to it arrives."""
    around = Around()
    around.meet(email="Zoe.Elm@Example.com")
    around.send("There is an update.", to=EMAIL, channel="email")

    around.world.settle()

    [reached] = found(around, MessageReached)
    assert isinstance(reached, MessageReached)
    assert reached.holders == 1


def test_what_the_gateway_refused_is_written_down() -> None:
    """A notification that never left is in the evidence, with the gateway's reason."""
    around = Around()
    around.inbox.refuse(channel="text", to="0770", status=400, reason="Not enough digits")

    around.world.settle()

    assert found(around, MessageRefused) == [
        MessageRefused(at=START, to="0770", channel="text", status=400, reason="Not enough digits")
    ]


def test_a_text_that_is_sent_back_reaches_the_portal() -> None:
    """As Notify's callback, at once; it is in the evidence, and in the gateway's list."""
    around = Around()
    around.world.advance(START + HOUR)

    around.world.inbound.by_text(MOBILE, "STOP")

    [text] = around.portal.texts
    assert (text.source_number, text.message) == ("447700900123", "STOP")
    assert found(around, TextReceived) == [
        TextReceived(at=START + HOUR, message_id=text.id, number=MOBILE, words="STOP")
    ]
    assert around.inbox.received.page() == [text]


def test_what_was_sent_before_a_text_came_is_written_down_before_it() -> None:
    """Or it would look as if it had been sent in spite of it."""
    portal = ScriptedDriver()
    around = Around(portal=portal)

    def send(_now: datetime) -> None:
        if not portal.texts:
            around.send("There is an update.")

    portal.on_advance = send
    around.clock.run_to(START + HOUR)
    around.world.inbound.by_text(MOBILE, "STOP")
    around.world.settle()

    kinds = [type(each) for each in around.evidence.records]
    assert kinds.index(MessageAccepted) < kinds.index(TextReceived)
    assert MessageAccepted not in kinds[kinds.index(TextReceived) :]


def test_a_portal_that_takes_no_texts_is_sent_none() -> None:
    """What is not claimed cannot be verified, and is not used."""
    portal = ScriptedDriver()
    portal.capabilities = frozenset({"test_clock", "text"})
    around = Around(portal=portal)

    with pytest.raises(CannotVerify, match="received_texts"):
        around.world.inbound.by_text(MOBILE, "STOP")

    assert portal.texts == []
    assert found(around, TextReceived) == []


def test_not_for_me_reaches_the_portal() -> None:
    """As it was written, and kept as we know it; a portal's no is no reason to forget it."""
    portal = ScriptedDriver()
    portal.capabilities |= {"not_for_me"}
    around = Around(portal=portal)

    assert around.world.inbound.not_for_me(MOBILE) == "Thank you"
    around.world.inbound.not_for_me(MOBILE, written="+44 7700 900123")
    portal.refuses_at = "not for me"
    with pytest.raises(Refused):
        around.world.inbound.not_for_me(EMAIL)

    assert portal.not_for == [MOBILE, "+44 7700 900123"]
    assert found(around, NotForMeSaid) == [
        NotForMeSaid(at=START, address=MOBILE, by="address"),
        NotForMeSaid(at=START, address=MOBILE, by="address"),
        NotForMeSaid(at=START, address=EMAIL, by="address"),
    ]
    [refused] = found(around, NotForMeRefused)
    assert isinstance(refused, NotForMeRefused)
    assert (refused.address, refused.written) == (EMAIL, EMAIL)


def test_no_more_is_said_than_the_order_lets_stop_anything() -> None:
    """What a portal leaves to the force then would look like a fault of the portal's."""
    portal = ScriptedDriver()
    portal.capabilities |= {"not_for_me"}
    around = Around(portal=portal)
    for _ in range(around.world.order.contact.not_for_me_per_client_max):
        around.world.inbound.not_for_me(MOBILE)

    with pytest.raises(CannotVerify, match="5 times this hour"):
        around.world.inbound.not_for_me(MOBILE)

    around.world.advance(START + HOUR)
    around.world.inbound.not_for_me(MOBILE)

    assert len(portal.not_for) == 6


def test_nobody_says_it_to_a_portal_that_does_not_take_it() -> None:
    """What is not claimed cannot be verified."""
    with pytest.raises(CannotVerify, match="does not claim not_for_me"):
        Around().world.inbound.not_for_me(MOBILE)


def test_a_person_who_reads_and_works_hears_of_everything() -> None:
    """Every reader of messages and every officer gets each message or task once."""
    around = Around()
    read: list[str] = []
    worked: list[str] = []
    for name in ("one", "two"):
        around.world.on_message(lambda _record, sent, name=name: read.append(name + sent.body))  # type: ignore[misc]
        around.world.on_task(lambda task, name=name: worked.append(name + task.key))  # type: ignore[misc]
    around.record_crime()
    around.crime_system.raise_task(TASK)
    around.send("!")

    around.world.advance(START + HOUR)

    assert read == ["one!", "two!"]
    assert worked == ["onet", "twot"]
