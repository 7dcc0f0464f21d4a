"""Who can be told, safely and how: table `told`, a row for each victim's record.

What holds one record of a person back holds each: somebody who is not safe in one crime is not safe
in another. A number in another field, or with a doubt about whose it is, is not used until it is
confirmed.
"""

from typing import TYPE_CHECKING

from simulator.contact_data import same_person
from simulator.contact_data.columns import ColumnMap
from simulator.contact_data.database import listed, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: What notes say that holds a record back, whatever is marked; the worst first.
_WHY_WARNED = {
    "not_safe_in_notes": "the notes say not to contact",
    "dead_in_notes": "the notes say that the victim has died",
    "not_theirs_in_notes": "the notes say that it is somebody else's",
    "flag_warns": "a column that the map does not name says not to contact",
    "safe_when_set": "contact is safe only at certain times",
    "other_in_notes": "the notes have another number or address than the record",
    "by_another_in_notes": "the notes say to contact only through somebody else",
    "terms_in_notes": "the notes set terms that a message would not keep",
    "nobodys_name": "the name was typed to fill the field: nobody knows who it is",
    "made_up_name": "the name is made up: nobody knows who it is",
}
_WHY_HELD = {
    **_WHY_WARNED,
    "note_to_read": "nobody has read the notes, and no rule understood them",
}
#: A mailbox at odds with its owner's name may be somebody else's.
_AT_ODDS = ("email_spells_otherwise", "email_of_other_names")


def find_who_is_told(database: "DuckDBPyConnection", columns: ColumnMap) -> None:
    """Make `told`: is_safe, by_text, by_email, reached, and why not, for each record."""
    means_safe = ("yes", "") if columns.limits.blank_safe_to_contact == "safe" else ("yes",)
    # Without the column every record is blank.
    is_safe = f"safe IN {listed(means_safe)}"
    held = _WHY_HELD if columns.limits.unread_notes == "hold" else _WHY_WARNED
    why_held = " ".join(f"WHEN {literal(kind)} THEN {literal(why)}" for kind, why in held.items())
    _find_held(database, tuple(held))
    # Of several doubts about a record, the first of the list says why.
    doubts = (
        f"SELECT n, arg_min(kind, list_position({list(held)}, kind)) AS kind FROM finding "
        f"WHERE kind IN {listed(tuple(held))} GROUP BY n"
    )
    database.execute(
        "CREATE TABLE told AS SELECT n, is_safe, by_text, by_email, "
        "is_safe AND (by_text OR by_email) AS reached, "
        "CASE WHEN NOT is_safe AND safe = 'no' THEN 'contact is not safe' "
        f"WHEN NOT is_safe AND doubt IS NOT NULL THEN CASE doubt {why_held} END "
        "WHEN NOT is_safe AND is_held THEN 'another record of the same person holds contact back' "
        "WHEN NOT is_safe THEN 'nobody recorded that contact is safe' "
        "WHEN NOT (by_text OR by_email) AND (m_why <> '' OR e_why <> '' OR at_odds) "
        "THEN 'it may be somebody else''s' "
        "WHEN NOT (by_text OR by_email) AND (m_mobile <> '' OR e_email <> '') "
        "THEN 'contact is safe only by another channel' "
        "WHEN NOT (by_text OR by_email) THEN 'no usable mobile or email' ELSE '' END AS why_not "
        "FROM (SELECT record.n, safe, doubt.kind AS doubt, m_why, e_why, m_mobile, e_email, "
        f"held.n IS NOT NULL AS is_held, {is_safe} AND doubt.n IS NULL AND held.n IS NULL "
        "AS is_safe, "
        "m_mobile <> '' AND m_why = '' AND channel.by_text AS by_text, "
        "e_email <> '' AND e_why = '' AND coalesce(domain.kind, '') = '' AND channel.by_email "
        "AND mailbox.n IS NULL AS by_email, mailbox.n IS NOT NULL AS at_odds "
        "FROM record JOIN reading USING (n) JOIN reach USING (n) "
        "JOIN channel_reading AS channel ON channel.written = record.safe_how "
        "LEFT JOIN domain_reading AS domain ON domain.domain = split_part(e_email, '@', 2) "
        "LEFT JOIN held ON held.n = record.n "
        f"LEFT JOIN (SELECT DISTINCT n FROM finding WHERE kind IN {listed(_AT_ODDS)}) AS mailbox "
        "ON mailbox.n = record.n "
        f"LEFT JOIN ({doubts}) AS doubt ON doubt.n = record.n WHERE record.is_victim)"
    )


def _find_held(database: "DuckDBPyConnection", kinds: tuple[str, ...]) -> None:
    """Make `held`: the records of every person of whom one record is not safe, or is held back."""
    database.execute(
        "CREATE TABLE held AS SELECT n FROM record WHERE safe = 'no' UNION "
        f"SELECT n FROM finding WHERE kind IN {listed(kinds)}"
    )
    same_person.spread(database, "held")
