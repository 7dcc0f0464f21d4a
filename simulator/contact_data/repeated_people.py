"""What only shows between rows: persons recorded twice, one number of two, crimes without a victim.

Exact keys alone are compared here, in seconds. `--linkage` compares records that are merely alike.
"""

from typing import TYPE_CHECKING

from simulator.contact_data.columns import ColumnMap

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: So many different persons with one key are no duplicates: the key says nothing.
_SAME_KEY_MAX = 4
#: Both names, with one pattern for the two: to prepare it takes longer than to use it.
_NAMES = (
    "list_transform([given_name, family_name], lambda each: "
    "strip_accents(lower(regexp_replace(each, '[^\\pL]', '', 'g'))))"
)


def find_repeated(database: "DuckDBPyConnection", columns: ColumnMap) -> None:
    """Add to `finding` the second records of persons, by name and one more thing that agrees."""
    _read_names(database)
    who = "person_id" if columns.has("person_id") else "n::VARCHAR"
    keys = [
        f"SELECT n, {who} AS who, hash(names, {more}) AS key, family FROM record "
        "JOIN name_key USING (n) "
        f"JOIN reading USING (n) WHERE NOT is_suspect AND length(given_name) > 1 "
        f"AND length(family_name) > 1 AND {there}"
        for more, there in (
            ("born", "born IS NOT NULL"),
            ("m_mobile", "m_mobile <> ''"),
            ("e_email", "e_email <> ''"),
        )
    ]
    # A wrong name hides nobody: twins who share a phone seldom share an initial.
    keys += [
        f"SELECT n, {who} AS who, hash(born, {address}, lower(left(given_name, 1))) AS key, "
        "family FROM record JOIN name_key USING (n) JOIN reading USING (n) "
        f"WHERE NOT is_suspect AND born IS NOT NULL AND {address} <> '' AND given_name <> ''"
        for address in ("m_mobile", "e_email")
    ]
    database.execute(f"CREATE TABLE person_key AS {' UNION ALL '.join(keys)}")
    database.execute(
        "CREATE TABLE repeated AS SELECT key, min(who) AS first_who, min(family) <> max(family) AS "
        "differ FROM person_key GROUP BY key "
        f"HAVING count(DISTINCT who) BETWEEN 2 AND {_SAME_KEY_MAX}"
    )
    database.execute(
        "INSERT INTO finding SELECT n, 'person_id', 'person_twice', '', "
        # A name by marriage is another; which is right only they know.
        "'the same person as ' || min(first_who) || CASE WHEN bool_or(differ) "
        "THEN ', with another last name' ELSE '' END FROM person_key JOIN repeated USING (key) "
        "WHERE who <> first_who GROUP BY n"
    )


def _read_names(database: "DuckDBPyConnection") -> None:
    """Make `name_key`: for each record both names as one number, and the family name as another.

    Names count in either order, so that a swap does not hide a person.
    """
    database.execute(
        "CREATE TABLE name_key AS SELECT n, "
        "hash(list_aggregate(list_sort(names), 'string_agg', ' ')) AS names, "
        f"hash(names[2]) AS family FROM (SELECT n, {_NAMES} AS names FROM record)"
    )


def find_numbers_of_two(database: "DuckDBPyConnection", columns: ColumnMap) -> None:
    """Add to `finding` the mobile that two people of a crime or a household have.

    Couples share a phone too, so that it is a question. Names and dates of birth differ, or it may
    be one person recorded twice.
    """
    if not columns.has("given_name"):
        return
    together = " UNION ALL ".join(
        f"SELECT n, hash('{each}', {each}, m_mobile) AS key, lower(given_name) AS given, born "
        "FROM record JOIN reading USING (n) JOIN reach USING (n) WHERE NOT is_suspect "
        f"AND {each} <> '' AND m_mobile <> '' AND m_why = '' AND given_name <> ''"
        for each in ("occurrence_id", "household_id")
    )
    database.execute(
        f"INSERT INTO finding WITH together AS ({together}) "
        "SELECT n, 'mobile', 'number_of_two', '', max(people) || ' people have it' FROM together "
        "JOIN (SELECT key, count(DISTINCT given) AS people FROM together GROUP BY key "
        "HAVING people > 1 AND count(DISTINCT born) <> 1) USING (key) GROUP BY n"
    )


def find_crimes_without_victim(database: "DuckDBPyConnection", columns: ColumnMap) -> None:
    """Add to `finding` everybody linked to a crime that has no victim: one of them may be it."""
    if not (columns.has("role") and columns.has("occurrence_id")):
        return
    database.execute(
        "INSERT INTO finding SELECT n, 'role', 'role_wrong', 'victim', '' FROM record "
        "WHERE occurrence_id <> '' AND NOT is_victim AND role <> '' "
        "AND occurrence_id NOT IN (SELECT occurrence_id FROM record WHERE is_victim)"
    )
