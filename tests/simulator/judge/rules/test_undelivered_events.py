"""Events that never reached the portal: it refused them, or integration lost them."""

from datetime import timedelta

from simulator.evidence.records import ChangesSeenAsOne
from tests.simulator.judge.story import Story


def test_an_event_is_counted_as_undelivered_after_a_day() -> None:
    """Integration may be late by a day; then the event is lost, and integration owns it."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    news = story.deployed(crime, deliver=False)
    day = story.now + timedelta(days=1)
    lost = ("WARNING", "lost", "integration", "INT-01", True)

    assert story.harms(end=day - timedelta(seconds=1)) == []
    assert story.harms(end=day) == [lost]
    assert story.judged(end=day).kind == "WARNING"

    story.deliver(news)
    story.tell(alex, news)

    assert story.harms(end=day) == []


def test_an_event_the_portal_refused_is_the_portals_loss() -> None:
    """Integration handed it over: an event that a portal refuses is lost by the portal."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    news = story.deployed(crime, deliver=False)
    story.deliver(news, status=422)

    assert [harm[:3] for harm in story.harms()] == [("FAIL", "lost", "portal")]

    story.deliver(news)
    story.tell(alex, news)

    assert story.harms() == []


def test_an_event_that_found_no_portal_is_not_the_portals_loss() -> None:
    """A connection that failed proves nothing of the portal."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.deliver(story.deployed(crime, deliver=False), status=0)

    assert [harm[:3] for harm in story.harms()] == [("WARNING", "lost", "integration")]


def test_an_event_seen_as_part_of_a_later_one_reached_the_portal() -> None:
    """A portal that reads changes sees two of one thing as one; without the second it is lost."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    first = story.deployed(crime, deliver=False)
    second = story.deployed(crime)
    story.tell(alex, second)

    assert [harm[:2] for harm in story.harms()] == [("WARNING", "lost")]

    story.records.append(
        ChangesSeenAsOne(at=story.now, event_id=first.event_id, seen_as=second.event_id)
    )

    assert story.harms() == []
