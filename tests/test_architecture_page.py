"""ARCHITECTURE.md shows the house as it stands: its floors, its paths, its evidence."""

import re
import tomllib
from pathlib import Path

from simulator.evidence import records

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def floors_of_the_contract() -> list[list[str]]:
    """List the layers of the house from the top, without the prefix `simulator.`."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [contract] = [each for each in linter["contracts"] if "simulator.cli" in each.get("layers", ())]
    return [sorted(rooms_in(each)) for each in contract["layers"]]


def rooms_in(floor: str) -> list[str]:
    """Split one floor into its rooms."""
    return [each.strip().removeprefix("simulator.") for each in floor.split("|")]


def test_the_floors_are_those_of_the_contract() -> None:
    """Each line of the list is one layer, from top to bottom, with the same rooms."""
    _diagram, floors = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    lines = [re.split(r"\s{2,}", line) for line in floors.splitlines()]

    assert [len(line) for line in lines] == [2] * len(lines)
    assert [sorted(rooms_in(line[0])) for line in lines] == floors_of_the_contract()


def test_every_path_is_there() -> None:
    """A path in backticks is a file or a folder, and a folder ends with a slash."""
    named = re.findall(r"`([\w./-]+(?:/|\.(?:py|toml|md|yaml)))`", PAGE)

    assert len(named) > 50
    assert not [each for each in named if not (ROOT / each).exists()]
    assert not [each for each in named if (ROOT / each).is_dir() != each.endswith("/")]


def test_every_record_of_evidence_is_one() -> None:
    """The page names records by their classes."""
    told = {name for part in re.findall(r"Evidence: ([^.]+)\.", PAGE) for name in part.split("`")}
    named = {each for each in told if each.isidentifier() and each != "or"}

    assert len(named) >= 10
    assert not [each for each in named if not hasattr(records, each)]


def test_there_is_somewhere_to_go_for_twenty_things() -> None:
    """The table of changes has a path, or a table of the order, in each row."""
    rows = re.findall(r"^\| (?!To change|---)(.+?) \| (.+) \|$", PAGE, re.MULTILINE)

    assert len(rows) >= 20
    assert not [what for what, where in rows if "`" not in where]
