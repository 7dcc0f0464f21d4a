"""Whose a number or an address may be: the force's, a suspect's, or that of many people.

Table `reach` has, for each record, why its mobile and its email may not be used.
"""

from typing import TYPE_CHECKING

from simulator.contact_data.columns import ColumnMap
from simulator.contact_data.database import listed
from simulator.contact_data.phone_rules import as_mobile

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FIELDS = (("m", "m_mobile"), ("e", "e_email"))
_OF_A_SUSPECT = ("m_mobile", "l_mobile", "e_email")


def find_addresses_of_others(database: "DuckDBPyConnection", columns: ColumnMap) -> None:
    """Make `reach`: m_why and e_why, "" for none, and whether a suspect elsewhere has it."""
    own = listed(_forces_own(columns))
    _find_crowded(database, columns)
    _find_suspects(database, columns)
    who = _who(columns, "record")
    in_row = "(" + ", ".join(["'?'", *_in_row(columns)]) + ")"
    parts = []
    for letter, address in _FIELDS:
        parts.append(
            f"CASE WHEN {address} = '' THEN '' WHEN {address} IN {own} THEN 'forces_own_number' "
            f"WHEN s{letter}.address IS NOT NULL OR {address} IN {in_row} "
            "THEN 'other_partys_address' "
            f"WHEN c{letter}.people > {columns.limits.people_per_address_max} "
            f"THEN 'shared_by_many' WHEN c{letter}.people IS NOT NULL THEN 'shared_by_strangers' "
            f"ELSE '' END AS {letter}_why, "
            f"coalesce(c{letter}.people, 0) AS {letter}_people, "
            # A victim may be the suspect of another crime, with a number of their own.
            f"coalesce(o{letter}.one <> {who} OR o{letter}.other <> {who}, false) "
            f"AS {letter}_elsewhere"
        )
    joins = " ".join(
        f"LEFT JOIN crowded AS c{letter} ON c{letter}.address = {address} "
        f"LEFT JOIN suspects_address AS s{letter} ON s{letter}.address = {address} "
        f"AND s{letter}.occurrence_id = record.occurrence_id "
        f"LEFT JOIN suspects_anywhere AS o{letter} ON o{letter}.address = {address}"
        for letter, address in _FIELDS
    )
    database.execute(
        f"CREATE TABLE reach AS SELECT record.n, {', '.join(parts)} FROM record "
        f"JOIN reading ON reading.n = record.n {joins}"
    )


def _find_crowded(database: "DuckDBPyConnection", columns: ColumnMap) -> None:
    """Make `crowded`: addresses of too many people, or of some whom no crime or household joins."""
    people_max = columns.limits.people_per_address_max
    # A family shares a number and a name: people of one family name count once.
    who = "lower(family_name)" if columns.has("family_name") else "person_id"
    used = " UNION ALL ".join(
        f"SELECT {address} AS address, {who} AS who, born, occurrence_id, household_id "
        "FROM reading JOIN record ON record.n = reading.n "
        f"WHERE NOT is_suspect AND {address} <> ''"
        for _letter, address in _FIELDS
    )
    joined = " UNION ALL ".join(
        f"SELECT address, count(DISTINCT who) AS people FROM used WHERE {place} <> '' "
        f"GROUP BY address, {place}"
        for place in ("occurrence_id", "household_id")
    )
    database.execute(
        f"CREATE TABLE crowded AS WITH used AS ({used}), "
        "joined AS (SELECT address, max(people) AS people FROM "
        f"({joined}) GROUP BY address), "
        # One person may have two family names, and has one date of birth.
        "many AS (SELECT address, count(DISTINCT who) AS people, count(DISTINCT born) AS born "
        "FROM used WHERE who <> '' GROUP BY address HAVING count(DISTINCT who) > 1) "
        "SELECT address, many.people FROM many LEFT JOIN joined USING (address) "
        f"WHERE many.people > {people_max} "
        "OR (born <> 1 AND many.people > coalesce(joined.people, 1))"
    )


def _find_suspects(database: "DuckDBPyConnection", columns: ColumnMap) -> None:
    """Make `suspects_address`, by crime, and `suspects_anywhere`: who has it, if two, which two."""
    every = " UNION ".join(
        f"SELECT occurrence_id, {each} AS address, {_who(columns, 'record')} AS who FROM reading "
        f"JOIN record ON record.n = reading.n WHERE is_suspect AND {each} <> ''"
        for each in _OF_A_SUSPECT
    )
    every += "".join(
        f" UNION SELECT occurrence_id, {each}, 'suspect of row ' || record.n FROM reading "
        f"JOIN record ON record.n = reading.n WHERE {each} <> ''"
        for each in _in_row(columns)
    )
    database.execute(f"CREATE TABLE suspects_contact AS {every}")
    database.execute(
        "CREATE TABLE suspects_address AS SELECT DISTINCT occurrence_id, address "
        "FROM suspects_contact WHERE occurrence_id <> ''"
    )
    database.execute(
        "CREATE TABLE suspects_anywhere AS SELECT address, min(who) AS one, max(who) AS other "
        "FROM suspects_contact GROUP BY address"
    )


def _in_row(columns: ColumnMap) -> list[str]:
    """Return the readings of a suspect's contact that stand in the victim's own row."""
    fields = {"suspect_mobile": "s_mobile", "suspect_email": "t_email"}
    return [reading for field, reading in fields.items() if columns.has(field)]


def _who(columns: ColumnMap, table: str) -> str:
    """Return SQL for who a record is about: its number, or names and date of birth."""
    if columns.has("person_id"):
        return f"{table}.person_id"
    return (
        f"lower({table}.given_name || '|' || {table}.family_name || '|' || {table}.date_of_birth)"
    )


def _forces_own(columns: ColumnMap) -> tuple[str, ...]:
    written = columns.words.forces_own_numbers
    return tuple(as_mobile(each, columns.test_mobiles) or each.lower() for each in written)
