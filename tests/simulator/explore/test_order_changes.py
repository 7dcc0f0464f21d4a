"""A drawn order is one that a force could give, and the portal is configured by it."""

from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from simulator.evidence.records import MessageAccepted
from simulator.explore.order_changes import changed, draw_changes
from simulator.explore.order_fields import NOT_DRAWN, order_fields, path_of
from simulator.explore.steps import ReportIncident, Wait
from simulator.explore.story import OrderChange
from simulator.explore.story_drawing import draw_story, order_of
from tests.simulator.explore.stories import CRIME, DAY, order, reference, story

#: The first example loads the lists of names.
NO_DEADLINE = settings(deadline=None)


@NO_DEADLINE
@given(seed=st.integers(0, 1_000_000))
def test_every_drawn_order_is_possible(seed: int) -> None:
    """The order's own checks hold for it, and only the fields named are otherwise."""
    changes = draw_changes(Random(seed), order())  # noqa: S311  it is no secret
    other = changed(order(), changes)
    plain, own = msgspec.to_builtins(other), msgspec.to_builtins(order())
    tables = {each.field.partition(".")[0] for each in changes}
    assert {name for name in own if plain[name] != own[name]} <= tables


def test_every_field_of_the_order_is_drawn_or_has_a_reason() -> None:
    """None has both, and no other name is listed."""
    drawn = (draw_story(order(), phase=3, seed=1, number=number) for number in range(1000))
    found = {path_of(each.field) for story in drawn for each in story.order}
    # Every story has its own days.
    days = {each for each in order_fields() if each.startswith("go_live.")}
    assert len(days) == 3
    assert found == {*order_fields()} - {*NOT_DRAWN} - days


def test_an_impossible_order_is_refused() -> None:
    """The order checks itself, whoever made it."""
    enhanced = OrderChange(field="deadlines.working_days_enhanced", value=9)
    with pytest.raises(msgspec.ValidationError, match="enhanced rights are no slower"):
        changed(order(), [enhanced])


def test_the_end_of_the_forces_number_is_no_code() -> None:
    """A force whose number has six digits after its area code acknowledges reports as others do."""
    number = "01632 960301"
    changes = (OrderChange(field="forces.thames_valley.non_emergency", value=number),)
    report = ReportIncident(crime=CRIME, event="e1", force="thames_valley", person="Sam")
    told = structs.replace(story(report, Wait(seconds=DAY), phase=1), order=changes)

    judged = reference().judged(told)

    bodies = [each.body for each in judged.records if isinstance(each, MessageAccepted)]
    assert len(bodies) == 2
    assert all(f"call {number}" in each for each in bodies)
    assert judged.failures == ()


@NO_DEADLINE
@given(number=st.integers(0, 10_000), phase=st.integers(1, 3))
def test_a_fixed_order_stays_as_it_is(number: int, phase: int) -> None:
    """A portal that the suite cannot configure has the force's own limits and days."""
    drawn = draw_story(order(), phase=phase, seed=1, number=number, order_is_fixed=True)
    assert order_of(drawn, order()) == order().staying_in(phase)
    assert order().phase_at(drawn.begins_at) >= phase
