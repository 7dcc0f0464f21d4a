"""No message in quiet hours, and no more a week than the order allows."""

from datetime import timedelta

import pytest
from msgspec import structs

from simulator.inputs.order import Order
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ORDER, Happened, Person
from tests.simulator.judge.story import Story, either_way, one_invited

CALENDAR = structs.replace(ORDER, messages=structs.replace(ORDER.messages, week="calendar"))
PER_WEEK = ORDER.messages.per_week_max


@pytest.mark.parametrize(
    ("hour", "minute", "is_quiet"),
    [(19, 59, False), (20, 0, True), (23, 30, True), (30, 59, True), (31, 0, False)],
    ids=["before nine", "at nine", "after midnight", "before eight", "at eight"],
)
@either_way
def test_nothing_is_sent_in_quiet_hours(
    *, hour: int, minute: int, is_quiet: bool, correlates: bool
) -> None:
    """From nine to eight in London; what waited is sent at eight."""
    story, alex, crime = one_invited(correlates=correlates)
    midnight = story.now.replace(hour=0)
    story.until(midnight + timedelta(hours=min(hour, 20), minutes=min(minute, 59) - 1))
    news = story.deployed(crime)
    story.until(midnight + timedelta(hours=hour, minutes=minute))
    story.tell(alex, news)

    assert (fail("noise", "MSG-03") in story.harms()) == is_quiet


@either_way
def test_a_message_over_the_weekly_limit_is_noise(*, correlates: bool) -> None:
    """From phase 2 on the sixth in seven days is one too many, and after seven days it is not."""
    story, alex, crime = one_invited(phase=2, correlates=correlates)
    began = story.now
    for _time in range(PER_WEEK):
        story.tell(alex, story.deployed(crime))
        story.wait(hours=1)
    news = story.deployed(crime)
    story.until(began + timedelta(days=7) - timedelta(seconds=1))
    story.tell(alex, news)

    assert story.harms() == [fail("noise", "JOUR-02")]

    story.records.pop()
    story.wait(seconds=1)
    story.tell(alex, news)

    assert story.harms() == []


@pytest.mark.parametrize("order", [ORDER, CALENDAR], ids=["rolling", "calendar"])
@either_way
def test_the_week_is_the_one_that_the_order_says(*, order: Order, correlates: bool) -> None:
    """The last seven days, or from Monday in London.

    News of a Thursday, after as many as a week may have, goes on Monday morning at the latest or
    at the earliest.
    """
    is_calendar = order is CALENDAR
    for days, harms in (
        (3, [fail("noise", "JOUR-02")]),
        (4, [] if is_calendar else [fail("noise", "JOUR-02")]),
        (7, [fail("late", "MSG-02")] if is_calendar else []),
    ):
        story, alex, crime = one_invited(phase=2, correlates=correlates, order=order)
        story.wait(days=3)
        for _time in range(PER_WEEK):
            news = story.deployed(crime)
            story.wait(hours=1)
            story.tell(alex, news)
        news = story.deployed(crime)
        thursday = story.now.replace(hour=7, minute=15)
        story.until(thursday + timedelta(days=days, hours=4 if days > 4 else 0))
        story.tell(alex, news)

        assert story.harms(end=story.now) == harms


@either_way
def test_the_weekly_limit_is_each_channels_and_phase_2s(*, correlates: bool) -> None:
    """In phase 1 each piece of news is told; later a text does not use up an email."""
    story, alex, crime = one_invited(correlates=correlates)
    for _time in range(PER_WEEK + 1):
        story.tell(alex, story.deployed(crime))
        story.wait(hours=1)

    assert story.harms() == []

    story = Story(phase=2, correlates=correlates)
    sam = story.person("Sam")
    crime = story.crime(sam)
    story.invite(sam, crime)
    for _time in range(PER_WEEK):
        news = story.deployed(crime)
        story.wait(hours=1)
        story.tell(sam, news)

    assert story.harms() == []


def _evening_before_phase_2() -> tuple[Story, Person, Happened]:
    """Tell of a victim who has had the messages of a week when phase 2 goes live at midnight."""
    live_at = ORDER.go_live_at(2)
    story = Story()
    story.until(live_at - timedelta(days=3, hours=10))
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(days=2)
    for _time in range(PER_WEEK):
        story.wait(hours=1)
        story.tell(alex, story.deployed(crime))
    story.until(live_at - timedelta(hours=2))
    return story, alex, crime


def test_news_of_the_evening_before_phase_2_waits_for_the_morning_alone() -> None:
    """It came when there was no weekly limit; what comes in the morning waits for a place."""
    story, alex, crime = _evening_before_phase_2()
    news = story.deployed(crime)
    story.until(ORDER.go_live_at(2) + timedelta(hours=9))
    story.tell(alex, news)

    assert story.harms(end=story.now) == []

    news = story.deployed(crime)
    story.wait(hours=1)
    story.tell(alex, news)

    assert story.harms(end=story.now) == [fail("noise", "JOUR-02")]


def test_a_message_without_news_counts_though_it_names_what_came_before_phase_2() -> None:
    """Advice names an event that was told long ago: that is not when it came."""
    story, alex, crime = _evening_before_phase_2()
    story.until(ORDER.go_live_at(2) + timedelta(hours=12))
    story.tell(alex, crime)

    assert story.harms(end=story.now) == [fail("noise", "JOUR-02")]
