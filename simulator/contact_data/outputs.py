"""Writes the files of a check: worklist, who can be told, the mended proposal, and the numbers.

They hold personal data, so each is readable by its owner alone. The report holds none.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from simulator.contact_data.columns import ColumnMap
from simulator.contact_data.database import in_groups, listed, literal, safe_cell
from simulator.contact_data.kinds import CERTAIN
from simulator.contact_data.note_meanings import TO_READ
from simulator.contact_data.number_tables import as_csv, tables_of
from simulator.contact_data.readiness import Readiness

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: A crime, the name of its victim, and what is wrong: personal data.
WorstRecord: TypeAlias = tuple[str, str, str]
#: The text of the field that a finding is about.
_WRITTEN = (
    "CASE finding.field WHEN 'mobile' THEN mobile WHEN 'landline' THEN landline "
    "WHEN 'email' THEN email WHEN 'notes' THEN notes WHEN 'given_name' THEN given_name "
    "WHEN 'family_name' THEN family_name WHEN 'name' THEN given_name || ' ' || family_name "
    "WHEN 'date_of_birth' THEN date_of_birth WHEN 'role' THEN role "
    "WHEN 'phone_type' THEN phone_unconfirmed WHEN 'safe_when' THEN safe_when "
    "WHEN 'flag' THEN flagged WHEN 'safe_to_contact' THEN safe_to_contact "
    "WHEN 'safe_how' THEN safe_how "
    "WHEN 'recorded_on' THEN recorded_on WHEN 'person_id' THEN person_id ELSE '' END"
)


@contextmanager
def for_owner_alone() -> Iterator[None]:
    """Let what is created inside be read and written by its owner alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _cells(*fields: str) -> str:
    """Return SQL for fields of `record`, of which a spreadsheet runs nothing."""
    return ", ".join(f"{safe_cell(f'record.{each}')} AS {each}" for each in fields)


def write_worklist(database: "DuckDBPyConnection", path: Path) -> None:
    """Write what to correct at the source: by station and supervisor, the worst record first."""
    _copy(
        database,
        path,
        f"SELECT {_cells('station', 'supervisor', 'occurrence_id', 'person_id')}, "
        f"{_cells('given_name', 'family_name')}, "
        "CASE WHEN is_open_eligible THEN 'yes' ELSE 'no' END AS open_and_eligible, finding.field, "
        f"kind.what AS what_is_wrong, {safe_cell(_WRITTEN)} AS written, "
        f"{safe_cell(in_groups('proposal'))} AS may_be, kind.to_do AS what_to_do, detail, "
        "CASE WHEN is_question THEN 'question' ELSE 'fault' END AS fault_or_question, "
        "CASE WHEN tells_another THEN 'yes' ELSE 'no' END AS would_tell_another, "
        f"{_cells('officer', 'recorded_by_role', 'entry_route', 'recorded_on')}, kind.score, "
        "record_score, "
        "record.n AS row "
        "FROM finding JOIN kind USING (kind) JOIN record USING (n) JOIN (SELECT n, "
        "sum(score * CASE WHEN is_open_eligible THEN 2 ELSE 1 END) AS record_score FROM finding "
        "JOIN kind USING (kind) JOIN record USING (n) GROUP BY n) USING (n)",
        order="station, supervisor, record_score DESC, row, score DESC, field",
    )


def write_who_can_be_told(database: "DuckDBPyConnection", path: Path) -> None:
    """Write for each victim whether contact is safe, by which channel, and why not."""
    _copy(
        database,
        path,
        f"SELECT {_cells('occurrence_id', 'person_id', 'station')}, "
        "CASE WHEN reached THEN 'yes' ELSE 'no' END AS can_be_told, "
        "CASE WHEN is_safe THEN 'yes' ELSE 'no' END AS is_safe, "
        "CASE WHEN reached AND by_text THEN m_mobile ELSE '' END AS by_text, "
        f"CASE WHEN reached AND by_email THEN {safe_cell('e_email')} ELSE '' END AS by_email, "
        "why_not, "
        "coalesce(looks, '') AS a_person_must_look_at, "
        "coalesce(anothers, '') AS not_used_as_it_may_be_somebody_elses, record.n AS row "
        "FROM record JOIN told USING (n) JOIN reading USING (n) LEFT JOIN (SELECT n, "
        "string_agg(DISTINCT what, '; ' ORDER BY what) AS looks, "
        "string_agg(DISTINCT CASE WHEN tells_another THEN field END, '; ' ORDER BY CASE WHEN "
        "tells_another THEN field END) AS anothers "
        "FROM finding JOIN kind USING (kind) GROUP BY n) USING (n)",
        order="row",
    )


def write_notes_to_read(database: "DuckDBPyConnection", path: Path) -> None:
    """Write each different entry that must be read once, the most frequent first."""
    _copy(
        database,
        path,
        f"SELECT count(DISTINCT n) AS records, min({safe_cell('entry')}) AS note FROM "
        f"(SELECT DISTINCT n FROM finding WHERE kind = {literal(TO_READ)}) JOIN noted USING (n) "
        f"JOIN entry_reading USING (entry, names) WHERE kind = {literal(TO_READ)} "
        "GROUP BY trim(read_as)",
        order="records DESC, note",
    )


def write_mended(database: "DuckDBPyConnection", path: Path, columns: ColumnMap) -> None:
    """Write the extract as it may be once mended: certain repairs made, the others beside it.

    It is a proposal. Nothing from another field or person is in a field until somebody confirms it.
    """
    certain = listed(CERTAIN)
    mended = ("given_name", "family_name", "mobile", "landline", "email")
    fixed = {each: safe_cell(f"coalesce(fixed['{each}'], {each})") for each in mended}
    values = ", ".join(f"{value} AS {each}" for each, value in fixed.items())
    rest = [
        each
        for each in ("role", "date_of_birth", "safe_to_contact", "safe_how", "station")
        if columns.has(each)
    ]
    _copy(
        database,
        path,
        f"SELECT record.n AS row, {_cells('occurrence_id', 'person_id', *rest)}, {values}, "
        "coalesce(changed, '') AS changed, coalesce(to_confirm, '') AS to_confirm FROM record "
        "LEFT JOIN (SELECT n, map_from_entries(list((field, proposal)) "
        f"FILTER (proposal <> '' AND kind IN {certain})) AS fixed, "
        f"string_agg(field, ' ' ORDER BY field) FILTER (proposal <> '' AND kind IN {certain}) "
        "AS changed, string_agg(field || ': ' || proposal, '; ' ORDER BY field) "
        f"FILTER (proposal <> '' AND kind NOT IN {certain}) AS to_confirm "
        "FROM (SELECT DISTINCT ON (n, field) n, field, kind, proposal FROM finding "
        "ORDER BY n, field, proposal = '', kind) GROUP BY n) AS mend USING (n)",
        order="row",
    )


def write_numbers(folder: Path, result: Readiness) -> list[Path]:
    """Write every table of the report as a CSV file; return their paths."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for each in folder.glob("*.csv"):
        each.unlink()
    written = []
    for file, rows in tables_of(result).items():
        path = folder / file
        path.write_text(as_csv(rows), encoding="utf-8", newline="")
        written.append(path)
    return written


def worst_records(
    database: "DuckDBPyConnection", *, each_max: int = 10
) -> dict[str, list[WorstRecord]]:
    """Give each station's worst records: the crime, the name, and what is wrong."""
    rows = database.execute(
        "SELECT station, occurrence_id, given_name || ' ' || family_name, what FROM (SELECT n, "
        "sum(score) AS score, string_agg(DISTINCT what, '; ' ORDER BY what) AS what FROM finding "
        "JOIN kind USING (kind) GROUP BY n) JOIN record USING (n) QUALIFY row_number() "
        f"OVER (PARTITION BY station ORDER BY score DESC, n) <= {each_max} "
        "ORDER BY station, score DESC, n"
    ).fetchall()
    found: dict[str, list[WorstRecord]] = {}
    for station, crime, name, what in rows:
        found.setdefault(str(station) or "(blank)", []).append((str(crime), str(name), str(what)))
    return found


def _copy(database: "DuckDBPyConnection", path: Path, query: str, *, order: str) -> None:
    path.unlink(missing_ok=True)
    database.execute(
        f"COPY ({query} ORDER BY {order}) TO {literal(str(path))} (FORMAT csv, HEADER true)"
    )
    path.chmod(0o600)
