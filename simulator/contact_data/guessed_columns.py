"""Guesses which column holds what, from its name and then from what is in it.

A guess is shown and saved; a person corrects it. A column that could be two things is left out: a
missing field is noticed, a wrong one is not.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.contact_data.columns import (
    FIELDS,
    TRUTH_FIELDS,
    ColumnMap,
    Table,
    TableKind,
    keys_without_column,
    write_half_guess,
)
from simulator.contact_data.contents_of_columns import as_contents, by_contents
from simulator.contact_data.database import name, scalar
from simulator.contact_data.dates import Order, month_comes_first
from simulator.contact_data.flag_columns import count_flags
from simulator.contact_data.note_meanings import sql_said, sql_warns
from simulator.contact_data.words_of_columns import is_like_notes, is_readable, ways_named, words_of
from simulator.errors import BadInput

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SAMPLE_ROWS = 2_000
#: The columns of made-up people, as `generate` writes them: the record, not the truth beside it.
_OF_MADE_UP_PEOPLE: Mapping[str, str] = {
    "person_id": "record_id",
    **{
        field: f"recorded_{field}"
        for field in ("role", "given_name", "family_name", "date_of_birth", "mobile", "landline",
                      "email", "notes")
    },
    **{
        field: field
        for field in ("occurrence_id", "safe_to_contact", "safe_how", "safe_when", "household_id",
                      "station", "recorded_by_role", "entry_route", "recorded_on", *TRUTH_FIELDS)
    },
}  # fmt: skip
_OF_PHONES = ("phone_number", "phone_type", "phone_on")
_NAMES = ("given_name", "family_name", "full_name")
#: What a table of crimes has, and none of persons alone.
_OF_CRIMES = ("status", "offence", "closed_on")
#: What told a column: by whether its contents did.
_WHY = ("its name", "its contents")
#: A name that says no more than "number" or "reference" ranks so.
_BARE_NUMBER = 3


class Guessed(Struct, frozen=True):
    """One column of the guess: its file, the field, its name, and why.

    A column of which nothing was guessed has no field. Then `perhaps` is the field that another
    column may be as well, and `warnings` counts its rows that say not to contact.
    """

    file: str
    field: str
    column: str
    why: str
    perhaps: str = ""
    warnings: int = 0


def guess_columns(
    database: "DuckDBPyConnection",
    tables: Sequence[tuple[Path, str, tuple[str, ...]]],
    *,
    half_guess: Path,
) -> tuple[ColumnMap, list[Guessed]]:
    """Guess the map of an extract: `tables` has each file's path, its table and its columns.

    Raises BadInput if no file has names or contact details of people, or if nothing joins a table:
    then what was guessed is saved as `half_guess`, to be filled in.
    """
    made: list[tuple[str, TableKind, dict[str, str]]] = []
    reasons: list[Guessed] = []
    month_first = False
    for path, table, columns in tables:
        samples = _samples(database, table, columns)
        found, contents, doubtful = _guess(samples, alone=len(tables) == 1)
        notes = _notes_by_warnings(database, table, columns, found)
        found, contents = {**found, **notes}, contents | set(notes.values())
        rows = _kind(found, alone=len(tables) == 1)
        found = _of_kind(found, rows)
        reasons += [
            Guessed(path.name, field, column, _WHY[column in contents])
            for field, column in found.items()
        ]
        # Made-up people have the truth beside what was recorded, which is no part of an extract.
        left = () if "faults" in found else columns
        reasons += [
            Guessed(
                path.name,
                "",
                each,
                "",
                perhaps=doubtful.get(each, ""),
                warnings=count_flags(database, table, each),
            )
            for each in left
            if each not in found.values()
        ]
        month_first |= any(
            month_comes_first(samples[column])
            for field, column in found.items()
            if field in ("date_of_birth", "recorded_on", "closed_on", "phone_on")
        )
        made.append((path.name, rows, found))
    named = {path.name: columns for path, _table, columns in tables}
    dates: Order = "month first" if month_first else "day first"
    return _as_map(made, named, half_guess, dates), reasons


def _as_map(
    made: Sequence[tuple[str, TableKind, dict[str, str]]],
    columns: Mapping[str, Sequence[str]],
    half_guess: Path,
    dates: Order,
) -> ColumnMap:
    """Make the map of what was guessed; raises BadInput where that is no extract of people."""
    files = ", ".join(columns)
    known = sorted({column for some in columns.values() for column in some})
    to_do = (
        f"(columns: {', '.join(known)[:300]}); write a map as in docs/contact_data.md, and give it "
        "with --map"
    )
    if not any(_is_about_people(rows, found) for _name, rows, found in made):
        raise BadInput(f"{files}: no column looks like a name, a phone or an email {to_do}")
    _check_keys(made, columns, half_guess, dates)
    try:
        return ColumnMap(
            table=tuple(Table(file=file, rows=rows, columns=found) for file, rows, found in made),
            dates=dates,
        )
    except ValueError as error:
        raise BadInput(f"{files}: the columns cannot be guessed: {error} {to_do}") from None


def _check_keys(
    made: Sequence[tuple[str, TableKind, dict[str, str]]],
    columns: Mapping[str, Sequence[str]],
    half_guess: Path,
    dates: Order,
) -> None:
    """Save a half guess and raise BadInput, if a table lacks what joins it to the others."""
    lacking = [
        f"{file}: rows are {rows!r}, and no column is given for {', '.join(missing)} (its columns: "
        f"{', '.join(columns[file])[:200]})"
        for file, rows, found in made
        if (missing := keys_without_column(rows, found))
    ]
    if not lacking:
        return
    to_do = f"there is a map already: give it with --map {half_guess}, or remove it"
    if half_guess.parent.is_dir() and not half_guess.exists():
        write_half_guess(half_guess, made, dates=dates)
        to_do = (
            f"what was guessed is saved in {half_guess}: name the columns that are blank there, "
            f"correct rows where it is wrong, and give it with --map {half_guess}"
        )
    raise BadInput(f"{'; '.join(lacking)}. {to_do[0].upper()}{to_do[1:]}")


def _notes_by_warnings(
    database: "DuckDBPyConnection",
    table: str,
    columns: Sequence[str],
    found: Mapping[str, str],
) -> dict[str, str]:
    """Take for notes the one column that is called so among other words, and warns in some row."""
    if "notes" in found or "faults" in found:
        return {}
    like = [
        each
        for each in columns
        if each not in found.values() and is_like_notes(each) and _warnings(database, table, each)
    ]
    return {"notes": like[0]} if len(like) == 1 else {}


def _warnings(database: "DuckDBPyConnection", table: str, column: str) -> int:
    return scalar(
        database,
        f"SELECT count(*) FROM {table} WHERE {sql_warns(sql_said(name(column)))}",
    )


def _is_about_people(rows: TableKind, found: Mapping[str, str]) -> bool:
    return rows in ("victims", "person") and any(
        each in found for each in ("family_name", "full_name", "mobile", "email")
    )


def _guess(
    samples: Mapping[str, Sequence[str]], *, alone: bool
) -> tuple[dict[str, str], frozenset[str], dict[str, str]]:
    """Map fields to columns.

    Return also the columns that their contents alone told, and the fields of those in doubt.
    """
    if "faults" in samples:
        made_up = {
            field: column for field, column in _OF_MADE_UP_PEOPLE.items() if column in samples
        }
        rest = {each: samples[each] for each in samples if each not in made_up.values()}
        return {**_by_name(rest, alone=alone)[0], **made_up}, frozenset(), {}
    found, doubtful = _by_name(samples, alone=alone)
    contents = by_contents(
        {
            column: values
            for column, values in samples.items()
            if column not in found.values() and not is_readable(column)
        },
        taken=found,
    )
    return {**found, **contents}, frozenset(contents.values()), doubtful


def _by_name(
    samples: Mapping[str, Sequence[str]], *, alone: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """Map fields to the columns whose names mean them, where their contents agree.

    A column that may be two fields is left out, and so are two columns that may be one: these are
    returned with the field.
    """
    best: dict[str, list[tuple[float, str]]] = {}
    bare: list[str] = []
    for column, values in samples.items():
        if column.casefold().startswith("true"):
            continue
        ways = as_contents(ways_named(column), values)
        lowest = min(ways.values(), default=0.0)
        means = [field for field, rank in ways.items() if rank == lowest]
        if lowest >= _BARE_NUMBER:
            bare.append(column)
        elif len(means) == 1:
            best.setdefault(means[0], []).append((lowest, column))
    found: dict[str, str] = {}
    doubtful: dict[str, str] = {}
    for field, columns in best.items():
        lowest = min(rank for rank, _column in columns)
        first = [column for rank, column in columns if rank == lowest]
        if len(first) == 1:
            found[field] = first[0]
        else:
            doubtful |= dict.fromkeys(first, field)
    if len(bare) == 1:
        is_crimes = "person_id" in found or _is_of_crimes(found, bare[0], alone=alone)
        found.setdefault("occurrence_id" if is_crimes else "person_id", bare[0])
    return found, doubtful


def _is_of_crimes(found: Mapping[str, str], column: str, *, alone: bool) -> bool:
    """Say whether a bare number is the crime's: a URN is, unless it is in a table of persons."""
    is_named = any(each in found for each in _NAMES)
    if "urn" in words_of(column):
        return alone or not is_named
    return not is_named and any(each in found for each in _OF_CRIMES)


def _samples(
    database: "DuckDBPyConnection", table: str, columns: Sequence[str]
) -> dict[str, list[str]]:
    listed = ", ".join(name(each) for each in columns)
    rows = database.execute(f"SELECT {listed} FROM {table} LIMIT {_SAMPLE_ROWS}").fetchall()
    return {
        column: [str(row[place]).strip() for row in rows if row[place] and str(row[place]).strip()]
        for place, column in enumerate(columns)
    }


def _kind(found: Mapping[str, str], *, alone: bool) -> TableKind:
    is_named = "family_name" in found or "full_name" in found
    has_contact = is_named or "mobile" in found or "email" in found
    if alone:
        return "victims"
    if not is_named and "person_id" in found and "phone_type" in found:
        return "phone"
    if has_contact:
        return "victims" if "occurrence_id" in found else "person"
    if "person_id" not in found and any(each in found for each in _OF_CRIMES):
        return "occurrence"
    if "occurrence_id" in found:
        return "link" if "person_id" in found else "occurrence"
    return "phone" if "person_id" in found else "person"


def _of_kind(found: Mapping[str, str], rows: TableKind) -> dict[str, str]:
    """Keep the fields that such a table has; in a table of phones, `phone` is the number."""
    kept = dict(found)
    if rows == "phone":
        number = kept.get("phone_number") or kept.get("mobile") or kept.get("landline")
        when = kept.get("phone_on") or kept.get("recorded_on")
        kept = {each: kept[each] for each in ("person_id", "phone_type") if each in kept}
        kept |= {"phone_number": number} if number else {}
        kept |= {"phone_on": when} if when else {}
        return kept
    if "full_name" in kept and "family_name" in kept:
        del kept["full_name"]
    return {
        field: kept[field]
        for field in (*FIELDS, *TRUTH_FIELDS)
        if field in kept and field not in _OF_PHONES
    }
