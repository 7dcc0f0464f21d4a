"""The report on what the features miss: each survivor is explained by a line of today's code."""

import ast
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from tests.mutation import Change, Survivor, explanations, read_survivors, table_of, where

ROOT = Path(__file__).parents[1]
MUTMUT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
Function = ast.FunctionDef | ast.AsyncFunctionDef
LEFT_OUT = {ROOT / each for each in MUTMUT["do_not_mutate"]}

NAME = "reference.portal.rules.quiet_hours.x_send_at__mutmut_8"
CHANGE = Change(
    name=NAME,
    where="quiet_hours.send_at",
    line="spans = starts > ends",
    becomes="spans = starts >= ends",
)


@pytest.mark.parametrize(
    ("line", "becomes", "is_explained"),
    [
        ("spans = starts > ends", "", True),
        ("spans = starts > ends", "spans = starts >= ends", True),
        ("spans = starts > ends", "spans = starts < ends", False),
        ("return now", "", False),
    ],
)
def test_a_survivor_is_explained_by_its_line(
    line: str, becomes: str, *, is_explained: bool
) -> None:
    """An entry holds for every change of its line, or for the one that it names; for no other."""
    entry = Survivor(
        where="quiet_hours.send_at",
        line=line,
        becomes=becomes,
        verdict="equivalent",
        why="they differ",
    )

    assert (NAME in explanations([entry], [CHANGE])) is is_explained


def test_a_change_without_an_explanation_counts_as_missed() -> None:
    """An equivalent change does not lower the share that was caught; an unexplained one does."""
    found = {NAME: "survived", NAME.replace("_8", "_9"): "killed"}
    entry = Survivor(where="", line="", verdict="equivalent", why="")

    assert "1 of 2 (50%)" in str(table_of(found, {}).caption)
    assert "1 of 1 (100%)" in str(table_of(found, {NAME: entry}).caption)


def test_every_explanation_says_why() -> None:
    """No entry lacks a reason."""
    assert [each.where for each in read_survivors() if len(each.why.split()) < 3] == []


def lines_by_function() -> dict[str, set[str]]:
    """Give the lines of each function of the portal that mutmut changes, by module and name."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (ROOT / "reference" / "portal").rglob("*.py"):
        if path in LEFT_OUT:
            continue
        text = path.read_text(encoding="utf-8")
        lines = [each.strip() for each in text.splitlines()]
        for name, function in functions_in(ast.parse(text)):
            assert function.end_lineno is not None
            found[f"{path.stem}.{name}"] |= {*lines[function.lineno - 1 : function.end_lineno]}
    return found


def functions_in(module: ast.Module) -> list[tuple[str, Function]]:
    """List what mutmut changes in a module: functions, and methods of classes as Class.method.

    It leaves properties and the like alone.
    """
    classes = [each for each in module.body if isinstance(each, ast.ClassDef)]
    found = [("", each) for each in module.body] + [
        (f"{one.name}.", each) for one in classes for each in one.body
    ]
    return [
        (of_class + each.name, each)
        for of_class, each in found
        if isinstance(each, Function) and not each.decorator_list
    ]


def test_every_explanation_is_about_a_line_of_the_code() -> None:
    """The function that an entry names is there and has its line; the change would change it."""
    lines = lines_by_function()
    survivors = read_survivors()

    assert survivors
    assert [each for each in survivors if each.line not in lines[each.where]] == []
    assert [each for each in survivors if each.line == each.becomes] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (NAME, "quiet_hours.send_at"),
        ("reference.portal.cases.cases.xǁCasesǁ_repeat__mutmut_12", "cases.Cases._repeat"),
        ("reference.portal.errors.xǁProblemǁ__init____mutmut_1", "errors.Problem.__init__"),
    ],
)
def test_a_change_is_named_by_its_module_and_function(name: str, shown: str) -> None:
    """The folders of a module are left out, and mutmut's marks become dots."""
    assert where(name) == shown


def test_every_path_that_is_not_mutated_is_there() -> None:
    """A file that was renamed would be mutated without anybody meaning it."""
    assert LEFT_OUT
    assert [each for each in LEFT_OUT if not each.is_file()] == []
