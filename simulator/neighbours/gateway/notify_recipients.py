"""Phone numbers and email addresses, by the rules of GOV.UK Notify.

Ofcom's drama mobiles (07700 900000 to 900999) are allowed, as Notify allows them, though
`phonenumbers` calls them invalid. Source of rules and words: GOV.UK Notify's published code,
github.com/alphagov/notifications-utils (recipient_validation).
"""

import re
from functools import lru_cache
from typing import Literal

import phonenumbers
from msgspec import Struct

PHONE_CHARACTERS_MAX = 100
EMAIL_CHARACTERS_MAX = 320
HOST_CHARACTERS_MAX = 253
LABEL_CHARACTERS_MAX = 63

# For smoke tests: Notify answers 201 and keeps nothing, with any key.
SMOKE_TEST_RECIPIENTS = frozenset(
    {"07700900000", "07700900111", "07700900222"}
    | {f"simulate-delivered{n}@notifications.service.gov.uk" for n in ("", "-2", "-3")}
)

_UK = 44
_LANDLINE_TYPES = (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.UAN)
_MOBILE_TYPES = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
)
_TOO_SHORT = "Not enough digits"
_TOO_LONG = "Too many digits"
_NOT_A_NUMBER = "Number is not valid – double check the phone number you entered"
_NOT_DIGITS = "Must not contain letters or symbols"
_NOT_AN_ADDRESS = "Not a valid email address"
_POSSIBILITIES = {
    phonenumbers.ValidationResult.TOO_LONG: _TOO_LONG,
    phonenumbers.ValidationResult.TOO_SHORT: _TOO_SHORT,
    phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY: _TOO_SHORT,
}

# What people and spreadsheets put between digits, with invisible kinds of space.
_INVISIBLE = re.compile(r"[\u180e\u200b\u200c\u200d\u2060\ufeff]")
_BETWEEN = re.compile(r"[\s()-]")
_DIGITS = re.compile(r"[0-9]*")
_WELL_FORMED_DRAMA = re.compile(r"07700900[0-9]{3}")
_DRAMA_HOWEVER_WRITTEN = re.compile(r"0*(?:440?)?0?(7700900[0-9]{3})")

_LOCAL_PART = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+")
_LABEL = r"[a-z0-9]+(?:--?[a-z0-9]+)*"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--(?:[a-z0-9]+-)*[a-z0-9]+)")


class InvalidRecipient(Exception):
    """Not a phone number or email address, in Notify's words."""


class Recipient(Struct, frozen=True):
    """The recipient of a message.

    `address` is national and without spaces ("07700900123"), in E.164 when it is abroad, or an
    email address in lower case.
    """

    address: str
    kind: Literal["mobile", "landline", "international", "mailbox"]


def phone(text: str) -> Recipient:
    """Read a phone number in any usual spelling; raises InvalidRecipient."""
    if _WELL_FORMED_DRAMA.fullmatch(text):
        return Recipient(text, "mobile")
    if len(text) > PHONE_CHARACTERS_MAX:
        raise InvalidRecipient(_TOO_LONG)
    return _other_phone(text)


def mailbox(text: str) -> Recipient:
    """Read an email address; raises InvalidRecipient."""
    # Invisible kinds of space are never ASCII, and most addresses are.
    address = (text if text.isascii() else _INVISIBLE.sub("", text)).strip()
    local, at, host = address.rpartition("@")
    if not (at and _LOCAL_PART.fullmatch(local)) or len(address) > EMAIL_CHARACTERS_MAX:
        raise InvalidRecipient(_NOT_AN_ADDRESS)
    if ".." in address or not _is_host(host):
        raise InvalidRecipient(_NOT_AN_ADDRESS)
    return Recipient(address.lower(), "mailbox")


@lru_cache(maxsize=4096)
def _other_phone(text: str) -> Recipient:
    dialled = _BETWEEN.sub("", _INVISIBLE.sub("", text))
    digits = dialled.replace("+", "")
    if not _DIGITS.fullmatch(digits):
        raise InvalidRecipient(_NOT_DIGITS)
    if not digits:
        raise InvalidRecipient(_TOO_SHORT)
    drama = _DRAMA_HOWEVER_WRITTEN.fullmatch(digits)
    if drama:
        return Recipient(f"0{drama[1]}", "mobile")
    try:
        return _recipient(_parsed(dialled))
    except InvalidRecipient:
        # A stray zero or plus at the front is common; Notify accepts it.
        return _recipient(_parsed(digits.lstrip("0")))


def _parsed(text: str) -> phonenumbers.PhoneNumber:
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        raise InvalidRecipient(_NOT_A_NUMBER) from None
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        abroad = _without_its_plus(text)
        if abroad is None:
            raise InvalidRecipient(_POSSIBILITIES.get(possible, _NOT_A_NUMBER))
        number = abroad
    if not phonenumbers.is_valid_number(number):
        raise InvalidRecipient(_NOT_A_NUMBER)
    return number


def _without_its_plus(text: str) -> phonenumbers.PhoneNumber | None:
    """Read a number abroad whose plus a spreadsheet removed."""
    try:
        number = phonenumbers.parse(f"+{text}")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def _recipient(number: phonenumbers.PhoneNumber) -> Recipient:
    kind = phonenumbers.number_type(number)
    if kind not in _MOBILE_TYPES and kind not in _LANDLINE_TYPES:
        raise InvalidRecipient(_NOT_A_NUMBER)
    if number.country_code != _UK:
        text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return Recipient(text, "international")
    return Recipient(
        f"0{number.national_number}", "landline" if kind in _LANDLINE_TYPES else "mobile"
    )


# Few hosts have most of the mailboxes.
@lru_cache(maxsize=4096)
def _is_host(host: str) -> bool:
    try:
        # Most hosts are ASCII already, and IDNA is slow.
        written = (host if host.isascii() else host.encode("idna").decode("ascii")).lower()
    except UnicodeError:
        return False
    labels = written.split(".")
    return (
        len(written) <= HOST_CHARACTERS_MAX
        and all(len(label) <= LABEL_CHARACTERS_MAX for label in labels)
        and _HOST.fullmatch(written) is not None
    )
