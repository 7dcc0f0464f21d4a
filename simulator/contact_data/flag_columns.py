"""Columns that the map does not name, and that say no: their victims are held back.

A heading and a yes are read as one sentence: "Do not contact" with Y beside it is "do not contact:
yes". Name such a column in the map, or list it in `ignored` of its table.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.contact_data.columns import ColumnMap, Words
from simulator.contact_data.database import listed, literal, name, scalar
from simulator.contact_data.note_meanings import sql_allows, sql_kind, sql_said, sql_warns
from simulator.contact_data.words_of_columns import words_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MARKS = ("x", "✓", "✔", "☑", "tick", "ticked", "set", "on", "marked", "flagged", "applies")
_NOTHING = ("", "-", "--", "none", "nil", "n/a", "na", "not applicable", "not set", "null", "off")
#: Headings of these kinds warn with any value but a no: a date, a level, "by letter".
_WORST = ("not_safe_in_notes", "dead_in_notes")
#: What was said by each heading that was read in this process.
_HEADINGS: dict[str, tuple[str | None, bool]] = {}


class Flag(Struct, frozen=True):
    """A column that warns: its name, and the table of the values that do."""

    column: str
    values: str


def read_flags(
    database: "DuckDBPyConnection",
    columns: ColumnMap,
    loaded: Mapping[str, tuple[str, Sequence[str]]],
) -> dict[str, list[Flag]]:
    """Return the columns that warn of each file; `loaded` has each file's table and its columns.

    The truth about made-up people, which stands beside their records, is no part of an extract.
    """
    is_made_up = columns.has("faults")
    found: dict[str, list[Flag]] = {}
    for table in columns.table:
        source, names = loaded[table.file]
        known = {*table.columns.values(), *table.ignored}
        for place, column in enumerate(names):
            if column in known or (is_made_up and column.startswith("true_")):
                continue
            values = f"flag_{source}_{place}"
            warns = sql_flag(database, column, "written", columns.words)
            database.execute(
                f"CREATE TABLE {values} AS SELECT written FROM (SELECT DISTINCT {name(column)} "
                f"AS written FROM {source}) WHERE {warns}"
            )
            if scalar(database, f"SELECT count(*) FROM {values}"):
                found.setdefault(table.file, []).append(Flag(column, values))
    return found


def count_flags(database: "DuckDBPyConnection", table: str, column: str) -> int:
    """Return in how many rows a column warns, by its values or by its heading and a yes."""
    warns = sql_flag(database, column, "written", Words())
    return scalar(
        database,
        f"SELECT coalesce(sum(rows), 0) FROM (SELECT {name(column)} AS written, count(*) AS rows "
        f"FROM {table} GROUP BY 1) WHERE {warns}",
    )


def sql_flag(database: "DuckDBPyConnection", heading: str, value: str, words: Words) -> str:
    """Return SQL that says whether a value warns, under this heading."""
    kind, allows = _said_by(database, heading)
    plain = f"lower(trim({value}))"
    no = listed((*words.no, *_NOTHING))
    parts = [f"(regexp_matches({value}, '\\pL') AND {sql_warns(sql_said(value))})"]
    if kind:
        yes = listed((*words.yes, *_MARKS))
        parts.append(f"{plain} NOT IN {no}" if kind in _WORST else f"{plain} IN {yes}")
    if allows:
        parts.append(f"{plain} IN {listed(words.no)}")
    return f"({' OR '.join(parts)})"


def _said_by(database: "DuckDBPyConnection", heading: str) -> tuple[str | None, bool]:
    """Return the kind of warning that a heading and a yes are, and whether it asks if one may.

    To make the patterns ready takes longer than to look: a heading is read once.
    """
    if heading not in _HEADINGS:
        said = f"{heading} ; {' '.join(words_of(heading))} : yes"
        [(kind, allows)] = database.execute(
            f"SELECT {sql_kind(sql_said(literal(said)))}, {sql_allows(literal(said))}"
        ).fetchall()
        _HEADINGS[heading] = (kind, bool(allows))
    return _HEADINGS[heading]


def sql_flagged(flags: Sequence[Flag]) -> str:
    """Return SQL for what the columns that warn say of a row: "" for nothing."""
    said = ", ".join(
        f"CASE WHEN {name(each.column)} IN (SELECT written FROM {each.values}) "
        f"THEN {literal(each.column + ': ')} || {name(each.column)} END"
        for each in flags
    )
    return f"concat_ws('; ', {said})"
