"""The judge's own reading of a contact record: which addresses a careful person would use.

It is kept apart from any portal's reading, so that each can catch the other's mistakes.
"""

import re
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from reference.contract.events import Channel, VictimRecord

# British mobiles, and the numbers of a run's own: nobody can dial 0693 to 0699.
_MOBILE = re.compile(r"0(?:7[0-9]{9}|69[3-9][0-9]{7})")
_ABROAD = re.compile(r"^(?:(?:\+44|0044|44(?=7|69))0?|(?=(?:7[0-9]|69)[0-9]{8}$))")
# A label may stand before a number. Any other word may say not to use the number.
_LABEL = re.compile(r"^\s*(?:tel|mob|mobile)\s*[.:]", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s,;:<>()]+@(?:[\w-]+\.)+[a-z]{2,}")
_NOT_A_NAME = re.compile(
    r"[0-9@<>]|\bdeceased\b|\bdo not\b|^(n/?a|none|unknown|not known|tbc|x+|test|-*)$"
)

# The same addresses are read again for every message that goes to them.
_ADDRESSES_KEPT = 8192

State = Literal["usable", "elsewhere", "unusable", "empty"]


class ChannelReading(Struct, frozen=True):
    """One channel a victim asked for: the address in its field, or what is wrong with it.

    `elsewhere` holds addresses from the other fields that would fit this channel.
    """

    channel: Channel
    state: State
    address: str
    elsewhere: tuple[str, ...]


def read_channels(record: VictimRecord) -> list[ChannelReading]:
    """Read every channel the victim asked for."""
    return [
        _read(channel, record.mobile_phone, record.other_phone, record.email)
        for channel in dict.fromkeys(record.preferred_channels)
    ]


def addresses_in(record: VictimRecord) -> frozenset[str]:
    """Find every address a record holds, in any field."""
    return _addresses(record.mobile_phone, record.other_phone, record.email)


@lru_cache(_ADDRESSES_KEPT)
def as_mobile(written: str) -> str:
    """Give a mobile number in its national form, or ""."""
    number = _LABEL.sub("", written)
    bare = re.sub(r"[^0-9+]", "", number.replace("(0)", ""))
    # A spreadsheet takes the first 0 away; GOV.UK Notify sends to such a number all the same.
    national = _ABROAD.sub("0", bare)
    words = any(each.isalpha() or each == "@" for each in number)
    return national if _MOBILE.fullmatch(national) and not words else ""


@lru_cache(_ADDRESSES_KEPT)
def as_email(written: str) -> str:
    """Give an email address in lower case, or ""."""
    lowered = written.strip().lower()
    return lowered if _EMAIL.fullmatch(lowered) and lowered.isprintable() else ""


def is_a_name(record: VictimRecord) -> bool:
    """Say whether the name fields could hold a person's name."""
    parts = (record.given_name.strip().lower(), record.family_name.strip().lower())
    return not any(_NOT_A_NAME.search(part) for part in parts) and parts[0] != parts[1]


def is_given_alone(record: VictimRecord) -> bool:
    """Say whether the given name could be one, and no family name was written."""
    given = record.given_name.strip().lower()
    return not record.family_name.strip() and not _NOT_A_NAME.search(given)


@lru_cache(_ADDRESSES_KEPT)
def _addresses(*written: str) -> frozenset[str]:
    return frozenset(
        found for each in written for found in (as_mobile(each), as_email(each)) if found
    )


@lru_cache(_ADDRESSES_KEPT)
def _read(channel: Channel, mobile: str, other: str, email: str) -> ChannelReading:
    fits = as_mobile if channel == "text" else as_email
    own, *others = (mobile, other, email) if channel == "text" else (email, mobile, other)
    address = fits(own)
    elsewhere = tuple(found for field in others if (found := fits(field)))
    state: State = "unusable" if own.strip() else "empty"
    if address:
        state = "usable"
    elif elsewhere:
        state = "elsewhere"
    return ChannelReading(channel, state, address, elsewhere)
