"""No message in quiet hours, and no more a week than the order allows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from simulator.clock import in_london
from simulator.inputs.order import Order
from simulator.judge.facts.deadlines import informed_by
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ADVISES_CYCLISTS, Happened, Person
from tests.simulator.judge.force_story import ADVISES_NOBODY as ORDER
from tests.simulator.judge.story import Story, either_way, one_invited, tell_by_itself

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
    story, alex, crime = one_invited(phase=2, correlates=correlates, order=ORDER)
    began = story.now
    for _time in range(PER_WEEK):
        story.tell(alex, story.deployed(crime))
        story.wait(hours=1)
    news = story.deployed(crime)
    story.until(began + timedelta(days=7) - timedelta(seconds=1))
    story.tell(alex, news)

    assert story.harms() == [fail("noise", "JOUR-02")]
    went = [began + timedelta(hours=n) for n in range(PER_WEEK)]
    said = ", ".join(in_london(at).removesuffix(" London time") for at in went)
    assert story.judged().findings[0].observed == (
        f"this is number 6: the others of that week went on {said}; there was room from "
        f"{in_london(began + timedelta(days=7))}"
    )

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


def _replied_to_in_a_full_week(
    *, beside: bool = False, replies: int = 2
) -> tuple[Story, Person, Happened, datetime]:
    """Tell of a crime of a Saturday on which the week gets full, and of replies about it.

    Another crime has news then, which is told on the last day if it is `beside`. Gives the news
    that comes after the replies too, and the end of the Code's days for the crime.
    """
    story, alex, before = one_invited(phase=3, order=ORDER)
    story.signs_in(alex)
    story.until(datetime(2026, 10, 31, 9, tzinfo=UTC))
    for _time in range(PER_WEEK):
        news = story.deployed(before)
        story.wait(hours=1)
        story.tell(alex, news)
    waits = story.deployed(before)
    crime = story.crime(alex)
    last_day = informed_by(ORDER, story.now, is_enhanced=False)
    for _time in range(replies):
        story.until(story.now.replace(hour=10) + timedelta(days=1))
        story.tell(alex, story.replied(crime, alex))
    story.wait(days=1)
    news = story.deployed(crime)
    if beside:
        story.until(last_day - timedelta(hours=7))
        story.tell(alex, waits)
    return story, alex, news, last_day


def test_two_replies_may_leave_what_the_code_hurries() -> None:
    """On its last day it goes over the limit: neither of them need have told it."""
    for beside in (False, True):
        story, alex, news, last_day = _replied_to_in_a_full_week(beside=beside)
        story.until(last_day - timedelta(hours=6))
        story.tell(alex, news)

        assert story.harms(end=story.now) == []

        story.wait(minutes=30)
        story.tell(alex, story.deployed(news))

        assert story.harms(end=story.now) == [fail("noise", "JOUR-02")]


def test_what_replies_left_hurries_nothing_once_it_is_late() -> None:
    """The Code had it told the day before; from then on the weekly limit holds back the rest."""
    for replies in (1, 2):
        story, alex, news, last_day = _replied_to_in_a_full_week(replies=replies)
        story.until(ORDER.quiet_until(last_day) + timedelta(minutes=30))
        story.tell(alex, news)

        assert fail("noise", "JOUR-02") in story.harms(end=story.now)


def test_what_replies_left_of_another_crime_hurries_nothing_once_it_was_told() -> None:
    """Another message has told it since, and nothing is left that cannot wait."""
    for is_told in (False, True):
        story, alex, before = one_invited(phase=3, order=ORDER)
        story.signs_in(alex)
        story.until(datetime(2026, 10, 31, 9, tzinfo=UTC))
        crime = story.crime(alex)
        for number in range(PER_WEEK):
            story.wait(hours=1)
            story.tell(alex, story.deployed(before) if number else crime)
        waits = story.deployed(before)
        last_day = informed_by(ORDER, story.now, is_enhanced=False)
        story.until(story.now.replace(hour=10) + timedelta(days=2))
        story.tell(alex, story.replied(crime, alex))
        news = story.deployed(crime)
        story.until(last_day - timedelta(hours=7))
        if is_told:
            story.tell(alex, waits)
        story.wait(hours=1)
        story.tell(alex, news)

        assert story.harms(end=story.now) == ([fail("noise", "JOUR-02")] if is_told else [])


def test_word_of_another_crime_may_wait_for_room_whatever_the_rights() -> None:
    """The Code gives it no days. With enhanced rights it may go over the limit all the same."""
    for is_enhanced in (False, True):
        for day, harms in (
            (0, [] if is_enhanced else [fail("noise", "JOUR-02")]),
            (7, []),
            (8, [fail("late", "MSG-02")]),
        ):
            story = Story(phase=2, order=ORDER)
            alex = story.person(channels=("text",), enhanced_rights=is_enhanced)
            crime = story.crime(alex)
            story.invite(alex, crime)
            story.signs_in(alex)
            began = story.now
            for _time in range(PER_WEEK):
                story.tell(alex, story.deployed(crime))
                story.wait(hours=1)
            other = story.crime(alex)
            story.until(max(story.now, began + timedelta(days=day)) + timedelta(minutes=1))
            story.tell(alex, other)

            assert story.harms(end=story.now) == harms, (is_enhanced, day)


@pytest.mark.parametrize("is_last", [True, False])
def test_news_of_one_moment_may_take_the_last_place_of_the_week(*, is_last: bool) -> None:
    """What goes seconds before the other is no later than that, and leaves it no room."""
    story = Story(phase=2, order=ORDER)
    alex = story.person(channels=("text",))
    crime, other = story.crime(alex), story.crime(alex)
    story.invite(alex, crime)
    story.invite(alex, other)
    story.signs_in(alex)
    story.wait(days=8)
    began = story.now
    for _time in range(PER_WEEK - 1 if is_last else PER_WEEK - 2):
        story.tell(alex, story.deployed(crime))
        story.wait(hours=2)
    one, two = story.deployed(crime), story.deployed(other)
    story.wait(hours=1, seconds=12)
    story.tell(alex, one)
    story.until(began + timedelta(days=7, minutes=1))
    story.tell(alex, two)

    late = [fail("late", "MSG-02")]
    assert story.harms(end=story.now) == ([] if is_last else late)


@pytest.mark.parametrize("is_enhanced", [False, True], ids=["standard", "enhanced"])
def test_of_two_messages_of_one_moment_the_code_may_hurry_both(*, is_enhanced: bool) -> None:
    """The first of them takes the last place of the week, and the Code hurries the second too."""
    story = Story(phase=2, order=ORDER)
    alex = story.person(channels=("text",), enhanced_rights=is_enhanced)
    crime, other = story.crime(alex), story.crime(alex)
    story.invite(alex, crime)
    story.invite(alex, other)
    story.signs_in(alex)
    story.wait(days=8)
    for _time in range(PER_WEEK - 1):
        story.tell(alex, story.deployed(crime))
        story.wait(hours=1)
    one, two = story.deployed(crime), story.deployed(other)
    story.wait(hours=1)
    story.tell(alex, one)
    story.tell(alex, two)

    assert story.harms(end=story.now) == ([] if is_enhanced else [fail("noise", "JOUR-02")])


@pytest.mark.parametrize("is_enhanced", [False, True], ids=["standard", "enhanced"])
def test_no_rights_hurry_a_message_without_news(*, is_enhanced: bool) -> None:
    """The Victims' Code has news told in its days, and advice is none."""
    story = Story(phase=2, order=ADVISES_CYCLISTS)
    alex = story.person(channels=("text",), enhanced_rights=is_enhanced)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(days=1)
    for _time in range(PER_WEEK):
        story.wait(hours=2)
        story.tell(alex, story.deployed(crime))
    story.wait(days=1)
    tell_by_itself(story, alex, crime)

    assert fail("noise", "JOUR-02") in story.harms(end=story.now)


@pytest.mark.parametrize("waited", [False, True])
def test_news_that_had_nowhere_to_go_hurries_what_tells_it(*, waited: bool) -> None:
    """The number was gone for a minute; what waited then may still be told, by its deadline."""
    story = Story(phase=2, order=ORDER)
    alex = story.person(channels=("text",))
    crime, other = story.crime(alex), story.crime(alex)
    story.invite(alex, crime)
    story.invite(alex, other)
    story.signs_in(alex)
    happened_at = story.now
    if waited:
        story.deployed(other)
    story.details_changed(
        crime, replace(alex, record=structs.replace(alex.record, mobile_phone=""))
    )
    story.task(alex, crime, kind="contact_details")
    story.details_changed(crime, alex)
    story.wait(days=3)
    for _time in range(PER_WEEK):
        story.tell(alex, story.deployed(crime))
        story.wait(hours=1)
    story.until(informed_by(ORDER, happened_at, is_enhanced=False) - timedelta(hours=6))
    story.tell(alex, story.deployed(other))

    assert (fail("noise", "JOUR-02") in story.harms(end=story.now)) != waited
