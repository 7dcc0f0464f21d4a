"""A portal that only sends messages does not come through: victims use the rest of it, too."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli_w

from simulator.results.values import RehearsalResult
from tests.simulator.real_files import ROOT, TARGET, parsed
from tests.simulator.rehearsal.small import write_small

BROKEN = "tests.simulator.rehearsal.broken"
FIXTURES = "fixtures.broken_portals"
#: Enough testers that what one victim sees of another is tried in three short weeks.
TESTERS = {
    "testers.crimes_per_week": 40.0,
    "testers.second_victim": 1.0,
    "testers.asks_on_visit": 1.0,
    "testers.tries_anothers_crime": 1.0,
    "victims.registers": 1.0,
}


def _to_the_end(raw: dict[str, Any]) -> None:
    """Give phase 3 weeks enough that silence shows in them."""
    raw["calendar"]["quarter_weeks"] = 6


def rehearsed(folder: Path, application: str) -> tuple[int, RehearsalResult]:
    """Rehearse a portal in a process of its own; gives the exit code and the result."""
    target = parsed(TARGET)
    target["access"]["application"] = application
    (folder / "target.toml").write_text(tomli_w.dumps(target))

    def change(raw: dict[str, Any]) -> None:
        raw["target"] = str(folder / "target.toml")
        _to_the_end(raw)

    path = write_small(folder, TESTERS, rollout=change)
    command = [sys.executable, "-m", "simulator.cli", "rehearse", str(path)]
    command += ["--out", str(folder / "out"), "--fraction", "0.002", "--seed", "1"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "Traceback" not in run.stdout + run.stderr
    written = (folder / "out" / "rehearsal.json").read_bytes()
    return run.returncode, msgspec.json.decode(written, type=RehearsalResult)


@pytest.mark.parametrize(
    ("application", "harm", "requirement"),
    [
        (f"{BROKEN}:lets_nobody_in", "lost", "AUTH-02"),
        (f"{BROKEN}:shows_nothing", "lost", "CASE-01"),
        (f"{BROKEN}:throws_replies_away", "lost", "TWO-04"),
        (f"{BROKEN}:sends_nothing_by_itself", "lost", "JOUR-01"),
        (f"{FIXTURES}.says_closed_of_a_charge:create_app", "out of order", "CASE-04"),
        (f"{FIXTURES}.shows_anyones_crime:create_app", "disclosed", "PRIV-03"),
        (f"{FIXTURES}.shares_one_conversation:create_app", "disclosed", "PRIV-03"),
    ],
)
def test_it_fails_for_what_is_wrong_with_it(
    tmp_path: Path, application: str, harm: str, requirement: str
) -> None:
    """The exit code says so, and the harm is the one that was done."""
    code, result = rehearsed(tmp_path, application)

    assert (code, result.verdict) == (1, "FAIL")
    assert (harm, requirement) in {(each.harm, each.requirement) for each in result.failures}


def test_the_reference_comes_through_the_same(tmp_path: Path) -> None:
    """With testers who try everything it does no harm, and nothing is left untried."""
    code, result = rehearsed(tmp_path, "reference.portal.app:create_app")

    assert [each for each in result.harms if each.kind == "FAIL"] == []
    assert (code, result.untried) == (0, [])


def test_nobody_came_in_is_said(tmp_path: Path) -> None:
    """And the table shows no answer that nobody could have read."""
    _code, result = rehearsed(tmp_path, f"{BROKEN}:lets_nobody_in")

    assert any(each.startswith("nobody registered") for each in result.untried)
    assert sum(each.registered for each in result.periods) == 0
