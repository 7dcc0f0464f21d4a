"""Every event that a story makes is one that the contract allows."""

from datetime import timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.contract.events import EVENT_TYPES, MilestoneReached
from simulator.explore.force_events import Named, event_of
from simulator.explore.steps import ForceStep, ReachMilestone, RecordCrime, ReportIncident
from simulator.explore.story_drawing import draw_story
from tests.simulator.explore.stories import CRIME, SAM, order, story

#: The first example loads the lists of names.
NO_DEADLINE = settings(deadline=None)


@NO_DEADLINE
@given(number=st.integers(0, 100_000), phase=st.integers(1, 3))
def test_events_meet_the_contract(number: int, phase: int) -> None:
    """Written as JSON and read by the contract, an event is the same: its limits hold."""
    drawn = draw_story(order(), phase=phase, seed=9, number=number)
    records = {each.label: each.record for each in drawn.people}
    named = (each for each in drawn.steps if isinstance(each, RecordCrime | ReportIncident))
    references = {each.crime: f"43{each.crime}" for each in named}
    for step in drawn.steps:
        if isinstance(step, ForceStep):
            event = event_of(step, Named(references, records), drawn.begins_at)
            written = msgspec.json.encode(event)
            read = msgspec.json.decode(written, type=EVENT_TYPES[type(event).__name__])
            assert read == event


def test_what_is_recorded_late_happened_before() -> None:
    """The time in an event is when it happened, not when it is recorded."""
    step = ReachMilestone(
        crime=CRIME, event="e2", milestone="scene_examined", happened_seconds_ago=3_600
    )
    now = story().begins_at
    event = event_of(step, Named({CRIME: "43"}, {"Sam": SAM.record}), now)
    assert isinstance(event, MilestoneReached)
    assert event.reached_at == now - timedelta(hours=1)
