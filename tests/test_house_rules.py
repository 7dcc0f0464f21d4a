"""The rules of CONTRIBUTING that a machine can hold us to."""

import ast
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
CODE = ("reference", "simulator", "features", "loadtests", "fixtures")
TOP_FOLDERS = {*CODE, "scenarios", "tests", "docs", ".ci", ".github"}
SIMULATOR_FILES = {
    "cli.py", "clock.py", "errors.py", "legible.py", "streams.py", "verdicts.py",
}  # fmt: skip
LINES_MAX = 60
PORTAL_LINES_MAX = 11_600
FILES = sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py"))


def definitions_in(
    path: Path,
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """List the functions, classes and methods of a file, those within others too."""
    inside: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while inside:
        node = inside.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node
        # No definition stands in an expression.
        inside += [each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.expr)]


def test_functions_fit_a_screen() -> None:
    """No function is longer than 60 lines, in tests either."""
    long = [
        f"{path.relative_to(ROOT)}: {node.name} has {lines} lines"
        for path in (*FILES, *(ROOT / "tests").rglob("*.py"))
        for node in definitions_in(path)
        if not isinstance(node, ast.ClassDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > LINES_MAX
    ]

    assert not long


def test_the_reference_portal_stays_small() -> None:
    """The portal is there to be read: what runs it, or checks its words, has folders of its own."""
    portal = (ROOT / "reference" / "portal").rglob("*.py")
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in portal)

    assert lines <= PORTAL_LINES_MAX


def test_the_rooms_can_be_seen_at_a_glance() -> None:
    """The simulator's folder holds few files and few rooms, and only the files named here."""
    entries = [each for each in (ROOT / "simulator").iterdir() if each.name != "__pycache__"]
    files = {each.name for each in entries if each.suffix == ".py"} - {"__init__.py"}

    assert files <= SIMULATOR_FILES
    assert len(files) <= 8
    assert len([each for each in entries if each.is_dir()]) <= 28


def test_every_room_says_what_it_is_for() -> None:
    """Each package of ours has a docstring of its own."""
    packages = [path for path in FILES if path.name == "__init__.py"]

    assert [path for path in packages if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_nothing_stands_beside_the_house() -> None:
    """The top level has the folders of the design, and what git ignores."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    beside = [
        each.name
        for each in ROOT.iterdir()
        if each.is_dir()
        and each.name not in {".git", *TOP_FOLDERS}
        and not any(fnmatch(each.name, pattern.rstrip("/")) for pattern in ignored)
    ]

    assert not beside


def test_names_say_what_they_are() -> None:
    """Nothing is called utils, helpers, manager or common."""
    banned = re.compile(r"(^|_)(utils?|helpers?|managers?|common)(_|$)")

    assert not [path for path in FILES if banned.search(path.stem)]


def test_the_judge_shares_no_module_name_with_the_portal() -> None:
    """The judge is another reading of the same text: one name for two files would confuse them."""
    portal = [ROOT / "reference" / each for each in ("portal", "operations", "catalogue_check")]
    theirs = {path.stem for folder in portal for path in folder.rglob("*.py")} - _NO_NAMES
    ours = {path.stem for path in (ROOT / "simulator" / "judge").rglob("*.py")} - _NO_NAMES

    assert theirs
    assert ours
    assert not ours & theirs


_NO_NAMES = {"__init__", "__main__"}


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


def test_no_module_comes_back_to_itself() -> None:
    """No import goes round in a circle, in a function or for types alone either."""
    graph = grimp.build_graph(*CODE, cache_dir=None)
    imports = {each: graph.find_modules_directly_imported_by(each) for each in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        circle = error.args[1]
        pytest.fail(f"imports go round in a circle: {' <- '.join(circle)}")


@pytest.mark.parametrize(
    ("import_of", "alone_in"),
    [
        ("tomllib", ["simulator/files/checked_toml.py"]),
        ("subprocess", ["simulator/processes/child_process.py"]),
        ("holidays", ["simulator/inputs/working_days.py"]),
    ],
)
def test_there_is_one_way_to_do_it(import_of: str, alone_in: list[str]) -> None:
    """The suite reads TOML, starts programs and fills a calendar in one module each."""
    imports = re.compile(rf"^\s*(import|from) {import_of}\b", re.MULTILINE)
    suite = ("simulator", "features", "loadtests")
    found = [
        str(path.relative_to(ROOT))
        for path in FILES
        if path.relative_to(ROOT).parts[0] in suite
        and imports.search(path.read_text(encoding="utf-8"))
    ]

    assert found == alone_in


def test_bank_holidays_are_read_from_the_order_alone() -> None:
    """Only the order knows its list: everybody else asks `order.working_days`."""
    reads = re.compile(r"deadlines\.bank_holidays|\bweekday\(\) (<|>=|in) ")
    found = {
        str(path.relative_to(ROOT))
        for path in FILES
        if path.relative_to(ROOT).parts[0] in ("simulator", "features", "loadtests")
        and reads.search(path.read_text(encoding="utf-8"))
    }

    assert found == {"simulator/inputs/order.py", "simulator/inputs/working_days.py"}


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
WHOLES = {"Portal", "World", "Plan"}


def collaborators(node: ast.ClassDef, ours: set[str]) -> int:
    """Count what a class is given on making that is of one of our classes."""
    made = [each for each in node.body if isinstance(each, ast.FunctionDef)]
    makers = [each for each in made if each.name == "__init__"]
    if makers:
        given = makers[0].args
        asked = [each.annotation for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    elif any("dataclass" in ast.unparse(each) for each in node.decorator_list):
        fields = [each for each in node.body if isinstance(each, ast.AnnAssign)]
        # What a class makes for itself it is not given.
        asked = [
            each.annotation
            for each in fields
            if each.value is None or "init=False" not in ast.unparse(each.value)
        ]
    else:
        asked = []
    named = [set(re.findall(r"\w+", ast.unparse(each))) for each in asked if each is not None]
    return sum(not ours.isdisjoint(each) for each in named)


def test_a_class_has_few_collaborators() -> None:
    """No class of the reference or the simulator is given more than eight of our objects."""
    classes = [
        (path, node)
        for path in FILES
        if path.relative_to(ROOT).parts[0] in {"reference", "simulator"}
        for node in definitions_in(path)
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


@pytest.mark.parametrize("package", ["simulator", "reference.portal"])
def test_every_room_has_a_floor(package: str) -> None:
    """The import contracts name each module and room of a package, so that none is on no floor."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = {
        room.strip()
        for contract in contracts["contracts"]
        if contract["type"] == "layers" and "ignore_imports" not in contract
        for layer in contract["layers"]
        for room in layer.split("|")
    }
    folder = ROOT / package.replace(".", "/")
    rooms = {
        f"{package}.{each.stem}"
        for each in folder.iterdir()
        if (each.is_dir() or each.suffix == ".py") and not each.name.startswith(("_", "."))
    }

    assert rooms <= layers
