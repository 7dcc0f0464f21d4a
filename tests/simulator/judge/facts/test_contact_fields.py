"""Which addresses a careful person would use, of those the force recorded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.contract.events import Channel, VictimRecord
from simulator.judge.facts.contact_fields import (
    State,
    addresses_in,
    as_email,
    as_mobile,
    is_a_name,
    is_given_alone,
    read_channels,
)
from simulator.population.drama_numbers import SPELLINGS, mobile_phone


def record(
    *,
    mobile: str = "",
    other: str = "",
    email: str = "",
    channels: tuple[Channel, ...] = ("text", "email"),
    given_name: str = "Alex",
    family_name: str = "Blythe",
) -> VictimRecord:
    """Make a victim's record."""
    return VictimRecord(
        person_id="person-1",
        given_name=given_name,
        family_name=family_name,
        mobile_phone=mobile,
        other_phone=other,
        email=email,
        preferred_channels=channels,
        safe_to_contact=True,
    )


@given(number=st.integers(0, 999), spelling=st.integers(0, SPELLINGS - 1))
def test_a_mobile_is_one_number_however_it_is_spelled(number: int, spelling: int) -> None:
    """Spaces, brackets and the country's code change nothing."""
    assert as_mobile(mobile_phone(number, spelling=spelling)) == mobile_phone(number)


@given(number=st.integers(0, 999), how=st.integers(0, 20))
def test_a_number_without_one_digit_is_not_a_mobile(number: int, how: int) -> None:
    """The missing digit cannot be guessed."""
    digits, at = mobile_phone(number), 2 + how % 9

    assert not as_mobile(digits[:at] + digits[at + 1 :])


@pytest.mark.parametrize(
    "written",
    [
        "+44 (0)7700 900123",  # as on a business card
        "0044 7700 900123",  # as dialled from abroad
        "447700900123",  # the plus was lost in a spreadsheet
        "07700-900-123",
        "7700900123",  # the 0 was lost in a spreadsheet
        "07700\u00a0900123",  # a space that does not break, from a web page
        "  07700 900123 ",
        "tel:07700 900123",  # says what it is, and not whose
        "Mob. 07700 900123",
    ],
)
def test_spellings_of_real_life_are_read(written: str) -> None:
    """What a careful person would dial without asking is a mobile."""
    assert as_mobile(written) == "07700900123"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "N/A",
        "0118 496 0123",  # a landline
        "07700 90012",  # one digit short
        "07700 9001234",  # one too many
        "07700 900123 (work)",  # whose?
        "DO NOT TEXT husband reads it 07700 900123",
        "\u043c\u0443\u0436 07700900123",  # husband, in Russian
        "07700 900123 / 07700 900456",  # which?
        "+1 202 555 0123",
        "alex@example.test",
        "alex.07700900123@example.test",
    ],
)
def test_what_is_not_one_mobile_is_none(written: str) -> None:
    """A number that needs a second look is not used."""
    assert not as_mobile(written)


@pytest.mark.parametrize(
    "written",
    ["alex@example.test", " Alex@Example.TEST ", "ALEX@EXAMPLE.TEST"],
)
def test_an_email_address_is_the_same_in_any_case(written: str) -> None:
    """Case and spaces round it change nothing."""
    assert as_email(written) == "alex@example.test"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "alex",
        "alex@example",
        "alex example.test",
        "alex@@example.test",
        "alex @example.test",
        "07700 900123",
        "Alex <alex@example.test>",
        "alex@example.test, sam@example.test",
        "alex,blythe@example.test",  # a comma for the dot
        "alex@example..test",  # a dot too many
        "Alex<alex@example.test",
        "mailto:alex@example.test",
        "alex@n/a.test",
        "alex\u200b@example.test",  # a space that nobody sees
    ],
)
def test_what_is_not_one_email_address_is_none(written: str) -> None:
    """An address that no mail server would take is not one."""
    assert not as_email(written)


@pytest.mark.parametrize(
    ("written", "text", "email"),
    [
        (record(mobile="07700 900123", email="a@example.test"), "usable", "usable"),
        (record(), "empty", "empty"),
        (record(mobile="N/A", email="none"), "unusable", "unusable"),
        (record(other="07700 900123", email="a@example.test"), "elsewhere", "usable"),
        (record(mobile="0118 496 0123", other="07700 900123"), "elsewhere", "empty"),
        (record(mobile="a@example.test"), "unusable", "elsewhere"),
        (record(mobile="a@example.test", email="07700900123"), "elsewhere", "elsewhere"),
        (record(mobile="07700900123", other="07700900456"), "usable", "empty"),
        (record(mobile="   "), "empty", "empty"),
    ],
)
def test_each_channel_is_read_by_its_own_field(
    written: VictimRecord, text: State, email: State
) -> None:
    """An address counts in its field; in another it is a sign, and nothing is nothing."""
    found = {reading.channel: reading.state for reading in read_channels(written)}

    assert found == {"text": text, "email": email}


def test_what_stands_elsewhere_is_named_and_not_used() -> None:
    """A number in another field may be another person's."""
    [reading] = read_channels(record(other="07700 900123", channels=("text",)))

    assert (reading.address, reading.elsewhere) == ("", ("07700900123",))


def test_only_channels_the_victim_asked_for_are_read() -> None:
    """A phone is no reason to text a victim who wants email."""
    written = record(mobile="07700900123", email="a@example.test", channels=("email", "email"))

    assert [reading.channel for reading in read_channels(written)] == ["email"]


def test_every_address_of_a_record_is_found_in_whatever_field() -> None:
    """Every address in the record counts as recorded for its victim."""
    written = record(mobile="a@example.test", other="+44 7700 900123", email="N/A")

    assert addresses_in(written) == {"a@example.test", "07700900123"}


@pytest.mark.parametrize(
    ("given_name", "family_name"),
    [("Alex", "Blythe"), ("Zoë", "O'Brien"), ("X Æ", "Jones-Smith"), ("Nona", "Test-Valley")],
)
def test_an_unusual_name_is_a_name(given_name: str, family_name: str) -> None:
    """Accents, apostrophes and hyphens are part of real names."""
    assert is_a_name(record(given_name=given_name, family_name=family_name))


@pytest.mark.parametrize(
    ("given_name", "family_name"),
    [
        ("UNKNOWN", "Blythe"),
        ("Alex", "N/A"),
        ("Alex", "not known"),
        ("Alex", "-"),
        ("Alex", ""),
        ("xx", "Blythe"),
        ("Deceased", "Blythe"),
        ("DO NOT CONTACT", "Blythe"),
        ("07700900999", "Blythe"),
        ("alex@example.test", "Blythe"),
        ("Blythe", "blythe "),
    ],
)
def test_what_cannot_be_a_name_is_none(given_name: str, family_name: str) -> None:
    """A placeholder, a number, an address or one name twice is no name."""
    assert not is_a_name(record(given_name=given_name, family_name=family_name))


@pytest.mark.parametrize(
    ("given_name", "family_name", "is_alone"),
    [("Alex", "", True), ("Alex", " ", True), ("UNKNOWN", "", False), ("", "", False)],
)
def test_a_given_name_may_stand_alone(*, given_name: str, family_name: str, is_alone: bool) -> None:
    """A family name that was not written says nothing against the given name."""
    assert is_given_alone(record(given_name=given_name, family_name=family_name)) == is_alone


@pytest.mark.parametrize("family_name", ["N/A", "-", "Blythe"])
def test_a_family_name_that_was_written_is_read_with_the_given_name(family_name: str) -> None:
    """A placeholder was written too: then the name fails the checks as a whole."""
    assert not is_given_alone(record(given_name="Alex", family_name=family_name))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("06931234567", "06931234567"),
        ("+44 (0)6931 234567", "06931234567"),
        ("446931234567", "06931234567"),
        ("6931234567", "06931234567"),
        ("06921234567", ""),
        ("0693123456", ""),
        ("069312334567", ""),
        ("04241234567", ""),
    ],
)
def test_a_crowds_number_is_read_as_a_mobile(written: str, read: str) -> None:
    """In a rehearsal everybody has one; no other number begins so."""
    assert as_mobile(written) == read
