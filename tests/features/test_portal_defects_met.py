"""Real data fail small defects of the second portal that the plain people never met."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from features.real_data import BORN, PHONE, QUESTION, REPLY, Deal, kinds_of
from simulator.files.paths import ROOT
from simulator.inputs.order import read_order
from simulator.inputs.target import read_target
from simulator.inputs.written_scenarios import is_claimed, is_run_in, read_written
from tests.portal_defects import PORTALS, changed, read_defects

TARGET = "scenarios/targets/second-portal.toml"
#: What each defect gets wrong: an edge of real data, and a value of it.
DEFECTS = {
    "second-04": (PHONE, "a label before it"),
    "second-19": (REPLY, "markup and apostrophes"),
    "second-24": (BORN, "18 today"),
    "second-36": (QUESTION, "accents by themselves, and signs"),
}


def scenario_dealt(kind: str, value: str, phase: int) -> str:
    """Name a scenario that is dealt a value when the second portal is tried."""
    target = read_target(ROOT / TARGET)
    claimed = target.claims.capabilities
    run = [
        each
        for each in read_written()
        if is_run_in(phase, each.tags, each.phase) and is_claimed(each.tags, claimed)
    ]
    deal = Deal(kinds_of(read_order(ROOT / target.order)), run)
    follows = "Alex has signed in to follow a"
    met = (each for each in run if any(step.text.startswith(follows) for step in each.steps))
    return next(each.id for each in met if deal.value(kind, each.id) == value)


def verdict(copy: Path, scenario: str, phase: int, *options: str) -> str:
    """Run one scenario in a copy of the suite; give its verdict."""
    run = [sys.executable, "-m", "simulator.cli", "accept", "--target", TARGET, "--out", "out"]
    subprocess.run(
        [*run, "--phase", str(phase), "--only", scenario, *options],
        cwd=copy,
        capture_output=True,
        check=False,
    )
    result = json.loads((copy / "out" / "acceptance.json").read_bytes())
    return str(next(each["verdict"] for each in result["scenarios"] if each["id"] == scenario))


@pytest.mark.slow(seconds=12)
@pytest.mark.parametrize("id", DEFECTS)
def test_a_defect_of_special_values_fails_with_real_data_alone(id: str, tmp_path: Path) -> None:
    """The same scenario passes with the people and words of the features."""
    defect = next(each for each in read_defects() if each.id == id)
    for name in ("features", "fixtures", "reference", "scenarios", "simulator"):
        ignored = shutil.ignore_patterns("__pycache__", "broken_portals", "stories", "golden")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    for edit in defect.edit:
        file = tmp_path / PORTALS[defect.portal] / edit.file
        file.write_text(changed(file.read_text("utf-8"), edit), "utf-8")
    scenario = scenario_dealt(*DEFECTS[id], defect.phase)

    assert verdict(tmp_path, scenario, defect.phase, "--plain") == "PASS"
    assert verdict(tmp_path, scenario, defect.phase) == "FAIL"
