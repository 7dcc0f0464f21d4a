"""A report is acknowledged once, to a person who may be told, unless a crime is recorded first."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from reference.contract.events import (
    Channel,
    IncidentClosed,
    IncidentReported,
    VictimDetailsChanged,
)
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


def test_the_reference_of_a_portal_that_names_no_events_is_an_id_of_its_own() -> None:
    """A portal that names events has acknowledged no report by a reference that is none of them."""
    for correlates in (False, True):
        story, alex, report = reported(correlates=correlates)
        story.tell(alex, report)
        story.records[-1] = structs.replace(story.records[-1], reference="bd72d388-3dec-4932")
        story.wait(hours=1)

        assert bool(story.harms()) == correlates


def test_a_second_acknowledgement_is_one_too_many() -> None:
    """The person knows by now."""
    story, alex, report = reported()
    story.tell(alex, report)
    story.wait(minutes=5)
    story.tell(alex, report)

    assert story.harms() == [fail("duplicated", "INC-01")]


@pytest.mark.parametrize("sent", [("text",), ("email",), ("text", "email")])
def test_a_report_is_acknowledged_by_each_channel(sent: tuple[Channel, ...]) -> None:
    """Who asked for texts and emails gets both, as with news."""
    story = Story()
    alex = story.person(channels=("text", "email"))
    report = report_of(story, alex)
    story.tell(alex, report, by=sent)
    story.wait(hours=1)

    assert story.harms() == [fail("lost", "INC-01")] * (2 - len(sent))


@pytest.mark.parametrize("record", [{"safe_to_contact": False}, {"is_restricted": True}])
def test_a_person_who_may_not_be_told_gets_none(record: dict[str, bool]) -> None:
    """What keeps a person from a crime keeps them from an acknowledgement."""
    story, alex, report = reported(**record)
    story.wait(hours=1)

    assert story.harms() == []

    story.tell(alex, report)

    assert story.harms() == [fail("disclosed", "INC-02")]


@pytest.mark.parametrize(("minutes", "harms"), [(5, []), (60, [fail("lost", "INC-01")])])
def test_what_was_approved_may_be_over_before_it_is_due(minutes: int, harms: list[object]) -> None:
    """It was approved again the day after: until then nothing could be said."""
    story = Story()
    alex = story.person(channels=("text",))
    until = story.now + timedelta(minutes=minutes)
    alex = alex.written(safe_channel="text", safe_until=until)
    report_of(story, alex)
    story.wait(days=1)
    again = structs.replace(alex.record, safe_until=story.now + timedelta(days=30))
    story.happens(VictimDetailsChanged(crime_reference="43261111111", victim=again))
    story.wait(days=1)

    assert [each for each in story.harms() if each == fail("lost", "INC-01")] == harms


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


@pytest.mark.parametrize(
    ("hours", "is_down", "is_one_too_many"),
    [(25, True, False), (25, False, True), (24, False, False)],
)
def test_after_an_outage_of_a_day_a_report_may_still_be_acknowledged(
    hours: int, *, is_down: bool, is_one_too_many: bool
) -> None:
    """Without an outage, what comes that late and names nothing is no acknowledgement."""
    story, alex, report = reported(correlates=False)
    if is_down:
        story.gateway_goes_down()
    story.wait(hours=hours)
    if is_down:
        story.gateway_comes_back()
    story.wait(minutes=5)
    story.tell(alex, report)

    assert (fail("noise", "ONCE-01") in story.harms()) is is_one_too_many


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


@pytest.mark.parametrize("texts", [0, 1])
@pytest.mark.parametrize("is_over", [False, True])
def test_a_text_is_news_to_another_where_the_report_is_a_crime_already(
    *, is_over: bool, texts: int
) -> None:
    """Nobody is owed word of that report any more: one text to a phone of two is news."""
    story, alex, crime = one_invited(channels=("text",), correlates=False)
    sam = with_the_phone_of(story, alex)
    story.wait(hours=2)
    visit = story.deployed(crime)
    event = IncidentReported(
        crime_reference="43261111111",
        force="thames_valley",
        received_at=story.now,
        victim=sam.record,
    )
    story.happens(event)
    if is_over:
        story.invite(sam, story.crime(sam, crime_reference=event.crime_reference))
    for _text in range(texts):
        story.tell(alex, visit)
    story.wait(hours=1)

    news, report = fail("lost", "MSG-01"), fail("lost", "INC-01")
    lost = [news] if is_over else [report, news]
    assert sorted(story.harms()) == lost[texts:]


@pytest.mark.parametrize(
    ("texts", "harms"),
    [(0, [fail("lost", "MSG-01")]), (1, []), (3, [fail("duplicated", "ONCE-01")])],
)
def test_a_text_while_news_is_gathered_is_the_acknowledgement(
    texts: int, harms: list[object]
) -> None:
    """News waits for more, and the word that the police have a report does not."""
    story, alex, crime = one_invited(phase=2, channels=("text",), correlates=False)
    story.deployed(crime)
    story.wait(minutes=1)
    story.tell(alex, report_of(story, alex))
    story.wait(minutes=1)
    news = story.deployed(crime)
    for _text in range(texts):
        story.wait(minutes=20)
        story.tell(alex, news)
    story.wait(hours=1)

    assert story.harms() == harms


@pytest.mark.parametrize("crime", ["known", "unknown"])
@pytest.mark.parametrize("is_by_the_new_one", [False, True])
def test_a_report_of_who_was_told_before_need_not_be_acknowledged_to_another(
    *, is_by_the_new_one: bool, crime: str
) -> None:
    """Another contact takes their place before the morning; one who reports it is told.

    Decision 50, point 3; also where the portal has no crime of the victim's yet.
    """
    story = Story()
    sam = story.person("Sam")
    first = sam.told_through("Ash", "07700900110")
    second = sam.told_through("Robin", "07700900111")
    recorded = story.crime(first, deliver=crime == "known")
    if crime == "known":
        story.invite(first, recorded)
    story.until(story.now.replace(hour=21))
    report = IncidentReported(
        crime_reference="43261111111",
        force="thames_valley",
        received_at=story.now,
        victim=(second if is_by_the_new_one else first).record,
    )
    story.happens(report)
    story.wait(hours=1)
    if not is_by_the_new_one:
        story.details_changed(recorded, second)
    story.wait(hours=12)

    assert (fail("lost", "INC-01") in story.harms()) == is_by_the_new_one


def report_of(story: Story, person: Person) -> Happened:
    """Have a person report something, by the record that they have now."""
    event = IncidentReported(
        crime_reference="43261111111",
        force="thames_valley",
        received_at=story.now,
        victim=person.record,
    )
    return story.happens(event)


@pytest.mark.parametrize("days", [1, 28])
def test_regular_word_may_name_a_report_as_the_last_that_its_person_heard(days: int) -> None:
    """It brought their newest details; before it is due a message that names it is one too many."""
    story, alex, _crime = one_invited(phase=2, channels=("text",))
    report = report_of(story, alex)
    story.tell(alex, report)
    story.wait(days=days)
    story.tell(alex, report)

    harms = [] if days == 28 else [fail("duplicated", "INC-01")]
    assert [each for each in story.harms() if each[3] == "INC-01"] == harms


@pytest.mark.parametrize("waits", [True, False])
def test_word_of_a_crime_may_name_the_report_that_lets_its_victim_be_told(*, waits: bool) -> None:
    """It comes beside the acknowledgement; where nothing waits it is a second one."""
    story, alex, crime = one_invited(phase=2, channels=("text",))
    story.signs_in(alex)
    if waits:
        story.details_changed(crime, alex.written(safe_to_contact=False))
        story.crime(alex.written(safe_to_contact=False))
    report = report_of(story, alex)
    story.tell(alex, report)
    story.wait(minutes=5)
    story.tell(alex, report)

    found = [each for each in story.harms() if each[3] == "INC-01"]
    assert found == ([] if waits else [fail("duplicated", "INC-01")])


@pytest.mark.parametrize("is_reported", [True, False])
def test_a_report_may_end_a_channel_for_other_crimes(*, is_reported: bool) -> None:
    """News that waits is not owed by email once a report asks for texts; without it, it is.

    Decision 50, point 4.
    """
    story, alex, crime = one_invited(phase=2, channels=("text", "email"))
    news = story.deployed(crime)
    story.wait(minutes=5)
    if is_reported:
        by_text = alex.written(preferred_channels=("text",))
        story.tell(alex, report_of(story, by_text), by=("text",))
    story.wait(minutes=55)
    story.tell(alex, news, by=("text",))
    story.wait(hours=2)

    lost = [] if is_reported else [fail("lost", "MSG-01")]
    assert story.harms(end=story.now) == lost


@pytest.mark.parametrize("forbids", [True, False])
def test_a_merged_record_forbids_its_persons_reports(*, forbids: bool) -> None:
    """They are told by the survivor's details, and not where their own record forbids it.

    Decision 50, point 5.
    """
    story = Story()
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    crime, other = story.crime(alex), story.crime(lex)
    story.invite(alex, crime)
    story.invite(lex, other)
    story.wait(hours=1)
    story.persons_merged(other, lex, alex)
    story.wait(hours=1)
    report = report_of(story, lex.written(is_suspect_in_linked_crime=forbids))
    story.wait(hours=1)

    assert (fail("lost", "INC-01") in story.harms(end=story.now)) == (not forbids)

    story.tell(alex, report)

    assert (fail("disclosed", "INC-02") in story.harms(end=story.now)) == forbids


@pytest.mark.parametrize("is_marked", [True, False])
def test_a_report_need_not_be_acknowledged_that_was_forbidden_while_it_waited(
    *, is_marked: bool
) -> None:
    """A crime that is marked forbids it for a time; one that is not does not.

    Decision 50, point 6.
    """
    story = Story()
    story.until(story.now.replace(hour=21))
    alex = story.person(channels=("text",))
    report_of(story, alex)
    story.wait(hours=1)
    crime = story.crime(alex, safeguarding=("domestic_abuse",) if is_marked else ())
    story.wait(hours=1)
    story.reclassified(crime, subgroup="Criminal damage")
    story.wait(hours=12)

    assert (fail("lost", "INC-01") in story.harms(end=story.now)) == (not is_marked)
