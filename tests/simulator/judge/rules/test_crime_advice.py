"""Phase 2: advice comes where the order has some, while the case is open."""

import pytest
from msgspec import structs

from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import ADVISES_CYCLISTS
from tests.simulator.judge.story import (
    NO_ADVICE,
    Story,
    either_way,
    tell_by_itself,
    waiting_for_advice,
)


@either_way
def test_advice_that_never_comes_is_lost(*, correlates: bool) -> None:
    """Two days are ordered: the day after is too late."""
    story, *_rest = waiting_for_advice(correlates=correlates, days=3)

    assert story.harms(end=story.now) == [NO_ADVICE]

    story, *_rest = waiting_for_advice(correlates=correlates, days=2)

    assert story.harms(end=story.now) == []


@either_way
@pytest.mark.parametrize(("days", "harm"), [(2, []), (3, [fail("late", "JOUR-01")])])
def test_advice_comes_on_its_day(*, days: int, harm: list[Harmed], correlates: bool) -> None:
    """The day after there was room for it all the time."""
    story, alex, crime = waiting_for_advice(correlates=correlates, days=days)
    tell_by_itself(story, alex, crime)
    story.wait(days=10)

    assert story.harms(end=story.now) == harm


@pytest.mark.parametrize(("days", "harm"), [(2, []), (3, [fail("late", "JOUR-01")])])
def test_the_days_of_advice_may_run_from_the_first_word(days: int, harm: list[Harmed]) -> None:
    """The crime had been recorded a day before that reached the portal."""
    story = Story(phase=2, order=ADVISES_CYCLISTS)
    alex = story.person(channels=("text",))
    crime = story.crime(alex, deliver=False, offence_subgroup="Bicycle theft")
    story.wait(days=1)
    story.deliver(crime)
    story.invite(alex, crime)
    story.wait(days=days)
    tell_by_itself(story, alex, crime)

    assert [each for each in story.harms(end=story.now) if "JOUR-01" in each] == harm


@pytest.mark.parametrize("minutes", [60, 90])
def test_advice_may_wait_for_news_over_midnight(minutes: int) -> None:
    """It waits as long as news does, where the order has no quiet hours."""
    messages = structs.replace(ADVISES_CYCLISTS.messages, quiet_from=None, quiet_until=None)
    order = structs.replace(ADVISES_CYCLISTS, messages=messages)
    story = Story(phase=2, order=order)
    alex = story.person(channels=("text",))
    story.until(story.now.replace(hour=22, minute=59))
    crime = story.crime(alex, offence_subgroup="Bicycle theft")
    story.invite(alex, crime)
    story.wait(days=2, minutes=minutes)
    tell_by_itself(story, alex, crime)

    assert story.harms(end=story.now) == ([] if minutes == 60 else [fail("late", "JOUR-01")])


@pytest.mark.parametrize("subgroup", ["Criminal damage", "Theft from the person"])
def test_where_the_order_has_no_advice_none_is_owed(subgroup: str) -> None:
    """It has advice for some offences only."""
    story, *_rest = waiting_for_advice(subgroup=subgroup)

    assert story.harms(end=story.now) == []


def test_before_phase_2_none_is_owed() -> None:
    """Nor is advice that was due before phase 2 went live."""
    story, *_rest = waiting_for_advice(phase=1)

    assert story.harms(end=story.now) == []


def test_a_case_that_ended_in_between_owes_none() -> None:
    """Its end is news enough."""
    story, alex, crime = waiting_for_advice(days=2)
    closed = story.closed(crime)
    story.wait(hours=1)
    story.tell(alex, closed)
    story.wait(days=10)

    assert story.harms(end=story.now) == []


@pytest.mark.parametrize(
    ("changed_on", "harms"), [(1, []), (4, [fail("late", "JOUR-01")])], ids=["before", "after"]
)
def test_details_that_change_while_advice_waits_put_it_in_doubt(
    changed_on: int, harms: list[Harmed]
) -> None:
    """What changes once it is late excuses nothing."""
    story, alex, crime = waiting_for_advice(days=changed_on)
    story.details_changed(crime, alex.written(mobile_phone=alex.known.mobile_phone))
    story.wait(days=5)
    tell_by_itself(story, alex, crime)

    assert story.harms(end=story.now) == harms


@pytest.mark.parametrize(
    ("was", "becomes", "harms"),
    [("Bicycle theft", "Criminal damage", []), ("Criminal damage", "Bicycle theft", [NO_ADVICE])],
)
def test_one_page_does_for_another_crime_by_the_offence_when_it_came(
    was: str, becomes: str, harms: list[Harmed]
) -> None:
    """Of two crimes of two forces one was told of, and became another offence after that."""
    story, alex, crime = waiting_for_advice(subgroup=was, days=0)
    other = story.crime(alex, force="hampshire", offence_subgroup="Bicycle theft")
    story.invite(alex, other)
    story.wait(days=2)
    story.tell(alex, crime)
    story.reclassified(crime, becomes)
    story.wait(days=2)

    assert [each for each in story.harms(end=story.now) if "JOUR-01" in each] == harms
