"""Joins the tables of an extract to one table, `record`: a row for each person of each crime.

A crime that has no victim, and a person who is linked to no crime, keep a row of their own: both
are faults that no other row would show.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from simulator.contact_data.columns import ColumnMap, Table
from simulator.contact_data.database import listed, literal, name
from simulator.contact_data.dates import sql_date
from simulator.contact_data.flag_columns import Flag, sql_flagged
from simulator.contact_data.meanings_of_words import (
    sql_is_eligible,
    sql_is_open,
    sql_is_suspect,
    sql_is_victim,
)
from simulator.contact_data.newest_phones import PHONE_FIELDS, keep_newest_phones

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: The columns of text in `record`, in order.
TEXTS = (
    "occurrence_id", "person_id", "role", "given_name", "family_name", "date_of_birth", "mobile",
    "landline", "email", "notes", "safe_to_contact", "safe_how", "household_id", "station",
    "supervisor", "officer", "recorded_by_role", "entry_route", "recorded_on", "status",
    "closed_on", "offence", "eligible", "suspect_mobile", "suspect_email",
    "phone_unconfirmed", "safe_when", "flagged", "faults", "omitted",
)  # fmt: skip
#: Where a field is in several tables, the first of these that has it gives it.
_FIRST = ("victims", "phone", "link", "person", "occurrence")
_BLANKS = literal(" \t\r\n\u00a0\ufeff\u200b")


def join_records(
    database: "DuckDBPyConnection",
    columns: ColumnMap,
    tables: Mapping[str, str],
    flags: Mapping[str, Sequence[Flag]],
) -> None:
    """Make the table `record`; `tables` has the database's table of each file.

    `flags` has the columns of each file that no field has, and that warn.
    """
    kinds = {each.rows: each for each in columns.table if each.rows != "victims"}
    victims = [each for each in columns.table if each.rows == "victims"]
    for kind, table in kinds.items():
        named = _named(table, tables[table.file], flags.get(table.file, ()))
        database.execute(f"CREATE VIEW t_{kind} AS {named}")
    if victims:
        parts = [_named(each, tables[each.file], flags.get(each.file, ())) for each in victims]
        database.execute("CREATE VIEW t_victims AS " + " UNION ALL BY NAME ".join(parts))
        base = "victims"
    else:
        base = "link" if "link" in kinds else "person"
    present: dict[str, set[str]] = {
        kind: _fields(table) | {"flagged"} for kind, table in kinds.items()
    }
    if victims:
        present["victims"] = {"flagged", *(field for each in victims for field in _fields(each))}
    if "phone" in kinds:
        keep_newest_phones(database, columns)
        present["phone"] = set(PHONE_FIELDS)
    joined, used = _joins(base, present)
    database.execute(
        f"CREATE VIEW joined AS SELECT {_texts(used, present)}, '' AS loose FROM {joined}"
    )
    loose = _loose(base, present)
    database.execute(f"CREATE VIEW every_row AS SELECT * FROM joined{loose}")
    _make_record(database, columns)


def _fields(table: Table) -> set[str]:
    """Return the fields that a table gives: a whole name is two."""
    parts = {"given_name", "family_name"} if "full_name" in table.columns else set()
    return set(table.columns) | parts


def _named(table: Table, source: str, flags: Sequence[Flag]) -> str:
    """Give our names to a table's columns, and cut the blanks round each value."""
    parts = [
        f"coalesce(trim({name(column)}, {_BLANKS}), '') AS {field}"
        for field, column in table.columns.items()
        if field != "full_name"
    ]
    if "full_name" in table.columns:
        parts += _split_name(f"coalesce(trim({name(table.columns['full_name'])}, {_BLANKS}), '')")
    parts.append(f"{sql_flagged(flags) if flags else literal('')} AS flagged")
    return f"SELECT {', '.join(parts)} FROM {source}"


def _split_name(whole: str) -> list[str]:
    """Split "SMITH, Jane" at the comma, and "Jane Smith" at the last blank."""
    comma = f"contains({whole}, ',')"
    before, after = f"trim(split_part({whole}, ',', 1))", f"trim(split_part({whole}, ',', 2))"
    first = f"trim(regexp_replace({whole}, '[^ ]+$', ''))"
    last = f"regexp_extract({whole}, '[^ ]+$')"
    return [
        f"CASE WHEN {comma} THEN {after} ELSE {first} END AS given_name",
        f"CASE WHEN {comma} THEN {before} ELSE {last} END AS family_name",
    ]


def _joins(base: str, present: Mapping[str, set[str]]) -> tuple[str, list[str]]:
    """Join each other table to the base by the numbers of the crime and the person."""
    joined, used = f"t_{base}", [base]
    fields = set(present[base])
    for kind in _FIRST:
        key = "occurrence_id" if kind == "occurrence" else "person_id"
        if kind in present and kind not in {base, "link"} and key in fields:
            owner = base if key in present[base] else "link"
            joined += f" LEFT JOIN t_{kind} ON t_{kind}.{key} = t_{owner}.{key}"
            used.append(kind)
        elif kind == "link" and kind in present and base == "victims" and "person_id" in fields:
            joined += " LEFT JOIN t_link ON t_link.person_id = t_victims.person_id"
            used.append(kind)
            fields |= present["link"]
    return joined, used


def _texts(used: list[str], present: Mapping[str, set[str]]) -> str:
    parts = []
    for field in TEXTS:
        owners = [f"t_{kind}.{field}" for kind in _FIRST if kind in used and field in present[kind]]
        filled = ", ".join(f"nullif({each}, '')" for each in owners)
        parts.append(f"coalesce({filled + ', ' if filled else ''}'') AS {field}")
    return ", ".join(parts)


def _loose(base: str, present: Mapping[str, set[str]]) -> str:
    """Return SQL that adds persons linked to no crime, and crimes that nobody is linked to."""
    parts = ""
    if base == "link" and "person" in present:
        texts = _texts(["person", *(["phone"] if "phone" in present else [])], present)
        phones = (
            " LEFT JOIN t_phone ON t_phone.person_id = t_person.person_id"
            if "phone" in present
            else ""
        )
        parts += (
            f" UNION ALL BY NAME SELECT {texts}, 'person' AS loose FROM t_person{phones} "
            "WHERE t_person.person_id NOT IN (SELECT person_id FROM t_link)"
        )
    if "occurrence" in present:
        texts = _texts(["occurrence"], present)
        linked = f"t_{base}" if "occurrence_id" in present[base] else "t_link"
        parts += (
            f" UNION ALL BY NAME SELECT {texts}, 'crime' AS loose FROM t_occurrence "
            f"WHERE occurrence_id NOT IN (SELECT occurrence_id FROM {linked})"
        )
    return parts


def _make_record(database: "DuckDBPyConnection", columns: ColumnMap) -> None:
    """Write `record`: the texts, a number for each row, and what the force's words mean."""
    words = columns.words
    is_open, is_eligible = sql_is_open(columns), sql_is_eligible(columns)
    database.execute(
        "CREATE TABLE record AS SELECT (row_number() OVER ())::INTEGER AS n, * EXCLUDE (loose), "
        f"{sql_is_victim(columns)} AS is_victim, {sql_is_suspect(columns)} AS is_suspect, "
        f"{is_open} AS is_open, {is_open} AND {is_eligible} AS is_open_eligible, "
        f"CASE WHEN lower(safe_to_contact) IN {listed(words.yes)} THEN 'yes' "
        f"WHEN lower(safe_to_contact) IN {listed(words.no)} THEN 'no' "
        "WHEN safe_to_contact = '' THEN '' ELSE 'unclear' END AS safe, "
        f"{sql_date('date_of_birth', columns)} AS born, "
        f"{sql_date('recorded_on', columns)} AS written_on FROM every_row WHERE omitted <> 'true'"
    )
    # A person whom nobody wrote down is in a file of made-up people, and in no extract.
    database.execute(
        "CREATE TABLE omitted_row AS SELECT occurrence_id FROM every_row WHERE omitted = 'true'"
    )
    # What was read is in `record` now: give back the memory and the disk.
    database.execute("DROP VIEW every_row")
