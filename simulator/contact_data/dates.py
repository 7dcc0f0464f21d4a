"""Dates as forces write them, in shapes that are one list for a column and for one value.

`sql_date` reads a column and `as_date` one value, alike. `shape_of` names a value's shape, for the
guess, and `sql_is_shaped` tells a date that there is not from one that nobody here can read.
2-digit years are not read: a guess of the century would be a repair nobody confirmed.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, TypeAlias

from simulator.contact_data.columns import ColumnMap
from simulator.contact_data.database import literal

Order: TypeAlias = Literal["day first", "month first"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? +)?"
_DAY = "([0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = "([0-9]{4})"
_TIME = "(?: [0-9]{1,2}:[0-9]{2}.*)?"
#: The shapes, and which group of each is the year, the month and the day; () where it has none.
#: In shapes of two numbers before the year, the map says which is the day.
_SHAPES: dict[str, tuple[str, tuple[int, ...]]] = {
    "iso": ("([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ T].*)?", (1, 2, 3)),
    "slashes": ("([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?: .*)?", (3, 2, 1)),
    "words": (
        f"(?i){_WEEKDAY}{_DAY}[ -]*(?:of )?{_MONTH}[.,]{{0,2}}[ -]*{_YEAR}{_TIME}", (3, 2, 1)
    ),
    "month in words first": (
        f"(?i){_WEEKDAY}{_MONTH}[.]?[ -]*{_DAY}(?:,[ -]*|[ -]+){_YEAR}{_TIME}", (3, 1, 2)
    ),
    # The year is the last where the middle has no month: 19 and 20 are none.
    "digits": ("([0-3][0-9])([0-3][0-9])((?:19|20)[0-9]{2})", (3, 2, 1)),
    "year and digits": ("((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})", (1, 2, 3)),
    "spreadsheet": ("[1-6][0-9]{4}", ()),
}  # fmt: skip
_OPEN_ORDER = ("slashes", "digits")
_PATTERNS = {name: re.compile(pattern) for name, (pattern, _groups) in _SHAPES.items()}
#: A spreadsheet counts days from here.
_DAY_0 = date(1899, 12, 30)


def shape_of(value: str) -> str:
    """Name the shape of a date; "" if it has none."""
    text = value.strip()
    return next((name for name, shape in _PATTERNS.items() if shape.fullmatch(text)), "")


def as_date(value: str, order: Order = "day first") -> date | None:
    """Read one date; None where it is none, or in no shape that is read."""
    text = value.strip()
    name = shape_of(text)
    if name == "spreadsheet":
        return _DAY_0 + timedelta(days=int(text))
    found = _PATTERNS[name].fullmatch(text) if name else None
    if found is None:
        return None
    year, month, day = (found[each] for each in _groups(name, order))
    number = _MONTHS.index(month[:3].lower()) + 1 if month.isalpha() else int(month)
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def _groups(name: str, order: Order) -> tuple[int, ...]:
    groups = _SHAPES[name][1]
    is_turned = name in _OPEN_ORDER and order == "month first"
    return (groups[0], groups[2], groups[1]) if is_turned else groups


def month_comes_first(values: Iterable[str]) -> bool:
    """Say whether dates with slashes have the month first: more of them fit only that way."""
    day_first = month_first = 0
    for each in values:
        parts = re.match(r"(\d\d?)[/.-](\d\d?)[/.-]\d{4}", each)
        if parts:
            first, second = int(parts[1]), int(parts[2])
            day_first += first > 12
            month_first += second > 12
    return month_first > day_first


def sql_is_shaped(column: str) -> str:
    """Return SQL that says whether a column of text is in a shape that is read."""
    return "(" + " OR ".join(_sql_matches(column, each) for each in _SHAPES) + ")"


def sql_date(column: str, columns: ColumnMap) -> str:
    """Return SQL that reads a column of text as a date; null where it is none."""
    cases = " ".join(
        f"WHEN {_sql_matches(column, name)} THEN {_sql_read(column, name, columns.dates)}"
        for name in _SHAPES
    )
    return f"CASE WHEN {column} = '' THEN NULL {cases} ELSE NULL END"


def _sql_matches(column: str, name: str) -> str:
    return f"regexp_full_match({column}, {literal(_SHAPES[name][0])})"


def _sql_read(column: str, name: str, order: Order) -> str:
    """Return SQL that reads a text of one shape: its groups, written as the database reads them."""
    pattern = _SHAPES[name][0]
    if name == "spreadsheet":
        return f"DATE '{_DAY_0}' + {column}::INTEGER"
    year, month, day = (
        f"regexp_extract({column}, {literal(pattern)}, {each})" for each in _groups(name, order)
    )
    if "words" in name:
        months = "[" + ", ".join(map(literal, _MONTHS)) + "]"
        month = f"list_position({months}, lower(left({month}, 3)))::VARCHAR"
    return f"try_cast({year} || '-' || {month} || '-' || {day} AS DATE)"
