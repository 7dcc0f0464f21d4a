"""The database a check works in: on disk, for its owner only, and gone when the check ends.

DuckDB spills to disk what memory cannot hold, so an extract may be larger than memory.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.errors import BadInput

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: A spreadsheet runs these, in full width too; a sign with digits and spaces alone is a number.
_RUNS = "^[ \t\r\n]*[=@+\\-＝＠＋－]|^[\t\r]"
_NUMBER = "[+-][0-9 ]+"
_WHAT_TO_INSTALL = (
    "this command needs the extra `data` (DuckDB and Splink), which is not installed; "
    'install it with: pip install "portal-suite[data]"'
)


#: An extract smaller than this is checked in memory alone.
_IN_MEMORY_BYTES = 64_000_000


@contextmanager
def opened(
    folder: Path, *, cores: int, memory_mb: int, extract_bytes: int
) -> Iterator[tuple["DuckDBPyConnection", Path]]:
    """Open a database inside `folder`, and remove it afterwards; give it and its own folder.

    Raises BadInput without DuckDB, or where memory and disk are too small. It holds personal data:
    its folder is the owner's alone.
    """
    try:
        import duckdb
    except ImportError:
        raise BadInput(_WHAT_TO_INSTALL) from None
    inside = Path(tempfile.mkdtemp(prefix=".working-", dir=folder))
    is_small = extract_bytes < _IN_MEMORY_BYTES
    database = duckdb.connect(":memory:" if is_small else str(inside / "check.duckdb"))
    try:
        database.execute(f"SET memory_limit = '{memory_mb}MB'")
        database.execute(f"SET threads = {cores}")
        database.execute("SET preserve_insertion_order = true")
        database.execute(f"SET temp_directory = {literal(str(inside / 'spilled'))}")
        # Nothing is fetched: no extension comes from the network.
        database.execute("SET autoinstall_known_extensions = false")
        database.execute("SET enable_progress_bar = false")
        yield database, inside
    except duckdb.OutOfMemoryException:
        raise BadInput(
            f"the check needs more than the {memory_mb} MB of memory and the disk that it has; "
            "give --cores 1, or free disk beside --out"
        ) from None
    finally:
        database.close()
        shutil.rmtree(inside, ignore_errors=True)


def literal(text: str) -> str:
    """Write a text as SQL does."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """Write the name of a column as SQL does."""
    return '"' + text.replace('"', '""') + '"'


def listed(texts: tuple[str, ...] | list[str] | frozenset[str]) -> str:
    """Write texts as an SQL list; it is never empty, because SQL takes no empty one."""
    return "(" + ", ".join(literal(each) for each in sorted({*texts, "\x00"})) + ")"


def scalar(database: "DuckDBPyConnection", query: str) -> int:
    """Return the one number of a query."""
    [(found,)] = database.execute(query).fetchall()
    return int(found or 0)


def safe_cell(value: str) -> str:
    """Keep a spreadsheet from running a value as a formula: a ' before = @ and signs."""
    return (
        f"CASE WHEN regexp_matches({value}, '{_RUNS}') AND "
        f"NOT regexp_full_match({value}, '{_NUMBER}') THEN '''' || ({value}) ELSE ({value}) END"
    )


def safe_text(value: object) -> object:
    """Write a value as `safe_cell` does."""
    runs = isinstance(value, str) and re.match(_RUNS, value) and not re.fullmatch(_NUMBER, value)
    return f"'{value}" if runs else value


def in_groups(phone: str) -> str:
    """Write a phone in two groups: a spreadsheet takes it for text, and keeps the first 0."""
    return (
        f"CASE WHEN regexp_full_match({phone}, '0[0-9]{{10}}') "
        f"THEN left({phone}, 5) || ' ' || right({phone}, 6) ELSE {phone} END"
    )
