"""Numbers and addresses are read as Notify reads them, in every usual spelling."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.neighbours.gateway.notify_recipients import InvalidRecipient, mailbox, phone


@given(
    number=st.integers(min_value=0, max_value=999),
    prefix=st.sampled_from(["0", "+44", "44", "0044", "+44(0)", "+44 0", "0+44", "+0", "000"]),
    gaps=st.lists(st.sampled_from(["", " ", "-", "\u200b", ")("]), min_size=10, max_size=10),
)
def test_drama_mobile_has_one_form_however_written(
    number: int, prefix: str, gaps: list[str]
) -> None:
    """Every usual spelling of a drama mobile is read as the same national number."""
    digits = f"7700900{number:03d}"
    spelling = prefix + "".join(digit + gap for digit, gap in zip(digits, gaps, strict=True))
    read = phone(spelling)

    assert (read.address, read.kind) == (f"0{digits}", "mobile")


@pytest.mark.parametrize(
    ("text", "address", "kind"),
    [
        # Numbers of Jersey, Guernsey and Man are not abroad: they have the code 44.
        ("07624 400123", "07624400123", "mobile"),
        ("0161 715 4321", "01617154321", "landline"),
        ("+33 6 12 34 56 78", "+33612345678", "international"),
        # Stray zeros and pluses at the front.
        ("0+44 7624 400123", "07624400123", "mobile"),
        ("+07624 400123", "07624400123", "mobile"),
        ("00007624400123", "07624400123", "mobile"),
        # A spreadsheet took the plus away.
        ("33612345678", "+33612345678", "international"),
    ],
)
def test_other_numbers_are_known_for_what_they_are(text: str, address: str, kind: str) -> None:
    """A landline and a number abroad are numbers, but not UK mobiles."""
    read = phone(text)

    assert (read.address, read.kind) == (address, kind)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Not enough digits"),
        ("  ", "Not enough digits"),
        ("0770", "Not enough digits"),
        ("077009001234567", "Too many digits"),
        ("0" * 101, "Too many digits"),
        ("07700 900l23", "Must not contain letters or symbols"),
        ("٠٧٧٠٠٩٠٠١٢٣", "Must not contain letters or symbols"),
        ("a.victim@mail.example", "Must not contain letters or symbols"),
        # No country has this code; what is left is too long for a UK number.
        ("+999 123 456 789", "Too many digits"),
        # Drama landlines and pagers cannot be texted, nor can a drama number short of a digit.
        ("01632 960123", "Number is not valid – double check the phone number you entered"),
        ("07600 123456", "Number is not valid – double check the phone number you entered"),
        ("0770090012", "Number is not valid – double check the phone number you entered"),
    ],
)
def test_what_is_no_number_is_refused_in_notifys_words(text: str, words: str) -> None:
    """What cannot be dialled is refused with the words of Notify's API."""
    with pytest.raises(InvalidRecipient) as caught:
        phone(text)

    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("A.Victim@Mail.Example", "a.victim@mail.example"),
        (" a.victim@mail.example\u200b", "a.victim@mail.example"),
        ("o'brien+police@mail.example", "o'brien+police@mail.example"),
        ("a@mail-2.test.example", "a@mail-2.test.example"),
        ("a@bücher.example", "a@bücher.example"),
    ],
)
def test_address_is_lowered_and_trimmed(text: str, address: str) -> None:
    """An email address has one form."""
    assert mailbox(text).address == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.victim",
        "@mail.example",
        "a@example",
        "a@b@mail.example",
        "a..b@mail.example",
        "a@mail..example",
        "a@-mail.example",
        "a@mail.e",
        "a b@mail.example",
        "a@mail example.test",
        '"a"@mail.example',
        f"a@{'m' * 64}.example",
        f"{'a' * 320}@mail.example",
        f"a@{'mail.' * 60}example",
        f"a@{'ü' * 70}.example",
        "07700900123",
    ],
)
def test_what_is_no_address_is_refused_in_notifys_words(text: str) -> None:
    """What is not an email address is refused."""
    with pytest.raises(InvalidRecipient, match=r"^Not a valid email address$"):
        mailbox(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing a portal can write makes either reader fail in any other way."""
    for read in (phone, mailbox):
        with suppress(InvalidRecipient):
            assert read(text).address
