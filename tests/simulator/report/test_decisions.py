"""The decision: it begins with the verdict, and agrees with the numbers."""

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from simulator.report import decisions
from simulator.report.acceptance_basis import acceptance_basis
from simulator.report.decisions import code_sentence
from simulator.report.shortfalls import musts_not_asked
from simulator.report.window import window_decision
from simulator.results.values import (
    AcceptanceResult,
    CodeCount,
    DriverBetween,
    RequirementResult,
    ReviewResult,
)
from simulator.verdicts import KINDS, Kind
from tests.simulator.report import samples
from tests.simulator.report.life_sample import headline, scaled
from tests.simulator.report.window_sample import window


@pytest.mark.parametrize("kind", KINDS)
def test_every_decision_names_its_verdict(kind: Kind) -> None:
    """Each verdict is named and put in words, in every decision."""
    words = decisions.VERDICT_SENTENCES[kind].removesuffix(", with warnings")
    for decision in (
        decisions.rehearsal_decision(samples.rehearsal(verdict=kind)),
        decisions.acceptance_decision(samples.acceptance(verdict=kind)),
        decisions.load_decision(samples.load(verdict=kind)),
    ):
        assert decision.startswith(f"{kind}: ")
        assert words in decision
        assert decision.endswith(".")


def test_only_a_portal_that_conforms_meets_the_order() -> None:
    """Only PASS and WARNING begin with "meets the order"."""
    assert [
        kind for kind in KINDS if decisions.VERDICT_SENTENCES[kind].startswith("meets the order")
    ] == ["WARNING", "PASS"]


def not_all_asked() -> AcceptanceResult:
    """Make a run with a must that nobody claims, two that wait, one waived, and one in part."""
    first, second, third, fourth, fifth, *others = samples.acceptance().requirements
    waiver = ReviewResult(
        verdict="OMIT", reviewer="A. Lead", role="lead", on=date(2026, 6, 2), note="", evidence=()
    )
    left = [
        replaced(first, awaits="a claim", reason="not claimed: x"),
        replaced(second, awaits="a claim", level="should"),
        replaced(third, awaits="a person"),
        replaced(fourth, awaits="a browser", verdict="REVIEW"),
        replaced(fifth, awaits="a browser", review=waiver, reason="waived by A. Lead"),
    ]
    met = [structs.replace(each, verdict="PASS", level="must") for each in others]
    met[0] = structs.replace(met[0], is_in_part=True, reason="in part, without: x")
    return samples.acceptance(requirements=[*left, *met], verdict="SKIP")


def replaced(row: RequirementResult, **changes: Any) -> RequirementResult:
    """Make a must that was not asked."""
    return structs.replace(row, **{"verdict": "OMIT", "level": "must", **changes})


def test_the_headline_says_how_many_musts_wait_and_a_table_names_them() -> None:
    """A should is no must, and what a named person waived waits no more."""
    result = not_all_asked()
    headline, ids = decisions.acceptance_decision(result), [each.id for each in result.requirements]

    assert headline.startswith("SKIP: ")
    assert headline.endswith("does not claim every must; 2 of 9 musts await a person or browser.")
    assert dict(acceptance_basis(result))["Musts asked"] == "6 of 9, 1 waived, 1 in part"
    assert musts_not_asked(result) == [
        (ids[0], "not claimed: x"),
        (ids[2], "a person"),
        (ids[3], "a browser"),
        (ids[4], "waived by A. Lead"),
        (ids[5], "in part, without: x"),
    ]


def test_the_headline_of_an_unfinished_driver_says_how_much_is_not_verified() -> None:
    """People look at a portal only once it can be verified, so what they wait for comes later."""
    first, *others = not_all_asked().requirements
    rows = [*others, structs.replace(first, verdict="SKIP")]
    headline = decisions.acceptance_decision(samples.acceptance(requirements=rows, verdict="SKIP"))

    assert headline.endswith("is not shown to meet the order; 1 of 7 requirements not verified.")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("driver", ["", "tried"])
@pytest.mark.parametrize("messages", [0, 7])
def test_a_headline_has_at_most_25_words(kind: Kind, driver: DriverBetween, messages: int) -> None:
    """It can be read out, whatever the verdict and however the portal was reached."""
    waiting = structs.replace(not_all_asked(), verdict=kind, driver=driver, messages=messages)

    assert len(decisions.acceptance_decision(waiting).split()) <= 25


def test_test_weeks_say_what_they_warn_of() -> None:
    """A WARNING names the harms, though all criteria are met."""
    others = [each for each in samples.harms() if each.kind != "FAIL"]

    said = window_decision(window(verdict="WARNING", harms=others, untried=[]))

    assert said.endswith(
        "0 harms by the portal; 61 messages reached the wrong person because the force's details "
        "were wrong; 2 messages did not arrive because of the integration."
    )


def test_a_hollow_run_says_so() -> None:
    """If no message was delivered, the decision says so."""
    hollow = samples.acceptance(verdict="INCONCLUSIVE", messages=0, requirements=[])

    assert decisions.acceptance_decision(hollow).endswith(
        "could not be judged: no message was delivered."
    )
    assert acceptance_basis(hollow) == (("Requirements", "0: none judged"),)


def test_a_warning_says_at_once_how_many_were_wrongly_told() -> None:
    """That the portal meets the order is not all: 280 victims' news went to another person."""
    warned = decisions.rehearsal_decision(samples.rehearsal(verdict="WARNING"))
    ordinary = samples.rehearsal().life
    assert ordinary is not None
    none = structs.replace(ordinary, headline=headline(wrongly_told=scaled(0)))
    quiet = decisions.rehearsal_decision(samples.rehearsal(verdict="WARNING", life=none))
    said = "Even so, about 280 victims' news went to another person in 12 weeks (Phase 3). Of "

    assert said in warned
    assert "Even so" not in quiet
    assert "Even so" not in decisions.rehearsal_decision(samples.rehearsal(verdict="FAIL"))


def test_a_rehearsal_keeps_the_portals_harms_from_others() -> None:
    """Only a FAIL is the portal's, and its worst is named."""
    assert decisions.rehearsal_decision(samples.rehearsal()) == (
        "FAIL: Reference portal does not meet the order. Of 48,211 messages due: "
        "30 harms by the portal, 0 of them since go-live and 30 in the tests (worst: misdirected); "
        "61 messages reached the wrong person "
        "because the force's details were wrong; 2 messages did not arrive because of the "
        "integration."
    )
    assert decisions.rehearsal_decision(samples.rehearsal(verdict="PASS", harms=[])).endswith(
        "meets the order. Of 48,211 messages due: 0 harms by the portal."
    )


def test_the_portals_harms_are_one_number_with_its_parts() -> None:
    """Page 1 counts those since go-live: the verdict says in one line how the others came."""
    harms = samples.harms()

    assert "30 harms by the portal, 25 of them since go-live and 5 in the tests" in (
        decisions.harms_sentence(harms, 25)
    )
    for same in (30, None):
        assert "30 harms by the portal (worst" in decisions.harms_sentence(harms, same)


def test_a_proof_names_broken_portals_that_were_not_caught() -> None:
    """It names each missed portal, and counts the scenarios that failed the reference."""
    caught = [each for each in samples.proof().rows if each.caught]

    assert decisions.proof_decision(samples.proof()) == (
        "FAIL: 2 of 3 broken portals caught, each by the scenario that must catch it "
        "(not caught: sleeps); no scenario failed the reference (PASS)."
    )
    assert decisions.proof_decision(
        samples.proof(verdict="FAIL", rows=caught, reference_failed=("one", "two"))
    ) == (
        "FAIL: 2 of 2 broken portals caught, each by the scenario that must catch it; "
        "the reference failed 2 scenarios."
    )
    assert decisions.proof_decision(
        samples.proof(verdict="PASS", rows=caught, reference_passed_before=True)
    ).endswith(
        "no scenario failed the reference (PASS) when it was last run, and nothing that it rests "
        "on has changed."
    )


def test_a_burst_without_a_limit_names_none() -> None:
    """The decision gives the allowed time only if there is one."""
    with_limit = decisions.load_decision(samples.load())
    without = decisions.load_decision(samples.load(slos=[]))

    assert "95% of messages within 31.50 s (30.00 s allowed); " in with_limit
    assert "95% of messages within 31.50 s; " in without


def test_a_burst_of_visits_alone_counts_visits() -> None:
    """No “0 of 0 updates”, and no time of messages of which there were none."""
    none: dict[str, Any] = {"events_scheduled": 0, "events_accepted": 0, "messages": 0}
    said = decisions.load_decision(samples.load(measures={}, **none))
    stopped = decisions.load_decision(samples.load(measures={}, stopped="by hand", **none))

    assert ". 2,000 visits, 3 failed, 3 more found nobody free; " in said
    assert "messages within" not in said
    assert "ended before its time: by hand. " in stopped
    assert "0 of 0" not in f"{said}{stopped}"


def test_a_wrong_portal_is_not_excused_by_what_held_it_up() -> None:
    """What limited a burst is the headline only where nothing else was found."""
    wrong = decisions.load_decision(samples.load(verdict="FAIL", limited_by="the generator"))
    unclear = decisions.load_decision(
        samples.load(verdict="INCONCLUSIVE", limited_by="the generator")
    )

    assert wrong.startswith("FAIL: under ")
    assert unclear.startswith("INCONCLUSIVE: ")
    assert unclear.endswith("the limit was the generator.")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"stopped": "by hand"},
        {"verdict": "INCONCLUSIVE", "limited_by": "the generator"},
    ],
)
def test_who_vouches_for_a_driver_under_load_is_in_the_headline(changes: dict[str, Any]) -> None:
    """As in accept: what a vendor's own driver says is by its word, whatever the verdict."""
    said = decisions.load_decision(samples.load(vouched_by="nobody", **changes))
    without = decisions.load_decision(samples.load(**changes))

    assert ", by its driver's word, through which alone the suite saw the portal; " in said
    assert "nobody vouches for it (nothing was seen without it)" in said
    assert "vouches" not in without


def test_a_portal_without_a_driver_has_no_such_words() -> None:
    """Its own interfaces answered."""
    assert "driver" not in decisions.acceptance_decision(samples.acceptance())
    assert "Driver" not in dict(acceptance_basis(samples.acceptance()))


def test_what_is_only_suspected_is_for_review() -> None:
    """An exploration that only suspects a defect does not say that it found one."""
    suspected = structs.replace(samples.exploration(), verdict="REVIEW")

    said = decisions.exploration_decision(suspected)

    assert said.startswith("REVIEW: ")
    assert "suspected, for a person to review, in" in said


def test_what_was_late_under_the_code_is_told_by_who_held_it_up() -> None:
    """Nothing is said where there was nothing to tell."""
    assert code_sentence(CodeCount()) == ""

    sentence = code_sentence(
        CodeCount(news=9, late_by_force=2, late_by_contact_data=1, late_by_portal=1)
    )
    assert sentence == (
        "; of 9 things that the Victims' Code has victims told, 5 told in time, "
        "2 recorded too late by the force, 1 late because the force's contact details could not be "
        "used, 1 told late by the portal"
    )
