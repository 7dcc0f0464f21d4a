"""News of one crime within the hour makes one message, from phase 2 on."""

from datetime import timedelta

import pytest

from reference.contract.events import OfficerDeployed
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ADVISES_CYCLISTS, ORDER
from tests.simulator.judge.story import Story, either_way, one_invited

MINUTES = ORDER.messages.bundle_minutes


def told_apart(*, phase: int, minutes: int, correlates: bool) -> Story:
    """Tell news that came so many minutes apart, each after a quarter of an hour."""
    story, alex, crime = one_invited(phase=phase, correlates=correlates)
    for _time in range(2):
        news = story.deployed(crime)
        story.wait(minutes=min(15, minutes))
        story.tell(alex, news)
        story.wait(minutes=minutes - min(15, minutes))
    return story


@pytest.mark.parametrize(
    ("phase", "minutes", "is_apart"),
    [(2, MINUTES - 1, True), (2, 20, True), (2, MINUTES, False), (1, 20, False)],
    ids=["just within", "soon", "after the hour", "in phase 1"],
)
@either_way
def test_news_within_the_hour_makes_one_message(
    *, phase: int, minutes: int, is_apart: bool, correlates: bool
) -> None:
    """A portal that waits for a quarter of an hour only sends two where one would do."""
    story = told_apart(phase=phase, minutes=minutes, correlates=correlates)

    assert (fail("noise", "JOUR-02") in story.harms()) == is_apart


@either_way
def test_news_of_two_crimes_may_come_apart(*, correlates: bool) -> None:
    """The order says how long news waits, and not that crimes are told of together."""
    story, alex, crime = one_invited(phase=2, correlates=correlates)
    other = story.crime(alex)
    story.invite(alex, other)
    story.wait(days=1)
    for each in (crime, other):
        news = story.deployed(each)
        story.wait(minutes=20)
        story.tell(alex, news)

    assert fail("noise", "JOUR-02") not in story.harms()


@either_way
def test_overdue_news_need_not_wait(*, correlates: bool) -> None:
    """What the Victims' Code would have told by now goes at once, and other news after it."""
    story, alex, crime = one_invited(phase=2, correlates=correlates)
    story.wait(days=9)
    days_ago = story.now - timedelta(days=8)
    reference = crime.crime_reference
    overdue = story.happens(OfficerDeployed(crime_reference=reference, deployed_at=days_ago))
    story.tell(alex, overdue)
    news = story.deployed(crime)
    story.wait(minutes=MINUTES)
    story.tell(alex, news)

    assert fail("noise", "JOUR-02") not in story.harms()


@pytest.mark.parametrize("days", [8, 0], ids=["overdue", "in time"])
@either_way
def test_what_overdue_news_took_with_it_need_not_wait(*, days: int, correlates: bool) -> None:
    """One message tells all that waited, and later news of the same hour makes another."""
    story, alex, crime = one_invited(phase=2, correlates=correlates)
    story.wait(days=9)
    story.deployed(crime)
    story.wait(minutes=1)
    reference, happened_at = crime.crime_reference, story.now - timedelta(days=days)
    last = story.happens(OfficerDeployed(crime_reference=reference, deployed_at=happened_at))
    story.tell(alex, last)
    story.wait(minutes=1)
    news = story.deployed(crime)
    story.wait(minutes=MINUTES)
    story.tell(alex, news)

    assert (fail("noise", "JOUR-02") in story.harms()) == (days == 0)


@pytest.mark.parametrize("advises", [True, False])
def test_what_names_nothing_may_be_advice_that_is_due(*, advises: bool) -> None:
    """Advice waits for no news; where none is due it was news, and the next came apart."""
    story = Story(phase=2, correlates=False, order=ADVISES_CYCLISTS)
    alex = story.person(channels=("text",))
    subgroup = "Bicycle theft" if advises else "Criminal damage"
    crime = story.crime(alex, offence_subgroup=subgroup)
    story.invite(alex, crime)
    story.wait(days=ADVISES_CYCLISTS.journey.advice_after_days)
    for _time in range(2):
        news = story.deployed(crime)
        story.wait(minutes=15)
        story.tell(alex, news)

    assert (fail("noise", "JOUR-02") in story.harms()) == (not advises)


@pytest.mark.parametrize("minutes", [0, 10])
@either_way
def test_news_that_waited_its_hour_takes_along_what_has_just_come(
    *, minutes: int, correlates: bool
) -> None:
    """A message cannot hold what comes a minute after it. Sooner than in an hour it need not go."""
    story, alex, crime = one_invited(phase=2, correlates=correlates)
    other = story.crime(alex)
    story.invite(alex, other)
    story.signs_in(alex)
    story.wait(hours=1)
    story.deployed(crime)
    story.wait(minutes=MINUTES - minutes)
    first = story.deployed(other)
    story.tell(alex, first)
    story.wait(minutes=1)
    second = story.closed(other)
    story.wait(minutes=MINUTES)
    story.tell(alex, second)

    assert (fail("noise", "JOUR-02") in story.harms()) == (minutes > 0)


@pytest.mark.parametrize("is_enhanced", [False, True], ids=["standard", "enhanced"])
def test_the_days_that_hurry_news_are_those_of_its_victim(*, is_enhanced: bool) -> None:
    """What was recorded a day late is near its deadline with enhanced rights alone."""
    story = Story(phase=2)
    alex = story.person(channels=("text",), enhanced_rights=is_enhanced)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(days=1)
    for _time in range(2):
        deployed = OfficerDeployed(
            crime_reference=crime.crime_reference, deployed_at=story.now - timedelta(days=1)
        )
        news = story.happens(deployed)
        story.wait(minutes=15)
        story.tell(alex, news)

    assert (fail("noise", "JOUR-02") in story.harms()) is not is_enhanced


@pytest.mark.parametrize(("days", "is_apart"), [(6, True), (7, False)])
def test_a_deadline_is_near_on_its_last_day(*, days: int, is_apart: bool) -> None:
    """What has until tomorrow night waits its hour; of what has until tonight two may go."""
    story, alex, crime = one_invited(phase=2)
    story.wait(days=9)
    for _time in range(2):
        happened_at = story.now - timedelta(days=days)
        reference = crime.crime_reference
        news = story.happens(OfficerDeployed(crime_reference=reference, deployed_at=happened_at))
        story.wait(minutes=15)
        story.tell(alex, news)

    assert (fail("noise", "JOUR-02") in story.harms()) == is_apart


@pytest.mark.parametrize("is_merged", [True, False])
def test_the_first_word_of_a_crime_merged_since_takes_news_along(*, is_merged: bool) -> None:
    """It waits in a message of its own: of one crime they are two messages all the same."""
    story, alex, crime = one_invited(phase=2, channels=("text",))
    story.signs_in(alex)
    story.wait(days=1)
    first = story.deployed(crime)
    story.wait(minutes=1)
    if is_merged:
        story.merged(story.crime(alex), crime)
    second = story.deployed(crime)
    story.wait(minutes=MINUTES - 1)
    story.tell(alex, first)
    story.wait(minutes=1)
    story.tell(alex, second)

    assert (fail("noise", "JOUR-02") in story.harms()) is not is_merged
