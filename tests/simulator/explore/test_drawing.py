"""A seed and a number draw one lawful story, whatever was drawn before."""

from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.contract.identity import agreed_word_digest
from simulator.commands.explore import FOCUSES
from simulator.explore.drawing import Focus, draw_story, order_of
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
    StartSecondWorker,
    StoryStep,
    TextBack,
)
from simulator.explore.story import Story
from tests.simulator.explore.stories import order

#: The first example loads the lists of names.
NO_DEADLINE = settings(deadline=None)

NUMBERS = st.integers(0, 100_000)
PHASES = st.integers(1, 3)


def drawn(number: int, phase: int, seed: int = 5) -> Story:
    """Draw a story."""
    return draw_story(order(), phase=phase, seed=seed, number=number)


@NO_DEADLINE
@given(number=NUMBERS, phase=PHASES)
def test_one_number_draws_one_story(number: int, phase: int) -> None:
    """Drawing has no memory: another story in between changes nothing."""
    first = drawn(number, phase)
    drawn(number + 1, phase)
    assert drawn(number, phase) == first


def test_another_seed_draws_other_stories() -> None:
    """Of two seeds no story is the same."""
    assert all(drawn(n, 3, seed=1) != drawn(n, 3, seed=2) for n in range(20))


@NO_DEADLINE
@given(number=NUMBERS, phase=PHASES)
def test_every_drawn_step_is_lawful(number: int, phase: int) -> None:
    """Nothing is drawn that shrinking would drop for being unlawful."""
    story = drawn(number, phase)
    assert lawful_steps(story) == story.steps


@NO_DEADLINE
@given(number=NUMBERS, phase=PHASES)
def test_a_story_begins_with_a_crime_of_a_victim(number: int, phase: int) -> None:
    """Without a victim there is nothing to judge."""
    first = drawn(number, phase).steps[0]
    assert isinstance(first, RecordCrime)
    assert first.roles[0] == "victim"


@NO_DEADLINE
@given(number=NUMBERS, phase=PHASES)
def test_phases_go_live_one_after_another(number: int, phase: int) -> None:
    """The order of a story is one that a force could give, in which its phase is the last."""
    story = drawn(number, phase)
    its_order = order_of(story, order())
    assert its_order.phase_at(story.begins_at + timedelta(days=60)) == phase
    assert its_order.phase_at(story.begins_at) >= phase - 1


@NO_DEADLINE
@given(number=NUMBERS)
def test_names_and_ids_differ_by_seed(number: int) -> None:
    """A portal cannot know the suite by the people of a story."""
    one, other = (drawn(number, 1, seed=seed).people[0] for seed in (1, 2))
    assert one.record.person_id != other.record.person_id


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


def test_no_proof_is_in_a_drawn_record() -> None:
    """The digest of a word is written down only as the story is played, with the run's own key."""
    record = drawn(0, 1).people[0].record
    assert record.agreed_word_digest == ""
    assert agreed_word_digest("key", record.person_id, "word") != ""


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


def test_some_stories_have_a_second_worker_early() -> None:
    """After the crime is recorded, and before the second half of the steps."""
    stories = [drawn(number, 3) for number in range(300)]
    places = [
        (at, len(story.steps))
        for story in stories
        for at, step in enumerate(story.steps)
        if isinstance(step, StartSecondWorker)
    ]
    assert 30 < len(places) < 120
    assert all(0 < at <= 1 + steps // 2 for at, steps in places)
