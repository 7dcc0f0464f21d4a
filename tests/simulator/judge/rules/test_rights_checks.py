"""The force is asked once about enhanced rights that a victim's record lacks."""

from datetime import date
from typing import Any

import pytest

from simulator.inputs.order import Order
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ORDER, TWO_FORCES, Happened, Person
from tests.simulator.judge.story import Story

NOT_ASKED = fail("lost", "CODE-04")
AGAIN = fail("duplicated", "CODE-04")


def recorded(
    *, safeguarding: tuple[str, ...] = (), order: Order = TWO_FORCES, **written: Any
) -> tuple[Story, Person, Happened]:
    """Tell of a crime, and of a victim who is written down so."""
    story = Story(order=order)
    alex = story.person(channels=("text",), **written)
    return story, alex, story.crime(alex, safeguarding=safeguarding)


def harms(story: Story) -> list[object]:
    """List the harms that are of rights."""
    return [each for each in story.harms() if each[3] == "CODE-04"]


@pytest.mark.parametrize(
    ("safeguarding", "written"),
    [
        (("hate_crime",), {}),
        ((), {"born": date(2011, 5, 1)}),
        ((), {"has_died": True}),
    ],
)
def test_the_force_is_asked(safeguarding: tuple[str, ...], written: dict[str, Any]) -> None:
    """One task in time is enough, and none is a loss."""
    story, *_ = recorded(safeguarding=safeguarding, **written)
    story.wait(hours=1)

    assert harms(story) == [NOT_ASKED]

    story, alex, crime = recorded(safeguarding=safeguarding, **written)
    story.task(alex, crime, kind="rights_check")
    story.wait(hours=1)

    assert harms(story) == []


@pytest.mark.parametrize(
    ("safeguarding", "written"),
    [
        (("hate_crime",), {"enhanced_rights": True}),
        (("repeat_victim",), {}),
        (("hate_crime", "domestic_abuse"), {}),
        (("hate_crime",), {"kind": "organisation"}),
        (("hate_crime",), {"role": "witness"}),
        (("hate_crime",), {"is_suspect_in_linked_crime": True}),
    ],
)
def test_nobody_is_asked_where_there_is_nothing_to_ask(
    safeguarding: tuple[str, ...], written: dict[str, Any]
) -> None:
    """The record has the rights, or the crime or the person is not for the portal."""
    story, *_ = recorded(safeguarding=safeguarding, **written)
    story.wait(hours=1)

    assert harms(story) == []


def test_it_is_asked_when_the_reason_comes_later() -> None:
    """A crime that is reclassified, or a record that is put right, is a reason like any."""
    story, alex, crime = recorded()
    story.wait(hours=1)
    story.reclassified(crime, "Robbery of personal property", safeguarding=("hate_crime",))
    story.wait(hours=1)

    assert harms(story) == [NOT_ASKED]

    story, alex, crime = recorded()
    story.wait(hours=1)
    story.details_changed(crime, alex.written(born=date(2011, 5, 1)))
    story.wait(hours=1)

    assert harms(story) == [NOT_ASKED]


def test_rights_that_are_recorded_at_once_answer_it() -> None:
    """Nothing is to be asked any more."""
    story, alex, crime = recorded(safeguarding=("hate_crime",))
    story.wait(minutes=5)
    story.details_changed(crime, alex.written(enhanced_rights=True))
    story.wait(hours=1)

    assert harms(story) == []


def test_it_is_asked_once() -> None:
    """Asked again it is noise, until something is recorded of the victim."""
    story, alex, crime = recorded(safeguarding=("hate_crime",))
    story.task(alex, crime, kind="rights_check")
    story.wait(hours=1)
    story.task(alex, crime, kind="rights_check")

    assert harms(story) == [AGAIN]

    story, alex, crime = recorded(safeguarding=("hate_crime",))
    story.task(alex, crime, kind="rights_check")
    story.wait(hours=1)
    story.details_changed(crime, alex.written(email="another@mail.example"))
    story.task(alex, crime, kind="rights_check")

    assert harms(story) == []


def test_one_question_is_enough_for_two_crimes() -> None:
    """It is about the person."""
    story, alex, crime = recorded(safeguarding=("hate_crime",))
    story.task(alex, crime, kind="rights_check")
    story.wait(hours=1)
    story.crime(alex, safeguarding=("hate_crime",))
    story.wait(hours=1)

    assert harms(story) == []


def test_an_order_that_names_nobody_asks_for_nothing() -> None:
    """An older order asks for nothing new."""
    story, *_ = recorded(safeguarding=("hate_crime",), order=ORDER)
    story.wait(hours=1)

    assert harms(story) == []


@pytest.mark.parametrize(("minutes", "expected"), [(0, []), (20, [NOT_ASKED])])
def test_of_a_crime_that_came_with_its_cancellation_nobody_need_ask(
    minutes: int, expected: list[object]
) -> None:
    """It was never told; a crime that was there for a while was asked about."""
    story, _alex, crime = recorded(born=date(2011, 5, 1))
    story.wait(minutes=minutes)
    story.cancelled(crime)
    story.wait(hours=1)

    assert harms(story) == expected
