"""Who can be told, safely and how: table `told`, a row for each victim's record.

A number in another field, or with a doubt about whose it is, is not used until it is confirmed.
"""

from typing import TYPE_CHECKING

from simulator.contact_data.columns import ColumnMap
from simulator.contact_data.findings import safe_by

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def find_who_is_told(database: "DuckDBPyConnection", columns: ColumnMap) -> None:
    """Make `told`: is_safe, by_text, by_email, reached, and why not, for each record."""
    if columns.has("safe_to_contact"):
        blank = columns.limits.blank_safe_to_contact == "safe"
        is_safe = f"(safe = 'yes'{' OR safe = ' + chr(39) * 2 if blank else ''})"
    else:
        is_safe = "true"
    doubts = "SELECT n FROM finding WHERE kind = 'not_safe_in_notes'"
    database.execute(
        "CREATE TABLE told AS SELECT n, is_safe, by_text, by_email, "
        "is_safe AND (by_text OR by_email) AS reached, "
        "CASE WHEN NOT is_safe AND safe = 'no' THEN 'contact is not safe' "
        "WHEN NOT is_safe THEN 'nobody recorded that contact is safe' "
        "WHEN NOT (by_text OR by_email) AND (m_why <> '' OR e_why <> '') "
        "THEN 'it may be somebody else''s' "
        "WHEN NOT (by_text OR by_email) AND (m_mobile <> '' OR e_email <> '') "
        "THEN 'contact is safe only by another channel' "
        "WHEN NOT (by_text OR by_email) THEN 'no usable mobile or email' ELSE '' END AS why_not "
        "FROM (SELECT record.n, safe, m_why, e_why, m_mobile, e_email, "
        f"{is_safe} AND doubt.n IS NULL AS is_safe, "
        f"m_mobile <> '' AND m_why = '' AND {safe_by('text')} AS by_text, "
        f"e_email <> '' AND e_why = '' AND coalesce(domain.kind, '') = '' AND {safe_by('email')} "
        "AS by_email FROM record JOIN reading USING (n) JOIN reach USING (n) "
        "LEFT JOIN domain_reading AS domain ON domain.domain = split_part(e_email, '@', 2) "
        f"LEFT JOIN ({doubts}) AS doubt ON doubt.n = record.n WHERE record.is_victim)"
    )
