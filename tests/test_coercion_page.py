"""docs/coercion.md lists what somebody who controls a victim may try: each row is as it says."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from simulator.inputs.requirements import read_requirements
from simulator.prove.run import read_broken_portals

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "coercion.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\|(.*)\|(.+)\| ([A-Z]+-\d{2}) \| (S-\d{3}) \| (B-\d{3}) \|$", re.MULTILINE)


class Row(NamedTuple):
    """One row of the table."""

    situation: str
    never: str
    requirement: str
    scenario: str
    broken_portal: str


ROWS = [Row(*(cell.strip() for cell in found)) for found in _ROW.findall(PAGE)]


def tags() -> dict[str, set[str]]:
    """Give the tags of every scenario by its id."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "features").rglob("*.feature"):
        for line in re.findall(
            r"^ *(@S-\d{3} .*)$", path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            scenario, *named = line.replace("@", "").split()
            found[scenario] = set(named)
    return found


TAGS = tags()
BROKEN = {row.id: (row.requirement, row.caught_by) for row in read_broken_portals()}


def test_every_row_is_read() -> None:
    """No row has another form, and the first has a situation."""
    lines = [each for each in PAGE.splitlines() if each.startswith("| ")]

    assert len(ROWS) == len(lines) - 1
    assert ROWS[0].situation


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.scenario}-{row.broken_portal}")
def test_a_row_is_as_the_features_and_the_broken_portals_say(row: Row) -> None:
    """The scenario proves the requirement, and the portal that breaks it is caught by it."""
    assert row.requirement in {each.id for each in read_requirements()}
    assert row.requirement in TAGS[row.scenario]
    assert BROKEN[row.broken_portal] == (row.requirement, row.scenario)


def test_no_scenario_of_the_pack_is_left_out() -> None:
    """Each scenario about withdrawing or coercion proves a requirement in the table."""
    listed = {each.requirement for each in ROWS}
    own = {id for each in TAGS.values() for id in each if id.startswith(("WITHDRAW", "COERCE"))}

    assert own - listed == {"WITHDRAW-01"}
