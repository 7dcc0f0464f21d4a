"""Which messages may have been the advice on a crime, whatever else they told."""

import pytest
from msgspec import structs

from tests.simulator.judge.story import NO_ADVICE, tell_by_itself, waiting_for_advice


@pytest.mark.parametrize("named", ["the first", "the second", "the first, in a link", "neither"])
def test_what_names_news_that_another_message_has_told_by_then_may_be_advice(named: str) -> None:
    """It was planned while that news waited; newer news took that along. Advice has no link."""
    story, alex, crime = waiting_for_advice(days=4)
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
    assert (NO_ADVICE in story.harms(end=story.now)) == is_none


@pytest.mark.parametrize("names", ["an update", "a reply"])
def test_what_names_a_reply_that_another_message_has_told_is_no_advice(names: str) -> None:
    """It is the reply's own message, late: only what names an update may be the advice."""
    story, alex, crime = waiting_for_advice(days=4, phase=3)
    first = story.deployed(crime) if names == "an update" else story.replied(crime, alex)
    second = story.deployed(crime)
    story.wait(hours=1)
    story.tell(alex, second)
    story.wait(hours=1)
    story.tell(alex, first)
    story.wait(days=10)

    assert (NO_ADVICE in story.harms(end=story.now)) == (names == "a reply")


@pytest.mark.parametrize("is_advised", [True, False])
def test_advice_that_came_while_two_crimes_were_one_is_on_both(*, is_advised: bool) -> None:
    """The victim has the page, and keeps it; without it they lack that of the open crime."""
    story, alex, crime = waiting_for_advice(days=2)
    other = story.crime(alex, offence_subgroup="Bicycle theft")
    story.invite(alex, other)
    story.merged(crime, other)
    story.wait(minutes=1)
    if is_advised:
        story.tell(alex, crime)
    story.wait(days=1)
    story.unmerged(crime)
    story.wait(days=14)

    assert story.harms(end=story.now) == ([] if is_advised else [NO_ADVICE])


def test_news_of_the_day_may_have_carried_it() -> None:
    """One message may have both; news of another day does not."""
    for days, harms in ((2, []), (5, [NO_ADVICE])):
        story, alex, crime = waiting_for_advice(days=days)
        news = story.deployed(crime)
        story.wait(hours=1)
        story.tell(alex, news)
        story.wait(days=12)

        assert story.harms(end=story.now) == harms


@pytest.mark.parametrize("subgroup", ["Bicycle theft", "Vehicle offences"])
def test_one_page_is_the_advice_on_each_crime_that_has_it(subgroup: str) -> None:
    """It comes once; a page on another offence is another page, and is owed beside it."""
    story, alex, crime = waiting_for_advice(days=0)
    pages = {"Bicycle theft": "bicycles", "Vehicle offences": "vehicles"}
    journey = structs.replace(story.order.journey, advice_for=pages)
    story.order = structs.replace(story.order, journey=journey)
    story.invite(alex, story.crime(alex, offence_subgroup=subgroup, force="hampshire"))
    story.wait(days=2)
    tell_by_itself(story, alex, crime)
    story.wait(days=12)

    assert story.harms(end=story.now) == ([] if subgroup == "Bicycle theft" else [NO_ADVICE])


@pytest.mark.parametrize(
    ("days", "before", "is_none"),
    [(7, True, False), (7, False, True), (9, True, True)],
    ids=["when the week has room", "and it tells news", "days after that"],
)
def test_advice_that_waited_for_room_may_name_news_that_was_told_before(
    days: int, *, before: bool, is_none: bool
) -> None:
    """It may be the advice on several crimes, and name one of which the message before told."""
    story, alex, crime = waiting_for_advice(days=0)
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

    assert (NO_ADVICE in story.harms(end=story.now)) == is_none
