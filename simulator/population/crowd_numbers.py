"""Numbers for crowds: ranges that no exchange can connect, for runs in which nothing leaves.

Ofcom keeps 1,000 mobiles for drama, so 370,000 victims would share them, 370 each. British numbers
that begin with 04 and 06 belong to no service: the National Telephone Numbering Plan has 01 and 02
for areas, and 03, 05, 07, 08 and 09 for the rest, and keeps 04 and 06 in reserve. A crowd's mobiles
are 0693 to 0699 with seven digits more, its landlines 0424 to 0429. Nor can they be read as numbers
abroad, if the first 0 is lost: +693 to +699 and +424 to +429 are no country's. No fault changes the
first four digits, so that what a fault makes cannot be dialled either.
"""

import re

import numpy as np
from numpy.typing import NDArray

MOBILE_FIRST = 693_0000000
LANDLINE_FIRST = 424_0000000
#: The last digits, which a fault may change.
TAIL_DIGITS = 7
#: Mobiles up to here are people's own, counted from 0; the rest are old, shared and officers'.
OWN_MAX = 50_000_000
OLD_FIRST = 50_000_000
SHARED_FIRST = 60_000_000
OFFICERS_FIRST = 63_000_000
STRANGERS_FIRST = 65_000_000
FORCES_FIRST = 69_000_000
#: What victims have in the place of one that they gave up, by row.
NEW_FIRST = 69_100_000

_MOBILE = re.compile(r"(?:0|\+?44|0044|\+?440)?(69[3-9][0-9]{7})")
_CROWD = re.compile(r"(?:0|\+?44|0044|\+?440)?(?:69[3-9]|42[4-9])[0-9]{7}")


def crowd_mobile(number: int) -> str:
    """Write a crowd's mobile, counted from 0."""
    return f"0{MOBILE_FIRST + number}"


def crowd_landline(number: int) -> str:
    """Write a crowd's landline, counted from 0."""
    return f"0{LANDLINE_FIRST + number}"


def mobiles_of_others(
    kind: str, person: NDArray[np.int64], station: NDArray[np.int64], how: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Choose the number of someone else that was written down, counted from 0.

    `person` numbers the people, `station` where each was recorded; `how` decides the rest.
    """
    if kind == "officers_number":
        return OFFICERS_FIRST + station * 100 + how % 100
    if kind == "forces_number":
        return FORCES_FIRST + how % 3
    if kind == "shared_number":
        return SHARED_FIRST + station * 10 + how % 10
    if kind == "stale_number":
        return OLD_FIRST + person % (SHARED_FIRST - OLD_FIRST)
    return STRANGERS_FIRST + person % (FORCES_FIRST - STRANGERS_FIRST)


def read_crowd_mobile(written: str) -> str:
    """Read a crowd's mobile, in any usual spelling, as 069…; "" for anything else."""
    found = _MOBILE.fullmatch(re.sub(r"[\s()-]", "", written))
    return f"0{found[1]}" if found else ""


def is_crowd_number(written: str) -> bool:
    """Say whether a number is a crowd's, in any usual spelling."""
    return bool(_CROWD.fullmatch(re.sub(r"[\s()-]", "", written)))
