"""Reads every distinct name of an extract: tables `given_reading` and `family_reading`.

A name is judged once, however many people bear it.
"""

from functools import cache
from typing import TYPE_CHECKING

from simulator.contact_data.contact_readings import insert, insert_made, made_of
from simulator.contact_data.database import scalar
from simulator.contact_data.known_names import known_names
from simulator.contact_data.name_rules import MADE_UP, NameBook, is_made_up
from simulator.contact_data.short_names import other_forms

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

_PIECE = 50_000
#: A name on a list counts as if so many people of the extract had it.
_LISTED = 20
#: Where so large a share of names is in one case, that is how the system keeps them.
_ONE_CASE = 0.2


def read_names(database: "DuckDBPyConnection") -> None:
    """Make `given_reading` and `family_reading`: for each name its fault, proposal and counts."""
    in_one_case = scalar(
        database,
        "SELECT count(*) FROM record WHERE length(family_name) > 2 "
        "AND (family_name = upper(family_name) OR family_name = lower(family_name))",
    )
    named = scalar(database, "SELECT count(*) FROM record WHERE length(family_name) > 2")
    keeps_case = in_one_case <= _ONE_CASE * named
    books = {}
    for field in ("given", "family"):
        counted = database.execute(
            f"SELECT {field}_name, count(*) FROM record WHERE {field}_name <> '' GROUP BY 1"
        ).fetchall()
        counts = {str(name): int(count) for name, count in counted}
        books[field] = NameBook(counts, keeps_case=keeps_case)
        table = f"{field}_reading"
        database.execute(f"CREATE TABLE {table} (written VARCHAR, kind VARCHAR, proposal VARCHAR)")
        names = list(counts)
        for first in range(0, len(names), _PIECE):
            piece = ((each, books[field].read(each)) for each in names[first : first + _PIECE])
            insert(
                database,
                table,
                ((each, found.kind, found.proposal) for each, found in piece if found.kind),
            )
    _count_names(database)
    database.execute("CREATE TABLE other_form (one VARCHAR, other VARCHAR)")
    insert(database, "other_form", other_forms())
    _read_whole_names(database, books["given"], books["family"])


def _count_names(database: "DuckDBPyConnection") -> None:
    """Make `name_count`: how often each name is a given name, and how often a family name."""
    database.execute("CREATE TABLE listed_name (name VARCHAR, field VARCHAR)")
    insert_made(database, "listed_name", _listed_names())
    database.execute(
        "CREATE TABLE name_count AS SELECT name, sum(given)::BIGINT AS as_given, "
        "sum(family)::BIGINT AS as_family FROM ("
        "SELECT lower(given_name) AS name, 1 AS given, 0 AS family FROM record UNION ALL "
        "SELECT lower(family_name), 0, 1 FROM record UNION ALL "
        f"SELECT name, CASE WHEN field = 'given' THEN {_LISTED} ELSE 0 END, "
        f"CASE WHEN field = 'family' THEN {_LISTED} ELSE 0 END FROM listed_name) "
        "WHERE name <> '' GROUP BY 1"
    )


@cache
def _listed_names() -> "pa.Table":
    """Make the forty thousand names of the lists ready, once: each is given, or a family's."""
    known = known_names()
    given, family = sorted(known.given), sorted(known.family)
    fields = ["given"] * len(given) + ["family"] * len(family)
    return made_of([given + family, fields])


def _read_whole_names(database: "DuckDBPyConnection", given: NameBook, family: NameBook) -> None:
    """Make `whole_reading`: whole names that are made up, and two names in one word."""
    database.execute("CREATE TABLE whole_reading (given VARCHAR, family VARCHAR, kind VARCHAR)")
    # Only a name that several made-up names begin or end with can be one of them.
    rows = database.execute(
        "SELECT DISTINCT given_name, family_name FROM record WHERE family_name = '' OR lower("
        "given_name) IN (SELECT unnest(?)) OR given_name = ''",
        [_first_words()],
    ).fetchall()
    found = []
    for one, other in rows:
        alone = one or other
        if (one and other and is_made_up(one, other)) or (
            bool(one) != bool(other) and is_made_up(alone, "")
        ):
            found.append((one, other, "made_up_name"))
        elif bool(one) != bool(other) and (" " in alone or given.splits(alone, family)):
            found.append((one, other, "whole_name_in_one"))
    insert(database, "whole_reading", found)


def _first_words() -> list[str]:
    words = {each.partition(" ")[0] for each in MADE_UP}
    return sorted(words | {"a n", "a.n.", "a. n.", "a n.", "a"})
