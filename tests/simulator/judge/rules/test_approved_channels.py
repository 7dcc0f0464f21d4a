"""A channel that an officer approved as safe: it alone is used, until it runs out."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from reference.contract.events import Channel
from simulator.inputs.order import Order
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import BEGINS, ORDER, Happened, Person
from tests.simulator.judge.story import Story

DISCLOSED = fail("disclosed", "SAFE-06")
NOT_ASKED = fail("lost", "SAFE-06")


def approved(
    channel: Channel = "text", *, days: int | None = 30, order: Order = ORDER, **written: Any
) -> tuple[Story, Person, Happened]:
    """Tell of a victim for whom an officer approved one channel, and who was invited by it."""
    story = Story(order=order)
    until: datetime | None = BEGINS[1] + timedelta(days=days) if days is not None else None
    record = {"safe_to_contact": False, "safe_channel": channel, "safe_until": until, **written}
    alex = story.person(**record)
    crime = story.crime(alex)
    story.invite(alex, crime, by=[channel])
    story.wait(hours=1)
    return story, alex, crime


@pytest.mark.parametrize("channel", ["text", "email"])
def test_the_approved_channel_alone_is_used(channel: Channel) -> None:
    """Whatever the record says of safety and of wishes; without it the news is lost."""
    for wishes in (("text", "email"), ("email",), ("text",)):
        story, alex, crime = approved(channel, preferred_channels=wishes)
        story.tell(alex, story.deployed(crime), by=[channel])
        story.wait(hours=1)

        assert story.harms() == []

    story, alex, crime = approved(channel)
    story.deployed(crime)
    story.wait(hours=1)

    assert story.harms() == [fail("lost", "MSG-01")]


def test_another_channel_is_a_disclosure() -> None:
    """For news as for a code."""
    story, alex, crime = approved()
    deployed = story.deployed(crime)
    story.tell(alex, deployed, by=["text"])
    story.tell(alex, deployed, by=["email"])

    assert DISCLOSED in story.harms()


@pytest.mark.parametrize(("seconds", "harms"), [(0, []), (1, [DISCLOSED])])
def test_a_code_asked_for_as_the_approval_came_may_have_been_first(
    seconds: int, harms: list[Harmed]
) -> None:
    """A second later it is a disclosure."""
    story = Story()
    alex = story.person(channels=("text", "email"))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.details_changed(crime, alex.written(safe_to_contact=False, safe_channel="email"))
    story.wait(seconds=seconds)
    story.begins_to_sign_in(alex)
    story.message(alex, "text", body="······ is your code", carries="one_time_code")

    assert [each for each in story.harms() if each == DISCLOSED] == harms


def test_when_it_has_run_out_nothing_is_sent_and_an_officer_looks_again() -> None:
    """From that moment on."""
    for is_asked in (True, False):
        story, alex, crime = approved(days=2)
        story.wait(days=2)
        if is_asked:
            story.task(alex, crime, kind="safe_contact_review")
        story.wait(hours=1)
        story.deployed(crime)
        story.wait(hours=2)

        assert story.harms() == ([] if is_asked else [NOT_ASKED])

    story, alex, crime = approved(days=2)
    story.wait(days=2)
    story.task(alex, crime, kind="safe_contact_review")
    story.tell(alex, story.deployed(crime), by=["text"])

    assert DISCLOSED in story.harms()


def test_an_approval_that_is_renewed_goes_on() -> None:
    """The officer has looked already."""
    story, alex, crime = approved(days=2)
    story.details_changed(crime, alex.written(safe_until=story.now + timedelta(days=30)))
    story.wait(days=3)
    story.tell(alex, story.deployed(crime), by=["text"])
    story.wait(hours=1)

    assert story.harms() == []


def test_without_an_end_it_holds() -> None:
    """Until the force changes it."""
    story, alex, crime = approved(days=None)
    story.wait(days=60)
    story.tell(alex, story.deployed(crime), by=["text"])
    story.wait(hours=1)

    assert story.harms() == []


def test_an_order_without_approvals_has_an_unsafe_victim_told_nothing() -> None:
    """As older orders have it."""
    kept = msgspec.structs.replace(ORDER.eligibility, approved_channels=False)
    order = msgspec.structs.replace(ORDER, eligibility=kept)
    story, *_ = approved(order=order)

    assert fail("disclosed", "INV-03") in story.harms()


def test_a_child_of_whom_nobody_decided_is_another_matter() -> None:
    """The force is asked who is told, and nothing is to be looked at again when it runs out."""
    story = Story()
    born = (story.now - timedelta(days=3000)).date()
    until = story.now + timedelta(days=2)
    alex = story.person(born=born, safe_channel="text", safe_until=until)
    crime = story.crime(alex)
    story.task(alex, crime, kind="who_is_told")
    story.task(alex, crime, kind="rights_check")
    story.wait(days=3)
    story.deployed(crime)

    assert story.harms() == []


@pytest.mark.parametrize(("own_phone", "harms"), [("", []), ("07700900456", [DISCLOSED])])
def test_a_text_to_a_shared_phone_is_for_the_other_person(
    own_phone: str, harms: list[Harmed]
) -> None:
    """Nobody asked for it: it is an unwanted text to one, and no disclosure to the other."""
    story = Story(correlates=False)
    alex = story.person(safe_channel="email")
    phone = own_phone or alex.record.mobile_phone
    sam = story.person("Sam", channels=("email",), mobile_phone=phone)
    crime = story.crime(alex, sam)
    for each in (alex, sam):
        story.invite(each, crime, by=["email"])
    story.wait(hours=1)
    story.message(alex, "text", story.deployed(crime))

    assert [each for each in story.harms() if each[1] == "disclosed"] == harms
