"""Who reads what is sent to an address: those who hold it, until they give it up."""

from datetime import UTC, datetime

from simulator.evidence.records import AddressGivenUp, PersonKnown
from simulator.judge.facts.address_book import AddressBook

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


def known(person_id: str, mobile_phone: str, email: str = "") -> PersonKnown:
    """Make a person who holds a phone."""
    return PersonKnown(
        at=AT,
        person_id=person_id,
        role="victim",
        given_name="",
        family_name="",
        mobile_phone=mobile_phone,
        email=email,
    )


def test_what_a_person_gave_up_reaches_the_other_holder_alone() -> None:
    """Two share a phone; one moves, and reads only what goes to the new one."""
    book = AddressBook()
    book.meet(known("one", "07700900001"))
    book.meet(known("two", "07700900001"))

    book.give_up(AddressGivenUp(at=AT, person_id="one", address="07700900001"))
    book.meet(known("one", "07700900002"))

    assert book.holders("07700900001") == {"two"}
    assert book.holders("07700900002") == {"one"}


def test_a_mailbox_is_given_up_in_any_case() -> None:
    """Capital letters in a mailbox make no other mailbox; what nobody holds can be given up."""
    book = AddressBook()
    book.meet(known("one", "", "Sam@example.com"))

    book.give_up(AddressGivenUp(at=AT, person_id="one", address="SAM@example.com"))
    book.give_up(AddressGivenUp(at=AT, person_id="one", address="07700900009"))

    assert book.holders("sam@example.com") == set()
