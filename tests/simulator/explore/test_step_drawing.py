"""The steps of a drawn story are lawful, and lean to the area that is asked for."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.commands.explore import FOCUSES
from simulator.explore.drawn_steps import Focus
from simulator.explore.force_events import Named, event_of
from simulator.explore.lawful import lawful_steps
from simulator.explore.steps import (
    Ask,
    Breakdown,
    ChooseChannels,
    ForceStep,
    Guess,
    RecordCrime,
    Reply,
    ReportIncident,
    SayNotForMe,
    SignIn,
    StoryStep,
    TextBack,
)
from simulator.explore.story_drawing import draw_story
from tests.simulator.explore.stories import drawn, order

#: The first example loads the lists of names.
NO_DEADLINE = settings(deadline=None)

NUMBERS = st.integers(0, 100_000)
PHASES = st.integers(1, 3)


@NO_DEADLINE
@given(number=NUMBERS, phase=PHASES)
def test_every_drawn_step_is_lawful(number: int, phase: int) -> None:
    """Nothing is drawn that shrinking would drop for being unlawful."""
    story = drawn(number, phase)
    assert lawful_steps(story) == story.steps


@NO_DEADLINE
@given(number=NUMBERS, phase=PHASES)
def test_every_force_step_makes_an_event(number: int, phase: int) -> None:
    """The people and crimes that a step names are known when it comes."""
    story = drawn(number, phase)
    records = {each.label: each.record for each in story.people}
    named = (each for each in story.steps if isinstance(each, RecordCrime | ReportIncident))
    references = {each.crime: each.crime for each in named}
    for step in story.steps:
        if isinstance(step, ForceStep):
            event = event_of(step, Named(references, records), story.begins_at)
            assert event.crime_reference == step.crime


@pytest.mark.parametrize(
    ("focus", "kinds"),
    [
        ("sign-in", (SignIn, Guess)),
        ("contact", (ChooseChannels, TextBack, SayNotForMe)),
        ("two-way", (Ask, Reply)),
        ("breakdowns", (Breakdown,)),
    ],
)
def test_a_focus_leans_to_its_steps(focus: Focus, kinds: tuple[type[StoryStep], ...]) -> None:
    """Stories with it have many more of these steps than stories without."""

    def count(lean: Focus) -> int:
        stories = (
            draw_story(order(), phase=3, seed=4, number=number, focus=lean) for number in range(150)
        )
        return sum(isinstance(step, kinds) for story in stories for step in story.steps)

    assert count(focus) > 1.4 * count("")


def test_the_help_names_every_focus() -> None:
    """The command lists the areas that there are."""
    assert ("", *FOCUSES) == get_args(Focus)
