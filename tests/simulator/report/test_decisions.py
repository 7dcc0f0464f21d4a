"""The decision: one sentence that begins with the verdict and says the same as the numbers."""

import pytest
from msgspec import structs

from simulator.report import decisions
from simulator.report.window import window_decision
from simulator.results.values import Awaits
from simulator.verdicts import KINDS, Kind
from tests.simulator.report import samples
from tests.simulator.report.window_sample import window


@pytest.mark.parametrize("kind", KINDS)
def test_every_verdict_makes_one_sentence(kind: Kind) -> None:
    """Each verdict is named and put in words, in every decision, and the sentence ends once."""
    words = decisions.SAYS[kind]
    for decision in (
        decisions.rehearsal_decision(samples.rehearsal(verdict=kind)),
        decisions.acceptance_decision(samples.acceptance(verdict=kind)),
        decisions.load_decision(samples.load(verdict=kind)),
    ):
        assert decision.startswith(f"{kind}: ")
        assert words in decision
        assert decision.endswith(".")
        assert ". " not in decision


def test_only_what_conforms_is_said_to_do_what_was_ordered() -> None:
    """No verdict but PASS and WARNING begins with the words of a pass."""
    assert [kind for kind in KINDS if decisions.SAYS[kind].startswith("does what")] == [
        "WARNING",
        "PASS",
    ]


def test_an_acceptance_counts_every_requirement_once() -> None:
    """The counts add up to the requirements, worst first."""
    assert decisions.acceptance_decision(samples.acceptance(verdict="ERROR")).endswith(
        "of 10 requirements, 1 stopped by a fault of the suite, 1 not met, 1 inconclusive, "
        "1 not verified, 1 for a person to look at, 1 with a warning, 2 met, "
        "2 of other phases or not testable."
    )


@pytest.mark.parametrize(
    ("awaits", "said"),
    [
        ("a person", "10 that a person must look at"),
        ("a browser", "10 that must be looked at in a browser"),
        ("a claim", "10 not claimed"),
    ],
)
def test_what_waits_for_somebody_is_not_said_to_be_of_another_phase(
    awaits: Awaits, said: str
) -> None:
    """Nobody takes an audit that was never read for one that was not asked for."""
    rows = [
        structs.replace(each, verdict="OMIT", awaits=awaits, level="should")
        for each in samples.acceptance().requirements
    ]

    decision = decisions.acceptance_decision(samples.acceptance(requirements=rows))

    assert decision.endswith(f"of 10 requirements, {said}.")


def test_a_must_that_is_not_claimed_is_named() -> None:
    """Nobody reads "does what was ordered" and not that a duty was never claimed."""
    first, second, *others = samples.acceptance().requirements
    unclaimed = [
        structs.replace(first, verdict="OMIT", awaits="a claim", level="must"),
        structs.replace(second, verdict="OMIT", awaits="a claim", level="should"),
    ]

    said = decisions.acceptance_decision(samples.acceptance(requirements=[*unclaimed, *others]))

    assert f"2 not claimed; not claimed, though a must: {first.id}." in said.replace(
        ", 2 of other phases or not testable", ""
    )


def test_one_scenario_alone_is_no_verdict_on_the_portal() -> None:
    """Whoever runs one by its name is not told that the portal does what was ordered."""
    alone = samples.acceptance(
        verdict="PASS", only="At night", scenarios=[samples.scenario("PASS", 1)]
    )

    assert decisions.acceptance_decision(alone).endswith(
        "passed 1 of 1 scenario named “At night”; this is no verdict on the portal."
    )


def test_test_weeks_say_what_there_is_to_look_at() -> None:
    """A warning beside criteria that are all met says of what it warns."""
    others = [each for each in samples.harms() if each.kind != "FAIL"]

    said = window_decision(window(verdict="WARNING", harms=others, untried=[]))

    assert f"to look at {sum(each.count for each in others)} harms by others" in said


def test_a_hollow_run_says_so() -> None:
    """Where no message was ever delivered, the decision says it."""
    hollow = samples.acceptance(verdict="INCONCLUSIVE", messages=0, requirements=[])

    assert decisions.acceptance_decision(hollow).endswith(
        "of 0 requirements, none judged; no message was ever delivered."
    )


def test_a_rehearsal_keeps_the_portals_harms_from_others() -> None:
    """Only a FAIL is the portal's, and its worst is named."""
    assert decisions.rehearsal_decision(samples.rehearsal()) == (
        "FAIL: Reference portal does not do what was ordered: of 48,211 messages owed and judged, "
        "30 harms by the portal (worst: misdirected), 63 by others or past avoiding."
    )
    assert decisions.rehearsal_decision(samples.rehearsal(verdict="PASS", harms=[])).endswith(
        "judged, 0 harms by the portal, 0 by others or past avoiding."
    )


def test_a_proof_names_who_got_away() -> None:
    """All caught is said shortly; who was not is named, and what failed the reference counted."""
    caught = [each for each in samples.proof().rows if each.caught]

    assert decisions.proof_decision(samples.proof()) == (
        "FAIL: 2 of 3 broken portals caught, each by the scenario that must catch it "
        "(not caught: sleeps); nothing failed the reference (PASS)."
    )
    assert decisions.proof_decision(
        samples.proof(verdict="FAIL", rows=caught, reference_failed=("one", "two"))
    ) == (
        "FAIL: 2 of 2 broken portals caught, each by the scenario that must catch it; "
        "the reference failed 2 scenarios."
    )


def test_a_burst_without_a_limit_names_none() -> None:
    """What is allowed is said only where something is."""
    with_limit = decisions.load_decision(samples.load())
    without = decisions.load_decision(samples.load(slo_update_to_message_p95_seconds=None))

    assert "95 in 100 messages within 31.50 s (30.00 s allowed), " in with_limit
    assert "95 in 100 messages within 31.50 s, " in without


def test_what_nobody_tried_is_in_the_decision() -> None:
    """Whoever reads one sentence reads that, too."""
    hollow = samples.rehearsal(verdict="INCONCLUSIVE", untried=["nobody registered"])

    assert decisions.rehearsal_decision(hollow).endswith("; nobody registered.")
