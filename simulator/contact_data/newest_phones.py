"""Turns a table of phones, one a row, into each person's newest mobile and other number.

A number is the victim's only if its type is in the map's lists. "Ex mobile", "Mobile (do not use)"
and "OIC mobile" are other people's, or must not be rung: they wait for somebody to ask.
"""

from typing import TYPE_CHECKING

from simulator.contact_data.columns import ColumnMap, Words
from simulator.contact_data.database import listed
from simulator.contact_data.dates import sql_date
from simulator.contact_data.note_meanings import sql_words

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: What `t_phone` has after it.
PHONE_FIELDS = frozenset({"person_id", "mobile", "landline", "phone_unconfirmed", "recorded_on"})
_KIND_BY_NUMBER = (
    "CASE WHEN regexp_matches(phone_number, '^[^0-9]*(\\+?44|0044)?[^0-9]*0?7') "
    "THEN 'mobile' ELSE 'landline' END"
)
_IS = "kind = '{}'"
_SAME = "right(regexp_replace(phone_number, '[^0-9]', '', 'g'), 9)"


def keep_newest_phones(database: "DuckDBPyConnection", columns: ColumnMap) -> None:
    """Replace the view `t_phone` by one with a row for each person.

    A number that a person has with an unlisted type is not used with a listed one either.
    """
    table = next(each for each in columns.table if each.rows == "phone")
    has_types = "phone_type" in table.columns
    when = f"coalesce({sql_date('phone_on', columns)}, DATE '1900-01-01')"
    when = when if "phone_on" in table.columns else "DATE '1900-01-01'"
    kind = _kind_by_type(columns.words) if has_types else _KIND_BY_NUMBER
    typed = "CASE WHEN phone_type = '' THEN 'no type' ELSE phone_type END" if has_types else "''"
    database.execute(
        "CREATE TABLE phone_row AS SELECT person_id, phone_number, "
        f"{when} AS since, CASE WHEN flagged = '' THEN {kind} ELSE '' END AS kind, "
        f"{typed} AS typed, {_SAME} AS same FROM t_phone"
    )
    database.execute(
        "CREATE TABLE phone_unlisted AS SELECT DISTINCT person_id, same FROM phone_row "
        "WHERE kind = '' AND same <> ''"
    )
    sure = "FILTER ({} AND unlisted.same IS NULL)"
    newest = "nullif(max(since) FILTER (kind <> ''), DATE '1900-01-01')"
    database.execute(
        "CREATE TABLE newest_phone AS SELECT phone_row.person_id, coalesce(arg_max(phone_number, "
        f"since) {sure.format(_IS.format('mobile'))}, '') AS mobile, coalesce(arg_max("
        f"phone_number, since) {sure.format(_IS.format('landline'))}, '') AS landline, "
        "coalesce(string_agg(DISTINCT typed, '; ' ORDER BY typed) FILTER "
        "(kind = '' AND phone_number <> ''), '') AS phone_unconfirmed, "
        f"coalesce({newest}::VARCHAR, '') AS recorded_on FROM phone_row "
        "LEFT JOIN phone_unlisted AS unlisted ON unlisted.person_id = phone_row.person_id "
        "AND unlisted.same = phone_row.same GROUP BY phone_row.person_id"
    )
    database.execute("DROP VIEW t_phone")
    database.execute("DROP TABLE phone_row")
    database.execute("DROP TABLE phone_unlisted")
    database.execute("CREATE VIEW t_phone AS SELECT * FROM newest_phone")


def _kind_by_type(words: Words) -> str:
    """Return SQL for the kind of number that a type names whole; "" for any other type."""
    typed = sql_words("phone_type")
    mobiles, others = (
        listed(tuple(map(str.lower, each)))
        for each in (words.mobile_types, words.other_phone_types)
    )
    return (
        f"CASE WHEN {typed} IN {mobiles} THEN 'mobile' "
        f"WHEN {typed} IN {others} THEN 'landline' ELSE '' END"
    )
