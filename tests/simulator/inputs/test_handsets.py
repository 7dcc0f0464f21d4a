"""Rules of test handsets: which numbers and mailboxes they are, and who vouches for them."""

import msgspec
import pytest

from simulator.inputs.handsets import Handsets


def handsets(**fields: object) -> Handsets:
    """Read handsets as a target file has them."""
    return msgspec.convert({"vouched_by": "Dana Okafor", **fields}, Handsets)


def test_a_range_is_every_number_from_first_to_last() -> None:
    """Numbers are written in any usual way, and kept in the file's order."""
    found = handsets(mobiles=["07700 900108 to +44 7700 900110", "07700900105"])

    assert found.numbers() == ["07700900108", "07700900109", "07700900110", "07700900105"]
    assert found.has("07700900109")
    assert not found.has("07700900111")


def test_a_mailbox_is_one_or_all_of_a_domain() -> None:
    """A whole domain takes in every mailbox there, and none of a domain below or beside it."""
    found = handsets(mailboxes=["Tester.One@mail.example", "@tests.example"])

    assert found.has("tester.one@mail.example")
    assert found.has("anybody@TESTS.example")
    assert not found.has("tester.two@mail.example")
    assert not found.has("anybody@more.tests.example")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"mobiles": ["07700 900105"], "vouched_by": "  "}, "vouched_by is empty"),
        ({}, "there are no mobiles and no mailboxes"),
        ({"mobiles": ["07700 90012"]}, "mobiles has '07700 90012'"),
        ({"mobiles": ["0118 496 0123"]}, "mobiles has '0118 496 0123'"),
        ({"mobiles": ["07700 900110 to 07700 900108"]}, "which is 0 numbers"),
        ({"mobiles": ["07700 900000 to 07700 901000"]}, "mobiles has "),
        ({"mobiles": ["07700 900105 to"]}, "mobiles has "),
        ({"mobiles": ["07911 123456 to 07911 123457"]}, "may be a stranger's; list each"),
        ({"mobiles": ["07700 899999 to 07700 900001"]}, "may be a stranger's; list each"),
        (
            {"mailboxes": ["tests.example"]},
            "give an address, or a domain such as @tests",
        ),
        ({"mailboxes": ["@"]}, "give an address, or a domain such as @tests"),
        ({"mailboxes": ["@gmail.com"]}, "where anyone may have a mailbox"),
        ({"mailboxes": ["@Yahoo.co.uk"]}, "where anyone may have a mailbox"),
        ({"mailboxes": ["@mail.gmail.com"]}, "where anyone may have a mailbox"),
    ],
)
def test_what_nobody_can_vouch_for_is_refused(fields: dict[str, object], said: str) -> None:
    """Handsets need a person who vouches, and addresses that only testers can hold."""
    with pytest.raises(msgspec.ValidationError) as caught:
        handsets(**fields)

    assert said in str(caught.value)
