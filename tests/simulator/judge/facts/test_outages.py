"""While the gateway is down no message is late; soon after it is back they all are."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.evidence.records import MessageRefused
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ORDER
from tests.simulator.judge.story import assert_due_now, either_way, one_invited

CATCH_UP = timedelta(minutes=ORDER.two_way.catch_up_minutes_max)
SECOND = timedelta(seconds=1)


@either_way
def test_what_waits_for_the_gateway_is_late_once_it_had_time_to_catch_up(
    *, correlates: bool
) -> None:
    """Down for six hours: in time until the catch-up time ends, and then late."""
    story, alex, crime = one_invited(correlates=correlates)
    story.gateway_goes_down()
    news = story.deployed(crime)
    story.wait(hours=6)
    story.gateway_comes_back()
    story.until(story.now + CATCH_UP)

    assert_due_now(story, alex, news)


@either_way
def test_nothing_is_lost_while_the_gateway_is_down_and_much_is_when_it_is_back(
    *, correlates: bool
) -> None:
    """A run that ends in an outage leaves open what waits; one that ends after it finds it lost."""
    story, _alex, crime = one_invited(correlates=correlates)
    story.gateway_goes_down()
    story.deployed(crime)
    story.wait(hours=6)

    assert story.harms() == []

    story.gateway_comes_back()

    assert story.harms(end=story.now + CATCH_UP - SECOND) == []
    assert story.harms(end=story.now + CATCH_UP) == [fail("lost", "MSG-01")]


@pytest.mark.parametrize(("status", "is_excused"), [(429, True), (500, True), (400, False)])
def test_what_the_gateway_had_no_room_for_is_sent_again_soon(
    status: int, *, is_excused: bool
) -> None:
    """It may take as long as after an outage; a message that is wrong is not sent again."""
    story, alex, crime = one_invited()
    news = story.deployed(crime)
    refusal = MessageRefused(
        at=story.now,
        to=alex.record.mobile_phone,
        channel="text",
        status=status,
        reason="RateLimitError",
    )
    story.records.append(refusal)
    end = story.now + CATCH_UP
    harms = [] if is_excused else [fail("lost", "MSG-01")]

    assert story.harms(end=end - SECOND) == harms

    story.until(end)

    if is_excused:
        assert_due_now(story, alex, news)


@either_way
def test_an_outage_excuses_no_news_of_before_or_after_it(*, correlates: bool) -> None:
    """News due before it, or after it, is due as ever."""
    story, _alex, crime = one_invited(correlates=correlates)
    story.deployed(crime)
    story.wait(minutes=16)
    story.gateway_goes_down()
    story.wait(hours=1)
    story.gateway_comes_back()
    story.wait(seconds=1)
    story.deployed(crime)
    end = story.now + timedelta(minutes=ORDER.messages.minutes_max)

    assert story.harms(end=end) == [fail("lost", "MSG-01")] * 2


@either_way
def test_what_an_outage_held_back_until_the_night_is_told_in_the_morning(
    *, correlates: bool
) -> None:
    """Quiet hours are kept, and the time to catch up comes after them."""
    for back_at in (_moment(1, 19, 30), _moment(1, 23), _moment(2, 6)):
        story, alex, crime = one_invited(correlates=correlates)
        story.until(_moment(1, 18))
        story.gateway_goes_down()
        news = story.deployed(crime)
        story.until(back_at)
        story.gateway_comes_back()
        story.until(_moment(2, 7) + CATCH_UP)

        assert_due_now(story, alex, news)


@either_way
def test_an_outage_is_no_reason_to_tell_twice(*, correlates: bool) -> None:
    """A victim who was told after it is not told again."""
    story, alex, crime = one_invited(correlates=correlates)
    story.gateway_goes_down()
    news = story.deployed(crime)
    story.wait(hours=2)
    story.gateway_comes_back()
    story.wait(minutes=5)
    story.tell(alex, news)
    story.wait(minutes=5)
    story.tell(alex, news)

    assert story.harms() == [fail("duplicated", "ONCE-01")]


def _moment(day: int, hour: int, minute: int = 0) -> datetime:
    """Give a moment of June 2026 in UTC: London is an hour ahead."""
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)
