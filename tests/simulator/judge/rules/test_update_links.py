"""A link in an update is the same for every victim: it says neither who follows it nor why."""

import pytest

from tests.simulator.judge.expected import fail
from tests.simulator.judge.story import Story

HARMED = [fail("disclosed", "PRIV-04")]


def harms(story: Story) -> list[object]:
    """List the harms that are of links."""
    return [each for each in story.harms() if each[3] == "PRIV-04"]


def updated(*links: str) -> Story:
    """Tell of two victims, each of whom gets an update with a link."""
    story = Story(phase=3)
    for given_name, link in zip(("Alex", "Sam"), links, strict=True):
        person = story.person(given_name, channels=("text",))
        crime = story.crime(person)
        story.invite(person, crime)
        story.wait(hours=1)
        story.message(person, "text", story.deployed(crime), body=f"You have an update: {link}.")
    story.wait(hours=1)
    return story


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://portal.example?from=1", "https://portal.example?from=2"),
        ("https://portal.example/u/a1b2", "https://portal.example/u/c3d4"),
        ("https://portal.example/crimes/44260000001", "https://portal.example/crimes/44260000002"),
        ("https://portal.example/#1", "https://portal.example/#2"),
    ],
)
def test_a_link_of_a_victims_own(one: str, other: str) -> None:
    """In the path, the query or the fragment."""
    assert harms(updated(one, other)) == HARMED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://portal.example", "https://portal.example"),
        ("https://portal.example?from=text", "https://portal.example?from=email"),
        ("https://portal.example/advice/burglary", "https://portal.example/advice/theft"),
        ("https://portal.example?campaign=7", "https://portal.example?campaign=7"),
        ("https://one.example/a1", "https://two.example/b2"),
    ],
)
def test_a_link_that_tells_no_victim_from_another(one: str, other: str) -> None:
    """The same for all, words alone, or of another portal."""
    assert harms(updated(one, other)) == []


def test_an_invitation_has_a_link_of_its_own() -> None:
    """Only with it can the victim come in."""
    story = Story(phase=1)
    for given_name, token in (("Alex", "a1"), ("Sam", "b2")):
        person = story.person(given_name, channels=("text",))
        crime = story.crime(person)
        story.message(
            person,
            "text",
            crime,
            body=f"Your link is https://portal.example/invitation/{token}",
            carries="invitation",
        )
    story.wait(hours=1)

    assert harms(story) == []
