"""Reads what notes say of contact, in SQL: whether they warn, and whether any word is not known.

What warns is looked for first. A note that does not warn is
understood if each of its words is on the list of those that say nothing against contact; another
waits for somebody to read it.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator.contact_data.columns import Words
from simulator.contact_data.database import literal
from simulator.contact_data.note_words import Family, note_words

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: The kind of a note that has a word which no list explains.
TO_READ = "note_to_read"
LETTER = r"\pL"
_ADDRESS = "[^ ]*@[^ ]*"
_SIGNS = r"[^\pL\pN]+"
DAY = r"(?:[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2})\b"
#: An entry begins with a day, often with a time and a collar number.
HEAD = (
    rf"(?:(?:^|\n)[ \[(]*(?:{DAY}|[0-9]{{1,2}}[/.-][0-9]{{1,2}}\b)|[.;|] *{DAY})"
    r"(?:[ ,;:@-]*[0-9]{1,2}[:.]?[0-9]{2}(?: ?hrs)?\b)?"
    r"(?:[ ,;:-]*[A-Z]{0,2}[0-9]{3,5}\b)?[\])]?[ ,;:-]*"
)
#: A rank keeps its place in the sentence; the number and the name behind it say nothing.
_COLLAR = (
    r"\b((?i:pc|dc|ps|ds|di|sgt|insp|pcso|wpc|tdc)\b)[. ]*(?:[A-Z]{0,2}[0-9]{2,5}\b)? ?"
    r"(?:[A-Z][a-z]+(?:['-][A-Z][a-z]+)?\b)?"
)
_CLAUSE_ENDS = r"[.;,:!\n]+|\s-+\s"
_WITHOUT_NAME = "lambda said, name: replace(said, ' ' || name || ' ', '  ')"


def sql_words(text: str) -> str:
    """Write a text as the lists have it: small letters and digits, one blank between words."""
    plain = f"regexp_replace(lower({text}), '[''’‘`´]', '', 'g')"
    without = f"regexp_replace({plain}, {literal(_ADDRESS)}, ' ', 'g')"
    return f"trim(regexp_replace({without}, {literal(_SIGNS)}, ' ', 'g'))"


def sql_said(text: str) -> str:
    """Write a text as the functions below read it: its words, without what is said of the past.

    Give it a column of its own in an inner SELECT: a query prepares a pattern as often as it is
    written there, which for letters of every alphabet takes longer than to read a small extract.
    """
    return _without(sql_words(text), note_words().any_of(note_words().said_of_the_past))


def sql_warns(said: str) -> str:
    """Return SQL that says whether what is said in any field warns."""
    known = note_words()
    return _has(said, known.warnings_of(known.of_every_field))


def sql_warning(said: str) -> str:
    """Return SQL for the kind of warning in what is said in any field, NULL for none."""
    return f"CASE {_cases(said, note_words().of_every_field)} END"


def sql_kind(said: str) -> str:
    """Return SQL for the kind of warning in what is read as a note, NULL for none."""
    return f"CASE {_cases(said, note_words().family)} END"


def sql_allows(text: str) -> str:
    """Return SQL that says whether a heading asks if contact is allowed: a no beside it warns."""
    return _has(sql_words(text), note_words().any_of(note_words().allowing_headings))


def read_noted(
    database: "DuckDBPyConnection", table: str, words: Words, *, names: Sequence[str] = ()
) -> None:
    """Make `noted`, the entries of each note, `entry_reading`, and `note_reading` with its kind.

    `names` is SQL for the names of the victim, which say nothing in their own record. An entry is
    without its day and collar number, so that what many notes say is read once.
    """
    entries = f"string_split(regexp_replace(notes, {literal(HEAD)}, chr(30), 'g'), chr(30))"
    called = [
        f"CASE WHEN contains(lower(entry), lower({name})) THEN lower({name}) ELSE '' END"
        for name in names
    ]
    database.execute(
        f"CREATE TABLE noted AS SELECT n, entry, [{', '.join(called)}]::VARCHAR[] AS names FROM "
        f"(SELECT * REPLACE (trim(entry) AS entry) FROM (SELECT *, unnest({entries}) AS entry "
        f"FROM {table} WHERE notes <> '')) WHERE entry <> ''"
    )
    of_ranks = f"regexp_replace(entry, {literal(_COLLAR)}, '\\1 ', 'g')"
    clauses = f"regexp_split_to_array({of_ranks}, {literal(_CLAUSE_ENDS)})"
    database.execute(
        f"CREATE TABLE entry_reading AS SELECT entry, names, {_sql_kind(words)} AS kind, "
        "regexp_replace(array_to_string(clauses, ' '), '[0-9]+', '0', 'g') AS read_as FROM "
        f"(SELECT entry, names, {sql_said('entry')} AS said, "
        f"list_transform({clauses}, lambda part: {sql_said('part')}) AS clauses "
        "FROM (SELECT DISTINCT entry, names FROM noted))"
    )
    order = list(dict.fromkeys((*(family.kind for family in note_words().family), TO_READ)))
    database.execute(
        f"CREATE TABLE note_reading AS SELECT n, arg_min(kind, list_position({order}, kind)) "
        "AS kind FROM noted JOIN entry_reading USING (entry, names) WHERE kind IS NOT NULL "
        "GROUP BY n"
    )


def _sql_kind(words: Words) -> str:
    """Return SQL for what an entry is, by its words `said` and its `clauses`: a kind, or NULL."""
    known = note_words()
    unsafe = _phrases(words.unsafe_notes)
    own = f"WHEN {_has('said', known.any_of(unsafe))} THEN 'not_safe_in_notes' " if unsafe else ""
    phrases = known.any_of((*_phrases(words.harmless_notes), *known.harmless_phrases))

    def is_unread(text: str) -> str:
        called = f"list_reduce(list_prepend(' ' || {text} || ' ', names), {_WITHOUT_NAME})"
        rest = _without(_without(called, phrases), "[0-9]+")
        return (
            f"({_has(rest, known.any_of(known.doubtful))} "
            f"OR {_has(_without(rest, known.any_of(tuple(known.harmless.split()))), LETTER)})"
        )

    crime = "|".join(known.of_the_crime.split())
    nothing_of_it = rf"\b(?:no|nil|not|never|nothing|without|any) (?:further |more )?(?:{crime})\b"
    rest = _without(_without("clause", nothing_of_it), known.any_of(known.harmless_phrases))
    rest = _without(_without(rest, rf"\b(?:{crime})\b"), r"\b\pL{0,2}[0-9]+\pL?\b")
    left = _without(rest, known.any_of(tuple(known.harmless.split())))
    is_of_crime = (
        f"NOT {_has('clause', known.any_of(known.of_contact))} AND NOT {_has(left, LETTER)}"
    )
    return (
        f"CASE {own}{_cases('said', known.family)} WHEN {is_unread('said')} AND "
        f"len(list_filter(clauses, lambda clause: NOT ({is_of_crime}) AND {is_unread('clause')})) "
        f"> 0 THEN {literal(TO_READ)} END"
    )


def _cases(said: str, families: tuple[Family, ...]) -> str:
    return " ".join(
        f"WHEN {_has(said, note_words().any_of(each.patterns))} THEN {literal(each.kind)}"
        for each in families
    )


def _has(said: str, pattern: str) -> str:
    return f"regexp_matches({said}, {literal(pattern)})"


def _without(said: str, pattern: str) -> str:
    return f"regexp_replace({said}, {literal(pattern)}, ' ', 'g')"


def _phrases(written: tuple[str, ...]) -> tuple[str, ...]:
    """Write a force's own phrases as notes are read: no sign of theirs is a pattern."""
    plain = (re.sub(r"[\W_]+", " ", re.sub("['’]", "", each.casefold())) for each in written)
    return tuple(each.strip() for each in plain if each.strip())
