"""Reads the files of an extract into tables of text: any encoding, separator or mark at the start.

A file that cannot be read gives one error that names the file, the line and the column. Files are
read in pieces, so that their size does not matter.
"""

import codecs
import csv
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.contact_data.database import literal, name
from simulator.contact_data.dates import shape_of
from simulator.contact_data.email_rules import as_email
from simulator.contact_data.phone_rules import as_landline, as_mobile
from simulator.errors import BadInput

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PIECE_BYTES = 1 << 22
_SEPARATORS = ",;\t|"
FIELD_CHARACTERS_MAX = 100_000
COLUMNS_MAX = 1_000
#: Files that hold tables, and are neither CSV nor Parquet.
_OTHER_KINDS = {
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), "JSON is not read"),
    **dict.fromkeys((".sqlite", ".sqlite3", ".db", ".duckdb", ".mdb"), "a database is not read"),
    **dict.fromkeys((".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"), "a spreadsheet is not read"),
    **dict.fromkeys((".zip", ".gz", ".7z", ".bz2", ".xz", ".zst"), "it is packed: unpack it first"),
    **dict.fromkeys(
        (".xml", ".html", ".pdf", ".docx", ".arrow", ".feather"), "not a table of text"
    ),
}
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class TextFile(Struct, frozen=True, kw_only=True):
    """A file of an extract: its encoding, its separator, and the names of its columns."""

    path: Path
    encoding: str
    separator: str
    columns: tuple[str, ...]


def look_at(path: Path) -> TextFile:
    """Find out how a file is written; raises BadInput naming file and line."""
    if path.suffix.lower() == ".parquet":
        return TextFile(path=path, encoding="parquet", separator="", columns=())
    if not path.is_file():
        raise BadInput(f"{path}: not a file; check the path")
    if kind := _OTHER_KINDS.get(path.suffix.lower()):
        raise BadInput(f"{path}: {kind}; save it as CSV in UTF-8, or as Parquet")
    encoding = _encoding(path)
    try:
        head = _head(path, encoding)
    except UnicodeError:
        raise BadInput(f"{path}: line 1: not text; save it as CSV in UTF-8") from None
    if head.lstrip().startswith(("{", "[")):
        raise BadInput(f"{path}: line 1: JSON; save it as CSV in UTF-8, or as Parquet")
    if not head.strip():
        raise BadInput(f"{path}: line 1: empty; give a first line with the names of the columns")
    separator = max(_SEPARATORS, key=head.count)
    columns = tuple(each.strip() for each in next(csv.reader([head], delimiter=separator)))
    _check_are_names(path, columns)
    _check_columns(path, columns)
    return TextFile(path=path, encoding=encoding, separator=separator, columns=columns)


def load(database: "DuckDBPyConnection", file: TextFile, table: str, working: Path) -> TextFile:
    """Make a view of a file, with columns of text; return it with the names of its columns.

    The file is read when the view is: `named_errors` says what is wrong with it. A copy in another
    encoding is kept in `working`.
    """
    if file.encoding == "parquet":
        return _load_parquet(database, file, table)
    source = _as_utf_8(file, working / f"{table}.csv")
    columns = ", ".join(f"{literal(each)}: 'VARCHAR'" for each in file.columns)
    # A spreadsheet ends a file with rows of separators alone; a blank value is read as NULL.
    anything = f"coalesce({', '.join(map(name, file.columns))}, NULL) IS NOT NULL"
    database.execute(
        f"CREATE VIEW {table} AS SELECT * FROM read_csv({literal(str(source))}, "
        f"delim = {literal(file.separator)}, header = true, quote = '\"', escape = '\"', "
        f"columns = {{{columns}}}, auto_detect = false, strict_mode = true, "
        f"max_line_size = {FIELD_CHARACTERS_MAX * 10}, null_padding = false) WHERE {anything}"
    )
    return file


@contextmanager
def named_errors(files: Iterable[TextFile]) -> Iterator[None]:
    """Turn an error of reading into one that names the file, the line and the column."""
    import duckdb

    try:
        yield
    except duckdb.InvalidInputException:
        for file in files:
            if file.encoding != "parquet" and (named := _where_it_fails(file)):
                raise named from None
        # The database's own words may show a row.
        names = ", ".join(str(file.path) for file in files)
        raise BadInput(f"{names}: cannot be read as CSV; save it as CSV in UTF-8") from None


def _load_parquet(database: "DuckDBPyConnection", file: TextFile, table: str) -> TextFile:
    import duckdb

    source = f"read_parquet({literal(str(file.path))})"
    try:
        described = database.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    except duckdb.Error:
        raise BadInput(f"{file.path}: not a Parquet file; check the path") from None
    columns = tuple(str(each[0]) for each in described)
    # Lists and structs are written as JSON; numbers and dates as their text.
    words = ", ".join(
        f"to_json({name(str(each[0]))})::VARCHAR AS {name(str(each[0]))}"
        if "STRUCT" in str(each[1]) or str(each[1]).endswith("[]")
        else f"{name(str(each[0]))}::VARCHAR AS {name(str(each[0]))}"
        for each in described
    )
    database.execute(f"CREATE VIEW {table} AS SELECT {words} FROM {source}")
    return TextFile(path=file.path, encoding="parquet", separator="", columns=columns)


def _head(path: Path, encoding: str) -> str:
    if encoding != "cp1252":
        with path.open(encoding=encoding, newline="") as file:
            return file.readline(FIELD_CHARACTERS_MAX)
    with path.open("rb") as binary:
        line = binary.readline(FIELD_CHARACTERS_MAX)
    try:
        return _decoded(line)
    except UnicodeError:
        # The byte is named when the file is read whole.
        return line.decode("cp1252", "replace")


def _decoded(line: bytes) -> str:
    """Read a line of a file that is not all UTF-8: two systems may have written into one file."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252")


def _check_columns(path: Path, columns: tuple[str, ...]) -> None:
    if len(columns) > COLUMNS_MAX:
        raise BadInput(
            f"{path}: line 1: it has more than {COLUMNS_MAX:,} columns; export only what the check "
            "needs"
        )
    for number, (before, each) in enumerate(pairwise(("", *columns)), 1):
        if not each:
            after = f" (after {before!r})" if before else ""
            raise BadInput(f"{path}: line 1, column {number}{after}: no name; give the column one")
    for number, each in enumerate(columns, 1):
        if each.casefold() in {other.casefold() for other in columns[: number - 1]}:
            raise BadInput(
                f"{path}: line 1, column {number}: a second column is named {each!r}; rename one"
            )


def _check_are_names(path: Path, columns: tuple[str, ...]) -> None:
    """Raise BadInput if the first line is a record; its values are not shown."""
    for number, each in enumerate(columns, 1):
        if as_mobile(each) or as_landline(each) or as_email(each) or shape_of(each):
            raise BadInput(
                f"{path}: line 1, column {number}: it holds a phone, an email or a date, so the "
                "line is a record; add a first line with the names of the columns"
            )


def check_has_rows(database: "DuckDBPyConnection", file: TextFile, table: str) -> None:
    """Raise BadInput if a file has no record."""
    if not database.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall():
        raise BadInput(
            f"{file.path}: no rows after the names of the columns; export the records, or leave "
            "the file out"
        )


def _encoding(path: Path) -> str:
    """Find the encoding: by the mark at the start, else UTF-8 if all of it is.

    Else it is Windows', and lines of UTF-8 may be in it.
    """
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if start[:2] in _UTF_16:
            return "utf-16"
        file.seek(0)
        decoder, line = codecs.getincrementaldecoder("utf-8")(), 1
        try:
            while piece := file.read(_PIECE_BYTES):
                if b"\x00" in piece:
                    line += piece[: piece.index(b"\x00")].count(b"\n")
                    raise BadInput(
                        f"{path}: line {line}: holds a zero byte, so it is no text file; "
                        "save it as CSV in UTF-8"
                    )
                decoder.decode(piece)
                line += piece.count(b"\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _as_utf_8(file: TextFile, made: Path) -> Path:
    """Write a file of another encoding anew in UTF-8; one of UTF-8 is read where it is."""
    if file.encoding in ("utf-8", "utf-8-sig"):
        return file.path
    with os.fdopen(
        os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        "w",
        encoding="utf-8",
        newline="",
    ) as written:
        try:
            written.writelines(_pieces(file))
        except UnicodeError:
            raise _bad_byte(file) from None
    return made


def _pieces(file: TextFile) -> Iterator[str]:
    if file.encoding == "cp1252":
        with file.path.open("rb") as binary:
            while line := binary.readline(_PIECE_BYTES):
                yield _decoded(line)
        return
    with file.path.open(encoding=file.encoding, newline="") as text:
        while piece := text.read(_PIECE_BYTES):
            yield piece


def _bad_byte(file: TextFile) -> BadInput:
    """Name the line and the column of the first byte that the encoding does not have."""
    with file.path.open("rb") as read:
        for number, line in enumerate(read, 1):
            try:
                _decoded(line)
            except UnicodeDecodeError as error:
                before = line[: error.start].decode(file.encoding, "replace")
                column = min(before.count(file.separator), len(file.columns) - 1)
                return BadInput(
                    f"{file.path}: line {number}, column {column + 1} "
                    f"({file.columns[column]!r}): byte {line[error.start]:#04x} is neither UTF-8 "
                    "nor Windows-1252; save the file as CSV in UTF-8"
                )
    return BadInput(f"{file.path}: neither UTF-8 nor Windows-1252; save it as CSV in UTF-8")


def _where_it_fails(file: TextFile) -> BadInput | None:
    """Read a file that DuckDB refused line by line, and name the first one that is wrong."""
    before = csv.field_size_limit(FIELD_CHARACTERS_MAX)
    try:
        for number, row in _rows(file):
            if isinstance(row, str):
                return BadInput(f"{file.path}: line {number}: {row}; correct the line")
            if len(row) != len(file.columns):
                at = min(len(row), len(file.columns))
                return BadInput(
                    f"{file.path}: line {number}, column {at} ({file.columns[at - 1]!r}): the "
                    f"line has {len(row)} columns and the first line {len(file.columns)}; "
                    "quote a value that holds the separator, or correct the line"
                )
    finally:
        csv.field_size_limit(before)
    return None


def _rows(file: TextFile) -> Iterator[tuple[int, list[str] | str]]:
    """Give the line on which each row begins, and its values, or what is wrong with it."""
    with file.path.open(encoding=file.encoding, errors="replace", newline="") as read:
        reader = csv.reader(read, delimiter=file.separator, strict=True)
        begins = 1
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield begins, _plain(str(error))
                return
            if row:
                yield begins, row
            begins = reader.line_num + 1


def _plain(error: str) -> str:
    if "unexpected end of data" in error:
        return "a quotation mark opens here and never closes"
    if "expected after" in error:
        return "text follows a closing quotation mark; double the marks inside a value"
    if "field larger" in error:
        return f"a value is longer than {FIELD_CHARACTERS_MAX:,} characters"
    return error
