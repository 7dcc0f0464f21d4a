"""When a suspect is bailed, or bail changes, an officer is asked for the victim's views."""

from datetime import timedelta

import msgspec
import pytest

from reference.contract.events import Milestone, MilestoneReached
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ORDER, Happened, Person
from tests.simulator.judge.story import Story, one_invited

MISSING = fail("lost", "BAIL-01")


def reached(milestone: Milestone, *, phase: int = 2) -> tuple[Story, Person, Happened]:
    """Tell of an investigation that passed a milestone."""
    story, alex, crime = one_invited(phase=phase)
    event = MilestoneReached(
        crime_reference=crime.crime_reference, milestone=milestone, reached_at=story.now
    )
    story.happens(event)
    return story, alex, crime


def harms(story: Story) -> list[object]:
    """List the harms that are of bail."""
    return [each for each in story.harms() if each[3] == "BAIL-01"]


@pytest.mark.parametrize("milestone", ["suspect_on_bail", "bail_changed"])
def test_the_officer_is_asked(milestone: Milestone) -> None:
    """One task in time is enough, and none is a loss."""
    story, alex, crime = reached(milestone)
    story.wait(hours=1)

    assert harms(story) == [MISSING]

    story, alex, crime = reached(milestone)
    story.task(alex, crime, kind="bail_views", due_at=story.now + timedelta(hours=24))
    story.wait(hours=1)

    assert harms(story) == []


def test_other_news_asks_for_no_views() -> None:
    """Nor does bail before the phase that brings milestones."""
    story, _, _ = reached("suspect_arrested")
    story.wait(hours=1)

    assert harms(story) == []

    story, _, _ = reached("suspect_on_bail", phase=1)
    story.wait(hours=1)

    assert harms(story) == []


@pytest.mark.parametrize("due", [timedelta(hours=25), None])
def test_the_task_says_by_when(due: timedelta | None) -> None:
    """Longer than the order gives is too long, and so is no time at all."""
    story, alex, crime = reached("suspect_on_bail")
    due_at = story.now + due if due is not None else None
    story.task(alex, crime, kind="bail_views", due_at=due_at)
    story.wait(hours=1)

    assert harms(story) == [fail("late", "BAIL-01")]


def test_an_order_without_hours_asks_for_no_time() -> None:
    """As older orders do."""
    story, alex, crime = reached("suspect_on_bail")
    deadlines = msgspec.structs.replace(ORDER.deadlines, bail_views_hours=None)
    story.order = msgspec.structs.replace(ORDER, deadlines=deadlines)
    story.task(alex, crime, kind="bail_views")
    story.wait(hours=1)

    assert harms(story) == []
