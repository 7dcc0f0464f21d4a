"""Write a crowd to a file, batch by batch, in the format that its suffix names.

The file appears when it is whole: until then it has another name beside it. In CSV and SQLite the
faults of a record are JSON text.
"""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from simulator.errors import BadInput
from simulator.legible import did_you_mean

Tables = Iterator[pa.Table]
_TABLE = "people"
_CODED_IN_FAULTS = ("faults.list.element.field", "faults.list.element.kind")
#: To compress names and addresses takes a third of the time of writing, for a third of their size.
_HARDLY_SMALLER = frozenset(
    {
        *("given_name", "family_name", "recorded_given_name", "recorded_family_name"),
        *("true_email", "recorded_email"),
    }
)
_ROWS_AT_ONCE = 65_536
_FAULT = pa.struct([(each, pa.string()) for each in ("field", "kind", "true_value")])


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


def plain(table: pa.Table) -> pl.DataFrame:
    """Return a table with its words as text, not as places in a list of words."""
    schema = pa.schema([(each.name, _plain_type(each.type)) for each in table.schema])
    made = pl.from_arrow(table.cast(schema))
    assert isinstance(made, pl.DataFrame)
    return made


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind):
        return pa.list_(_FAULT)
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _parquet(tables: Tables, path: Path) -> None:
    first = next(tables)
    # What is different in every row has no dictionary: it would be made in vain.
    coded = [each.name for each in first.schema if pa.types.is_dictionary(each.type)]
    whole = [each.name for each in first.schema if each.name not in {*_HARDLY_SMALLER, "faults"}]
    with pq.ParquetWriter(
        path,
        first.schema,
        compression=dict.fromkeys([*whole, *_CODED_IN_FAULTS], "snappy"),
        use_dictionary=[*coded, *_CODED_IN_FAULTS],
        write_batch_size=_ROWS_AT_ONCE,
        write_statistics=False,
        store_schema=False,
    ) as writer:
        writer.write_table(first)
        for table in tables:
            writer.write_table(table)


def _csv(tables: Tables, path: Path) -> None:
    with path.open("wb") as file:
        for number, table in enumerate(tables):
            _with_json(plain(table)).write_csv(file, include_header=not number)


def _json_lines(tables: Tables, path: Path) -> None:
    with path.open("wb") as file:
        for table in tables:
            plain(table).write_ndjson(file)


def _sqlite(tables: Tables, path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("BEGIN")
        for number, table in enumerate(tables):
            text = _with_json(plain(table)).with_columns(pl.col(pl.Date).cast(pl.String))
            if not number:
                columns = ", ".join(
                    f"{name} {'INTEGER' if kind == pl.Boolean else 'TEXT'}"
                    for name, kind in text.schema.items()
                )
                connection.execute(f"CREATE TABLE {_TABLE} ({columns})")
            every = ", ".join("?" * text.width)
            connection.executemany(f"INSERT INTO {_TABLE} VALUES ({every})", text.iter_rows())  # noqa: S608  our own names
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
