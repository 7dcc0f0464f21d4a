"""A finding names the readings that may play a part in it, and no others."""

from collections.abc import Callable
from typing import Any

import pytest

from reference.contract import readings as table
from reference.contract.readings import Reading, readings
from simulator.judge.rules import RULES
from simulator.verdicts import Finding
from tests.simulator.judge.force_story import BEGINS, BOTH, ORDER, Happened, Person
from tests.simulator.judge.story import Story, one_invited, with_the_phone_of

READINGS = readings()
CITED = frozenset[str]().union(*(rule.requirements for rule in RULES))


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.id)
def test_each_reading_is_named_by_a_finding_or_says_why_none_can(reading: Reading) -> None:
    """A finding names it by a requirement that some rule of the judge cites."""
    assert bool(CITED.intersection(reading.requirements)) == (not reading.unnamed)


def named(story: Story, requirement: str) -> set[str]:
    """Name the questions of the findings about a requirement."""
    ids = {
        each
        for finding in story.judged().findings
        if finding.requirement == requirement
        for each in finding.readings
    }
    assert ids
    return {reading.question for reading in READINGS if reading.id in ids}


def one_too_many(*, with_reply: bool = False) -> Story:
    """A message over the weekly limit, of a victim to whom an officer replied, or not."""
    story, alex, crime = one_invited(phase=3)
    if with_reply:
        story.asks(alex, crime, "Has anybody looked?")
        story.tell(alex, story.replied(crime, alex))
    for _time in range(ORDER.messages.per_week_max + 1):
        story.tell(alex, story.deployed(crime))
        story.wait(hours=1)
    return story


def test_only_what_has_happened_plays_a_part() -> None:
    """What replies leave to the next message is no question where nobody replied."""
    counts = "Which messages count towards the weekly limit?"
    replies = "What does the limit do with news that waited while replies went?"

    assert counts in named(one_too_many(), "JOUR-02")
    assert replies not in named(one_too_many(), "JOUR-02")
    assert {counts, replies} <= named(one_too_many(with_reply=True), "JOUR-02")


def test_a_finding_of_a_requirement_without_readings_names_none() -> None:
    """A link in an update to somewhere else can be read one way alone."""
    story, alex, crime = one_invited()
    news = story.deployed(crime)
    story.message(alex, "text", news, body="Thames Valley Police: https://elsewhere.example/x")
    found = [each for each in story.judged().findings if each.requirement == "MSG-05"]

    assert [each.readings for each in found] == [()]
    assert found[0].readings_named == ""


def bounces(story: Story, alex: Person, crime: Happened) -> None:
    """Let the phone of a victim refuse what the portal sends there."""
    for message in story.tell(alex, story.appointed(crime, alex), by=("text",)):
        story.receipt(message)


def appointed_twice(story: Story, alex: Person, crime: Happened) -> None:
    """Make two appointments, the second in the moment of the news."""
    for _time in range(2):
        story.wait(hours=1)
        story.tell(alex, story.appointed(crime, alex))


def comes_late(story: Story, alex: Person, crime: Happened) -> None:
    """Deliver an event after one that was recorded later."""
    older = story.deployed(crime, deliver=False)
    story.wait(hours=1)
    story.tell(alex, story.closed(crime))
    story.deliver(older)


def of_phase_1(story: Story, _alex: Person, _crime: Happened) -> None:
    """Let phase 2 go live."""
    story.until(BEGINS[2])


SITUATIONS: dict[str, tuple[Callable[[Story, Person, Happened], object], dict[str, Any], str]] = {
    "SharedAddress": (lambda story, alex, _: story.crime(with_the_phone_of(story, alex)), {}, ""),
    "SeveralCrimes": (lambda story, alex, _: story.crime(alex), {}, ""),
    "SeveralRecords": (lambda story, alex, _: story.are_one(alex, story.person("Al")), {}, ""),
    "SameAgain": (appointed_twice, {}, ""),
    "OneMoment": (appointed_twice, {}, ""),
    "OutOfOrder": (comes_late, {}, ""),
    "OlderThanPhase2": (of_phase_1, {}, ""),
    "Bounced": (bounces, {}, ""),
    "ApprovedChannel": (lambda *_: None, {"safe_channel": "text"}, ""),
    "Organisation": (lambda *_: None, {"kind": "organisation"}, "late"),
    "EnhancedRights": (
        lambda story, alex, crime: story.details_changed(crime, alex),
        {"enhanced_rights": True},
        "late",
    ),
    "AnotherIsTold": (lambda *_: None, {}, "twice"),
}


@pytest.mark.parametrize("situation", sorted(table.SITUATIONS))
@pytest.mark.parametrize("is_so", [True, False])
def test_a_situation_brings_up_its_readings(*, situation: str, is_so: bool) -> None:
    """Each in evidence where it is so, and nearly the same where it is not."""
    arrange, written, wrong = SITUATIONS[situation]
    story = Story()
    alex = story.person(channels=BOTH if situation == "Bounced" else ("text",)).written(
        **(written if is_so else {})
    )
    if is_so and situation in ("AnotherIsTold", "Organisation"):
        alex = alex.told_through("Ash", alex.record.mobile_phone, **written)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    if is_so:
        arrange(story, alex, crime)
    finding = harmed(story, alex, story.deployed(crime), wrong)
    possible = {
        reading.id
        for reading in READINGS
        if finding.requirement in reading.requirements
        and any(situation in each.split(" or ") for each in reading.touches)
    }

    assert possible
    assert bool(possible & set(finding.readings)) == is_so


def harmed(story: Story, alex: Person, news: Happened, wrong: str) -> Finding:
    """Tell news twice, late or not at all, and give the finding."""
    if wrong == "twice":
        story.tell(alex, news)
    story.wait(hours=1 if wrong == "twice" else 72)
    if wrong:
        story.tell(alex, news)
    requirement = {"": "MSG-01", "late": "MSG-02", "twice": "ONCE-01"}[wrong]
    found = [each for each in story.judged().findings if each.requirement == requirement]
    return found[-1]
