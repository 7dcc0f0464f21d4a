"""Rules of an order whose weekly limit is of a calendar week: features, judge and portals agree."""

from pathlib import Path

import pytest

from simulator.accept.features_run import run_features
from simulator.files.paths import ROOT
from simulator.inputs.order import read_order
from simulator.processes.features_process import Run
from tests.features.portals_of_another_week import by_the_last_seven_days
from tests.simulator.real_files import ORDER, TARGET, spoiled

SECOND_PORTAL = ROOT / "scenarios" / "targets" / "second-portal.toml"
LIMITED = (
    "No victim gets more messages than the weekly limit",
    "The weekly limit covers all the crimes a person reported",
    "The weekly limit delays no news longer than the Victims' Code allows",
    "The weekly limit delays no news past the working days for standard rights",
)


@pytest.fixture(scope="module")
def order(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the order with a week from Monday."""
    folder = tmp_path_factory.mktemp("week")
    path = spoiled(folder, ORDER, ('week = "rolling"', 'week = "calendar"'))
    assert read_order(path).messages.week == "calendar"
    return path


@pytest.mark.slow(seconds=8)
@pytest.mark.parametrize("portal", [TARGET, SECOND_PORTAL], ids=["reference", "second"])
def test_each_portal_keeps_the_week_that_was_ordered(
    order: Path, portal: Path, tmp_path: Path, warm: Run
) -> None:
    """No step and no rule of the judge counts another week."""
    target = spoiled(tmp_path, portal, ("scenarios/orders/two-forces.toml", str(order)))
    found = [
        each
        for name in LIMITED
        for each in run_features(target, phase=3, out=tmp_path / "out", only=name, run=warm)
    ]

    assert len(found) == len(LIMITED) + 1
    assert [(each.name, each.observed) for each in found if each.verdict != "PASS"] == []


def test_a_portal_that_counts_another_week_is_caught(
    order: Path, tmp_path: Path, warm: Run
) -> None:
    """It holds back what might have gone on Monday."""
    application = f"{by_the_last_seven_days.__module__}:{by_the_last_seven_days.__name__}"
    target = spoiled(tmp_path, TARGET, ("scenarios/orders/two-forces.toml", str(order)))

    found = run_features(
        target, phase=3, out=tmp_path / "out", run=warm, only=LIMITED[0], application=application
    )

    assert [each.verdict for each in found] == ["FAIL", "FAIL"]
