"""Pure: which channels can safely reach this person, and what is wrong with their details.

A number in the wrong field is never used and never lost: it becomes a task for the officer, who
knows whose it is. A wrong number would tell a stranger.
"""

import re
from collections.abc import Callable, Collection, Container, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TypeAlias

import phonenumbers

from reference.contract.events import Channel, VictimRecord

Reading: TypeAlias = Callable[[str], str]
CHANNELS: tuple[Channel, ...] = ("text", "email")
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:[\w-]+\.)+[^\W\d_][\w-]+")
# What is typed before the @ where a form insists on an address; its letters and digits alone.
_NOBODYS_EMAIL = frozenset(
    {
        *("no", "none", "na", "unknown", "notknown", "noemail", "noemailaddress", "nomail", "tbc"),
        *("noreply", "donotreply", "refused", "declined", "notgiven", "test"),
    }
)
# What a number is may stand before it; any other word is about whose it is, or whether to use it.
_LABEL = re.compile(r"^\s*(?:tel|mob|mobile)\s*[.:]", re.IGNORECASE)
# 07 and then one digit repeated, as typed into a field that may not be empty.
_ONE_DIGIT = re.compile(r"0?7?(\d)\1{6,}")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)
_NONE_STOPPED: Mapping[str, str] = MappingProxyType({})
_NAME = re.compile(r"[^\W\d_][^\d_@<>]*")
_PLACEHOLDERS = frozenset({"n/a", "na", "none", "unknown", "not known", "tbc", "x", "xx", "test"})
# A note to colleagues in the name fields: words that are in no name.
_NOTE = re.compile(
    r"\b(?:deceased|do\s+not|don['’]t|no\s+contact|refused|declined|withheld|anonymous)\b"
)
_EMPTY = "is empty; ask for it"
_WRITTEN_CHARACTERS_MAX = 64
_EMAIL_CHARACTERS_MAX = 254  # RFC 5321
_OFCOM_DRAMA_MOBILE = re.compile(r"07700900\d{3}")
_CROWD_MOBILE = re.compile(r"069[3-9]\d{7}")


@dataclass(frozen=True)
class Reach:
    """The addresses that can be used, and the problems that an officer must look at."""

    addresses: dict[Channel, str]
    problems: tuple[str, ...]


def mobile(written: str, *, crowd: bool = False) -> str:
    """Give a UK mobile number as 07…, or "" when it is not one; with `crowd`, also 069….

    What is too long for one is not read: anybody can send it, and the answers are kept.
    """
    return _mobile(written, crowd) if len(written) <= _WRITTEN_CHARACTERS_MAX else ""


@lru_cache(maxsize=20_000)
def _mobile(written: str, crowd: bool) -> str:  # noqa: FBT001  lru_cache keys are shorter so
    """A number with words counts for none: "do not text, husband reads it" must not be missed.

    Ofcom's drama numbers are allowed by name: the library rightly calls them unassigned.
    """
    number = _LABEL.sub("", written)
    if number != _without_letters(number):
        return ""
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return ""
    national = f"0{parsed.national_number}"
    # A number holds only the digits that were written.
    as_written = _digits(written).endswith(national[1:])
    if parsed.country_code != 44 or not as_written:
        return ""
    if _OFCOM_DRAMA_MOBILE.fullmatch(national) or (crowd and _CROWD_MOBILE.fullmatch(national)):
        return national
    if _ONE_DIGIT.fullmatch(national):
        return ""
    kind = phonenumbers.number_type(parsed)
    valid = phonenumbers.is_valid_number(parsed) and kind == phonenumbers.PhoneNumberType.MOBILE
    return national if valid else ""


def email(written: str) -> str:
    """Give an email address in lower case, or "" when it is not one."""
    given = written.strip().lower()
    whose = "".join(each for each in given.partition("@")[0] if each.isalnum())
    is_one = len(given) <= _EMAIL_CHARACTERS_MAX and _EMAIL.fullmatch(given)
    return given if is_one and whose not in _NOBODYS_EMAIL else ""


def address(written: str, *, crowd: bool = False) -> str:
    """Convert what a person typed to a mobile number or email as the records have it."""
    return email(written) if "@" in written else mobile(written, crowd=crowd)


def reach(
    record: VictimRecord,
    *,
    channels: Collection[str] | None = None,
    stopped: Mapping[str, str] = _NONE_STOPPED,
    not_a_victims: Container[str] = (),
    crowd: bool = False,
) -> Reach:
    """Find the channels this person asked for that can be used, and every problem.

    An empty field is no problem while the other channel works: many people have only one.
    `channels` is what the victim chose since, if anything; `stopped` maps addresses to why nothing
    may go there; `not_a_victims` holds numbers that are the force's own; `crowd`: see `mobile`.
    """
    read = partial(mobile, crowd=crowd)
    wanted = record.preferred_channels if channels is None else channels
    addresses: dict[Channel, str] = {}
    problems: list[str] = []
    for channel in CHANNELS:
        if channel in wanted:
            found = read(record.mobile_phone) if channel == "text" else email(record.email)
            if found and found not in stopped and found not in not_a_victims:
                addresses[channel] = found
            elif found in stopped:
                problems.append(f"{channel}: {stopped[found]}")
            else:
                wrong = _what_is_wrong(channel, record, not_a_victims, read)
                problems.append(f"{channel}: {wrong}")
    if addresses:
        problems = [each for each in problems if not each.endswith(_EMPTY)]
    return Reach(addresses, tuple(problems))


def name_is_sound(record: VictimRecord) -> bool:
    """Say whether the recorded name may be used in a greeting."""
    parts = (record.given_name.strip(), record.family_name.strip())
    return (
        all(_NAME.fullmatch(part) and part.lower() not in _PLACEHOLDERS for part in parts)
        and parts[0].lower() != parts[1].lower()
        and not _NOTE.search(" ".join(parts).lower())
    )


def _what_is_wrong(
    channel: Channel, record: VictimRecord, not_a_victims: Container[str], read: Reading
) -> str:
    own = "mobile_phone" if channel == "text" else "email"
    is_one = read if channel == "text" else email
    for field in ("mobile_phone", "other_phone", "email"):
        if field != own and is_one(getattr(record, field)):
            return f"the answer may be in the wrong field, {field}; ask and move it to {own}"
    written = getattr(record, own).strip()
    if not written:
        return f"{own} {_EMPTY}"
    return f"what is in {own} {_fault(channel, written, not_a_victims, read)}"


def _fault(channel: Channel, written: str, not_a_victims: Container[str], read: Reading) -> str:
    if _digits(written) in not_a_victims or read(written) in not_a_victims:
        return "is the force's own number; ask and write the victim's"
    if _is_placeholder(written):
        return "stands for nothing; ask and write it"
    if channel == "text" and read(_without_letters(written)):
        # The officer who gets the task must not have to guess what is wrong: quote the words.
        return f"is a number with words beside it, {written!r}; ask whether it may be used"
    if channel == "text" and _POSTCODE.search(written):
        return "looks like a postal address; ask and write the number there"
    return "cannot be used; ask and write it again"


def _is_placeholder(written: str) -> bool:
    digits = _digits(written)
    return written.casefold() in _PLACEHOLDERS or bool(digits and _ONE_DIGIT.fullmatch(digits))


def _without_letters(written: str) -> str:
    return "".join(each for each in written if not each.isalpha())


def _digits(written: str) -> str:
    return "".join(str(int(each)) for each in written if each.isdecimal())
