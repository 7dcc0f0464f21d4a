"""Rules of the reach: nothing is left out that could come to something else."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from features import function_trace
from features.function_trace import Reached, function_at
from simulator.accept.features_run import run_features
from simulator.processes.features_process import Run
from simulator.prove import run as proof

REACHED = Reached(
    functions=["begin", "send", "stop"],
    at_start={0},
    by_scenario={"Told": {0, 1}, "Stopped": {1, 2}, "Nobody": {0}},
)
STOPS_FOR_GOOD = "never_starts_messages_again"


@pytest.fixture
def items(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Name three scenarios that are no more than their names."""
    monkeypatch.setattr(function_trace, "whole_name_of", lambda name: name)
    monkeypatch.setattr(
        function_trace, "function_at", lambda name: None if name == "LIMIT" else name
    )
    return list(REACHED.by_scenario)


@pytest.mark.parametrize(
    ("replaced", "kept"),
    [
        (["stop"], ["Stopped"]),
        (["send"], ["Told", "Stopped"]),
        (["send", "stop"], ["Told", "Stopped"]),
        (["never called"], []),
    ],
)
def test_a_scenario_that_calls_nothing_of_it_is_left_out(
    items: list[Any], replaced: list[str], kept: list[Any]
) -> None:
    """What is never called cannot be noticed, and each that is called runs all who call it."""
    assert function_trace._concerned(items, REACHED, replaced) == kept


@pytest.mark.parametrize("replaced", [["begin"], ["stop", "begin"], ["LIMIT"], ["stop", "LIMIT"]])
def test_what_may_be_anywhere_concerns_everybody(items: list[Any], replaced: list[str]) -> None:
    """What is called as the portal starts, or read and not called, may show in any scenario."""
    assert function_trace._concerned(items, REACHED, replaced) == items


@pytest.mark.parametrize(
    ("name", "is_called"),
    [
        ("reference.portal.storage.outbox.Outbox.join_waiting", True),
        ("reference.portal.rules.message_limits.cap_until", True),
        ("reference.portal.rules.contact_details.mobile", True),
        ("reference.portal.rules.contact_details._mobile", False),  # keeps its results
        ("reference.portal.web.hooks.TOLERANCE_SECONDS", False),
        ("reference.portal.settings.Settings.per_week_max", False),
        ("starlette.responses.Response.init_headers", False),  # not the portal's own
    ],
)
def test_a_trace_shows_the_use_of_functions_only(name: str, *, is_called: bool) -> None:
    """A constant, a field and a function that keeps its results are used without being called.

    Of what is not the portal's own nothing is traced.
    """
    assert (function_at(name) is not None) is is_called


@pytest.mark.proof
@pytest.mark.slow(seconds=25)
def test_it_fails_what_it_fails_among_all(tmp_path: Path, warm: Run) -> None:
    """A broken portal that meets only whom it concerns fails the same as one that meets them all.

    And whoever is left out is someone: a trace that shows everything called would prove nothing.
    """
    (broken,) = proof.read_broken_portals(only=STOPS_FOR_GOOD)
    traced = tmp_path / "reach.json"

    def met(name: str, **how: Any) -> list[Any]:
        out = tmp_path / name
        return run_features(proof.REFERENCE, phase=broken.phase, out=out, run=warm, **how)

    reference = met("reference", reach_to=traced)
    whole = met("whole", application=broken.application)
    some = met("some", application=broken.application, reach=traced, replaced=broken.replaced)

    assert {each.verdict for each in reference} == {"PASS"}
    failed = [each.name for each in whole if each.verdict != "PASS"]
    assert failed
    assert [each.name for each in some if each.verdict != "PASS"] == failed
    assert len(some) < len(whole) / 2
    reached = msgspec.json.decode(traced.read_bytes(), type=Reached)
    assert set(reached.by_scenario) == {each.name for each in whole}
    assert reached.at_start


def test_every_broken_portal_names_what_is_there() -> None:
    """What a broken portal is said to replace is found, and most are known to the function."""
    broken = proof.read_broken_portals()
    found = {each.name: [function_at(name) for name in each.replaced] for each in broken}

    known = [name for name, functions in found.items() if functions and None not in functions]
    assert len(known) > 0.9 * len(broken)
