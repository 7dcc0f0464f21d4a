"""Who is owed what: invitations, updates and replies, on each channel, while they may be told."""

from datetime import timedelta

import pytest

from reference.contract.events import Channel
from simulator.judge.facts.deadlines import Announces
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import BOTH, ORDER, Happened, Person
from tests.simulator.judge.story import Story, either_way, one_invited, two_invited

SILENCE = [fail("lost", "MSG-01")]


def invited(*, phase: int = 1, correlates: bool = True) -> tuple[Story, Person, Happened]:
    """Tell of a victim who is invited by text and email, an hour ago."""
    return one_invited(phase=phase, correlates=correlates, channels=BOTH)


def owed(story: Story) -> list[tuple[Announces, Channel]]:
    """List what the judge says was owed, in order."""
    return [(each.announces, each.channel) for each in story.judged().obligations]


@either_way
def test_a_victim_who_hears_nothing_is_lost(*, correlates: bool) -> None:
    """An invitation, an update and a reply are each owed on every channel the victim gave."""
    story, alex, crime = invited(phase=3, correlates=correlates)
    news = story.deployed(crime)
    story.wait(hours=1)
    story.tell(alex, news)
    story.wait(hours=1)
    reply = story.replied(crime, alex)
    story.tell(alex, reply)

    assert owed(story) == [
        (announces, channel) for announces in ("invitation", "update", "reply") for channel in BOTH
    ]
    assert story.harms() == []
    assert [harm[:3] for harm in _without_messages(story).harms()] == [
        ("FAIL", "lost", "portal")
    ] * 6


@pytest.mark.parametrize("missing", BOTH)
@either_way
def test_one_channel_of_two_is_not_enough(*, missing: Channel, correlates: bool) -> None:
    """A victim who gave a phone and a mailbox is told by both."""
    [given] = [channel for channel in BOTH if channel != missing]
    story, alex, crime = invited(correlates=correlates)
    news = story.deployed(crime)
    story.tell(alex, news, by=(given,))

    assert story.harms() == SILENCE
    assert story.judged().findings[0].expected.startswith(f"update by {missing}")

    story.tell(alex, news, by=(missing,))

    assert story.harms() == []


@either_way
def test_one_invitation_of_two_is_not_enough(*, correlates: bool) -> None:
    """The victim is invited on the channels they gave."""
    story = Story(correlates=correlates)
    alex = story.person()
    crime = story.crime(alex)
    story.invite(alex, crime, by=("text",))

    assert [harm[:3] for harm in story.harms()] == [("FAIL", "lost", "portal")]

    story.invite(alex, crime, by=("email",))

    assert story.harms() == []


@either_way
def test_only_the_channels_the_victim_gave_are_owed(*, correlates: bool) -> None:
    """A victim who wants email is owed no text, though their number is known."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("email",))
    story.invite(alex, story.crime(alex))

    assert owed(story) == [("invitation", "email")]
    assert story.harms() == []


@either_way
def test_all_victims_of_a_crime_are_owed_its_news(*, correlates: bool) -> None:
    """One victim's message tells the other nothing."""
    story, alex, sam, crime = two_invited(correlates=correlates)
    news = story.deployed(crime)
    story.tell(alex, news)

    assert story.harms() == SILENCE
    assert story.judged().findings[0].person_id == sam.person_id

    story.tell(sam, news)

    assert story.harms() == []


@either_way
def test_an_appointment_and_a_reply_are_one_victims(*, correlates: bool) -> None:
    """News that concerns one of two victims is owed to that one alone."""
    story, alex, _sam, crime = two_invited(phase=3, correlates=correlates)
    story.tell(alex, story.replied(crime, alex))
    appointment = story.appointed(crime, alex)
    story.wait(hours=1)
    story.tell(alex, appointment)

    assert story.harms() == []


@either_way
def test_each_crime_of_a_victim_is_news_of_its_own(*, correlates: bool) -> None:
    """A victim who has not signed in is invited to their second crime too."""
    story, alex, _crime = invited(correlates=correlates)
    second = story.crime(alex)

    assert len(story.harms()) == 2

    story.invite(alex, second)

    assert story.harms() == []


@either_way
def test_a_registered_victim_is_not_invited_again(*, correlates: bool) -> None:
    """Their second crime is an update: an invitation is one too many, and no update is lost."""
    story, alex, _crime = invited(correlates=correlates)
    story.signs_in(alex)
    second = story.crime(alex)
    story.tell(alex, second)

    assert story.harms() == []

    del story.records[-2:]
    story.invite(alex, second)

    assert story.harms() == [fail("duplicated", "ONCE-01")] * 2 + SILENCE * 2


@either_way
def test_what_comes_before_its_crime_is_owed_once_the_crime_is_there(*, correlates: bool) -> None:
    """Both the invitation and the news run from when the crime was received."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    crime = story.crime(alex, deliver=False)
    early = story.deployed(crime)
    story.wait(hours=2)

    assert owed(story) == []

    story.deliver(crime)
    story.wait(minutes=15)
    story.invite(alex, crime)

    assert story.harms() == SILENCE

    story.tell(alex, early)

    assert owed(story) == [("invitation", "text"), ("update", "text")]
    assert story.harms() == []


@either_way
def test_a_crime_of_before_the_portal_is_nobodys_message(*, correlates: bool) -> None:
    """Its victim was never offered a portal: nothing is owed, and any message is a harm."""
    story = Story(correlates=correlates)
    before = ORDER.go_live_at(1) - timedelta(days=10)
    alex = story.person(channels=("text",))
    crime = story.crime(alex, recorded_at=before)
    news = story.deployed(crime)

    assert owed(story) == []
    assert story.harms() == []

    story.tell(alex, news)

    assert [kind for kind, *_rest in story.harms()] == ["FAIL"]


def _without_messages(story: Story) -> Story:
    """Give the same story, in which the portal sent nothing."""
    silent = Story(phase=3, correlates=story.correlates)
    silent.now = story.now
    silent.records = [each for each in story.records if not hasattr(each, "message_id")]
    return silent
