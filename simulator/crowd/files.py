"""Write a crowd to a file, batch by batch, in the format that its suffix names.

The file appears when it is whole: until then it has another name beside it. In CSV and SQLite the
faults of a record are JSON text.
"""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType

import polars as pl
from polars.io.plugins import register_io_source

from simulator.errors import BadInput
from simulator.legible import did_you_mean

Tables = Iterator[pl.DataFrame]
_TABLE = "people"


def write_tables(tables: Tables, path: Path) -> None:
    """Write tables of one schema to `path`; raises BadInput for a suffix or a folder."""
    writer = writer_of(path)
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        writer(tables, part)
        part.replace(path)
    except OSError as error:
        raise BadInput(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        part.unlink(missing_ok=True)


def writer_of(path: Path) -> Callable[[Tables, Path], None]:
    """Return what writes files of this suffix; raises BadInput if none does."""
    if path.suffix not in _WRITERS:
        known = ", ".join(_WRITERS)
        raise BadInput(
            f"--out: {path.name!r} ends in {path.suffix!r}; give a name that ends in one of "
            f"{known}{did_you_mean(path.suffix, _WRITERS) if path.suffix else ''}"
        )
    if not path.parent.is_dir():
        raise BadInput(f"--out: the folder {path.parent} is not there; create it")
    if path.is_dir():
        raise BadInput(f"--out: {path} is a folder; name a file in it")
    return _WRITERS[path.suffix]


def _parquet(tables: Tables, path: Path) -> None:
    first = next(tables)

    def source(*_pushed_down: object) -> Tables:
        yield first
        yield from tables

    frame = register_io_source(source, schema=first.schema)
    frame.sink_parquet(path, compression="lz4", statistics=False, maintain_order=True)


def _csv(tables: Tables, path: Path) -> None:
    with path.open("wb") as file:
        for number, table in enumerate(tables):
            _with_json(table).write_csv(file, include_header=not number)


def _json_lines(tables: Tables, path: Path) -> None:
    with path.open("wb") as file:
        for table in tables:
            table.write_ndjson(file)


def _sqlite(tables: Tables, path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("BEGIN")
        for number, table in enumerate(tables):
            plain = _with_json(table).with_columns(pl.col(pl.Date).cast(pl.String))
            if not number:
                columns = ", ".join(
                    f"{name} {'INTEGER' if kind == pl.Boolean else 'TEXT'}"
                    for name, kind in plain.schema.items()
                )
                connection.execute(f"CREATE TABLE {_TABLE} ({columns})")
            places = ", ".join("?" * plain.width)
            connection.executemany(f"INSERT INTO {_TABLE} VALUES ({places})", plain.iter_rows())  # noqa: S608  our own names
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise OSError(None, str(error)) from None
    finally:
        connection.close()


def _with_json(table: pl.DataFrame) -> pl.DataFrame:
    """Write the lists of faults as JSON text."""
    each = pl.col("faults").list.eval(pl.element().struct.json_encode()).list.join(",")
    return table.with_columns(pl.concat_str(pl.lit("["), each, pl.lit("]")).alias("faults"))


_WRITERS: MappingProxyType[str, Callable[[Tables, Path], None]] = MappingProxyType(
    {".parquet": _parquet, ".csv": _csv, ".jsonl": _json_lines, ".sqlite": _sqlite}
)
