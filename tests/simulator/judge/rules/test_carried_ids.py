"""What a delivery sets off carries its correlation id, for a portal that claims so."""

import msgspec
import pytest

from simulator.evidence.records import EventDelivered, MessageAccepted, Stamped, TaskRaised
from simulator.judge.fold import judge
from tests.simulator.judge.expected import Harmed, fail, harms_in
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story, two_invited

HARMED = [fail("lost", "INT-09")]
WORDS = "Has anybody looked at the cameras?"


def harms(story: Story, *, carries_ids: bool = True) -> list[Harmed]:
    """Judge now, as a portal that claims to carry ids."""
    judgement = judge(
        story.order, story.records, correlates=True, carries_ids=carries_ids, end=story.now
    )
    return harms_in(judgement)


def last(story: Story, carried: str) -> None:
    """Give the last record a correlation id."""
    record = story.records[-1]
    assert isinstance(record, EventDelivered | MessageAccepted | Stamped | TaskRaised)
    story.records[-1] = msgspec.structs.replace(record, correlation_id=carried)


def invited(carried: str = "delivery-1") -> tuple[Story, Person, Happened]:
    """Tell of a victim whose invitation carries an id."""
    story = Story(phase=3)
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    last(story, "delivery-1")
    story.invite(alex, crime)
    last(story, carried)
    story.wait(hours=1)
    return story, alex, crime


def told(story: Story, alex: Person, news: Happened, carried: str) -> None:
    """Have the portal tell of news under an id."""
    story.message(alex, "text", news)
    last(story, carried)


def deployed(story: Story, crime: Happened, delivery: str) -> Happened:
    """Have an officer sent, in a delivery of its own."""
    news = story.deployed(crime)
    last(story, delivery)
    return news


@pytest.mark.parametrize("carried", ["", "delivery-", "DELIVERY-1", "of-the-portal"])
def test_an_invitation_carries_the_id_whole(carried: str) -> None:
    """No id, half of it, or in other letters: nobody finds it in the logs."""
    story, _alex, _crime = invited(carried)

    assert harms(story) == HARMED


def test_a_portal_that_claims_nothing_is_not_judged() -> None:
    """It is asked of nobody else."""
    story, _alex, _crime = invited("")

    assert harms(story, carries_ids=False) == []


def test_an_update_carries_the_id_of_its_own_delivery() -> None:
    """And not that of the delivery before it."""
    story, alex, crime = invited()
    told(story, alex, deployed(story, crime, "delivery-2"), "delivery-2")

    assert harms(story) == []

    last(story, "delivery-1")

    assert harms(story) == HARMED


def test_a_message_of_two_things_carries_the_id_of_either() -> None:
    """It tells of both."""
    story, alex, crime = invited()
    deployed(story, crime, "delivery-2")
    second = deployed(story, crime, "delivery-3")
    told(story, alex, second, "delivery-2")

    assert harms(story) == []

    last(story, "delivery-1")

    assert harms(story) == HARMED


def test_an_event_that_came_twice_has_two_ids() -> None:
    """The delivery that the portal did not take sets nothing off."""
    story, alex, crime = invited()
    news = story.deployed(crime, deliver=False)
    for delivery, status in (("delivery-2", 503), ("delivery-3", 202), ("delivery-4", 202)):
        story.deliver(news, status=status)
        last(story, delivery)
    told(story, alex, news, "delivery-4")

    assert harms(story) == []

    last(story, "delivery-2")

    assert harms(story) == HARMED


def test_an_event_before_its_crime_may_carry_the_id_of_the_crime() -> None:
    """It could be told only then."""
    story = Story(phase=3)
    alex = story.person(channels=("text",))
    crime = story.crime(alex, deliver=False)
    news = deployed(story, crime, "delivery-1")
    story.wait(minutes=5)
    story.deliver(crime)
    last(story, "delivery-2")
    story.invite(alex, crime)
    last(story, "delivery-2")
    told(story, alex, news, "delivery-2")

    assert harms(story) == []


def test_a_closure_that_waited_may_carry_the_id_of_the_conversation() -> None:
    """Of the closure's delivery too; the task to speak carries that of the closure alone."""
    story, alex, crime = invited()
    closed = story.closed(crime, 5)
    last(story, "delivery-2")
    story.task(alex, crime, kind="sensitive_contact")
    last(story, "delivery-2")
    story.wait(hours=1)
    story.contacted(crime, alex)
    last(story, "delivery-3")
    told(story, alex, closed, "delivery-3")

    assert harms(story) == []


@pytest.mark.parametrize("carried", ["", "of-the-round", "delivery-1"])
def test_a_task_carries_the_id_of_what_it_is_about(carried: str) -> None:
    """A closure had it raised, and no round of the portal."""
    story, alex, crime = invited()
    story.closed(crime, 5)
    last(story, "delivery-2")
    story.task(alex, crime, kind="sensitive_contact")
    last(story, carried)

    assert harms(story) == HARMED


@pytest.mark.parametrize(("second", "expected"), [("delivery-2", []), ("round-2", HARMED)])
def test_time_may_set_off_a_task_of_the_same_kind(second: str, expected: list[Harmed]) -> None:
    """One of the two carries the id of what happened."""
    story, alex, crime = invited()
    story.closed(crime, 5)
    last(story, "delivery-2")
    for carried in ("round-1", second):
        story.wait(minutes=1)
        story.task(alex, crime, kind="sensitive_contact")
        last(story, carried)

    assert [each for each in harms(story) if each[3] == "INT-09"] == expected


@pytest.mark.parametrize(
    ("stamp", "task", "expected"),
    [
        ("question-1", "question-1", []),
        ("question-1", "question-2", HARMED),
        ("", "", HARMED),
        ("delivery-1", "delivery-1", HARMED),
    ],
)
def test_words_and_their_task_carry_one_id(stamp: str, task: str, expected: list[Harmed]) -> None:
    """It is their own: the victim set them off, and no delivery did."""
    story, alex, crime = invited()
    story.asks(alex, crime, WORDS)
    story.stamped(alex, crime, WORDS)
    last(story, stamp)
    story.task(alex, crime, kind="victim_question")
    last(story, task)

    assert harms(story) == expected


def test_two_victims_questions_have_ids_of_their_own() -> None:
    """The ids of one conversation are nothing to another."""
    story, alex, sam, crime = two_invited(phase=3)
    found = [each for each in story.records if isinstance(each, EventDelivered | MessageAccepted)]
    for each in found:
        carried = msgspec.structs.replace(each, correlation_id="delivery-1")
        story.records[story.records.index(each)] = carried
    for person, name in ((alex, "question-1"), (sam, "question-2")):
        story.asks(person, crime, WORDS)
        story.stamped(person, crime, WORDS)
        last(story, name)
        story.task(person, crime, kind="victim_question")
        last(story, name)

    assert harms(story) == []


def test_what_comes_after_a_message_was_given_up_may_carry_any_id() -> None:
    """Time set it off."""
    story, alex, crime = invited()
    news = deployed(story, crime, "delivery-2")
    story.wait(days=1)
    story.task(alex, crime, kind="not_sent")
    told(story, alex, news, "of-the-round")

    assert fail("lost", "INT-09") not in harms(story)


def test_an_address_that_two_people_have_tells_nothing_for_certain() -> None:
    """The message may be the other's, set off by time."""
    story = Story(phase=3)
    alex = story.person(channels=("text",))
    sam = story.person("Sam", channels=("text",), mobile_phone=alex.record.mobile_phone)
    crime = story.crime(alex, sam)
    last(story, "delivery-1")
    for person in (alex, sam):
        story.invite(person, crime)
        last(story, "of-the-round")

    assert fail("lost", "INT-09") not in harms(story)
