"""Numbers for crowds: a range that no exchange can connect, for runs in which nothing leaves.

Ofcom keeps 1,000 mobiles for drama, so 370,000 victims would share them, 370 each. British numbers
that begin with 04 and 06 belong to no service: the National Telephone Numbering Plan designates
geographic numbers at 01 and 02, and 03, 05, 07, 08 and 09 to the rest, and holds 04 and 06 in
reserve. A crowd's mobiles begin with 067, its landlines with 046; eight digits follow. No fault
changes the first three digits, so that what a fault makes cannot be dialled either.
"""

import re

MOBILE_PREFIX = "067"
LANDLINE_PREFIX = "046"
DIGITS_AFTER_PREFIX = 8
#: Mobiles up to here are people's own; the rest are old, officers' and shared numbers.
OWN_MAX = 70_000_000
OLD_FIRST = 70_000_000
SHARED_FIRST = 90_000_000
OFFICERS_FIRST = 95_000_000
FORCES_FIRST = 99_000_000

_CROWD = re.compile(r"(?:0|\+?44|0044)(?:67|46)[0-9]{8}")


def crowd_mobile(number: int) -> str:
    """Write a crowd's mobile, counted from 0."""
    return f"{MOBILE_PREFIX}{number:08d}"


def crowd_landline(number: int) -> str:
    """Write a crowd's landline, counted from 0."""
    return f"{LANDLINE_PREFIX}{number:08d}"


def is_crowd_number(written: str) -> bool:
    """Say whether a number is a crowd's, in any usual spelling."""
    return bool(_CROWD.fullmatch(re.sub(r"[\s()-]", "", written)))
