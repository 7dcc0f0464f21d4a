"""SQL stands in storage alone, and each table is written by the one module that owns it."""

import ast
import asyncio
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from reference.portal.storage.migrations import MIGRATIONS
from reference.portal.storage.personal_records import OF_CRIME, OF_PERSON, RUN_OUT
from reference.portal.storage.sqlite_database import SqliteDatabase

ROOT = Path(__file__).parents[4]
STORAGE = ROOT / "reference" / "portal" / "storage"
READS = re.compile(r"\bSELECT\b.*?\bFROM\b|^\s*SELECT\b", re.DOTALL)
WRITES = re.compile(r"\b(?:INSERT INTO|DELETE FROM|UPDATE) (?!SET\b|OF\b)(\w+|\{)(?= SET\b|(?!\w))")
#: A table's name that is filled in: deletes a person or a crime from every table.
FILLED_IN = {"personal_records"}


def texts(path: Path) -> Iterator[str]:
    """Give every string in a module but its docstrings, with {} for what is filled in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (
                str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values
            )
            yield "".join(parts)
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
        ):
            yield node.value


def written(path: Path) -> set[str]:
    """Name the tables that a module inserts into, updates or deletes from."""
    found = {table for text in texts(path) for table in WRITES.findall(text)}
    return found - {"{"} if path.stem in FILLED_IN else found


def modules(*folders: str) -> list[Path]:
    """List the modules in these folders of the reference."""
    return sorted(path for each in folders for path in (ROOT / "reference" / each).rglob("*.py"))


def test_no_sql_stands_outside_storage() -> None:
    """Use cases, rules and pages hold no statement; operations may read."""
    outside = [path for path in modules("portal") if STORAGE not in path.parents]
    reading = [path for path in outside for text in texts(path) if READS.search(text)]
    writing = [path for path in [*outside, *modules("operations")] if written(path)]

    assert reading == []
    assert writing == []


def test_each_table_has_one_owner() -> None:
    """Every table of the migrations is written, and by one module."""
    owners = defaultdict(set)
    for path in STORAGE.glob("*.py"):
        for table in written(path):
            owners[table].add(path.stem)
    created = {
        table
        for migration in MIGRATIONS
        for statement in migration.statements
        for table in re.findall(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", statement)
    }

    assert {table: names for table, names in owners.items() if len(names) > 1} == {}
    assert set(owners) == created | {"migration"}


#: Personal data that outlives the person and the crime: what was done, and what is owed.
STAYS = {"audit", "errand", "event_seen"}


def test_no_table_of_a_person_or_a_crime_is_left_out() -> None:
    """Every table with a person's id or a crime's reference is emptied of them when they go."""
    columns = asyncio.run(columns_of_tables())
    of_person = {table for table, names in columns.items() if "person_id" in names}
    of_crime = {table for table, names in columns.items() if "crime_reference" in names}
    run_out = {table for table, names in columns.items() if names & {"expires_at", "until"}}

    assert set(OF_PERSON) == of_person - STAYS
    assert set(OF_CRIME) == of_crime - STAYS
    assert set(RUN_OUT) == run_out


async def columns_of_tables() -> dict[str, set[str]]:
    """Name the columns of every table of the portal."""
    database = SqliteDatabase(":memory:")
    tables = await database.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    found = {
        str(table): {str(row[1]) for row in await database.all(f"PRAGMA table_info({table})")}
        for (table,) in tables
    }
    await database.close()
    return found


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("INSERT INTO outbox (id) VALUES (?)", ["outbox"]),
        ("UPDATE victim SET role = ? WHERE EXISTS (SELECT 1 FROM person)", ["victim"]),
        ("DELETE FROM session WHERE person_id = ?", ["session"]),
        ("DELETE FROM {} WHERE person_id = ?", ["{"]),
        ("INSERT INTO a SELECT * FROM b ON CONFLICT (id) DO UPDATE SET c = 1", ["a"]),
        ("SELECT role FROM victim", []),
    ],
)
def test_what_a_statement_writes_is_seen(text: str, tables: list[str]) -> None:
    """The table that is written is found, and no table that is only read."""
    assert WRITES.findall(text) == tables
