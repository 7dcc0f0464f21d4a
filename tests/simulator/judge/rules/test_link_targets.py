"""The links of messages lead to the portal, to the force, or to another official site."""

import pytest

from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import ORDER
from tests.simulator.judge.story import Story, one_invited

HARMED = [fail("disclosed", "MSG-05")]
WEBSITE = ORDER.forces["thames_valley"].website


def harms_of_an_update(*links: str) -> list[Harmed]:
    """Tell of a victim who is invited, and gets an update with these links."""
    story, alex, crime = one_invited()
    body = f"Thames Valley Police: you have an update, {' and '.join(links)}."
    story.message(alex, "text", story.deployed(crime), body=body)
    return story.harms()


@pytest.mark.parametrize(
    "link",
    [
        "https://portal.example",
        "https://PORTAL.example/sign-in?from=text",
        WEBSITE,
        "https://www.gov.uk/victims",
        "https://www.police.uk",
    ],
)
def test_a_link_that_victims_know(link: str) -> None:
    """The portal's own, as the invitation's, the force's, and the government's."""
    assert harms_of_an_update(link) == []


@pytest.mark.parametrize(
    "link",
    [
        "https://go.example/p",
        "http://bit.ly/3xYz",
        "https://portal.example.com",
        "https://portal.example@go.example",
        "https://notgov.uk",
    ],
)
def test_a_link_to_anywhere_else(link: str) -> None:
    """A shortener hides where it leads, as a fraudster does."""
    assert harms_of_an_update(link) == HARMED


def test_one_strange_link_among_others() -> None:
    """Nobody looks at the second."""
    assert harms_of_an_update("https://portal.example", "https://go.example") == HARMED


def test_where_the_portal_is_must_be_known() -> None:
    """Before an invitation any host may be the portal's."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    for body, carries in (
        ("Thames Valley Police: you will hear from us at https://one.example", ""),
        ("Thames Valley Police invites you: https://one.example/i/… https://one.example", "yes"),
    ):
        story.message(alex, "text", crime, body=body, carries="invitation" if carries else "")

    assert [each for each in story.harms() if each[3] == "MSG-05"] == []


def test_an_invitation_with_a_link_beside_its_own() -> None:
    """The link that is the victim's own says where the portal is."""
    story = Story()
    alex = story.person(channels=("text",))
    body = "Thames Valley Police invites you: https://one.example/i/… or https://go.example/i"
    story.message(alex, "text", story.crime(alex), body=body, carries="invitation")

    assert story.harms() == HARMED


@pytest.mark.parametrize(
    ("link", "expected"), [("https://go.example", HARMED), ("https://portal.example", [])]
)
def test_what_came_before_the_first_invitation_is_judged_with_it(
    link: str, expected: list[Harmed]
) -> None:
    """The invitation, of anybody, says where the portal is."""
    story = Story()
    alex, robin = story.person(channels=("text",)), story.person("Robin", channels=("text",))
    story.message(alex, "text", story.crime(alex), body=f"Thames Valley Police: see {link}.")
    story.wait(minutes=5)
    harms = [each for each in story.harms() if each in HARMED]
    story.invite(robin, story.crime(robin))

    assert harms == []
    assert [each for each in story.harms() if each in HARMED] == expected
