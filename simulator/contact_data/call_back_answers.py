"""Reads a filled-in call-back list, finds each line in the extract, and misses none that was drawn.

A line counts only if its record is one that may be rung, at the station and entry route that the
list names, once. How many records are like it is counted in the extract, never read from the file.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from simulator.contact_data.call_backs import (
    LIKE_IT,
    RIGHT,
    UNKNOWN,
    WRONG,
    Answer,
    CallBacks,
    wrong_rates,
)
from simulator.contact_data.database import safe_text
from simulator.contact_data.drawn_lists import check_is_whole, key_of
from simulator.errors import BadInput
from simulator.legible import did_you_mean

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NEEDED = ("station", "entry_route", "occurrence_id", "person_id", "right_person", "drawn")
_REDRAW = "give the extract from which the list was drawn, or draw a new list"


class Line(Struct, frozen=True, kw_only=True):
    """One line of a filled-in list; `row` is 0 where the list does not say it."""

    number: int
    station: str
    route: str
    occurrence_id: str
    person_id: str
    row: int
    answer: str
    call: int
    drawn: str

    @property
    def key(self) -> tuple[str, ...]:
        """What the record is told by in the mark of the list."""
        return key_of(self.occurrence_id, self.person_id, self.row)

    @property
    def ids(self) -> tuple[str, str]:
        """The numbers of the crime and the person."""
        return self.occurrence_id, self.person_id

    @property
    def named(self) -> str:
        """Name the record as an error does."""
        if any(self.ids):
            return f"occurrence_id {self.occurrence_id!r:.60}, person_id {self.person_id!r:.60}"
        return f"row {self.row}"


class _Record(Struct, frozen=True):
    n: int
    station: str
    route: str
    may_be_rung: bool


def read_lines(path: Path) -> list[Line]:
    """Read a filled-in list; raises BadInput with the file, the line and the column."""
    try:
        with path.open(encoding=_encoding(path), newline="") as file:
            delimiter = _delimiter(file.readline())
            file.seek(0)
            rows = csv.DictReader(file, delimiter=delimiter)
            names = rows.fieldnames or []
            missing = [each for each in _NEEDED if each not in names]
            if missing:
                raise BadInput(
                    f"{path}: line 1: no column {missing[0]!r}; give the list that --audit-sample "
                    "wrote, filled in"
                )
            return list(_lines(path, rows))
    except (OSError, UnicodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or "not a CSV file in UTF-8"
        raise BadInput(f"{path}: {reason}; check the path") from None


def _encoding(path: Path) -> str:
    """Find how a list was saved: a spreadsheet's plain CSV is Windows-1252."""
    try:
        path.read_bytes().decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(heading: str) -> str:
    """Find what stands between the columns: a spreadsheet may have put another sign there."""
    return max(",;\t", key=heading.count)


def _lines(path: Path, rows: "csv.DictReader[str]") -> Iterator[Line]:
    for row in rows:
        texts = {name: (row.get(name) or "").strip() for name in (*_NEEDED, "row", "call")}
        if not any(texts.values()):
            # A spreadsheet writes rows of separators below its last.
            continue
        line = Line(
            number=rows.line_num,
            station=texts["station"],
            route=texts["entry_route"],
            occurrence_id=texts["occurrence_id"],
            person_id=texts["person_id"],
            row=_row(path, rows.line_num, texts["row"]),
            answer=_answer(path, rows.line_num, texts["right_person"]),
            call=int(texts["call"]) if texts["call"].isdecimal() else 0,
            drawn=texts["drawn"],
        )
        if not any(line.ids) and not line.row:
            raise BadInput(
                f"{path}: line {line.number}, column 'occurrence_id': it is blank, and so are "
                "person_id and row; leave them as --audit-sample wrote them"
            )
        yield line


def _row(path: Path, line: int, written: str) -> int:
    if written and not written.isdecimal():
        raise BadInput(
            f"{path}: line {line}, column 'row': it is {written!r:.60}; leave the number as "
            "--audit-sample wrote it"
        )
    return int(written or 0)


def _answer(path: Path, line: int, written: str) -> str:
    said = written.lower()
    said = {"y": RIGHT, "n": WRONG, "": UNKNOWN}.get(said, said)
    if said not in (RIGHT, WRONG, UNKNOWN):
        hint = did_you_mean(said, (RIGHT, WRONG, UNKNOWN))
        raise BadInput(
            f"{path}: line {line}, column 'right_person': it is {said!r:.60}; write yes, no or "
            f"no answer{hint}"
        )
    return said


def call_backs_of(database: "DuckDBPyConnection", path: Path, lines: Sequence[Line]) -> CallBacks:
    """Find each line in the extract, and work out the share of wrong people.

    Raises BadInput that names the first line of a record that is unknown, not to be rung, elsewhere
    or there twice, and the calls that were drawn and are not there.
    """
    records = _records(database, lines)
    answers, rung = [], dict[int, int]()
    for line in lines:
        found = _found(path, line, records)
        if found.n in rung:
            raise BadInput(
                f"{path}: line {line.number}: {line.named}: the same record is in line "
                f"{rung[found.n]}; remove one of the two"
            )
        rung[found.n] = line.number
        answers.append(Answer(found.station, found.route, line.answer))
    drawn = check_is_whole(path, lines)
    counts = {
        (str(station), str(route)): int(count)
        for station, route, count in database.execute(LIKE_IT).fetchall()
    }
    return structs.replace(wrong_rates(answers, counts), drawn=drawn)


def _records(
    database: "DuckDBPyConnection", lines: Sequence[Line]
) -> Mapping[tuple[str, str], list[_Record]]:
    """Return the records of the extract that have the numbers of a line, by these."""
    rows = database.execute(
        "SELECT occurrence_id, person_id, record.n, station, entry_route, "
        "coalesce(may_be_rung, false) FROM record LEFT JOIN to_ring USING (n) "
        "WHERE occurrence_id IN (SELECT unnest(?)) OR person_id IN (SELECT unnest(?)) "
        "OR (occurrence_id = '' AND person_id = '')",
        [[each.occurrence_id for each in lines], [each.person_id for each in lines]],
    ).fetchall()
    found: dict[tuple[str, str], list[_Record]] = {}
    for occurrence, person, n, station, route, may_be_rung in rows:
        ids = str(safe_text(str(occurrence))), str(safe_text(str(person)))
        record = _Record(int(n), str(station), str(route), bool(may_be_rung))
        found.setdefault(ids, []).append(record)
    return found


def _found(path: Path, line: Line, records: Mapping[tuple[str, str], Sequence[_Record]]) -> _Record:
    """Return the record of a line; raises BadInput where it is none that may be rung there."""
    at = f"{path}: line {line.number}"
    alike = records.get(line.ids, ())
    named = [each for each in alike if each.n == line.row]
    if not named and any(line.ids):
        named = list(alike)
    if not named:
        raise BadInput(
            f"{at}: {line.named}: no such record in the extract; {_REDRAW}. A spreadsheet may have "
            "changed the number: open the list with its columns as text"
        )
    if len(named) > 1:
        raise BadInput(
            f"{at}, column 'row': it is {line.row}, and several records have {line.named}; "
            f"{_REDRAW}"
        )
    [record] = named
    for column, written, there in (
        ("station", line.station, record.station),
        ("entry_route", line.route, record.route),
    ):
        if written not in (there, safe_text(there)):
            raise BadInput(
                f"{at}, column {column!r}: it is {written!r:.60}, and the extract has "
                f"{there!r:.60} for {line.named}; {_REDRAW}"
            )
    if not record.may_be_rung:
        raise BadInput(
            f"{at}: {line.named}: not a victim of an open eligible crime who can be told by what "
            f"is recorded, so nobody was to ring them; {_REDRAW}"
        )
    return record
