"""Rules of false alarms: what does as it must in another way than the reference is let through."""

from pathlib import Path

import pytest

from simulator.accept.run import run_features
from simulator.processes.features_process import Run
from simulator.prove.run import REFERENCE

PORTALS = sorted(
    path.stem
    for path in (Path(__file__).parent / "conforming_portals").glob("*.py")
    if path.stem != "__init__"
)
#: It reads the order in another way, and every test run has the scenarios of a quick look pass it;
#: `make proof` tries the others, and has each of them pass every scenario.
IN_EVERY_TEST_RUN = "sends_every_ten_minutes"


@pytest.mark.slow(seconds=7)
def test_no_scenario_of_a_quick_look_fails_a_portal_that_conforms(
    tmp_path: Path, warm: Run
) -> None:
    """The messages of such a portal come when they must, and not when the reference's do."""
    application = f"tests.features.conforming_portals.{IN_EVERY_TEST_RUN}:create_app"
    scenarios = run_features(
        REFERENCE, phase=3, out=tmp_path, application=application, quick=True, run=warm
    )

    assert IN_EVERY_TEST_RUN in PORTALS
    assert len(scenarios) > 10
    assert [(each.name, each.observed) for each in scenarios if each.verdict != "PASS"] == []


@pytest.mark.proof
@pytest.mark.slow(seconds=30)
@pytest.mark.parametrize("portal", PORTALS)
def test_no_scenario_fails_a_portal_that_conforms(portal: str, tmp_path: Path, warm: Run) -> None:
    """A false alarm is as bad as a miss: every scenario of phase 3 and before passes."""
    application = f"tests.features.conforming_portals.{portal}:create_app"
    scenarios = run_features(REFERENCE, phase=3, out=tmp_path, application=application, run=warm)

    assert len(scenarios) > 50
    assert [(each.name, each.observed) for each in scenarios if each.verdict != "PASS"] == []


@pytest.mark.proof
@pytest.mark.slow(seconds=7)
def test_before_phase_2_a_portal_has_the_order_s_time_to_catch_up(
    tmp_path: Path, warm: Run
) -> None:
    """Without time to bundle news, only the time to catch up lets a message wait for so long."""
    application = "tests.features.conforming_portals.tries_again_after_80_minutes:create_app"
    scenarios = run_features(REFERENCE, phase=1, out=tmp_path, application=application, run=warm)

    assert len(scenarios) > 50
    assert [(each.name, each.observed) for each in scenarios if each.verdict != "PASS"] == []
