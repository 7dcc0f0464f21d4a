"""Rules of a scenario's own evidence: all that its judge needs, and nothing of those before."""

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from features.people import Actor, Register
from features.scenario_evidence import Past
from simulator.evidence.records import EventRecorded, MessageAccepted, MessagesSeen, Record
from simulator.population.identity import Identity
from simulator.world.recipient_guard import Recipients

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
HAPPENED = EventRecorded(
    at=NOW,
    event_id="event-1",
    event_type="OfficerDeployed",
    crime_reference="43260000002",
    happened_at=NOW,
    data=msgspec.Raw(b"{}"),
)


def sent_to(address: str, reference: str = "") -> MessageAccepted:
    """Send somebody a message that names an event, or nothing."""
    return MessageAccepted(
        at=NOW,
        message_id=f"{address} {reference}",
        channel="text",
        to=address,
        subject="",
        body="There is an update.",
        sender="",
        reference=reference,
    )


@pytest.fixture
def register() -> Register:
    """Nobody has been used yet."""
    return Register(Identity("agreed_word", "a key"), Recipients())


@pytest.fixture
def earlier(register: Register) -> Actor:
    """Somebody of a scenario that is over."""
    return register.person("Sam", ("text",), NOW)


@pytest.fixture
def past(earlier: Actor) -> Past:
    """One scenario is over."""
    past = Past()
    past.leave([earlier])
    return past


def test_who_was_there_before_is_still_there(past: Past, earlier: Actor) -> None:
    """A person known from before may hold a number that a message goes to; the rest is past."""
    records: list[Record] = [earlier.known, sent_to("07700900123"), HAPPENED]

    assert list(past.own_of(records, 2)) == [earlier.known, HAPPENED]


def test_what_still_goes_to_those_before_is_left_out(past: Past, earlier: Actor) -> None:
    """A portal goes on writing to the people of other scenarios, by text and email."""
    own = sent_to("07700900999")
    records: list[Record] = [
        sent_to(earlier.known.mobile_phone),
        sent_to(earlier.known.email, "an event of then"),
        own,
    ]

    assert list(past.own_of(records, 0)) == [own]


def test_news_that_goes_to_those_before_by_mistake_is_kept(past: Past, earlier: Actor) -> None:
    """A message that names what happened since, to somebody else of long ago, is a misdirection."""
    astray = sent_to(earlier.known.mobile_phone, "event-1")

    assert list(past.own_of([HAPPENED, astray], 0)) == [HAPPENED, astray]


def test_an_address_that_nobody_is_known_by_is_kept(past: Past) -> None:
    """What goes to nobody at all is the present scenario's to explain."""
    astray = sent_to("07700900321")

    assert list(past.own_of([astray], 0)) == [astray]


def test_what_was_written_down_of_somebody_is_past_too(register: Register) -> None:
    """A wrong number that stood in a record of then explains what still goes there."""
    actor = register.person("Kim", ("text",), NOW)
    actor = replace(actor, known=actor.known, record=register.person("Lee", ("text",), NOW).record)
    past = Past()
    past.leave([actor])

    assert list(past.own_of([sent_to(actor.record.mobile_phone)], 0)) == []


def test_how_messages_are_seen_is_true_of_every_scenario(past: Past) -> None:
    """It is said once, when the run begins, and holds for anybody who comes later."""
    seen = MessagesSeen(at=NOW, how="vendor's own record")

    assert list(past.own_of([seen, HAPPENED], 2)) == [seen]


def test_who_is_given_back_is_of_the_past_no_more(past: Past, earlier: Actor) -> None:
    """A person who was there before and is in a scenario again is judged by what goes to them."""
    past.give_back(earlier)
    own = sent_to(earlier.known.mobile_phone)

    assert list(past.own_of([own], 0)) == [own]
