"""Rules of a vendor's own record: what it says is taken in once, for what it is."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.contract.events import Channel, VictimRecord
from reference.contract.messages import Stamp, Task
from simulator.drivers.own_record import OwnStamp, OwnStamps, SentMessage, SentMessages
from simulator.errors import CannotVerify, PortalNonsense
from simulator.evidence.files import write_evidence
from simulator.evidence.records import (
    MessageAccepted,
    MessageReached,
    MessagesSeen,
    ReceiptSent,
    SignedIn,
    Stamped,
    TaskRaised,
)
from simulator.world.recipient_guard import Recipients
from simulator.world.vendor_record import PAGES_MAX, VendorRecord
from simulator.world.victims import Victim, accept_invitation, latest_link
from tests.simulator.scripted_driver import ScriptedDriver
from tests.simulator.worlds import EMAIL, MOBILE, REFERENCE, START, Around, found, person

LINK = "https://portal.example/invitation/Zk3q9vT-token_of_a_test"


class Kept(ScriptedDriver):
    """A portal that keeps its own record, in pages of two; a cursor is a number."""

    capabilities = frozenset({"test_clock", "receipts", "messages_since", "stamps_since"})

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[SentMessage] = []
        self.stamps: list[OwnStamp] = []
        self.tasks: list[Task] = []

    def messages_since(self, cursor: str) -> SentMessages:
        """Give the next two messages."""
        page = self.messages[int(cursor or 0) :][:2]
        return SentMessages(page, str(int(cursor or 0) + len(page)))

    def stamps_since(self, cursor: str) -> OwnStamps:
        """Give everything always, whatever the cursor."""
        return OwnStamps(list(self.stamps), list(self.tasks), "always the same")

    def send(self, body: str, *, to: str = MOBILE, channel: Channel = "text", id: str = "") -> None:
        """Send a message that only the vendor's own record knows of."""
        name = id or f"m-{len(self.messages)}"
        self.messages.append(SentMessage(id=name, channel=channel, to=to, body=body))


def around(portal: Kept, *, recipients: Recipients | None = None) -> Around:
    """Put a world around a portal that keeps its own record."""
    made = Around(portal=portal, recipients=recipients)
    record = VendorRecord(
        portal,
        capabilities=portal.capabilities,
        inbox=made.inbox,
        crime_system=made.crime_system,
        evidence=made.evidence,
        now=lambda: made.clock.now,
    )
    made.inbox.before_drain = record.take_in
    return made


def messages(made: Around) -> list[Any]:
    """List the messages in the evidence."""
    return found(made, MessageAccepted)


def stamp(key: str = "k-1", *, reference: str = REFERENCE) -> OwnStamp:
    """Give a stamp as the vendor has it."""
    return OwnStamp(
        key=key, person_id="p", text="Any news?", written_at=START, crime_reference=reference
    )


def task(key: str = "t-1", *, reference: str = REFERENCE) -> Task:
    """Give a task as the vendor has it."""
    return Task(
        key=key, crime_reference=reference, kind="victim_question", person_id="p", reason="asked"
    )


@given(before=st.integers(0, 5), sent=st.lists(st.integers(0, 5), max_size=4))
def test_every_message_of_the_run_is_taken_in_once(before: int, sent: list[int]) -> None:
    """However many pages they come in, in order; those of an earlier run are not of this one."""
    portal = Kept()
    for _message in range(before):
        portal.send("from an earlier run")
    made = around(portal)
    for count in sent:
        for _message in range(count):
            portal.send(f"message {len(portal.messages)}")
        made.world.settle()

    expected = [f"message {number}" for number in range(before, before + sum(sent))]
    assert [each.body for each in messages(made)] == expected


def test_it_is_marked_for_what_it_is() -> None:
    """The evidence says of each message, and of the run, that it is the vendor's word."""
    portal = Kept()
    made = around(portal)
    made.meet()
    portal.send("There is an update.")
    made.world.settle()

    assert [each.how for each in messages(made)] == ["vendor's own record"]
    [seen] = found(made, MessagesSeen)
    assert isinstance(seen, MessagesSeen)
    assert seen.how == "vendor's own record"
    assert made.evidence.records[0] == seen


def test_what_the_gateway_took_is_marked_as_intercepted() -> None:
    """A portal may send its emails to us and its texts elsewhere: each is what it is."""
    portal = Kept()
    made = around(portal)
    made.meet()
    portal.send("There is an update.")
    made.send("There is an update.", channel="email", to=EMAIL)
    made.world.settle()

    assert sorted((each.channel, each.how) for each in messages(made)) == [
        ("email", "intercepted"),
        ("text", "vendor's own record"),
    ]


@pytest.mark.parametrize(
    ("channel", "to", "read_as"),
    [
        ("text", "+44 7700 900123", MOBILE),
        ("text", "447700900123", MOBILE),
        ("email", "Zoe.Elm@Example.com ", EMAIL),
        ("text", "nobody's number", "nobody's number"),
    ],
)
def test_an_address_is_read_as_our_gateway_would(channel: Channel, to: str, read_as: str) -> None:
    """Whatever the aggregator's spelling, the victim's own phone and mailbox get it."""
    portal = Kept()
    made = around(portal)
    made.meet()
    portal.send("There is an update.", to=to, channel=channel)
    made.world.settle()

    assert [each.to for each in messages(made)] == [read_as]
    assert [each.holders for each in found(made, MessageReached)] == [  # type: ignore[attr-defined]
        1 if read_as in {MOBILE, EMAIL} else 0
    ]


def test_its_gateway_sends_its_own_receipts() -> None:
    """We do not tell a portal what became of a message that never came to us."""
    portal = Kept()
    made = around(portal)
    made.meet()
    portal.send("There is an update.")
    made.world.advance(START + timedelta(hours=1))

    assert not found(made, ReceiptSent)
    assert portal.receipts == []


def test_it_shows_nothing_of_where_messages_go() -> None:
    """Real people stay out of a run until our own gateway has taken a message."""
    portal = Kept()
    recipients = Recipients()
    made = around(portal, recipients=recipients)
    made.meet()
    portal.send("There is an update.")
    made.world.settle()
    assert not recipients.comes_to_us

    made.send("There is an update.")
    made.world.settle()
    assert recipients.comes_to_us


def test_a_victim_signs_in_by_what_it_holds() -> None:
    """Link and code are found in it by the target's patterns, and struck out of the evidence."""
    portal = Kept()
    made = around(portal)
    made.meet()
    zoe = Victim(person(), VictimRecord(person_id="p", mobile_phone=MOBILE), "heron")
    portal.send(f"Follow your crime: {LINK}")
    portal.send("Your code is 493817.")
    made.world.settle()

    accept_invitation(made.world, zoe, latest_link(made.world, zoe))

    assert portal.words == [LINK, "heron", "493817"]
    assert found(made, SignedIn)
    assert [each.carries for each in messages(made)] == ["invitation", "one_time_code"]
    file = BytesIO()
    write_evidence(file, made.evidence.records, process="test", wall=START)
    assert b"493817" not in file.getvalue()
    assert LINK.encode() not in file.getvalue()


def test_what_it_stamped_is_in_the_crime_system() -> None:
    """The officer reads the victim's words and has the task, each once, by key."""
    portal = Kept()
    made = around(portal)
    made.record_crime()
    portal.stamps.append(stamp())
    portal.tasks.append(task())
    for _time in range(3):
        made.world.settle()

    stamped: list[Any] = found(made, Stamped)
    raised: list[Any] = found(made, TaskRaised)
    assert [(each.key, each.how) for each in stamped] == [("k-1", "vendor's own record")]
    assert [(each.key, each.how) for each in raised] == [("t-1", "vendor's own record")]
    assert made.crime_system.words_of(REFERENCE, "k-1") == "Any news?"


def test_what_comes_to_us_is_marked_as_intercepted() -> None:
    """The crime system's API is ours, so we see every caller."""
    made = around(Kept())
    made.record_crime()
    made.crime_system.stamp(
        REFERENCE, Stamp(key="k", person_id="p", text="Any news?", written_at=START)
    )
    made.crime_system.raise_task(task())

    kept: list[Any] = [*found(made, Stamped), *found(made, TaskRaised)]
    assert [each.how for each in kept] == ["intercepted", "intercepted"]


@pytest.mark.parametrize("what", ["stamp", "task"])
def test_what_it_stamped_nowhere_is_nonsense(what: str) -> None:
    """An occurrence that is not there would swallow the victim's words."""
    portal = Kept()
    made = around(portal)
    if what == "stamp":
        portal.stamps.append(stamp(reference="43269999999"))
    else:
        portal.tasks.append(task(reference="43269999999"))

    with pytest.raises(PortalNonsense, match=f"stamps_since gives a {what} on '43269999999'"):
        made.world.settle()


def test_a_record_without_an_end_is_nonsense() -> None:
    """What is always new would be read for ever."""

    class Endless(Kept):
        def messages_since(self, cursor: str) -> SentMessages:
            self.send("again")
            return SentMessages(self.messages[-1:], "")

    with pytest.raises(PortalNonsense, match=f"messages_since .* after {PAGES_MAX} pages"):
        around(Endless())


def test_only_what_is_claimed_is_asked() -> None:
    """A vendor writes only the record it has."""

    class MessagesOnly(Kept):
        capabilities = frozenset({"test_clock", "messages_since"})

        def stamps_since(self, cursor: str) -> OwnStamps:
            raise CannotVerify("not written")

    portal = MessagesOnly()
    made = around(portal)
    portal.send("There is an update.")
    made.world.settle()

    assert len(messages(made)) == 1
