"""The use cases that every test run has on PostgreSQL too: the list of them is up to date."""

import ast
from pathlib import Path

from tests.reference.conftest import ON_POSTGRESQL

HERE = Path(__file__).parent


def test_each_use_case_on_the_list_is_there() -> None:
    """One that was renamed would be left to `make proof` without a word."""
    named = {each.partition("[")[0] for each in ON_POSTGRESQL}
    files = {HERE / each.partition("::")[0] for each in named}
    there = {
        f"{file.relative_to(HERE).as_posix()}::{each.name}"
        for file in files
        for each in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(each, ast.FunctionDef)
    }

    assert len(named) > 40
    assert named - there == set()
