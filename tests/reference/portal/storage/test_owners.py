"""SQL stands in storage alone, and each table is written by the one module that owns it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from reference.portal.storage.migrations import MIGRATIONS
from reference.portal.storage.personal_records import TABLES

ROOT = Path(__file__).parents[4]
STORAGE = ROOT / "reference" / "portal" / "storage"
READS = re.compile(r"\bSELECT\b.*?\bFROM\b|^\s*SELECT\b", re.DOTALL)
WRITES = re.compile(r"\b(?:INSERT INTO|DELETE FROM|UPDATE) (?!SET\b|OF\b)(\w+|\{)(?= SET\b|(?!\w))")
#: A table's name that is filled in: deletes what each owner says is personal data of its own.
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


def test_personal_data_is_declared_by_the_owner() -> None:
    """A module declares the personal data of its own tables, each once."""
    declared = {
        path.stem: set(re.findall(r'PersonalRows\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
        for path in STORAGE.glob("*.py")
    }
    for path in STORAGE.glob("*.py"):
        assert declared[path.stem] <= written(path)

    assert len(TABLES) == len({each.table for each in TABLES})
    assert {each.table for each in TABLES} == set().union(*declared.values())


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
