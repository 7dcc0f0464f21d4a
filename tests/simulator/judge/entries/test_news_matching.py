"""Which news a message tells that names one event."""

import pytest

from simulator.evidence.records import EventDelivered
from tests.simulator.judge.expected import fail
from tests.simulator.judge.story import Story, one_invited


@pytest.mark.parametrize(
    ("deliveries", "expected"),
    [(("one", "one"), []), (("one", "another"), [fail("lost", "MSG-01")]), (("", ""), [])],
    ids=["one delivery", "two deliveries", "deliveries without a name, in order"],
)
def test_of_one_delivery_a_message_may_name_what_was_recorded_last(
    *, deliveries: tuple[str, str], expected: list[object]
) -> None:
    """A closure and an older visit come together: the message names what happened last."""
    story, alex, crime = one_invited(phase=2)
    visit = story.deployed(crime, deliver=False)
    story.wait(minutes=5)
    closure = story.closed(crime, deliver=False)
    order = (closure, visit) if all(deliveries) else (visit, closure)
    for happened, name in zip(order, deliveries, strict=True):
        story.records.append(
            EventDelivered(
                at=story.now, event_id=happened.event_id, status=202, correlation_id=name
            )
        )
    story.wait(minutes=30)
    story.tell(alex, closure)

    assert story.harms() == expected


def test_a_registered_victim_may_be_told_by_the_record_of_a_crime_or_by_what_made_it_safe() -> None:
    """The crime was recorded while contact was not safe: one message tells it, no second."""
    for names_the_record in (True, False):
        story, alex, crime = one_invited()
        story.signs_in(alex)
        story.details_changed(crime, alex.written(safe_to_contact=False))
        second = story.crime(alex.written(safe_to_contact=False))
        story.wait(minutes=1)
        safe = story.details_changed(crime, alex)
        told = second if names_the_record else safe
        story.tell(alex, told)

        assert [each for each in story.harms() if each[1] != "disclosed"] == []

        story.wait(hours=1)
        story.tell(alex, told)

        assert fail("duplicated", "ONCE-01") in story.harms()


@pytest.mark.parametrize(("waits", "harms"), [(True, []), (False, [fail("lost", "MSG-01")])])
def test_the_record_of_a_crime_tells_a_registered_victim_what_waited_for_it(
    *, waits: bool, harms: list[object]
) -> None:
    """It came last and let all be told; what comes after it is not told by it."""
    story, alex, _first = one_invited(phase=2)
    story.signs_in(alex)
    second = story.crime(alex, deliver=False)
    visit = story.deployed(second, deliver=False)
    for happened in (visit, second) if waits else (second, visit):
        story.deliver(happened)
        story.wait(minutes=1)
    story.wait(minutes=40)
    story.tell(alex, second)
    story.wait(hours=3)

    assert story.harms() == harms


@pytest.mark.parametrize("waits", [True, False])
def test_of_what_waited_for_one_crime_a_message_may_name_what_was_recorded_last(
    *, waits: bool
) -> None:
    """Taken up with the crime they are one piece of news; one by one each is its own."""
    story = Story(phase=2)
    alex = story.person(channels=("text",))
    crime = story.crime(alex, deliver=not waits)
    visit = story.deployed(crime, deliver=False)
    closure = story.closed(crime, deliver=False)
    for name, happened in (("one", closure), ("another", visit), ("last", crime)):
        if waits or happened is not crime:
            story.records.append(
                EventDelivered(
                    at=story.now, event_id=happened.event_id, status=202, correlation_id=name
                )
            )
    story.invite(alex, crime)
    story.wait(minutes=30)
    story.tell(alex, closure)

    assert story.harms() == ([] if waits else [fail("lost", "MSG-01")])


@pytest.mark.parametrize("had_come_in", [False, True])
def test_an_invitation_that_waited_tells_the_news_also_when_the_victim_came_in_meanwhile(
    *, had_come_in: bool
) -> None:
    """After a long outage the first message of a crime invites; who had come in needs no link."""
    story, alex, _first = one_invited(channels=("text",))
    if had_come_in:
        story.signs_in(alex)
    story.gateway_goes_down()
    second = story.crime(alex)
    story.wait(hours=33)
    story.task(alex, second, kind="not_sent")
    visit = story.deployed(second)
    story.wait(minutes=1)
    story.gateway_comes_back()
    story.signs_in(alex)
    story.wait(minutes=1)
    story.invite(alex, visit)

    needless = [fail("duplicated", "ONCE-01"), fail("lost", "MSG-01")]
    assert story.harms() == (needless if had_come_in else [])


@pytest.mark.parametrize("is_one_event", [True, False])
def test_what_one_event_invites_to_is_handed_over_once(*, is_one_event: bool) -> None:
    """One message invites to both crimes, and the task that it could not go names one of them."""
    story = Story()
    alex = story.person(channels=("text",), safe_to_contact=not is_one_event)
    story.gateway_goes_down()
    crime, other = story.crime(alex), story.crime(alex)
    if is_one_event:
        story.details_changed(crime, alex.written(safe_to_contact=True))
    story.wait(hours=33)
    story.task(alex, other, kind="not_sent")
    story.gateway_comes_back()
    story.wait(hours=1)

    assert story.harms() == ([] if is_one_event else [fail("lost", "INV-01")])


def test_an_invitation_to_another_crime_of_that_moment_tells_no_news() -> None:
    """The one to the crime itself came before the news, and went with it in the morning."""
    for is_told in (True, False):
        story = Story()
        alex = story.person(channels=("text",))
        story.wait(hours=12)
        crime = story.crime(alex)
        news, other = story.deployed(crime), story.crime(alex)
        story.signs_in(alex)
        story.until(story.order.quiet_until(story.now))
        story.invite(alex, crime)
        if is_told:
            story.tell(alex, news)
        story.invite(alex, other)

        assert story.harms() == ([] if is_told else [fail("lost", "MSG-01")])
