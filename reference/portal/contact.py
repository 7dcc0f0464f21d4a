"""Pure: which channels can safely reach this person, and what is wrong with what we were given.

A number in the wrong field is never sent to and never lost: it becomes a task for the officer,
who knows whose it is. A wrong number would tell a stranger.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from reference.contract.events import Channel, VictimRecord

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s.,;]{2,}")
_NAME = re.compile(r"[^\W\d_][^\d_@<>]*")
_PLACEHOLDERS = frozenset({"n/a", "na", "none", "unknown", "not known", "tbc", "x", "xx", "test"})
_EMPTY = "is empty; ask for it"
_OFCOM_DRAMA_MOBILE = re.compile(r"07700900\d{3}")


@dataclass(frozen=True)
class Reach:
    """Where a person can be told something, and what a person must look at first."""

    addresses: dict[Channel, str]
    problems: tuple[str, ...]


@lru_cache(maxsize=100_000)
def mobile(written: str) -> str:
    """Give a UK mobile number as 07…, or "" when it is not one.

    Ofcom's drama numbers are allowed by name: the library rightly calls them unassigned.
    """
    try:
        parsed = phonenumbers.parse(written, "GB")
    except phonenumbers.NumberParseException:
        return ""
    national = f"0{parsed.national_number}"
    # The library dials letters; a number holds only the digits that were written.
    as_written = _digits(written).endswith(national[1:])
    if parsed.country_code != 44 or not as_written:
        return ""
    if _OFCOM_DRAMA_MOBILE.fullmatch(national):
        return national
    kind = phonenumbers.number_type(parsed)
    valid = phonenumbers.is_valid_number(parsed) and kind == phonenumbers.PhoneNumberType.MOBILE
    return national if valid else ""


def email(written: str) -> str:
    """Give an email address in lower case, or "" when it is not one."""
    stripped = written.strip()
    return stripped.lower() if _EMAIL.fullmatch(stripped) else ""


def address(written: str) -> str:
    """Give whatever a person typed as the address we would hold: a mobile number or an email."""
    return email(written) if "@" in written else mobile(written)


def reach(record: VictimRecord, *, stopped: Container[str] = ()) -> Reach:
    """Find the channels this person asked for that can be used, and every problem on the way.

    An empty field is no problem while the other channel works: not everybody has both.
    `stopped` holds addresses that bounced or were said to be somebody else's.
    """
    addresses: dict[Channel, str] = {}
    problems: list[str] = []
    if "text" in record.preferred_channels:
        _try(addresses, problems, "text", mobile(record.mobile_phone), record, stopped)
    if "email" in record.preferred_channels:
        _try(addresses, problems, "email", email(record.email), record, stopped)
    if addresses:
        problems = [each for each in problems if not each.endswith(_EMPTY)]
    return Reach(addresses, tuple(problems))


def name_is_sound(record: VictimRecord) -> bool:
    """Say whether the recorded name may be used to greet somebody."""
    parts = (record.given_name.strip(), record.family_name.strip())
    return (
        all(_NAME.fullmatch(part) and part.lower() not in _PLACEHOLDERS for part in parts)
        and parts[0].lower() != parts[1].lower()
    )


def _try(
    addresses: dict[Channel, str],
    problems: list[str],
    channel: Channel,
    found: str,
    record: VictimRecord,
    stopped: Container[str],
) -> None:
    if found and found not in stopped:
        addresses[channel] = found
    elif found:
        problems.append(f"{channel}: a message to the recorded address did not arrive")
    else:
        problems.append(f"{channel}: {_what_is_wrong(channel, record)}")


def _what_is_wrong(channel: Channel, record: VictimRecord) -> str:
    """Name the field that is wrong and, where another field has the answer, that field."""
    own = "mobile_phone" if channel == "text" else "email"
    is_one = mobile if channel == "text" else email
    for field in ("mobile_phone", "other_phone", "email"):
        if field != own and is_one(getattr(record, field)):
            return f"the answer may be in the wrong field, {field}; ask and move it to {own}"
    if getattr(record, own).strip():
        return f"what is in {own} cannot be used; ask and write it again"
    return f"{own} {_EMPTY}"


def _digits(written: str) -> str:
    """Give the digits among what was written, in whatever script."""
    return "".join(str(int(each)) for each in written if each.isdecimal())
