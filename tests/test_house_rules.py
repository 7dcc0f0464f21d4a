"""The rules of CONTRIBUTING that a machine can hold us to."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = ("reference", "simulator", "features", "loadtests", "fixtures")
FILES = sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_holds_one_idea(path: Path) -> None:
    """No file is longer than 400 lines and no function longer than 60."""
    text = path.read_text(encoding="utf-8")

    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= 60, f"{node.name} is {lines} lines"


def test_names_say_what_they_are() -> None:
    """Nothing is called utils, helpers, manager or common."""
    banned = re.compile(r"(^|_)(utils?|helpers?|managers?|common)(_|$)")

    assert not [path for path in FILES if banned.search(path.stem)]


def test_only_the_clock_asks_the_time_of_day() -> None:
    """In the simulator and the features nobody but clock.py asks what time it is."""
    asks = re.compile(r"\b(datetime\.now|datetime\.utcnow|time\.time|date\.today)\(")
    allowed = {ROOT / "simulator" / "clock.py", ROOT / "reference" / "portal" / "clock.py"}
    found = [
        path
        for path in FILES
        if path not in allowed and asks.search(path.read_text(encoding="utf-8"))
    ]

    assert not found


def test_version_is_the_changelogs_first() -> None:
    """The version in pyproject.toml heads the changelog."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert first is not None
    assert first[1] == version


def test_the_lock_pins_by_hash_and_names_no_host() -> None:
    """Every requirement in the lock has a hash, and no address of a registry is in it."""
    text = (ROOT / "requirements.lock").read_text()
    pinned = re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE | re.IGNORECASE)

    assert len(pinned) > 50
    assert text.count("--hash=sha256:") >= len(pinned)
    assert "://" not in text


def test_no_number_that_could_be_somebodys() -> None:
    """Every mobile written in data, features and docs is one of Ofcom's drama numbers."""
    mobile = re.compile(r"(?<![\d-])(?:\+44|0044|0)\s?7\d{3}[\s-]?\d{3}[\s-]?\d{3}(?!\d)")
    folders = ("features", "scenarios", "fixtures", "docs", "reference", "simulator")
    suffixes = {".feature", ".toml", ".md", ".py", ".yaml", ".html"}
    found = [
        f"{path.relative_to(ROOT)}: {number}"
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes
        for number in mobile.findall(path.read_text(encoding="utf-8"))
        if "7700900" not in re.sub(r"\D", "", number) and re.sub(r"\D", "", number) != "07000000000"
    ]

    assert not found


COLLABORATORS_MAX = 8
#: Each is the whole that its parts are put together into, or a list of values, and does no work.
WHOLES = {"Portal", "World", "Plan", "Owing"}


def collaborators(node: ast.ClassDef, ours: set[str]) -> int:
    """Count what a class is given on making that is of one of our classes."""
    made = [each for each in node.body if isinstance(each, ast.FunctionDef)]
    makers = [each for each in made if each.name == "__init__"]
    if makers:
        given = makers[0].args
        asked = [each.annotation for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    elif any("dataclass" in ast.unparse(each) for each in node.decorator_list):
        asked = [each.annotation for each in node.body if isinstance(each, ast.AnnAssign)]
    else:
        asked = []
    named = [set(re.findall(r"\w+", ast.unparse(each))) for each in asked if each is not None]
    return sum(not ours.isdisjoint(each) for each in named)


def test_a_class_has_few_collaborators() -> None:
    """No class of the reference or the simulator is given more than eight of our objects."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in FILES
        if path.relative_to(ROOT).parts[0] in {"reference", "simulator"}
    }
    classes = [
        (path, node)
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    ours = {node.name for _, node in classes}
    found = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path, node in classes
        if node.name not in WHOLES and collaborators(node, ours) > COLLABORATORS_MAX
    ]

    assert not found


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("class A:\n    def __init__(self, b: B, *, c: C, n: int) -> None: ...", 2),
        ("@dataclass(frozen=True)\nclass A:\n    b: B\n    c: tuple[C, ...]\n    n: int = 0", 2),
        ("class A:\n    b: B", 0),
    ],
)
def test_collaborators_are_counted(source: str, count: int) -> None:
    """Parameters and fields of our classes count, whatever holds them; plain values do not."""
    [node] = ast.parse(source).body

    assert isinstance(node, ast.ClassDef)
    assert collaborators(node, {"A", "B", "C"}) == count
