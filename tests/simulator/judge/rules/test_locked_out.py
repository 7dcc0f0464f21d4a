"""A victim whom wrong answers locked out: the force is told, and they can come back after a day."""

import pytest

from simulator.evidence.records import EventRecorded
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import ORDER, Happened, Person
from tests.simulator.judge.sign_ins import registered, tried
from tests.simulator.judge.story import Story

WRONG = tuple(("proof", "another one") for _ in range(ORDER.sign_in.attempts_max))


def locked() -> tuple[Story, Person, str]:
    """Tell of a victim whose attempts somebody has just used up."""
    story, alex, address = registered()
    tried(story, alex, *WRONG, let_in=False, address=address)
    return story, alex, address


def crime_of(story: Story) -> Happened:
    """Give the crime of the story."""
    recorded = next(each for each in story.records if isinstance(each, EventRecorded))
    return Happened(recorded.event_id, recorded.crime_reference)


def test_the_force_is_told_of_a_lock_out() -> None:
    """By a task for that victim, soon."""
    story, _alex, _address = locked()

    assert story.harms() == [fail("lost", "COERCE-02")]


def test_one_task_a_day_is_enough() -> None:
    """It may have come at the same moment, or before on that day, not the day before."""
    for hours, expected in ((0, []), (23, []), (25, [fail("lost", "COERCE-02")])):
        story, alex, address = registered()
        story.task(alex, crime_of(story), kind="identity_not_proved")
        story.wait(hours=hours)
        tried(story, alex, *WRONG, let_in=False, address=address)

        assert story.harms() == expected


def test_fewer_wrong_answers_lock_nobody_out() -> None:
    """Nobody need be told of them."""
    story, alex, address = registered()
    tried(story, alex, *WRONG[1:], let_in=False, address=address)

    assert story.harms() == []


def test_a_lock_out_may_last_a_day_and_no_longer() -> None:
    """At an address that is known; the right answer then comes in."""
    by_days: dict[int, list[Harmed]] = {0: [], 2: [fail("lost", "COERCE-01")]}
    for days, expected in by_days.items():
        story, alex, address = locked()
        story.task(alex, crime_of(story), kind="identity_not_proved")
        story.wait(days=days, hours=1)
        tried(story, alex, ("proof", ""), let_in=False, address=address)

        assert story.harms() == expected


@pytest.mark.parametrize("is_told", [True, False])
def test_a_lock_out_days_later_is_another(*, is_told: bool) -> None:
    """The task of the first does not tell of the second; more of that day is of the first."""
    story, alex, address = locked()
    story.task(alex, crime_of(story), kind="identity_not_proved")
    story.wait(hours=1)
    tried(story, alex, *WRONG, let_in=False, address=address)
    story.wait(days=3)
    tried(story, alex, *WRONG, let_in=False, address=address)
    if is_told:
        story.task(alex, crime_of(story), kind="identity_not_proved")

    assert story.harms() == ([] if is_told else [fail("lost", "COERCE-02")])
