"""Reads what notes say of contact, in SQL: whether they warn, and whether any word is not known.

What warns is looked for first. A note that does not warn is
understood if each of its words is on the list of those that say nothing against contact; another
waits for somebody to read it.
"""

import re
from collections.abc import Sequence

from simulator.contact_data.columns import Words
from simulator.contact_data.database import literal
from simulator.contact_data.note_words import Family, note_words

#: The kind of a note that has a word which no list explains.
TO_READ = "note_to_read"
LETTER = r"\pL"
_ADDRESS = "[^ ]*@[^ ]*"
_SIGNS = r"[^\pL\pN]+"


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


def sql_note(said: str, words: Words, *, names: Sequence[str] = ()) -> str:
    """Return SQL for what a note says: a kind of warning, `note_to_read`, or NULL.

    `names` is SQL for the names of the victim, which say nothing in their own record.
    """
    known = note_words()
    unsafe = _phrases(words.unsafe_notes)
    own = f"WHEN {_has(said, known.any_of(unsafe))} THEN 'not_safe_in_notes' " if unsafe else ""
    phrases = known.any_of((*_phrases(words.harmless_notes), *known.harmless_phrases))
    rest = _without(_without(said, phrases), "[0-9]+")
    called = f"' ' || {rest} || ' '"
    for each in names:
        called = f"replace({called}, ' ' || lower({each}) || ' ', '  ')"
    left = _without(called, known.any_of(tuple(known.harmless.split())))
    return (
        f"CASE {own}{_cases(said, known.family)} WHEN {_has(rest, known.any_of(known.doubtful))} "
        f"OR {_has(left, LETTER)} THEN {literal(TO_READ)} END"
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
