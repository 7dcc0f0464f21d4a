"""What the force's words mean: who is a victim, which crimes are open, and who may be told.

A word that the map does not know is never taken for good news: its crime counts as open, its person
as a victim, and the victim as eligible. It is counted, so that somebody says what it means; until
then there is no verdict.
"""

from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.contact_data.columns import ColumnMap, Words
from simulator.contact_data.database import listed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: So many different words are shown of a field: a column that is none would have thousands.
_SHOWN = 40
_LONGEST = 60
#: Where in the map a word of each field belongs.
PLACES = {
    "status": "words.open or words.closed",
    "role": "words.victim or words.not_victim",
    "eligible": "words.yes or words.no",
}
_COUNTS_AS = {"status": "open", "role": "victim", "eligible": "eligible"}


class UnknownWord(Struct, frozen=True, kw_only=True):
    """A word in neither list of the map, how many records have it, and what it counts as."""

    field: str
    word: str
    records: int
    counts_as: str


def sql_is_victim(columns: ColumnMap) -> str:
    """Return SQL that says whether a row is of a victim; `loose` rows are linked to nothing."""
    if not columns.has("role"):
        return "true"
    words = columns.words
    unknown = f"lower(role) NOT IN {_lower(words.victim + _no_victims(words))}"
    return f"(lower(role) IN {_lower(words.victim)} OR {unknown} AND loose = '')"


def sql_is_suspect(columns: ColumnMap) -> str:
    """Return SQL that says whether a row is of a suspect."""
    return f"lower(role) IN {_lower(columns.words.suspect)}"


def sql_is_open(columns: ColumnMap) -> str:
    """Return SQL that says whether the crime of a row is open, or may be."""
    if columns.has("status"):
        words = columns.words
        unknown = f"lower(status) NOT IN {_lower(words.open + words.closed)}"
        return f"(lower(status) IN {_lower(words.open)} OR {unknown} AND loose <> 'person')"
    return "closed_on = ''" if columns.has("closed_on") else "true"


def sql_is_eligible(columns: ColumnMap) -> str:
    """Return SQL that says whether the portal may tell the victim of a row, or might."""
    words = columns.words
    if columns.has("eligible"):
        unknown = f"lower(eligible) NOT IN {_lower(words.yes + words.no)}"
        return f"(lower(eligible) IN {_lower(words.yes)} OR {unknown} AND loose <> 'person')"
    if words.eligible_offences:
        return f"lower(offence) IN {_lower(words.eligible_offences)}"
    return "true"


def unknown_words(database: "DuckDBPyConnection", columns: ColumnMap) -> tuple[UnknownWord, ...]:
    """Count the words of `record` that the map does not know, the most frequent first."""
    words = columns.words
    unknown = {
        "status": f"is_open AND lower(status) NOT IN {_lower(words.open)}",
        "role": f"is_victim AND lower(role) NOT IN {_lower(words.victim)}",
        "eligible": f"is_open_eligible AND lower(eligible) NOT IN {_lower(words.yes)}",
    }
    return tuple(
        UnknownWord(
            field=field,
            word=str(word)[:_LONGEST] or "(blank)",
            records=int(records),
            counts_as=_COUNTS_AS[field],
        )
        for field, where in unknown.items()
        if columns.has(field)
        for word, records in database.execute(
            f"SELECT CASE WHEN place > {_SHOWN} THEN '(others)' ELSE word END, sum(records) "
            f"FROM (SELECT lower({field}) AS word, count(*) AS records, "
            "row_number() OVER (ORDER BY count(*) DESC, 1) AS place "
            f"FROM record WHERE {where} GROUP BY 1) GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
    )


def unknown_in_words(found: tuple[UnknownWord, ...], *, shown: int = 6) -> list[str]:
    """Name the unknown words of each field in a sentence, and where each belongs."""
    told = []
    for field, place in PLACES.items():
        some = [each for each in found if each.field == field]
        if not some:
            continue
        named = ", ".join(f"“{each.word}” ({each.records:,})" for each in some[:shown])
        more = f" and {len(some) - shown:,} more" if len(some) > shown else ""
        told.append(
            f"The map does not know {field}: {named}{more}. They count as {some[0].counts_as}. "
            f"Add each to {place}."
        )
    return told


def _no_victims(words: Words) -> tuple[str, ...]:
    return words.not_victim + words.suspect


def _lower(words: tuple[str, ...]) -> str:
    return listed(tuple(each.strip().lower() for each in words))
