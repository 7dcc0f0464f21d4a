"""Which channels can safely reach a person, whatever was recorded."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reference.contract.events import VictimRecord
from reference.portal.rules import contact_details
from tests.reference.portal.crimes import EMAIL, MOBILE, alex


def test_what_is_too_long_is_neither_read_nor_kept() -> None:
    """Anybody may send 60 KB as their number; a cache of such texts is a way to fill memory."""
    kept = contact_details._mobile.cache_info().currsize
    for number in range(50):
        assert contact_details.address(f"{number}" * 30_000) == ""
        assert contact_details.mobile(f"07700900{number:03}" + " " * 60_000) == ""

    assert contact_details._mobile.cache_info().currsize == kept


written_numbers = st.text(max_size=40) | st.text("+0123456789 ()-/.x#oOlI~;=*,tel:", max_size=30)


@pytest.mark.parametrize(
    "written",
    [
        "07700900123",
        "07700 900123",
        "07700 900 123",
        "(07700) 900123",
        "07700-900-123",
        "+447700900123",
        "+44 (0)7700 900123",
        "0044 7700 900123",
        "447700900123",
        "7700900123",  # a spreadsheet ate the zero
        "\u200e07700 900123\u202c",  # pasted from a phone's contacts, with marks of direction
        "07700\u00a0900123",  # a no-break space
        "\uff10\uff17\uff17\uff10\uff10\uff19\uff10\uff10\uff11\uff12\uff13",  # full-width digits
        "mob: 07700900123",  # says what it is, not whose: forms and phones write it
        "Mob. 07700 900123",
        "Mobile: 07700 900123",
        "tel:+447700900123",  # copied from a link
    ],
)
def test_a_mobile_number_is_known_however_it_is_spelt(written: str) -> None:
    """Spaces, brackets, country codes and odd digits do not hide a number."""
    assert contact_details.mobile(written) == MOBILE


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "N/A",
        "0118 496 0123",  # a landline takes no texts
        "020 7946 0123",
        "07700 90012",  # a digit short
        "07700 9001234",  # a digit long
        "+1 212 555 0100",  # another country
        "070 1234 5678",  # personal numbering, not a mobile
        "0800 157 0123",
        "alex@mail.example",
        "07700900123 07700900124",  # two numbers: whose is which?
    ],
)
def test_what_is_not_one_uk_mobile_number_is_none(written: str) -> None:
    """Landlines, other countries, wrong lengths and words are never texted."""
    assert contact_details.mobile(written) == ""


@pytest.mark.parametrize(
    "written",
    [
        "DO NOT TEXT husband reads it 07700 900123",
        "do not text 07700 900123",
        "mum 07700900123",
        "ex husband: 07700 900123",
        "07700 900123 is the ex",
        "07700900123 (work)",
        "\u043c\u0443\u0436 07700900123",  # husband, in Russian
        "m: 07700900123",  # mobile, or mum?
    ],
)
def test_a_number_with_words_is_asked_about_with_the_words(written: str) -> None:
    """A warning is not overlooked, and the officer reads it as it stands."""
    assert contact_details.mobile(written) == ""

    reach = contact_details.reach(alex(mobile_phone=written, email=EMAIL))

    assert reach.addresses == {"email": EMAIL}

    [problem] = reach.problems

    assert written in problem


@pytest.mark.parametrize(
    "written", ["07700 900123 ext 4", "tel:07700900123;ext=4", "07700 900123 x12"]
)
def test_an_extension_is_no_mobiles(written: str) -> None:
    """There is a switchboard behind it."""
    assert contact_details.mobile(written) == ""


@given(written_numbers)
@example("07700900mum")
@example("07700 900 abc")
@example("077 OOO OO OOO")
def test_a_number_holds_only_the_digits_that_were_written(written: str) -> None:
    """Whatever was written, the answer is "" or 07 and nine digits that stand there.

    A letter is never read as a digit, for that would be somebody else's number.
    """
    found = contact_details.mobile(written)

    assert found == "" or re.fullmatch(r"07[0-9]{9}", found)

    digits = "".join(str(int(each)) for each in written if each.isdecimal())

    assert found[1:] in digits


@given(st.text(max_size=60) | st.text("alex@.,; -mailexample", max_size=40))
def test_an_email_address_has_one_at_sign_and_no_space(written: str) -> None:
    """Whatever was written, the answer is "" or something that could be an address."""
    found = contact_details.email(written)

    assert found == "" or (found.count("@") == 1 and not re.search(r"\s", found))
    assert contact_details.email(found) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (" Alex@Mail.Example ", EMAIL),
        ("alex+portal@mail.example", "alex+portal@mail.example"),
        ("alex@mail", ""),
        ("alex.mail.example", ""),
        ("alex@mail.example, sam@mail.example", ""),  # whose is it?
        ("alex @mail.example", ""),
        ("07700900123", ""),
        ("Alex<alex@mail.example>", ""),
        ("Alex<alex@mail.example", ""),
        ("mailto:alex@mail.example", ""),
        ("alex@mail..example", ""),
        ("alex..m@mail.example", ""),
        ("n/a@n/a.example", ""),
        ("alex\u200b@mail.example", ""),  # a space that nobody sees
        ("\u202ealex@mail.example", ""),  # written from right to left
        ("al\0ex@mail.example", ""),
        ("o'neill_a-b.c+d@post.mail.example", "o'neill_a-b.c+d@post.mail.example"),
        ("jos\u00e9@b\u00fccher.example", "jos\u00e9@b\u00fccher.example"),
    ],
)
def test_an_email_address_is_taken_or_not(written: str, found: str) -> None:
    """Capitals and spaces around are put right; anything doubtful is not."""
    assert contact_details.email(written) == found


def test_somebody_is_reached_only_by_what_they_asked_for() -> None:
    """A number that is known is not used by someone who asked for email only."""
    both = alex(email=EMAIL)

    assert contact_details.reach(both).addresses == {"text": MOBILE, "email": EMAIL}
    assert contact_details.reach(alex(email=EMAIL, preferred_channels=("email",))).addresses == {
        "email": EMAIL
    }
    assert contact_details.reach(alex(email=EMAIL, preferred_channels=())) == contact_details.Reach(
        {}, ()
    )


def test_a_channel_that_is_empty_is_no_problem_while_another_works() -> None:
    """Not everybody has both; but someone with neither must be asked."""
    assert contact_details.reach(alex()).problems == ()

    problems = contact_details.reach(alex(mobile_phone="")).problems

    assert len(problems) == 2
    assert all("ask for it" in each for each in problems)


@pytest.mark.parametrize("field", ["other_phone", "email"])
def test_a_number_in_another_field_is_asked_about_and_never_used(field: str) -> None:
    """It may be another person's: the officer, who knows, is told which field it is in."""
    record = alex(mobile_phone="", preferred_channels=("text",), **{field: MOBILE})
    reach = contact_details.reach(record)

    assert reach.addresses == {}
    assert len(reach.problems) == 1
    assert field in reach.problems[0]


def test_what_cannot_be_used_is_asked_about_though_the_other_channel_works() -> None:
    """A number that is a digit short is a problem even when an email can go."""
    reach = contact_details.reach(alex(mobile_phone="07700 90012", email=EMAIL))

    assert reach.addresses == {"email": EMAIL}
    assert len(reach.problems) == 1
    assert "mobile_phone" in reach.problems[0]


def test_nothing_goes_to_an_address_that_was_stopped() -> None:
    """An address that bounced, or is another person's, is a problem and not used."""
    reach = contact_details.reach(alex(email=EMAIL), stopped={MOBILE: "did not arrive"})

    assert reach.addresses == {"email": EMAIL}
    assert len(reach.problems) == 1


@given(st.builds(alex, mobile_phone=st.text(), other_phone=st.text(), email=st.text()))
def test_every_channel_asked_for_is_used_or_explained(record: VictimRecord) -> None:
    """Whatever is in the fields, a person is reached or has a problem that says why not."""
    reach = contact_details.reach(record)

    assert reach.addresses or reach.problems


@pytest.mark.parametrize(
    ("given_name", "family_name", "is_sound"),
    [
        ("Alex", "Marsh", True),
        ("Siân", "O’Neill", True),
        ("Anne-Marie", "van der Berg", True),
        ("Łukasz", "Żak", True),
        ("", "Marsh", False),
        ("Alex", "", False),
        ("Unknown", "Marsh", False),
        ("Alex", "N/A", False),
        ("Alex", "alex", False),  # one name in both fields
        ("Alex2", "Marsh", False),
        ("alex@mail.example", "Marsh", False),
        ("07700900123", "Marsh", False),
        ("Deceased", "Marsh", False),
        ("Alex", "(DECEASED)", False),
        ("DO NOT CONTACT", "Marsh", False),
        ("DO", "NOT CONTACT", False),
        ("Refused", "Marsh", False),
        ("Don", "Nott", True),  # names that begin like a note
        ("Refus", "Contactor", True),
    ],
)
def test_only_a_name_that_can_be_one_greets(
    given_name: str, family_name: str, *, is_sound: bool
) -> None:
    """One name in ten was wrong: a placeholder, a number or a double is not used."""
    record = alex(given_name=given_name, family_name=family_name)

    assert contact_details.name_is_sound(record) == is_sound


@pytest.mark.parametrize(
    "written", ["06931234567", "+44 6931 234567", "446931234567", "6931234567"]
)
def test_a_crowds_number_is_one_only_if_the_portal_is_told(written: str) -> None:
    """Nobody can dial it: outside a rehearsal it is no mobile."""
    record = VictimRecord(person_id="p", mobile_phone=written, preferred_channels=("text",))

    assert contact_details.mobile(written, crowd=True) == "06931234567"
    assert contact_details.reach(record, crowd=True).addresses == {"text": "06931234567"}
    assert not contact_details.mobile(written)
    assert not contact_details.reach(record).addresses


@pytest.mark.parametrize(
    "written", ["0693123456", "069312345678", "06921234567", "04241234567", "06931234567 her ex"]
)
def test_what_is_no_crowds_mobile_is_none(written: str) -> None:
    """A digit too few or too many, another range, a landline, or words beside it."""
    assert not contact_details.mobile(written, crowd=True)


@pytest.mark.parametrize(("more", "is_one"), [(0, True), (1, False)])
def test_a_mailbox_is_no_longer_than_mail_allows(*, more: int, is_one: bool) -> None:
    """254 characters (RFC 5321): a stranger's mailbox of 55 KB would be kept at each sign-in."""
    written = f"{'a' * (242 + more)}@example.com"

    assert bool(contact_details.email(written)) is is_one
    assert contact_details.email(f"{'a' * 30_000}@{'b' * 25_000}.com") == ""
