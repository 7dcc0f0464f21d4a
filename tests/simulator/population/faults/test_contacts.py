"""Wrong numbers and addresses: each kind in its way, and none of them could be somebody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.neighbours.gateway.notify_recipients import InvalidRecipient, mailbox, phone
from simulator.population.crowd_numbers import crowd_landline, crowd_mobile, is_crowd_number
from simulator.population.drama_numbers import MAGIC_MOBILES, ORDINARY_MOBILES, mobile_phone
from simulator.population.faults.contacts import (
    EMAIL_FAULTS,
    MOBILE_FAULTS,
    Contacts,
    contacts_moved,
    wrong_email,
    wrong_mobile,
)
from simulator.population.faults.kinds import KINDS, of_group
from simulator.world.recipient_guard import Recipients

HOW = st.integers(0, 2**31)
DRAMA = st.sampled_from(ORDINARY_MOBILES).map(mobile_phone)
CROWD = st.integers(0, 69_999_999).map(crowd_mobile)
GUARD = Recipients()
_LOCAL, _DOMAIN = r"[a-z]{2,8}\.[a-z]{2,8}[0-9]{1,6}", r"(post\.example|mailbox\.test|example\.com)"
EMAILS = st.from_regex(f"{_LOCAL}@{_DOMAIN}", fullmatch=True)


def reached(written: str) -> str:
    """Give the address that the gateway would send to, "" for none."""
    for read in (phone, mailbox):
        try:
            return read(written).address
        except InvalidRecipient:
            continue
    return ""


def is_nobodys(written: str) -> bool:
    """Say whether nothing can be sent, or only to a number or domain that is kept for this."""
    address = reached(written)
    return not address or GUARD.is_nobodys(address)


@pytest.mark.parametrize("kind", MOBILE_FAULTS)
@given(mobile=DRAMA | CROWD, how=HOW)
def test_a_wrong_mobile_is_nobodys(kind: str, mobile: str, how: int) -> None:
    """It differs from the right one, and no real person could be called."""
    written = wrong_mobile(kind, mobile, name="Ann Lee", another="07700900123", how=how)

    assert written != mobile or mobile == "07700900123"
    assert is_nobodys(written)


@pytest.mark.parametrize("kind", EMAIL_FAULTS)
@given(email=EMAILS, how=HOW)
def test_a_wrong_address_is_nobodys(kind: str, email: str, how: int) -> None:
    """It differs from the right one, and its domain is kept for documentation and tests."""
    written = wrong_email(kind, email, another="b.lee8@example.org", how=how)

    assert written != email
    assert is_nobodys(written)


@pytest.mark.parametrize("kind", [each.name for each in of_group("moved")])
@given(mobile=DRAMA | CROWD, how=HOW)
def test_what_moves_is_nobodys(kind: str, mobile: str, how: int) -> None:
    """Only the fields of the kind change, and nothing in them could be a real person's."""
    true = Contacts(mobile, crowd_landline(how % 60_000_000), "a.lee1@post.example")
    written = contacts_moved(kind, true, another="07700900123", how=how)
    changed = {each for each in Contacts._fields if getattr(written, each) != getattr(true, each)}

    assert changed
    assert changed <= set(KINDS[kind].fields)
    assert all(is_nobodys(each) for each in (written.mobile, written.landline, written.email))


@given(mobile=CROWD | DRAMA, how=HOW)
def test_digits(mobile: str, how: int) -> None:
    """One digit wrong, two swapped, one lost and one doubled keep the rest of the number."""

    def wrong(kind: str) -> str:
        return wrong_mobile(kind, mobile, name="", another="", how=how)

    digit = wrong("digit_wrong")
    assert sum(a != b for a, b in zip(digit, mobile, strict=True)) == 1
    assert sorted(wrong("digits_transposed")) == sorted(mobile) or len(set(mobile[-7:])) < 4
    assert len(wrong("digit_lost")) == len(mobile) - 1
    assert wrong("leading_zero_lost") == mobile[1:]
    for written in (digit, wrong("digits_transposed")):
        assert written[:4] == mobile[:4]
        assert not (written.startswith("07700900") and int(written[-3:]) in MAGIC_MOBILES)


def test_every_kind_is_done() -> None:
    """The kinds that can be drawn are those that can be written."""
    assert [each.name for each in of_group("mobile")] == list(MOBILE_FAULTS)
    assert [each.name for each in of_group("email")] == list(EMAIL_FAULTS)


@given(number=st.integers(0, 69_999_999), landline=st.integers(0, 59_999_999))
def test_crowd_numbers_cannot_be_dialled(number: int, landline: int) -> None:
    """In no spelling do they lead anywhere, here or abroad."""
    for national in (crowd_mobile(number), crowd_landline(landline)):
        assert len(national) == 11
        for written in (national, f"+44{national[1:]}", f"0044 {national[1:]}", national[1:]):
            assert is_crowd_number(written)
            assert not reached(written)
        assert not reached(f"+{national[1:]}")
    assert not is_crowd_number("07700900123")
