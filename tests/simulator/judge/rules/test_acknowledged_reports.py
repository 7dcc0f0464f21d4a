"""A report is acknowledged once, to a person who may be told, unless a crime is recorded first."""

from typing import Any

import pytest

from reference.contract.events import IncidentClosed, IncidentReported
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story, either_way, one_invited, with_the_phone_of


def reported(*, correlates: bool = True, **record: Any) -> tuple[Story, Person, Happened]:
    """Tell of a person who reported something just now."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",), **record)
    event = IncidentReported(
        crime_reference="43261111111",
        force="thames_valley",
        received_at=story.now,
        victim=alex.record,
    )
    return story, alex, story.happens(event)


@either_way
def test_a_report_is_acknowledged_once(*, correlates: bool) -> None:
    """None is lost, and two are one too many."""
    story, alex, report = reported(correlates=correlates)
    story.tell(alex, report)
    story.wait(hours=1)

    assert story.harms() == []

    silent, _alex, _report = reported(correlates=correlates)
    silent.wait(hours=1)

    assert silent.harms() == [fail("lost", "INC-01")]


def test_a_second_acknowledgement_is_one_too_many() -> None:
    """The person knows by now."""
    story, alex, report = reported()
    story.tell(alex, report)
    story.wait(minutes=5)
    story.tell(alex, report)

    assert story.harms() == [fail("duplicated", "INC-01")]


@pytest.mark.parametrize("record", [{"safe_to_contact": False}, {"is_restricted": True}])
def test_a_person_who_may_not_be_told_gets_none(record: dict[str, bool]) -> None:
    """What keeps a person from a crime keeps them from an acknowledgement."""
    story, alex, report = reported(**record)
    story.wait(hours=1)

    assert story.harms() == []

    story.tell(alex, report)

    assert story.harms() == [fail("disclosed", "INC-02")]


def test_a_report_that_is_over_in_time_needs_none() -> None:
    """It was closed before the acknowledgement was due; that may come all the same."""
    story, alex, report = reported()
    story.wait(minutes=5)
    story.happens(IncidentClosed(crime_reference=report.crime_reference, closed_at=story.now))
    story.wait(hours=1)

    assert story.harms() == []

    story.tell(alex, report)

    assert story.harms() == []


def test_a_report_has_no_page() -> None:
    """Nobody recorded a crime, so that there is none to read."""
    story, alex, report = reported()
    story.tell(alex, report)
    story.sees(alex, report, "We have it.")

    assert story.harms() == [fail("disclosed", "PRIV-03")]


@pytest.mark.parametrize("people", [4, 5])
def test_a_report_may_be_by_one_more_person_than_may_share_a_number(people: int) -> None:
    """News that waits for the number is owed there no more; below the limit it is."""
    story = Story()
    first = story.person(channels=("text",))
    phone = first.record.mobile_phone
    others = [
        story.person(channels=("text",), mobile_phone=phone).written(family_name=f"Of-{number}")
        for number in range(people - 1)
    ]
    crime = story.crime(first, *others[:-1])
    for each in (first, *others[:-1]):
        story.invite(each, crime)
    story.wait(hours=1)
    story.deployed(crime)
    event = IncidentReported(
        crime_reference="43261111111",
        force="thames_valley",
        received_at=story.now,
        victim=others[-1].record,
    )
    story.happens(event)
    story.wait(hours=1)

    lost = [each for each in story.harms() if each[3] == "MSG-01"]
    assert bool(lost) == (people == 4)


def test_a_person_whose_details_come_later_was_owed_none() -> None:
    """Nothing could be sent when the report came; the crime that follows tells them."""
    story = Story()
    alex = story.person(channels=("text",))
    nameless = alex.written(mobile_phone="")
    report = story.happens(
        IncidentReported(
            crime_reference="43261111111",
            force="thames_valley",
            received_at=story.now,
            victim=nameless.record,
        )
    )
    story.wait(hours=5)
    crime = story.crime(nameless, crime_reference=report.crime_reference)
    story.task(alex, crime, kind="contact_details")
    story.wait(days=1)
    mended = story.details_changed(crime, alex)
    story.invite(alex, mended)

    assert story.harms() == []


@pytest.mark.parametrize("is_down", [True, False])
def test_after_an_outage_of_a_day_a_report_may_still_be_acknowledged(*, is_down: bool) -> None:
    """Without an outage, what comes that late and names nothing is no acknowledgement."""
    story, alex, report = reported(correlates=False)
    if is_down:
        story.gateway_goes_down()
    story.wait(hours=25)
    if is_down:
        story.gateway_comes_back()
    story.wait(minutes=5)
    story.tell(alex, report)

    assert (fail("noise", "ONCE-01") in story.harms()) == (not is_down)


@pytest.mark.parametrize("texts", [0, 1, 2])
def test_a_text_to_two_who_were_told_the_news_is_the_acknowledgement_that_one_is_owed(
    texts: int,
) -> None:
    """Each had one text about two visits: the next says that the police have the report."""
    story = Story(correlates=False)
    alex = story.person(channels=("text",))
    sam = with_the_phone_of(story, alex)
    crime = story.crime(alex, sam)
    for each in (alex, sam):
        story.invite(each, crime)
    story.deployed(crime)
    story.wait(minutes=1)
    visit = story.deployed(crime)
    for each in (alex, sam):
        story.tell(each, visit)
    story.wait(minutes=1)
    event = IncidentReported(
        crime_reference="43261111111",
        force="thames_valley",
        received_at=story.now,
        victim=sam.record,
    )
    report = story.happens(event)
    for _text in range(texts):
        story.tell(sam, report)
    story.wait(hours=1)

    assert story.harms() == ([] if texts else [fail("lost", "INC-01")])


@pytest.mark.parametrize("texts", [0, 1])
def test_a_text_to_one_who_waits_for_news_is_that_news(texts: int) -> None:
    """It may say that the police have the report as well; without it neither was told."""
    story, alex, crime = one_invited(channels=("text",), correlates=False)
    visit = story.deployed(crime)
    story.wait(minutes=1)
    event = IncidentReported(
        crime_reference="43261111111",
        force="thames_valley",
        received_at=story.now,
        victim=alex.record,
    )
    story.happens(event)
    for _text in range(texts):
        story.tell(alex, visit)
    story.wait(hours=1)

    neither = [fail("lost", "MSG-01"), fail("lost", "INC-01")]
    assert story.harms() == ([] if texts else neither)
