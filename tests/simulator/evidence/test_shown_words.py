"""Rules of the words that a portal shows: each line once, without what differs between people."""

from datetime import UTC, datetime

import msgspec

from simulator.evidence.records import EventRecorded, MessageAccepted, PersonKnown, Seen
from simulator.evidence.shown_words import ShownWords, shown_words

AT = datetime(2026, 6, 1, 10, tzinfo=UTC)


def text_to(number: str, body: str) -> MessageAccepted:
    """Make a text to a number."""
    return MessageAccepted(
        at=AT,
        message_id=number,
        channel="text",
        to=number,
        sender="",
        body=body,
        subject="",
        reference="",
    )


def test_a_line_that_two_people_get_is_listed_once() -> None:
    """Names, dates and numbers are masked; the words around them are kept."""
    people = [
        PersonKnown(
            at=AT,
            person_id=name,
            role="victim",
            given_name=name,
            family_name="Hart",
            mobile_phone="",
            email="",
        )
        for name in ("Amira", "Joan")
    ]
    texts = [
        text_to("07700900001", "Hello Amira, an officer comes on 3 June at 10am"),
        text_to("07700900002", "Hello Joan, an officer comes on 12 July at 2pm"),
    ]

    words = shown_words([*people, *texts])

    assert words == {ShownWords("text", "Hello …, an officer comes on … at …")}


def test_what_the_force_wrote_is_not_the_portals() -> None:
    """A value of an event is masked, and a word of the contract is not."""
    recorded = EventRecorded(
        at=AT,
        event_id="1",
        event_type="CrimeRecorded",
        crime_reference="43260000001",
        happened_at=AT,
        data=msgspec.Raw(b'{"offence": "Bicycle theft", "role": "victim"}'),
    )
    seen = Seen(
        at=AT,
        person_id="P1",
        where="crimes",
        crime_reference="",
        texts=("Bicycle theft: you are the victim",),
    )

    assert shown_words([recorded, seen]) == {ShownWords("crimes", "…: you are the victim")}


def test_other_words_are_another_line() -> None:
    """Lines that differ in the portal's own words are both listed."""
    words = shown_words([text_to("07700900001", "We are sorry"), text_to("07700900001", "Sorry")])

    assert {each.words for each in words} == {"We are sorry", "Sorry"}
