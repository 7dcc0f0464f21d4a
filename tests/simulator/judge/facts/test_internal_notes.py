"""The force's own notes never leave the crime system, in a message or on a page."""

from typing import Any

import pytest

from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story, either_way

GIVEN_AWAY = [fail("disclosed", "PRIV-01")]


def noted(*, correlates: bool = True) -> tuple[Story, Person, list[Happened]]:
    """Tell of a victim of two crimes, with a note on each that is the force's alone."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("email",))
    crimes = [story.crime(alex), story.crime(alex)]
    for crime, text in zip(
        crimes, ("The neighbour at 12 is known", "Ask at the shop"), strict=True
    ):
        story.invite(alex, crime)
        story.note(crime, text)
    story.wait(hours=1)
    return story, alex, crimes


@pytest.mark.parametrize("number", [0, 1])
@either_way
def test_the_forces_own_notes_are_disclosed_anywhere_in_an_email(
    *, number: int, correlates: bool
) -> None:
    """However deep in the body, however spaced or spelled, and on either crime."""
    story, alex, crimes = noted(correlates=correlates)
    told = ("THE NEIGHBOUR\nat  12 is known", "ask at\tthe shop")[number]
    news = story.deployed(crimes[number])
    story.message(alex, "email", news, body=f"Hello\n\nWe know: {told}.")

    assert story.harms() == GIVEN_AWAY

    story.records.pop()
    story.message(alex, "email", news, body="Hello\n\nThe neighbour is well known.")

    assert story.harms() == []


@either_way
def test_a_note_on_a_page_is_disclosed(*, correlates: bool) -> None:
    """The victim may read only what the officer marked as a reply."""
    story, alex, [crime, _other] = noted(correlates=correlates)
    story.sees(alex, crime, "An officer was sent.", "Log: the neighbour at 12 is known")

    assert story.harms() == [fail("disclosed", "PRIV-02")]

    story.records.pop()
    story.sees(alex, crime, "An officer was sent.", "The neighbour has been spoken to")

    assert story.harms() == []


@pytest.mark.parametrize(
    ("shown", "harms"),
    [
        ("An officer was sent. CCTV shows the neig", [fail("disclosed", "PRIV-02")]),
        ("The CCTV shows the street. The neighbour is at number 14.", []),
        ("We will be in touch with you.", []),
    ],
)
def test_part_of_a_note_on_a_page_is_disclosed(shown: str, harms: list[Any]) -> None:
    """Part of it tells as much; common words in a row are no part of it."""
    story, alex, [crime, _other] = noted()
    story.note(crime, "CCTV shows the neighbour at number 12; we will be in touch with him")
    story.sees(alex, crime, shown)

    assert story.harms() == harms


def test_a_note_in_the_list_of_crimes_is_disclosed() -> None:
    """The list is a page like any other, though it is about no one crime."""
    story, alex, _crimes = noted()
    story.sees(alex, None, "Theft open", "Theft open: ask at the shop", where="crimes")

    assert story.harms() == [fail("disclosed", "PRIV-02")]


def test_words_shown_before_they_became_a_note_are_no_note() -> None:
    """Words that were not yet a note could not be disclosed."""
    story = Story()
    alex = story.person(channels=("email",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.sees(alex, crime, "Ask at the shop")
    story.note(crime, "Ask at the shop")

    assert story.harms() == []
