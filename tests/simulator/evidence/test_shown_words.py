"""Rules of the words that a portal shows: each line once, without what differs between people."""

from datetime import UTC, datetime

import msgspec

from simulator.evidence.records import (
    EventRecorded,
    MessageAccepted,
    PersonKnown,
    QuestionAsked,
    Seen,
    Where,
)
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


def known(given: str, family: str) -> PersonKnown:
    """Make a person of this name."""
    return PersonKnown(at=AT, person_id=given, role="victim", given_name=given, family_name=family)


def seen(where: Where, *texts: str) -> Seen:
    """Make a page as it was read."""
    return Seen(at=AT, person_id="P1", where=where, crime_reference="", texts=texts)


def test_names_are_masked_as_whole_words() -> None:
    """One letter and small letters are names too; a longer word with them is the portal's own."""
    people = [known("J", "jones"), known("Vic", "-")]

    words = shown_words(
        [*people, text_to("07700900001", "J jones, Vic: Just read - Victims' Code")]
    )

    assert {each.words for each in words} == {"…, …: Just read - Victims' Code"}


def test_the_name_of_a_person_who_is_told_instead_is_masked() -> None:
    """It stands in events only."""
    recorded = EventRecorded(
        at=AT,
        event_id="1",
        event_type="VictimDetailsChanged",
        crime_reference="43260000001",
        happened_at=AT,
        data=msgspec.Raw(b'{"told_instead": {"given_name": "ayesha", "family_name": "O"}}'),
    )

    words = shown_words([recorded, text_to("07700900001", "Hello ayesha O, Once more")])

    assert {each.words for each in words} == {"Hello …, Once more"}


def test_a_value_is_masked_as_it_is_written() -> None:
    """A longer word of the portal, and one in small letters, are not masked."""
    asked = QuestionAsked(at=AT, person_id="P1", crime_reference="1", text="Victim")

    words = shown_words([asked, seen("advice", "Victims' rights", "A victim: Victim")])

    assert {each.words for each in words} == {"Victims' rights", "A victim: …"}


def test_addresses_are_no_words_to_read() -> None:
    """The contact page and a line with an address alone are left out; in a line it is masked."""
    shown = seen("crimes", "s•••@example.com", "sam@post.test", "+44 7700 900123", "••• ••• 123")
    inside = seen("crimes", "Write to help@force.test today")

    words = shown_words([seen("contact", "By text to j***@one.test"), shown, inside])

    assert words == {ShownWords("crimes", "Write to … today")}
