"""A crime flagged honour-based abuse: no message at all, and an officer who is the contact."""

from typing import Any

import msgspec
import pytest

from simulator.inputs.order import Order
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ORDER, Happened, Person
from tests.simulator.judge.story import Story

NOT_ASKED = fail("lost", "SAFE-09")
SENT = fail("disclosed", "SAFE-09")


def recorded(*markers: str, order: Order = ORDER, **written: Any) -> tuple[Story, Person, Happened]:
    """Tell of a crime with these markers."""
    story = Story(order=order)
    alex = story.person(channels=("text",), **written)
    return story, alex, story.crime(alex, safeguarding=markers)


def test_an_officer_is_asked_and_nothing_is_sent() -> None:
    """With the task, silence is right; without it nobody contacts the victim."""
    story, alex, crime = recorded("honour_based_abuse")
    story.task(alex, crime, kind="sensitive_contact")
    story.wait(days=2)

    assert story.harms() == []

    story, *_ = recorded("repeat_victim", "honour_based_abuse")
    story.wait(hours=1)

    assert story.harms() == [NOT_ASKED]


def test_a_message_is_a_disclosure() -> None:
    """However safe the record says contact is."""
    story, alex, crime = recorded("honour_based_abuse")
    story.task(alex, crime, kind="sensitive_contact")
    story.invite(alex, crime)

    assert story.harms() == [SENT]


def test_a_flag_that_comes_later_counts_too() -> None:
    """From then on, and once however often it is said again."""
    for is_asked in (True, False):
        story, alex, crime = recorded()
        story.invite(alex, crime)
        story.wait(hours=1)
        subgroup = "Violence without injury"
        story.reclassified(crime, subgroup, safeguarding=("honour_based_abuse",))
        if is_asked:
            story.task(alex, crime, kind="sensitive_contact")
        story.wait(hours=1)
        story.reclassified(crime, subgroup, safeguarding=("sexual", "honour_based_abuse"))
        story.wait(hours=1)

        assert story.harms() == ([] if is_asked else [NOT_ASKED])


@pytest.mark.parametrize(
    "written",
    [{"role": "witness"}, {"kind": "organisation"}, {"has_died": True}, {"who_is_told": "nobody"}],
)
def test_nobody_is_asked_to_contact_who_is_no_victim_to_speak_to(
    written: dict[str, Any],
) -> None:
    """A witness, an organisation and a victim who has died have tasks of their own, or none."""
    story, *_ = recorded("honour_based_abuse", **written)
    story.wait(hours=1)

    assert NOT_ASKED not in story.harms()


def test_other_markers_and_older_orders_ask_for_nobody() -> None:
    """The order names the markers."""
    story, *_ = recorded("domestic_abuse")
    story.wait(hours=1)

    assert story.harms() == []

    kept = msgspec.structs.replace(ORDER.eligibility, through_a_person=())
    story, *_ = recorded(
        "honour_based_abuse", order=msgspec.structs.replace(ORDER, eligibility=kept)
    )
    story.wait(hours=1)

    assert story.harms() == []
