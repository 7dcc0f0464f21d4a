"""A portal that only sends messages fails a rehearsal: victims use the rest of it too."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from simulator.results.values import RehearsalResult
from tests.simulator.rehearsal.small import rehearse_apart

BROKEN = "tests.simulator.rehearsal.broken"
FIXTURES = "fixtures.broken_portals"
#: Enough testers to try, in three short weeks, what one victim sees of another.
TESTERS = {
    "testers.crimes_a_week_each": 40.0,
    "testers.second_victim": 1.0,
    "testers.asks_on_visit": 1.0,
    "testers.tries_anothers_crime": 1.0,
    "victims.registers": 1.0,
}


def _to_the_end(raw: dict[str, Any]) -> None:
    """Make phase 3 long enough for silence to show."""
    raw["calendar"]["quarter_weeks"] = 6


def rehearsed(folder: Path, application: str) -> tuple[int, RehearsalResult]:
    """Rehearse a portal in a process of its own; gives the exit code and the result."""
    run = rehearse_apart(folder, application, TESTERS, rollout=_to_the_end)
    assert "Traceback" not in run.words
    written = (folder / "out" / "rehearsal.json").read_bytes()
    return run.code, msgspec.json.decode(written, type=RehearsalResult)


# Another broken portal fails a rehearsal in every test run: see test_rehearsal_broken.py.
@pytest.mark.proof
@pytest.mark.slow(seconds=6)
@pytest.mark.parametrize(
    ("application", "harm", "requirement"),
    [
        (f"{BROKEN}:shows_nothing", "lost", "CASE-01"),
        (f"{BROKEN}:sends_nothing_by_itself", "lost", "JOUR-01"),
        (f"{BROKEN}:throws_replies_away", "lost", "TWO-04"),
        (f"{FIXTURES}.shown:says_closed_of_a_charge", "out of order", "CASE-04"),
        (f"{FIXTURES}.shown:shows_anyones_crime", "disclosed", "PRIV-03"),
        (f"{FIXTURES}.conversations:shares_one_conversation", "disclosed", "PRIV-03"),
    ],
)
def test_it_fails_with_the_right_harm(
    tmp_path: Path, application: str, harm: str, requirement: str
) -> None:
    """The exit code is 1, and the harm is the right one."""
    code, result = rehearsed(tmp_path, application)

    assert (code, result.verdict) == (1, "FAIL")
    assert (harm, requirement) in {(each.harm, each.requirement) for each in result.failures}


@pytest.mark.proof
@pytest.mark.slow(seconds=6)
def test_the_reference_comes_through_the_same(tmp_path: Path) -> None:
    """With testers who try everything it does no harm, and nothing is left untried."""
    code, result = rehearsed(tmp_path, "reference.portal.app:create_app")

    assert [each for each in result.harms if each.kind == "FAIL"] == []
    assert (code, result.untried) == (0, [])


@pytest.mark.proof
@pytest.mark.slow(seconds=6)
def test_a_portal_that_lets_nobody_in_fails(tmp_path: Path) -> None:
    """The report says that nobody registered; the table shows no answer that nobody could read."""
    code, result = rehearsed(tmp_path, f"{BROKEN}:lets_nobody_in")

    assert (code, result.verdict) == (1, "FAIL")
    assert ("lost", "AUTH-02") in {(each.harm, each.requirement) for each in result.failures}
    assert any(each.startswith("nobody registered") for each in result.untried)
    assert sum(each.registered for each in result.periods) == 0


@pytest.mark.proof
@pytest.mark.slow(seconds=12)
def test_a_portal_that_lets_nobody_in_makes_calls(tmp_path: Path) -> None:
    """Victims who cannot sign in ring: more calls with it than without, and than where none do."""
    found = {}
    for share in (0.0, 0.5):
        folder = tmp_path / f"{share}"
        folder.mkdir()
        changes = {"worry.refused_sign_in_makes_call": share}
        rehearse_apart(folder, f"{BROKEN}:lets_nobody_in", changes)
        written = (folder / "out" / "rehearsal.json").read_bytes()
        result = msgspec.json.decode(written, type=RehearsalResult)
        found[share] = sum(each.update_calls_with for each in result.periods)
        without = sum(each.update_calls_without for each in result.periods)

    assert found[0.5] > 1.02 * found[0.0]
    assert found[0.5] > 1.02 * without
