"""Numbers that no real person can have: Ofcom's ranges for drama, and slips of the pen in them.

A mobile is stored as 0 to 999, counted from 07700 900000. A landline is stored as 0 to 1999: first
from 0118 496 0000, then from 01632 960000. -1 means none. Used by people and data_quality.
"""

NONE = -1
LANDLINES = 2000
# GOV.UK Notify treats messages to these specially: nobody holds one, and no slip leads to one.
MAGIC_MOBILES = frozenset({0, 1, 2, 3, 111, 222})
ORDINARY_MOBILES = tuple(each for each in range(1000) if each not in MAGIC_MOBILES)
SPELLINGS = 6


def mobile_phone(number: int, *, spelling: int = 0) -> str:
    """Write a mobile in one of the ways that people do; "" for none.

    `spelling` is 0 for eleven digits in a row, up to SPELLINGS - 1; all mean the same number.
    """
    if number == NONE:
        return ""
    last = f"{number:03d}"
    return (
        f"07700900{last}",
        f"07700 900{last}",
        f"07700 900 {last}",
        f"+447700900{last}",
        f"+44 7700 900{last}",
        f"(+44) 07700900{last}",
    )[spelling]


def landline(number: int) -> str:
    """Write a landline; "" for none."""
    if number == NONE:
        return ""
    return f"0118496{number:04d}" if number < 1000 else f"01632960{number - 1000:03d}"


def other_mobile(number: int, *, transposed: bool, how: int) -> int:
    """Pick another mobile of the range: two digits swapped, or one digit wrong.

    One digit is wrong if swapping would change nothing.
    """
    ways = _two_digits_swapped(number) if transposed else []
    ways = [each for each in ways if each not in MAGIC_MOBILES] or [
        each for each in _one_digit_off(number) if each not in MAGIC_MOBILES
    ]
    return ways[how % len(ways)]


def _two_digits_swapped(number: int) -> list[int]:
    a, b, c = number // 100, number // 10 % 10, number % 10
    return sorted({b * 100 + a * 10 + c, a * 100 + c * 10 + b} - {number})


def _one_digit_off(number: int) -> list[int]:
    return [
        number + (digit - number // place % 10) * place
        for place in (1, 10, 100)
        for digit in range(10)
        if digit != number // place % 10
    ]
