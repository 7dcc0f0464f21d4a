"""Every address that some portal could read in a text, however it is written.

The gateway's double reads one number or one mailbox. Another portal may read digits of other
scripts, a label or a note beside a number, or the first of two: the recipient guard asks here.
"""

import re
import unicodedata
from collections.abc import Iterator

import phonenumbers

from simulator.neighbours.gateway.notify_recipients import InvalidRecipient, mailbox, phone

_MAILBOX = re.compile(r"([^\s@]*)\s*@\s*([\w.-]*\w)")
#: What may stand between the digits of one number; anything else may stand between two numbers.
_STRETCH = re.compile(r"[\d\s().+-]+")
#: Numbers within longer rows of digits: British mobiles, and landlines with the 0 before them.
_MOBILE_WITHIN = re.compile(r"(?=(7[0-9]{9}))")
_LANDLINE_WITHIN = re.compile(r"(?=(0[1235689][0-9]{9}))")
_NUMBER_DIGITS_MAX = 15


def read_address(written: str) -> str:
    """Read a text as one number or mailbox, as the gateway writes it ("" if it is neither)."""
    for read in (phone, mailbox):
        try:
            return read(written).address
        except InvalidRecipient:
            continue
    return ""


def addresses_in(written: str) -> frozenset[str]:
    """List every number and mailbox that could be read in a text.

    Numbers are national ("07700900123"), or in E.164 when they are abroad.
    """
    plain = written if written.isascii() else _plain(written)
    whole = read_address(plain)
    if whole:
        return frozenset((whole, *_read_by_library(plain)))
    return frozenset((*_mailboxes(plain), *_numbers(plain)))


def _plain(written: str) -> str:
    """Write full-width letters and the digits of every script in ASCII, without what is unseen."""
    return "".join(
        str(unicodedata.decimal(each)) if each.isdecimal() else each
        for each in unicodedata.normalize("NFKC", written)
        if unicodedata.category(each) != "Cf"
    )


def _mailboxes(plain: str) -> Iterator[str]:
    for found in _MAILBOX.finditer(plain):
        yield f"{found[1]}@{found[2]}".lower()


def _numbers(plain: str) -> Iterator[str]:
    """List the numbers in each stretch of digits, and in all digits together."""
    for stretch in _STRETCH.findall(plain):
        yield from _read_whole(re.sub(r"[^0-9+]", "", stretch))
        digits = re.sub(r"[^0-9]", "", stretch)
        yield from (f"0{each}" for each in _MOBILE_WITHIN.findall(digits))
        yield from _LANDLINE_WITHIN.findall(digits)
    yield from _read_whole(re.sub(r"[^0-9]", "", plain))


def _read_whole(number: str) -> Iterator[str]:
    if len(number) <= _NUMBER_DIGITS_MAX and (read := read_address(number)):
        yield read
    yield from _read_by_library(number)


def _read_by_library(number: str) -> Iterator[str]:
    """Read a number by the rules of its country alone, which have no drama numbers."""
    try:
        read = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return
    if phonenumbers.is_valid_number(read):
        is_british = read.country_code == phonenumbers.country_code_for_region("GB")
        e164 = phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)
        yield f"0{read.national_number}" if is_british else e164
