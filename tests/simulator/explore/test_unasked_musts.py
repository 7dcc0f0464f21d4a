"""A portal that claims too little does not pass: its musts that no story asks for are named."""

from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from simulator.accept import unclaimed_scenarios
from simulator.accept.requirement_verdicts import acceptance_result
from simulator.accept.unclaimed_scenarios import results_of_unclaimed
from simulator.explore import unasked_musts
from simulator.explore.unasked_musts import as_claimed, musts_not_asked
from simulator.inputs.capabilities import Capability
from simulator.inputs.requirements import read_requirements
from simulator.inputs.target import read_target
from simulator.inputs.written_scenarios import is_claimed, is_run_in, read_written
from simulator.report.decisions import exploration_decision
from simulator.results.values import ScenarioResult
from simulator.verdicts import Kind
from tests.simulator.real_files import TARGET
from tests.simulator.report import samples

#: Without the two that only a driver can give, and that no scenario needs.
CAPABILITIES = [e for e in get_args(Capability) if e not in ("messages_since", "stamps_since")]
SCENARIOS = read_written()


def unclaimed_in_accept(phase: int, claimed: tuple[Capability, ...]) -> dict[str, str]:
    """Give what `accept` says was not asked of a portal that passes all that it is asked."""
    target = read_target(TARGET)
    claims = structs.replace(target.claims, capabilities=claimed)
    passed = [
        ScenarioResult(
            id=each.id,
            name=each.whole_name,
            feature=each.feature,
            phase=each.phase,
            requirements=tuple(each.requirements),
            verdict="PASS",
        )
        for each in SCENARIOS
        if is_run_in(phase, each.tags, each.phase) and is_claimed(each.tags, claimed)
    ]
    result = acceptance_result(
        structs.replace(target, claims=claims),
        read_requirements(),
        [*passed, *results_of_unclaimed(phase, claimed)],
        phase=phase,
        messages=1,
    )
    return {each.id: each.reason for each in result.requirements if each.is_unclaimed_must}


@pytest.fixture(scope="module", autouse=True)
def read_once() -> Iterator[None]:
    """Read the features once for all examples."""
    with pytest.MonkeyPatch.context() as patched:
        for module in (unasked_musts, unclaimed_scenarios):
            patched.setattr(module, "read_written", lambda: SCENARIOS)
        yield


@settings(max_examples=10)  # each judges every requirement
@given(phase=st.sampled_from((1, 2, 3)), claimed=st.sets(st.sampled_from(CAPABILITIES)))
def test_the_musts_are_those_of_accept(phase: int, claimed: set[Capability]) -> None:
    """Whatever is claimed, both name the same, for the same reason."""
    assert musts_not_asked(phase, claimed) == unclaimed_in_accept(phase, tuple(sorted(claimed)))


def test_a_portal_that_claims_everything_is_asked_everything() -> None:
    """Nothing is left out, and a pass stays one."""
    passed = samples.exploration(defects=(), verdict="PASS")

    assert as_claimed(passed, CAPABILITIES) == passed


@pytest.mark.parametrize(
    ("verdict", "becomes"),
    [("PASS", "SKIP"), ("REVIEW", "SKIP"), ("FAIL", "FAIL"), ("INCONCLUSIVE", "INCONCLUSIVE")],
)
def test_a_portal_that_claims_little_gets_no_pass(verdict: Kind, becomes: Kind) -> None:
    """With the clock alone no must of those is met; what failed is a failure still."""
    found = samples.exploration(defects=(), verdict=verdict, phase=3)
    result = as_claimed(found, ("test_clock",))

    assert result.verdict == becomes
    assert {"NOTME-01", "REL-02"} <= {*result.musts_not_asked}


def test_the_answer_names_what_was_not_asked() -> None:
    """Each must once, with what the portal would have to claim."""
    claimed = tuple(each for each in CAPABILITIES if each not in ("restarts", "signed_events"))
    result = as_claimed(samples.exploration(defects=(), verdict="PASS"), claimed)

    said = exploration_decision(result)
    assert said.startswith("SKIP: no story failed in 1,200 stories")
    assert (
        "musts not asked: INT-08 (not claimed: signed_events), REL-02 (not claimed: restarts)."
        in said
    )
