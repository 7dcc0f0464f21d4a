"""A phase goes live once its test has passed and the data are right, if the rollout says so."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import BadInput
from simulator.rehearsal import readiness
from simulator.rehearsal.plan import Plan, make_plan
from simulator.rehearsal.readiness import plan_when_ready
from simulator.rehearsal.rollout import read_rollout
from simulator.results.values import GoLiveDelay
from tests.simulator.rehearsal.small import FRACTION, GO_LIVE, rehearse_apart, write_small


def gates(**values: float) -> Callable[[dict[str, Any]], object]:
    """Give the rollout gates that nothing is held by, but for these."""
    usual = {
        "weeks_after_failed_test": 2.0,
        "wrong_details_max": 1.0,
        "measured_weeks": 1.0,
        "weeks_max": 3.0,
    }
    table = {
        name: {"value": value, "unit": "weeks or a share", "assumed": "for this test"}
        for name, value in (usual | values).items()
    }
    return lambda raw: raw.update(go_live_gates=table)


def planned(
    folder: Path, rollout: Callable[[dict[str, Any]], object]
) -> tuple[Plan, list[GoLiveDelay]]:
    """Lay out a small rollout with gates."""
    path = write_small(folder, rollout=rollout)
    read = read_rollout(path)
    return plan_when_ready(
        lambda days: make_plan(read, path, seed=1, fraction=FRACTION, go_live=days)
    )


def test_a_ready_phase_goes_live_on_its_day(tmp_path: Path) -> None:
    """The reference passes its tests, and no more than all details are wrong."""
    plan, delays = planned(tmp_path, gates())

    assert delays == []
    assert plan.order.go_live.phase_3 == GO_LIVE["phase_3"]
    assert plan.judged == {}


def test_a_failed_test_moves_its_phase_and_those_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one before it stays, and the calendar has the later days."""
    monkeypatch.setattr(readiness, "_failed_in_test", lambda _plan, phase: 4 * (phase == 2))

    plan, [delay] = planned(tmp_path, gates())

    two_weeks = timedelta(weeks=2)
    days = plan.order.go_live
    assert days.phase_1 == GO_LIVE["phase_1"]
    assert (days.phase_2, days.phase_3) == (
        GO_LIVE["phase_2"] + two_weeks,
        GO_LIVE["phase_3"] + two_weeks,
    )
    assert (delay.phase, delay.from_day, delay.to_day) == (2, GO_LIVE["phase_2"], days.phase_2)
    assert "4 failures" in delay.why
    live = [each.starts for each in plan.periods if each.phase == 2 and not each.is_test]
    assert live == [days.phase_2]


def test_wrong_details_make_a_phase_wait_no_longer_than_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where details never get right it goes live after the most weeks, and says how wrong."""
    monkeypatch.setattr(readiness, "_failed_in_test", lambda _plan, _phase: 0)

    plan, delays = planned(tmp_path, gates(wrong_details_max=0.0))

    assert [each.phase for each in delays] == [1, 2, 3]
    assert plan.order.go_live.phase_1 == GO_LIVE["phase_1"] + timedelta(weeks=3)
    assert plan.order.go_live.phase_3 == GO_LIVE["phase_3"] + timedelta(weeks=9)
    assert all("wrong contact details" in each.why for each in delays)


@pytest.mark.proof
@pytest.mark.slow(seconds=12)
def test_a_portal_that_fails_its_test_goes_live_later(tmp_path: Path) -> None:
    """A portal that sends twice fails each test; the report says which phases moved, and why."""
    said = rehearse_apart(
        tmp_path,
        "fixtures.broken_portals.sending:sends_twice",
        rollout=gates(weeks_after_failed_test=1),
    )

    words = " ".join(said.words.split())
    assert said.code == 1, said.words
    for phase in (1, 2, 3):
        assert f"Phase {phase} went live on " in words
    assert "Phase 1 went live on 22 June 2026, not on 15 June 2026: its test had" in words


def test_gates_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    """The sentence names the field, the value and what to give."""
    path = write_small(tmp_path, rollout=gates(weeks_max=100))

    with pytest.raises(BadInput, match=r"weeks_max is 100; give 0 to 26 weeks"):
        read_rollout(path)
