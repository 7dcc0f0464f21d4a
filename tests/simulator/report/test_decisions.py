"""The decision: it begins with the verdict, and agrees with the numbers."""

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from simulator.report import decisions
from simulator.report.decisions import code_sentence
from simulator.report.shortfalls import musts_not_asked
from simulator.report.window import window_decision
from simulator.results.values import (
    AcceptanceResult,
    Awaits,
    CodeCount,
    DriverBetween,
    EdgesMet,
    PagesSampled,
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


def test_a_warning_counts_its_warnings() -> None:
    """A rehearsal counts sorts of harm; an acceptance counts requirements."""
    harms = [each for each in samples.harms() if each.kind == "WARNING"]

    assert "meets the order; 2 warnings. " in decisions.rehearsal_decision(
        samples.rehearsal(verdict="WARNING", harms=harms)
    )
    assert decisions.acceptance_decision(samples.acceptance(verdict="WARNING")).endswith(
        "meets the order; 1 warning."
    )


def test_an_acceptance_counts_every_requirement_once() -> None:
    """The counts add up to the requirements, worst first."""
    assert decisions.acceptance_details(samples.acceptance(verdict="ERROR")) == (
        "Of 10 requirements: 1 stopped by a fault of the suite, 1 not met, 1 inconclusive, "
        "1 not verified, 1 for a person to review, 1 with a warning, 2 met, "
        "2 of other phases or not testable; musts asked: 7 of 7."
    )


@pytest.mark.parametrize(
    ("awaits", "said"),
    [
        ("a person", "10 for a person to review"),
        ("a browser", "10 to check in a browser"),
        ("a claim", "10 not claimed"),
    ],
)
def test_a_requirement_that_waits_is_not_counted_as_of_another_phase(
    awaits: Awaits, said: str
) -> None:
    """An audit that nobody has read is not counted as one that was not asked for."""
    rows = [
        structs.replace(each, verdict="OMIT", awaits=awaits, level="should")
        for each in samples.acceptance().requirements
    ]

    details = decisions.acceptance_details(samples.acceptance(requirements=rows))

    assert details == f"Of 10 requirements: {said}."


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
    assert decisions.acceptance_details(result).endswith(
        "; musts asked: 6 of 9, 1 waived, 1 in part."
    )
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


def test_one_scenario_alone_is_no_verdict_on_the_portal() -> None:
    """A run of one scenario by its name never says that the portal meets the order."""
    alone = samples.acceptance(
        verdict="PASS", only="At night", scenarios=[samples.scenario("PASS", 1)]
    )

    assert decisions.acceptance_decision(alone).endswith(
        "passed 1 of 1 scenario named “At night”. This is not a verdict: run it without --only."
    )


def test_an_acceptance_without_made_up_stories_says_why() -> None:
    """One sentence, only if none were played, and only if the result knows why."""
    why = "this portal is reached by URL"
    without = samples.acceptance(edges_not_tried=why)
    met = samples.acceptance(edges_not_tried=why, edges=EdgesMet(judged=1, every=2, stories=3))

    assert decisions.acceptance_details(without).endswith(f". Edges: not tried, because {why}.")
    assert "not tried" not in decisions.acceptance_details(samples.acceptance())
    assert "not tried" not in decisions.acceptance_details(met)


@pytest.mark.parametrize(
    ("met", "said"),
    [
        (
            EdgesMet(judged=430, every=726, stories=9, chosen=72, kept=38),
            "430 of 726 edges judged by 9 of 72 made-up stories (then their time was up: give",
        ),
        (
            EdgesMet(
                judged=600, every=726, stories=72, chosen=72, kept=1, not_reached={"a": "an order"}
            ),
            "600 of 726 edges judged by 72 of 72 made-up stories; 1 kept story could not be played",
        ),
    ],
)
def test_an_acceptance_says_how_many_of_its_stories_were_played(met: EdgesMet, said: str) -> None:
    """On a busy machine few are, and a pass then says less."""
    details = decisions.acceptance_details(samples.acceptance(edges=met))
    assert f"; {said}" in details
    assert ("was up" in details) == (met.stories < met.chosen)


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
    assert decisions.acceptance_details(hollow) == "Of 0 requirements: none judged."


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


def test_what_nobody_tried_is_in_the_decision() -> None:
    """The decision alone says that the rehearsal left something out."""
    hollow = samples.rehearsal(verdict="INCONCLUSIVE", untried=["nobody registered"])

    assert decisions.rehearsal_decision(hollow).endswith("; nobody registered.")


@pytest.mark.parametrize(
    ("driver", "signatory", "pages", "said"),
    [
        (
            "tried",
            "Dana Okafor",
            4,
            "(it answered nothing while the portal was stopped; 4 pages opened without it)",
        ),
        ("vouched for", "Dana Okafor", 1, "Dana Okafor vouches for it (1 page opened without it)"),
        ("vouched for", " ", 0, "nobody vouches for it (nothing was seen without it)"),
    ],
)
def test_the_headline_says_that_a_driver_stood_between(
    driver: DriverBetween, signatory: str, pages: int, said: str
) -> None:
    """It says so; below stand who vouches for it, and what was seen without it."""
    sampled = PagesSampled(followed=5, pages=pages)
    result = structs.replace(
        samples.acceptance(verdict="FAIL"), driver=driver, signatory=signatory, sampled=sampled
    )

    details = decisions.acceptance_details(result)

    assert ", by its driver's word" in decisions.acceptance_decision(result)
    assert ", by its driver's word, through which alone the suite saw the portal; " in details
    assert details.endswith(f"{said}.")


def test_the_headline_says_what_was_seen_without_the_driver() -> None:
    """Enough was seen; or a named person looked, and the word is still the driver's."""
    enough = PagesSampled(followed=5, pages=5, agreed=4)
    result = structs.replace(samples.acceptance(), driver="tried", sampled=enough)
    by_hand = ReviewResult(
        verdict="PASS",
        reviewer="A. Reader",
        role="tester",
        on=date(2026, 6, 2),
        note="I looked",
        evidence=(),
    )
    looked = structs.replace(result, sampled=PagesSampled(left="no address", review=by_hand))

    assert ", as was seen without its driver too (it answered nothing while" in (
        decisions.acceptance_details(result)
    )
    assert "5 pages opened without it; 4 victims saw there what it says)" in (
        decisions.acceptance_decision(structs.replace(result, only="S-001"))
    )
    assert ", by its driver's word, which A. Reader, tester, looked into on 2 June 2026 (" in (
        decisions.acceptance_details(looked)
    )


def test_a_portal_without_a_driver_has_no_such_words() -> None:
    """Its own interfaces answered."""
    assert "driver" not in decisions.acceptance_decision(samples.acceptance())
    assert "driver" not in decisions.acceptance_details(samples.acceptance())


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
