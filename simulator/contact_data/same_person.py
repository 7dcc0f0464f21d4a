"""Which records are of one person: table `person_of`, and what is true of each of them.

Records are of one person by the person's number, or where name and mobile, or another exact key of
`repeated_people`, agree. To hold one record too many back harms less than to tell one too many.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def find_same_people(database: "DuckDBPyConnection") -> None:
    """Make `person_of`: for each record, the keys that other records of the person have."""
    keys = (
        "SELECT n, hash('person', person_id) AS key FROM record WHERE person_id <> '' "
        "UNION ALL SELECT n, hash('mobile', names, m_mobile) FROM record "
        "JOIN name_key USING (n) JOIN reading USING (n) "
        "WHERE m_mobile <> '' AND given_name || family_name <> '' "
        "UNION ALL SELECT n, hash('repeated', key) FROM person_key JOIN repeated USING (key)"
    )
    database.execute(
        f"CREATE TABLE person_of AS WITH keyed AS ({keys}) SELECT DISTINCT n, key FROM keyed "
        "WHERE key IN (SELECT key FROM keyed GROUP BY key HAVING count(*) > 1)"
    )


def spread(database: "DuckDBPyConnection", table: str) -> None:
    """Add to a table of `n` every record of the same people, from key to key."""
    added = -1
    while added:
        [(added,)] = database.execute(
            f"INSERT INTO {table} SELECT DISTINCT other.n FROM {table} "
            f"JOIN person_of AS mine ON mine.n = {table}.n "
            "JOIN person_of AS other ON other.key = mine.key "
            f"WHERE other.n NOT IN (SELECT n FROM {table})"
        ).fetchall()


def find_safe_in_one(database: "DuckDBPyConnection") -> None:
    """Add to `finding` the records that say safe, of people of whom another says not safe."""
    database.execute("CREATE TABLE unsafe_person AS SELECT n FROM record WHERE safe = 'no'")
    spread(database, "unsafe_person")
    database.execute(
        "INSERT INTO finding SELECT n, 'safe_to_contact', 'safe_in_one_record', '', '' "
        "FROM record JOIN unsafe_person USING (n) WHERE safe = 'yes' AND NOT is_suspect"
    )
