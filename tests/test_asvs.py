"""docs/asvs.md: each clause of levels 1 and 2 of OWASP ASVS 5.0.0 once, and each test is there."""

import ast
import re
from collections import Counter
from pathlib import Path

from tests.each_of import each_of

HOUSE = Path(__file__).parents[1]
ROW = re.compile(
    r"\| (?P<clause>[0-9.]+) \| (?P<about>[^|]+) \| (?P<status>[^|]+) \| (?P<why>.+) \|"
)
#: How many clauses each section has, from 1, and which of them are of level 3 alone.
SECTIONS: dict[str, tuple[int, set[int]]] = {
    "1.1": (2, set()), "1.2": (10, {10}), "1.3": (12, {12}), "1.4": (3, set()), "1.5": (3, {3}),
    "2.1": (3, set()), "2.2": (3, set()), "2.3": (5, {5}), "2.4": (2, {2}),
    "3.1": (1, {1}), "3.2": (3, {3}), "3.3": (5, {5}), "3.4": (8, {7, 8}), "3.5": (8, {6, 7, 8}),
    "3.6": (1, {1}), "3.7": (5, {3, 4, 5}),
    "4.1": (5, {4, 5}), "4.2": (5, {2, 3, 4, 5}), "4.3": (2, set()), "4.4": (4, set()),
    "5.1": (1, set()), "5.2": (6, {4, 5, 6}), "5.3": (3, {3}), "5.4": (3, set()),
    "6.1": (3, set()), "6.2": (12, set()), "6.3": (8, {5, 6, 7, 8}), "6.4": (6, {5, 6}),
    "6.5": (8, {6, 7, 8}), "6.6": (4, {4}), "6.7": (2, {1, 2}), "6.8": (4, set()),
    "7.1": (3, set()), "7.2": (4, set()), "7.3": (2, set()), "7.4": (5, set()), "7.5": (3, {3}),
    "7.6": (2, set()),
    "8.1": (4, {3, 4}), "8.2": (4, {4}), "8.3": (3, {2, 3}), "8.4": (2, {2}),
    "9.1": (3, set()), "9.2": (4, set()),
    "10.1": (2, set()), "10.2": (3, {3}), "10.3": (5, {5}), "10.4": (16, {12, 13, 14, 15, 16}),
    "10.5": (5, set()), "10.6": (2, set()), "10.7": (3, set()),
    "11.1": (4, {3, 4}), "11.2": (5, {4, 5}), "11.3": (5, {4, 5}), "11.4": (4, set()),
    "11.5": (2, {2}), "11.6": (2, {2}), "11.7": (2, {1, 2}),
    "12.1": (5, {4, 5}), "12.2": (2, set()), "12.3": (5, {5}),
    "13.1": (4, {2, 3, 4}), "13.2": (6, {6}), "13.3": (4, {3, 4}), "13.4": (7, {6, 7}),
    "14.1": (2, set()), "14.2": (8, {5, 6, 7, 8}), "14.3": (3, set()),
    "15.1": (5, {4, 5}), "15.2": (5, {4, 5}), "15.3": (7, set()), "15.4": (4, {1, 2, 3, 4}),
    "16.1": (1, set()), "16.2": (5, set()), "16.3": (4, set()), "16.4": (3, set()),
    "16.5": (4, {4}),
    "17.1": (2, {2}), "17.2": (8, {5, 6, 7, 8}), "17.3": (2, set()),
}  # fmt: skip
PAGE = (HOUSE / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = [each.groupdict() for each in ROW.finditer(PAGE)]
_RUNS = {"eval", "exec", "compile", "__import__", "system", "popen"}
_MODULES = {"pickle", "marshal", "shelve", "subprocess", "code", "yaml", "xml"}


def test_every_clause_of_level_2_is_there_once() -> None:
    """The standard has 253 at levels 1 and 2, of 345."""
    clauses = Counter(
        f"{section}.{number}"
        for section, (count, of_level_3) in SECTIONS.items()
        for number in range(1, count + 1)
        if number not in of_level_3
    )

    assert clauses.total() == 253
    assert sum(count for count, _ in SECTIONS.values()) == 345
    assert Counter(each["clause"] for each in ROWS) == clauses


@each_of({each["clause"]: (each,) for each in ROWS})
def test_each_says_how_it_stands(row: dict[str, str]) -> None:
    """Met by a test that is there; else why it does not apply, or what is there instead."""
    assert row["status"] in {"met", "not applicable", "not met"}

    if row["status"] != "met":
        assert len(row["why"]) >= 4
        return
    named = re.match(r"`(tests/[\w/]+\.py)::(test_\w+)`", row["why"])

    assert named is not None, "name the test as `tests/….py::test_…`"
    assert re.search(rf"^def {named[2]}\(", (HOUSE / named[1]).read_text("utf-8"), re.MULTILINE)


def test_the_page_counts_right() -> None:
    """Its first sentence says how many are met, do not apply, and are not met."""
    counted = Counter(each["status"] for each in ROWS)
    said = " ".join(PAGE.partition("##")[0].split())

    for status, count in counted.items():
        assert f"{count} {status}" in said


def test_the_portal_runs_nothing_it_is_given() -> None:
    """No eval or exec, no command of the system, and no format that brings code along."""
    for file in (HOUSE / "reference" / "portal").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                function = node.func
                name = function.id if isinstance(function, ast.Name) else ""
                if isinstance(function, ast.Attribute) and _is(function.value, "os"):
                    name = function.attr
                assert name not in _RUNS, (file, node.lineno)
            for imported in _imported(node):
                assert imported.partition(".")[0] not in _MODULES, (file, imported)


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
