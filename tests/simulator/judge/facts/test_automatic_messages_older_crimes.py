"""Phase 2 for crimes of before: their journey may run from the crime, or from phase 2's go-live."""

from datetime import timedelta

import pytest

from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import ADVISES_CYCLISTS as ORDER
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story, either_way

GO_LIVE = ORDER.go_live_at(2)
STILL_AFTER = ORDER.journey.still_with_us_days
ADVICE_AFTER = ORDER.journey.advice_after_days
ONE_TOO_MANY = fail("noise", "ONCE-01")
NO_ADVICE = "Public order offences"


def of_before(*, days: int, correlates: bool, subgroup: str) -> tuple[Story, Person, Happened]:
    """Tell of a victim who was invited to a crime some days before phase 2 went live."""
    story = Story(phase=1, correlates=correlates, order=ORDER)
    story.until(GO_LIVE + timedelta(hours=10) - timedelta(days=days))
    alex = story.person(channels=("text",))
    crime = story.crime(alex, offence_subgroup=subgroup)
    story.invite(alex, crime)
    return story, alex, crime


def harms(story: Story, days: int) -> list[Harmed]:
    """Ask the judge some days after phase 2 went live."""
    return story.harms(end=GO_LIVE + timedelta(days=days, hours=12))


@pytest.mark.parametrize("told_on", [0, 18, STILL_AFTER])
@either_way
def test_still_with_us_may_run_from_the_crime_or_from_go_live(
    *, told_on: int, correlates: bool
) -> None:
    """Ten days old at go-live: due on day 18, or on day 28.

    One that is older still is overdue at go-live: it may go at once.
    """
    days = STILL_AFTER + 5 if told_on == 0 else 10
    story, alex, crime = of_before(days=days, correlates=correlates, subgroup=NO_ADVICE)
    story.until(GO_LIVE + timedelta(days=told_on, hours=10))
    story.message(alex, "text", crime)

    assert harms(story, told_on) == []


@either_way
def test_still_with_us_comes_by_the_later_reading(*, correlates: bool) -> None:
    """A victim who is told nothing is not told as often as was agreed, by either."""
    story, _alex, _crime = of_before(days=10, correlates=correlates, subgroup=NO_ADVICE)

    assert harms(story, STILL_AFTER) == []
    assert harms(story, STILL_AFTER + 1) == [fail("lost", "JOUR-04")]


@pytest.mark.parametrize("told_on", [(0,), (ADVICE_AFTER,), ()], ids=["late", "from then", "none"])
@either_way
def test_advice_that_fell_due_before_go_live_may_come_or_not(
    *, told_on: tuple[int, ...], correlates: bool
) -> None:
    """At go-live, days after it, or not at all; twice is once too often."""
    story, alex, crime = of_before(days=10, correlates=correlates, subgroup="Bicycle theft")
    for day in told_on:
        story.until(GO_LIVE + timedelta(days=day, hours=10))
        story.message(alex, "text", crime)

    assert harms(story, 17) == []

    if told_on:
        story.wait(days=1)
        story.message(alex, "text", crime, body="Thames Valley Police: some advice again")

        assert harms(story, 17) == [ONE_TOO_MANY]


@either_way
def test_advice_that_falls_due_after_go_live_comes(*, correlates: bool) -> None:
    """A crime of the day before has its advice in phase 2, by either reading."""
    for day, expected in ((1, []), (ADVICE_AFTER, []), (None, [fail("lost", "JOUR-01")])):
        story, alex, crime = of_before(days=1, correlates=correlates, subgroup="Bicycle theft")
        if day is not None:
            story.until(GO_LIVE + timedelta(days=day, hours=10))
            story.message(alex, "text", crime)

        assert harms(story, 17) == expected


@either_way
def test_nothing_of_phase_2_comes_before_it(*, correlates: bool) -> None:
    """An hour before go-live the journey has not begun, by any reading."""
    story, alex, crime = of_before(days=40, correlates=correlates, subgroup=NO_ADVICE)
    story.until(GO_LIVE - timedelta(hours=4))
    story.message(alex, "text", crime)

    assert harms(story, 1) == [ONE_TOO_MANY]
