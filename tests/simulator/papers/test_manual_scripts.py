"""The manual scripts: every scenario of a phase, one row a step, safe in a spreadsheet."""

import csv
import io
from pathlib import Path

import pytest
from msgspec import structs

from simulator.inputs.requirements import read_requirements
from simulator.inputs.written_scenarios import WrittenScenario, WrittenStep, is_run_in, read_written
from simulator.papers.manual_scripts import COLUMNS, scripts_of, steps_of
from simulator.papers.sheets import as_csv
from tests.simulator.command_line import portal_suite

REQUIREMENTS = read_requirements()
SHOULD = next(each.id for each in REQUIREMENTS if each.level == "should")
MUST = next(each.id for each in REQUIREMENTS if each.level == "must")
SCENARIO = WrittenScenario(
    id="a/told",
    name="Told",
    example=("text",),
    feature="A",
    phase=2,
    tags=frozenset({MUST, SHOULD}),
    steps=(
        WrittenStep("Context", "Alex wants to hear by text"),
        WrittenStep("Context", "it is 10:00"),
        WrittenStep("Action", "an hour passes"),
        WrittenStep("Outcome", "Alex is told"),
        WrittenStep("Outcome", "Sam is not"),
        WrittenStep("Context", "Sam wants to hear by email"),
        WrittenStep("Action", "a day passes"),
    ),
)


def read(table_of: WrittenScenario, phase: int = 3) -> list[dict[str, str]]:
    """Write a scenario as a script, and read it as a tool does."""
    return rows_in(as_csv(scripts_of(phase, [table_of], REQUIREMENTS)))


def rows_in(written: bytes) -> list[dict[str, str]]:
    """Read a table as a tool does."""
    return list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))


def test_a_script_has_a_row_a_step() -> None:
    """Each step has its expected result beside it; preconditions have their own column."""
    first, second, third = read(SCENARIO)

    assert tuple(first) == COLUMNS
    assert first == {
        "id": "a/told",
        "requirement ids": ", ".join(sorted((MUST, SHOULD))),
        "title": "Told (text)",
        "preconditions": "Alex wants to hear by text\nIt is 10:00",
        "step number": "1",
        "step": "An hour passes",
        "expected result": "Alex is told\nSam is not",
        "phase": "2",
        "priority": "must",
    }
    assert (second["step"], second["expected result"]) == ("Sam wants to hear by email", "")
    assert (third["step number"], third["step"]) == ("3", "A day passes")


def test_where_nothing_is_done_the_tester_looks() -> None:
    """A scenario without an action has a step "Look"."""
    looks = structs.replace(
        SCENARIO, steps=(SCENARIO.steps[0], WrittenStep("Outcome", "nothing is there"))
    )

    assert [(each.action, each.expected) for each in steps_of(looks)] == [
        ("Look", "Nothing is there")
    ]


def test_what_must_be_so_of_the_portal_is_a_precondition() -> None:
    """The preconditions say what the portal must claim, and which phase must not be live."""
    tags = frozenset({SHOULD, "needs_two_way", "before_phase_3"})
    [row, *_] = read(structs.replace(SCENARIO, phase=1, tags=tags), phase=2)

    assert row["preconditions"].splitlines()[:2] == [
        "The portal claims two_way",
        "Phase 3 is not live yet",
    ]
    assert row["priority"] == "should"
    assert read(structs.replace(SCENARIO, phase=1, tags=tags), phase=3) == []


@pytest.mark.parametrize("words", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_no_cell_is_a_formula(words: str) -> None:
    """A spreadsheet shows every text of a feature and computes nothing."""
    steps = (WrittenStep("Context", words), WrittenStep("Action", words))
    risky = structs.replace(SCENARIO, id=words, name=words, steps=steps)

    for row in read(risky):
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("phase", [1, 2, 3])
def test_every_scenario_of_a_phase_is_a_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], phase: int
) -> None:
    """The scripts are exactly the scenarios that an acceptance in this phase runs."""
    command = ("scripts", "--phase", str(phase), "--out")
    assert portal_suite(capsys, *command, tmp_path / "one").code == 0
    assert portal_suite(capsys, *command, tmp_path / "two").code == 0

    written = (tmp_path / "one" / "test-scripts.csv").read_bytes()
    expected = [each for each in read_written() if is_run_in(phase, each.tags, each.phase)]

    assert written == (tmp_path / "two" / "test-scripts.csv").read_bytes()
    rows = rows_in(written)
    assert list(dict.fromkeys(row["id"] for row in rows)) == [each.id for each in expected]
    assert {row["priority"] for row in rows} <= {"must", "should"}
    assert all(row["requirement ids"] and row["step"] for row in rows)
