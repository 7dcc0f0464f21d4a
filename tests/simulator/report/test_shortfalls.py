"""What an acceptance found wanting: each scenario in one place, and nothing forgotten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.report.harms import WHY_IT_MATTERS
from simulator.report.shortfalls import not_tested, shortfalls
from simulator.verdicts import KINDS, Kind
from tests.simulator.report import samples


@given(st.lists(st.sampled_from(KINDS)))
def test_a_scenario_passed_or_fell_short_or_was_not_tested(kinds: list[Kind]) -> None:
    """Every scenario that did not pass is in just one of the two lists, worst first and counted."""
    scenarios = [samples.scenario(kind, number) for number, kind in enumerate(kinds)]
    result = samples.acceptance(scenarios=scenarios, requirements=[])
    fell_short, untested = shortfalls(result), not_tested(result)

    told = [each.scenario.name for each in fell_short] + [each.what for each in untested]
    assert sorted(told) == sorted(each.name for each in scenarios if each.verdict != "PASS")
    places = [KINDS.index(each.scenario.verdict) for each in fell_short]
    assert places == sorted(places)
    assert [each.number for each in fell_short] == list(range(1, len(fell_short) + 1))


def test_why_it_matters_is_said_once_for_each_harm_worst_first() -> None:
    """Two findings of one harm make one sentence."""
    findings = (
        samples.finding(harm="late"),
        samples.finding(),
        samples.finding(harm="late", observed="again"),
    )
    result = samples.acceptance(scenarios=[samples.scenario("FAIL", 1, findings=findings)])

    assert shortfalls(result)[0].why_it_matters == (
        WHY_IT_MATTERS["misdirected"],
        WHY_IT_MATTERS["late"],
    )


def test_without_a_harm_the_basis_is_why() -> None:
    """A failure in which no harm was found says what the requirement rests on."""
    result = samples.acceptance(scenarios=[samples.scenario("FAIL", 1, findings=())])

    assert shortfalls(result)[0].why_it_matters == (
        "REQ-1 rests on: Victims' Code (Right 6 of the Victims' Code)",
    )


def test_a_requirement_nobody_listed_is_shown_by_its_id() -> None:
    """A scenario may name what the requirements do not hold."""
    result = samples.acceptance(scenarios=[samples.scenario("FAIL", 77, findings=())])

    assert shortfalls(result)[0].requirements == ("REQ-77",)
    assert shortfalls(result)[0].why_it_matters == ()


def test_a_requirement_without_a_scenario_is_not_forgotten() -> None:
    """What no scenario proves is listed with its reason; what one accounts for is not again."""
    found = not_tested(samples.acceptance())

    assert [each.requirements for each in found] == [("REQ-4",), ("REQ-7",), ("REQ-ALONE",)]
    assert found[2].reason == "letters are not ordered"


def test_only_an_omit_does_not_block() -> None:
    """SKIP, and whatever could not be judged, blocks a pass."""
    nothing_ran = not_tested(samples.acceptance(scenarios=[]))

    assert {each.verdict: each.blocks for each in nothing_ran} == {
        "ERROR": True,
        "INCONCLUSIVE": True,
        "REVIEW": True,
        "SKIP": True,
        "OMIT": False,
    }


def test_a_must_that_is_not_claimed_blocks() -> None:
    """It is OMIT, and the list says that it blocks a pass; a should does not."""
    must, wish = samples.acceptance().requirements[:2]
    rows = [
        structs.replace(must, verdict="OMIT", awaits="a claim", level="must"),
        structs.replace(wish, verdict="OMIT", awaits="a claim", level="should"),
    ]

    found = not_tested(samples.acceptance(scenarios=[], requirements=rows))

    assert [(each.requirements, each.blocks) for each in found] == [
        ((must.id,), True),
        ((wish.id,), False),
    ]


@pytest.mark.parametrize("is_strict", [True, False])
def test_a_must_that_waits_for_a_person_blocks_a_strict_run(*, is_strict: bool) -> None:
    """With --strict the list agrees with the verdict; without it, the must only waits."""
    must = structs.replace(
        samples.acceptance().requirements[0], verdict="OMIT", awaits="a person", level="must"
    )
    result = samples.acceptance(scenarios=[], requirements=[must])

    found = not_tested(structs.replace(result, is_strict=is_strict))

    assert [(each.requirements, each.blocks) for each in found] == [((must.id,), is_strict)]


def test_a_missing_reason_is_said_to_be_missing() -> None:
    """No row is without a why."""
    result = samples.acceptance(scenarios=[samples.scenario("SKIP", 1, reason="")], requirements=[])

    assert not_tested(result)[0].reason == "no reason was given"
