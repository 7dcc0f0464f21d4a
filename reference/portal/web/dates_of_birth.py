"""Reads a date of birth: three fields of a page as people fill them in, or one ISO date of the API.

An impossible date is refused before the portal looks for a person: a slip costs no attempt, and
the answer is the same for a stranger.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime

from reference.portal.errors import Problem
from reference.portal.timestamps import LONDON

PARTS = ("day", "month", "year")
YEAR_MIN = 1900
_NOT_REAL = "Your date of birth must be a real date"
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def from_parts(parts: Sequence[str], now: datetime, *, months: Sequence[str]) -> date:
    """Read day, month and year; raises Problem 422 whose field is the part that is wrong.

    A month may be a number or a name of `months`, whole or its first three letters or more.
    """
    typed = {part: words.strip() for part, words in zip(PARTS, parts, strict=True)}
    missing = [part for part, words in typed.items() if not words]
    if len(missing) == len(typed):
        raise Problem(422, "Enter your date of birth", field="day")
    if missing:
        raise Problem(422, f"Your date of birth must include a {missing[0]}", field=missing[0])
    numbers = {
        "day": _number(typed["day"], 31),
        "month": _number(typed["month"], 12) or _named(typed["month"], months),
        "year": _number(typed["year"], 9999),
    }
    for part, number in numbers.items():
        if not number:
            raise Problem(422, _NOT_REAL, field=part)
    if len(typed["year"]) != 4:
        raise Problem(422, "Year must include 4 numbers", field="year")
    try:
        born = date(numbers["year"], numbers["month"], numbers["day"])
    except ValueError:
        raise Problem(422, _NOT_REAL, field="day") from None
    return _in_living_memory(born, now, field="year")


def from_iso(words: str, now: datetime) -> date:
    """Read one date written as 1980-02-29; raises Problem 422."""
    try:
        born = date.fromisoformat(words if _ISO.fullmatch(words) else "")
    except ValueError:
        raise Problem(
            422,
            _NOT_REAL,
            detail="Write it as year, month and day, such as 1980-02-29.",
            field="date_of_birth",
        ) from None
    return _in_living_memory(born, now, field="date_of_birth")


def _in_living_memory(born: date, now: datetime, *, field: str) -> date:
    if born > now.astimezone(LONDON).date():
        raise Problem(422, "Your date of birth must be in the past", field=field)
    if born.year < YEAR_MIN:
        raise Problem(422, f"Your date of birth must be in {YEAR_MIN} or later", field=field)
    return born


def _number(words: str, most: int) -> int:
    """Return a whole number from 1 up to `most`, and 0 for anything else."""
    number = int(words) if words.isdecimal() and len(words) <= 4 else 0
    return number if number <= most else 0


def _named(words: str, months: Sequence[str]) -> int:
    """Return the number of the one month that begins so, and 0 for none."""
    begins = words.removesuffix(".").casefold()
    found = [n for n, name in enumerate(months, 1) if name.casefold().startswith(begins)]
    return found[0] if len(begins) >= 3 and len(found) == 1 else 0
