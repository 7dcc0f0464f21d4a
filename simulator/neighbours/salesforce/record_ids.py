"""Record ids: 15 characters that tell case apart, and 3 more that make up for lost case.

Source: Salesforce's documentation of 18-character ids, developer.salesforce.com.
"""

import re

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_INSTANCE = "Dx"


def made_id(prefix: str, number: int) -> str:
    """Make the id of the so-manieth record."""
    digits = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return whole_id(f"{prefix}{_INSTANCE}{digits:0>10}")


def whole_id(text: str) -> str:
    """Give 18 characters for 15 or 18; "" for what is no id."""
    if not _ID.fullmatch(text):
        return ""
    if len(text) == 18:
        return text if text == f"{text[:15]}{_check(text[:15])}" else ""
    return text + _check(text)


def _check(text: str) -> str:
    return "".join(
        _CHECKS[sum(text[begin + bit].isupper() << bit for bit in range(5))]
        for begin in range(0, 15, 5)
    )
