"""Reads by which channel contact is safe: table `channel_reading`, a row for each text of it.

A channel is allowed only if every word is known and one of them allows it. "Phone call" allows
neither a text nor an email; "text, not email" and "text after 6" allow nothing until somebody reads
them.
"""

from typing import TYPE_CHECKING

from simulator.contact_data.database import literal
from simulator.contact_data.note_meanings import sql_words

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TEXT = "texts?|texting|text messages?|sms"
_EMAIL = "e ?mails?|e ?mail address"
#: Each allows both, where no other word names a channel: "any phone call" allows neither.
_EVERY = "any|both|all|either"
_OTHERS = (
    "(?:tele)?phones?|(?:tele)?phone calls?|calls?|voice|voice calls?|landline|letters?|post|"
    "in person|face to face|visits?|home visits?"
)
#: These name no channel, and set no terms. A mobile takes calls and texts: alone it says neither.
_BESIDE = "and|or|by|via|only|mobile|mob|method|channel|means"
_WORDS = f"{_TEXT}|{_EMAIL}|{_EVERY}|{_OTHERS}|{_BESIDE}"
_NAMED = f"{_TEXT}|{_EMAIL}|{_EVERY}|{_OTHERS}"


def _has(words: str) -> str:
    pattern = rf"\b(?:{words})\b"
    return f"regexp_matches(said, {literal(pattern)})"


def read_channels(database: "DuckDBPyConnection") -> None:
    """Make `channel_reading`: by_text, by_email, and is_clear, for each text of `safe_how`.

    A blank text allows each channel, as nobody chose one.
    """
    every = f"({_has(_EVERY)} AND NOT {_has(f'{_TEXT}|{_EMAIL}|{_OTHERS}')})"
    whole = f"(?:{_WORDS})(?: (?:{_WORDS}))*"
    known = f"regexp_full_match(said, {literal(whole)})"
    database.execute(
        "CREATE TABLE channel_reading AS SELECT written, is_clear, "
        f"written = '' OR (is_clear AND ({every} OR {_has(_TEXT)})) AS by_text, "
        f"written = '' OR (is_clear AND ({every} OR {_has(_EMAIL)})) AS by_email "
        f"FROM (SELECT written, said, written = '' OR ({known} AND {_has(_NAMED)}) AS is_clear "
        f"FROM (SELECT DISTINCT safe_how AS written, {sql_words('safe_how')} AS said FROM record))"
    )
