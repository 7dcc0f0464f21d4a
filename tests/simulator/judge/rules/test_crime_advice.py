"""Phase 2: advice comes where the order has some, while the case is open."""

import pytest
from msgspec import structs

from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ADVISES_CYCLISTS, Happened, Person
from tests.simulator.judge.story import Story, either_way

NONE_CAME = fail("lost", "JOUR-01")


def waiting(
    *, correlates: bool = True, phase: int = 2, subgroup: str = "Bicycle theft", days: int = 12
) -> tuple[Story, Person, Happened]:
    """Tell of a victim who was invited, and then of some days."""
    story = Story(phase=phase, correlates=correlates, order=ADVISES_CYCLISTS)
    alex = story.person(channels=("text",))
    crime = story.crime(alex, offence_subgroup=subgroup)
    story.invite(alex, crime)
    story.wait(days=days)
    return story, alex, crime


def by_itself(story: Story, alex: Person, crime: Happened) -> None:
    """Send a message that names no news, only the crime."""
    story.tell(alex, Happened(crime.crime_reference, crime.crime_reference))


@either_way
def test_advice_that_never_comes_is_lost(*, correlates: bool) -> None:
    """Two days are ordered; nine more are allowed for the weekly limit."""
    story, *_rest = waiting(correlates=correlates)

    assert story.harms(end=story.now) == [NONE_CAME]

    story, *_rest = waiting(correlates=correlates, days=10)

    assert story.harms(end=story.now) == []


@either_way
def test_advice_that_comes_is_none_the_less(*, correlates: bool) -> None:
    """On its day, or delayed for a week."""
    for days in (2, 9):
        story, alex, crime = waiting(correlates=correlates, days=days)
        by_itself(story, alex, crime)
        story.wait(days=10)

        assert story.harms(end=story.now) == []


@pytest.mark.parametrize("named", ["the first", "the second", "the first, in a link", "neither"])
def test_what_names_news_that_another_message_has_told_by_then_may_be_advice(named: str) -> None:
    """It was planned while that news waited; newer news took that along. Advice has no link."""
    story, alex, crime = waiting(days=4)
    first, second = story.deployed(crime), story.deployed(crime)
    story.wait(hours=1)
    story.tell(alex, second)
    story.wait(hours=1)
    if named == "the first, in a link":
        story.invite(alex, first)
    elif named != "neither":
        story.tell(alex, first if named == "the first" else second)
    story.wait(days=10)

    is_none = named in {"the first, in a link", "neither"}
    assert (NONE_CAME in story.harms(end=story.now)) == is_none


@pytest.mark.parametrize("names", ["an update", "a reply"])
def test_what_names_a_reply_that_another_message_has_told_is_no_advice(names: str) -> None:
    """It is the reply's own message, late: only what names an update may be the advice."""
    story, alex, crime = waiting(days=4, phase=3)
    first = story.deployed(crime) if names == "an update" else story.replied(crime, alex)
    second = story.deployed(crime)
    story.wait(hours=1)
    story.tell(alex, second)
    story.wait(hours=1)
    story.tell(alex, first)
    story.wait(days=10)

    assert (NONE_CAME in story.harms(end=story.now)) == (names == "a reply")


@pytest.mark.parametrize("is_advised", [True, False])
def test_advice_that_came_while_two_crimes_were_one_is_on_both(*, is_advised: bool) -> None:
    """The victim has the page, and keeps it; without it they lack that of the open crime."""
    story, alex, crime = waiting(days=2)
    other = story.crime(alex, offence_subgroup="Bicycle theft")
    story.invite(alex, other)
    story.merged(crime, other)
    story.wait(minutes=1)
    if is_advised:
        story.tell(alex, crime)
    story.wait(days=1)
    story.unmerged(crime)
    story.wait(days=14)

    assert story.harms(end=story.now) == ([] if is_advised else [NONE_CAME])


def test_news_of_the_day_may_have_carried_it() -> None:
    """One message may have both; news of another day does not."""
    for days, harms in ((2, []), (5, [NONE_CAME])):
        story, alex, crime = waiting(days=days)
        news = story.deployed(crime)
        story.wait(hours=1)
        story.tell(alex, news)
        story.wait(days=12)

        assert story.harms(end=story.now) == harms


@pytest.mark.parametrize("subgroup", ["Criminal damage", "Theft from the person"])
def test_where_the_order_has_no_advice_none_is_owed(subgroup: str) -> None:
    """It has advice for some offences only."""
    story, *_rest = waiting(subgroup=subgroup)

    assert story.harms(end=story.now) == []


def test_before_phase_2_none_is_owed() -> None:
    """Nor is advice that was due before phase 2 went live."""
    story, *_rest = waiting(phase=1)

    assert story.harms(end=story.now) == []


def test_a_case_that_ended_in_between_owes_none() -> None:
    """Its end is news enough."""
    story, alex, crime = waiting(days=4)
    closed = story.closed(crime)
    story.wait(hours=1)
    story.tell(alex, closed)
    story.wait(days=10)

    assert story.harms(end=story.now) == []


def test_a_person_who_could_not_be_reached_all_the_time_is_in_doubt() -> None:
    """After corrected details or an ended channel it is unclear when they should get it."""
    story, alex, crime = waiting(days=4)
    story.details_changed(crime, alex.written(mobile_phone=alex.known.mobile_phone))
    story.wait(days=10)

    assert story.harms(end=story.now) == []


@pytest.mark.parametrize("subgroup", ["Bicycle theft", "Vehicle offences"])
def test_one_page_is_the_advice_on_each_crime_that_has_it(subgroup: str) -> None:
    """It comes once; a page on another offence is another page, and is owed beside it."""
    story, alex, crime = waiting(days=0)
    pages = {"Bicycle theft": "bicycles", "Vehicle offences": "vehicles"}
    journey = structs.replace(story.order.journey, advice_for=pages)
    story.order = structs.replace(story.order, journey=journey)
    story.invite(alex, story.crime(alex, offence_subgroup=subgroup, force="hampshire"))
    story.wait(days=2)
    by_itself(story, alex, crime)
    story.wait(days=12)

    assert story.harms(end=story.now) == ([] if subgroup == "Bicycle theft" else [NONE_CAME])


@pytest.mark.parametrize(
    ("days", "before", "is_none"),
    [(7, True, False), (7, False, True), (9, True, True)],
    ids=["when the week has room", "and it tells news", "days after that"],
)
def test_advice_that_waited_for_room_may_name_news_that_was_told_before(
    days: int, *, before: bool, is_none: bool
) -> None:
    """It may be the advice on several crimes, and name one of which the message before told."""
    story, alex, crime = waiting(days=0)
    other = story.crime(alex, offence_subgroup="Vehicle offences")
    story.invite(alex, other)
    for _time in range(5):
        news = story.deployed(crime)
        story.wait(minutes=50)
        story.tell(alex, news)
    first, second = story.deployed(crime), story.deployed(other)
    story.wait(days=days, minutes=-50)
    if before:
        story.tell(alex, first)
    story.wait(minutes=50)
    story.tell(alex, second)
    story.wait(days=10)

    assert (NONE_CAME in story.harms(end=story.now)) == is_none
