"""Phone numbers as people have them: one of Ofcom's for drama, or a crowd's that nobody can dial.

A person holds the number's place in its range; the words follow when they are needed.
"""

from typing import Literal, TypeAlias

from simulator.population.crowd_numbers import (
    MOBILE_FIRST,
    crowd_landline,
    crowd_mobile,
    read_crowd_mobile,
)
from simulator.population.drama_numbers import NONE, landline, mobile_phone, other_mobile
from simulator.population.faults.contacts import wrong_mobile

Numbers: TypeAlias = Literal["crowd", "drama"]


def write_mobile(number: int, numbers: Numbers, *, spelling: int = 0) -> str:
    """Write a mobile in one of the ways that people do; "" for none.

    `spelling` is 0 for eleven digits in a row, up to SPELLINGS - 1; all mean the same number.
    """
    if numbers == "drama" or number == NONE:
        return mobile_phone(number, spelling=spelling)
    plain = crowd_mobile(number)
    head, middle, tail = plain[:5], plain[5:8], plain[8:]
    return (
        plain,
        f"{head} {middle}{tail}",
        f"{head} {middle} {tail}",
        f"+44{plain[1:]}",
        f"+44 {head[1:]} {middle}{tail}",
        f"(+44) {plain}",
    )[spelling]


def write_landline(number: int, numbers: Numbers) -> str:
    """Write a landline; "" for none."""
    if numbers == "drama" or number == NONE:
        return landline(number)
    return crowd_landline(number)


def slip_in_mobile(number: int, numbers: Numbers, kind: str, how: int) -> int:
    """Pick the number that a slip of the pen makes: two digits swapped, or one digit wrong."""
    if numbers == "drama":
        return other_mobile(number, transposed=kind == "digits_transposed", how=how)
    wrong = wrong_mobile(kind, crowd_mobile(number), name="", another="", how=how)
    return int(read_crowd_mobile(wrong)) - MOBILE_FIRST
