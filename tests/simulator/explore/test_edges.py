"""Edges are computed from the order and the contract, and every one of them can be met."""

import pytest
from msgspec import structs

from reference.contract.outcomes import OUTCOMES
from simulator.explore.covering import covering_numbers
from simulator.explore.edges import Edge, all_edges, met_by
from simulator.explore.steps import Ask, Close
from simulator.explore.story_drawing import draw_story
from simulator.explore.unreachable import reach_when_fresh
from tests.simulator.explore.stories import CRIME, PLAIN, RECORDED, order, reference, story

#: So rare that two thousand stories may not have them.
RARE = {
    Edge("how many", "closures of a crime: three"),
    Edge("how many", "closures of a crime: many"),
    Edge("how many", "appointments of a crime: many"),
}


@pytest.mark.proof
@pytest.mark.slow(seconds=15)
@pytest.mark.parametrize("phase", [1, 2, 3])
def test_every_edge_is_met_by_some_story(phase: int) -> None:
    """Of a thousand stories some meets nearly each edge, and of six thousand all but the rarest."""
    reach = reach_when_fresh(reference(), phase)
    left = {each for each in all_edges(order(), phase) if not reach.why_unreachable(each)} - RARE
    for number in range(6000):
        left -= met_by(draw_story(order(), phase=phase, seed=1, number=number), order())
        if number == 1000:
            assert len(left) < 15
        if not left:
            break
    assert left == set()


def test_a_plain_story_meets_what_it_holds() -> None:
    """Its offence, its month and its steps; not what it does not hold."""
    met = met_by(story(*PLAIN), order())
    assert {
        Edge("offence", "in: Bicycle theft"),
        Edge("day", "June"),
        Edge("event", "Deploy at once"),
        Edge("step", "SignIn"),
        Edge("form of a number", "11 digits"),
    } <= met
    assert Edge("event", "Deploy twice") not in met
    assert Edge("offence", "in: Vehicle offences") not in met


def test_every_outcome_is_an_edge() -> None:
    """All that the contract lets a force close a crime with, each with what it means."""
    listed = {each.value for each in all_edges(order(), 1) if each.kind == "outcome"}
    assert listed == {f"{each}: {OUTCOMES[each]}" for each in OUTCOMES if each != 1}
    met = met_by(story(*PLAIN[:1], Close(crime=CRIME, event="e3", outcome=18)), order())
    assert Edge("outcome", f"18: {OUTCOMES[18]}") in met


def test_what_an_event_leaves_out_is_an_edge() -> None:
    """Each field that may be blank, once given and once not."""
    in_town = structs.replace(RECORDED, area="Reading")
    given, blank = (
        Edge("field of an event", f"RecordCrime area {how}") for how in ("given", "blank")
    )
    assert {given, blank} <= set(all_edges(order(), 1))
    assert {given, blank} & met_by(story(RECORDED), order()) == {blank}
    assert {given, blank} & met_by(story(in_town), order()) == {given}


def test_a_length_in_letters_of_several_bytes_is_an_edge_beside_the_length() -> None:
    """A portal may count bytes, or cut a letter in half."""
    kind = "length in another script"
    edges = {each for each in all_edges(order(), 3) if each.kind == kind}
    question = Ask(person="Sam", crime=CRIME, text="ह" * 160)

    met = edges & met_by(story(RECORDED, question, phase=3), order())

    assert {each.value for each in met} == {"question of 160, most letters of several bytes"}
    plain = structs.replace(question, text="h" * 160)
    assert not edges & met_by(story(RECORDED, plain, phase=3), order())


def test_another_order_has_other_edges() -> None:
    """An offence that a force does not order is an edge on the other side."""
    one = order()
    fewer = structs.replace(
        one,
        eligibility=structs.replace(one.eligibility, offence_subgroups=("Bicycle theft",)),
    )
    assert Edge("offence", "in: Robbery of personal property") in all_edges(one, 1)
    assert Edge("offence", "out: Robbery of personal property") in all_edges(fewer, 1)


def test_few_stories_meet_what_many_meet() -> None:
    """The chosen stories meet every edge of all that were drawn, and are less than half of them."""
    drawn = range(200)
    chosen = covering_numbers(order(), phase=1, seed=1, draws=200)
    assert len(chosen) < 100

    def met(numbers: object) -> set[Edge]:
        stories = (draw_story(order(), phase=1, seed=1, number=n) for n in numbers)  # type: ignore[attr-defined]
        every = set(all_edges(order(), 1))
        return every & {edge for each in stories for edge in met_by(each, order())}

    assert met(chosen) == met(drawn)
