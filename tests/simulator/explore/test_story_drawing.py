"""A seed and a number draw one story, whatever was drawn before."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from reference.contract.identity import agreed_word_digest
from simulator.explore.steps import (
    CloseIncident,
    RecordCrime,
    ReportIncident,
    StartSecondWorker,
    Wait,
)
from simulator.explore.story_drawing import order_of
from tests.simulator.explore.stories import drawn, order

#: The first example loads the lists of names.
NO_DEADLINE = settings(deadline=None)

NUMBERS = st.integers(0, 100_000)
PHASES = st.integers(1, 3)


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
def test_a_story_begins_with_a_crime_of_a_victim_or_a_report(number: int, phase: int) -> None:
    """Without a victim there is nothing to judge; a report may come before the crime."""
    steps = drawn(number, phase).steps
    first = next(each for each in steps if isinstance(each, RecordCrime))
    before = [each for each in steps[: steps.index(first)] if not isinstance(each, Wait)]
    assert first.roles[0] == "victim"
    assert all(isinstance(each, ReportIncident | CloseIncident) for each in before)
    assert not steps or isinstance(steps[0], RecordCrime | ReportIncident)


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


def test_no_proof_is_in_a_drawn_record() -> None:
    """The digest of a word is written down only as the story is played, with the run's own key."""
    record = drawn(0, 1).people[0].record
    assert record.agreed_word_digest == ""
    assert agreed_word_digest("key", record.person_id, "word") != ""


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
