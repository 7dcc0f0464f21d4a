"""Dates as forces write them: five shapes, and the day or the month first where that is open.

`sql_date` reads a column; `shape_of` looks at one value, for the guess. 2-digit years are not read:
a guess of the century would be a repair nobody confirmed.
"""

import re
from collections.abc import Iterable

from simulator.contact_data.columns import ColumnMap

_SHAPES = {
    "iso": re.compile(
        r"\d{4}-\d\d?-\d\d?(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    ),
    "slashes": re.compile(r"\d\d?[/.-]\d\d?[/.-]\d{4}(?: \d\d?:\d\d(?::\d\d)?)?"),
    "words": re.compile(r"\d\d?[ -][A-Za-z]{3,9}[ -]\d{4}"),
    "digits": re.compile(r"(?:19|20)\d{6}"),
    "spreadsheet": re.compile(r"\d{5}"),
}


def shape_of(value: str) -> str:
    """Name the shape of a date: iso, slashes, words, digits, spreadsheet; "" if it has none."""
    return next((each for each, shape in _SHAPES.items() if shape.fullmatch(value.strip())), "")


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


def sql_date(column: str, columns: ColumnMap) -> str:
    """Return SQL that reads a column of text as a date; null where it is none."""
    ours = "%d/%m/%Y" if columns.dates == "day first" else "%m/%d/%Y"
    slashes = f"regexp_replace(split_part({column}, ' ', 1), '[.-]', '/', 'g')"
    words = f"regexp_replace({column}, '-', ' ', 'g')"
    return (
        f"CASE WHEN {column} = '' THEN NULL "
        f"WHEN regexp_full_match({column}, '\\d{{4}}-\\d\\d?-\\d\\d?([ T].*)?') "
        f"THEN try_cast(split_part(split_part({column}, ' ', 1), 'T', 1) AS DATE) "
        f"WHEN regexp_full_match({column}, '\\d\\d?[/.-]\\d\\d?[/.-]\\d{{4}}( .*)?') "
        f"THEN try_strptime({slashes}, '{ours}')::DATE "
        f"WHEN regexp_full_match({column}, '\\d\\d?[ -][A-Za-z]{{3,9}}[ -]\\d{{4}}') "
        f"THEN coalesce(try_strptime({words}, '%d %b %Y'), "
        f"try_strptime({words}, '%d %B %Y'))::DATE "
        f"WHEN regexp_full_match({column}, '(19|20)\\d{{6}}') "
        f"THEN try_strptime({column}, '%Y%m%d')::DATE "
        # A spreadsheet counts days from 30 December 1899.
        f"WHEN regexp_full_match({column}, '[1-6]\\d{{4}}') "
        f"THEN DATE '1899-12-30' + {column}::INTEGER ELSE NULL END"
    )
