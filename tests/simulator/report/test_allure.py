"""The Allure results: one file a scenario, and only a scenario that passed is "passed"."""

import json
from pathlib import Path

import pytest
from msgspec import structs

from simulator.report.allure import write_allure
from simulator.results.values import AcceptanceResult, ScenarioResult
from simulator.verdicts import KINDS, Kind
from tests.simulator.report.samples import acceptance

SCENARIO = ScenarioResult(
    name="Told once",
    feature="Messages",
    phase=1,
    requirements=("ONCE-01",),
    verdict="FAIL",
    steps=("Given Alex", "Then Alex is told once"),
    failed_step="Then Alex is told once",
    expected="one message",
    observed="two messages",
    command="portal-suite accept --only 'Told once'",
)


def written(folder: Path, result: AcceptanceResult) -> list[dict[str, object]]:
    """Write the results, and read back what is there."""
    write_allure(result, folder)
    return [json.loads(each.read_text("utf-8")) for each in folder.glob("*-result.json")]


def one(folder: Path, **changes: object) -> dict[str, object]:
    """Write a single scenario."""
    [found] = written(folder, acceptance(scenarios=[structs.replace(SCENARIO, **changes)]))
    return found


@pytest.mark.parametrize("verdict", KINDS)
def test_only_what_passed_is_passed(tmp_path: Path, verdict: Kind) -> None:
    """What could not be judged, or waits for a review, is never green."""
    found = one(tmp_path, verdict=verdict)

    assert (found["status"] == "passed") == (verdict in ("PASS", "WARNING"))


def test_a_failure_says_what_was_expected_and_observed(tmp_path: Path) -> None:
    """Allure shows what our own report shows, with the step that failed."""
    found = one(tmp_path)

    assert found["statusDetails"] == {
        "message": "Expected: one message. Observed: two messages.",
    }
    assert [step["status"] for step in found["steps"]] == ["passed", "failed"]  # type: ignore[attr-defined]


def test_a_scenario_has_one_history(tmp_path: Path) -> None:
    """Another run of the same scenario is the same case to Allure; another portal's is not."""
    same = {one(tmp_path / str(run), verdict=kind)["historyId"] for run, kind in enumerate(KINDS)}
    [other] = written(tmp_path / "other", acceptance(scenarios=[SCENARIO], portal="Another"))

    assert len(same) == 1
    assert other["historyId"] not in same


def test_whatever_a_portal_says_can_be_written(tmp_path: Path) -> None:
    """Every scenario of a run with hostile texts becomes a JSON file."""
    result = acceptance()

    assert len(written(tmp_path, result)) == len(result.scenarios)


def test_what_earlier_runs_left_stays(tmp_path: Path) -> None:
    """Two runs into one folder give two results with one history; so do two of one name."""
    written(tmp_path, acceptance(scenarios=[SCENARIO]))

    found = written(tmp_path, acceptance(scenarios=[SCENARIO, SCENARIO]))

    assert len(found) == 3
    assert len({each["historyId"] for each in found}) == 1
