"""Each harm cites the requirement whose sentence it breaks; features/requirements has them."""

import tomllib
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.simulator.judge.force_story import ORDER, ROOT
from tests.simulator.judge.story import Story

REQUIREMENTS = {
    each["id"]: each
    for each in tomllib.loads((ROOT / "features" / "requirements.toml").read_text())["requirement"]
}


def not_invited(story: Story) -> None:
    """Leave a victim without an invitation."""
    story.crime(story.person(channels=("text",)))


def not_told(story: Story) -> None:
    """Leave a victim without an update."""
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.deployed(crime)


def not_told_of_a_reply(story: Story) -> None:
    """Leave a victim without word of the officer's reply."""
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.replied(crime, alex)


def told_though_excluded(story: Story) -> None:
    """Invite a victim of domestic abuse."""
    alex = story.person(channels=("text",))
    story.invite(alex, story.crime(alex, safeguarding=("domestic_abuse",)))


def told_of_a_crime_of_before(story: Story) -> None:
    """Write about a crime that was open before the portal went live."""
    alex = story.person(channels=("text",))
    crime = story.crime(alex, recorded_at=ORDER.go_live_at(1) - timedelta(days=10))
    story.tell(alex, story.deployed(crime))


def told_after_a_flag(story: Story) -> None:
    """Write to a victim who was flagged after they had been invited."""
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.details_changed(crime, alex.written(safe_to_contact=False))
    story.tell(alex, story.deployed(crime))


def nobody_asked_about_a_wrong_field(story: Story) -> None:
    """Ignore a number in the wrong field."""
    alex = story.person(channels=("text",))
    story.crime(alex.written(mobile_phone="", other_phone=alex.known.mobile_phone))


def nobody_asked_about_a_bounce(story: Story) -> None:
    """Ignore an invitation that did not arrive."""
    alex = story.person(channels=("text",), mobile_phone="07700900555")
    [message] = story.invite(alex, story.crime(alex))
    story.receipt(message)


CASES: dict[Callable[[Story], None], str] = {
    not_invited: "INV-01",
    not_told: "MSG-01",
    not_told_of_a_reply: "TWO-04",
    told_though_excluded: "INV-03",
    told_of_a_crime_of_before: "INV-04",
    told_after_a_flag: "SAFE-02",
    nobody_asked_about_a_wrong_field: "DATA-01",
    nobody_asked_about_a_bounce: "DATA-03",
}


@pytest.mark.parametrize(("tell", "requirement"), CASES.items())
def test_a_harm_is_laid_to_the_requirement_it_breaks(
    tell: Callable[[Story], None], requirement: str
) -> None:
    """The report cites the broken sentence, and the harm is the one that sentence is about."""
    story = Story(phase=3)
    tell(story)
    [finding] = story.judged().findings

    assert (finding.requirement, finding.harm) == (requirement, REQUIREMENTS[requirement]["harm"])


@pytest.mark.parametrize("tell", CASES)
def test_every_requirement_named_is_one(tell: Callable[[Story], None]) -> None:
    """An unknown requirement could not be looked up."""
    story = Story(phase=3)
    tell(story)

    assert {each.requirement for each in story.judged().findings} <= set(REQUIREMENTS)
