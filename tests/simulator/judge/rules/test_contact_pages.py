"""The page on contact shows what the victim chose last, and no address whole."""

import pytest

from reference.contract.events import Channel
from simulator.judge.rules.contact_pages import ContactPages
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import BOTH, Person
from tests.simulator.judge.pages import found, shown
from tests.simulator.judge.story import Story, one_invited

IN_USE = [fail("noise", "CONT-01")]


def harms(story: Story) -> list[Harmed]:
    """Ask the rule alone."""
    return found(story, ContactPages)


def sees(story: Story, person: Person, *channels: Channel) -> None:
    """Show a person by which channels they hear."""
    shown(story, person, "contact", channels=channels)


def test_a_channel_that_was_ended_is_not_in_use() -> None:
    """By a choice on the portal, which may be undone."""
    story, alex, _crime = one_invited(channels=BOTH)
    sees(story, alex, "text", "email")
    story.chooses(alex, "email")
    sees(story, alex, "email")

    assert harms(story) == []

    sees(story, alex, "text", "email")

    assert harms(story) == IN_USE


def test_a_channel_that_was_started_again_is_in_use() -> None:
    """Who stopped messages may start them again."""
    story, alex, _crime = one_invited(channels=BOTH)
    story.chooses(alex)
    sees(story, alex)
    story.chooses(alex, "text", "email")
    sees(story, alex, "text", "email")

    assert harms(story) == []

    sees(story, alex, "email")

    assert harms(story) == [fail("lost", "CONT-04")]


def test_a_channel_that_was_chosen_is_in_use() -> None:
    """If its address can be used."""
    story, alex, crime = one_invited(channels=BOTH)
    story.chooses(alex, "text", "email")
    sees(story, alex, "text")

    assert harms(story) == [fail("lost", "INV-01")]

    story.records.pop()
    story.details_changed(crime, alex.written(email=""))
    sees(story, alex, "text")

    assert harms(story) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [("STOP", IN_USE), ("Stop texting me", IN_USE), ("Please stop", []), ("Thanks", [])],
)
def test_a_text_ends_texts(words: str, expected: list[Harmed]) -> None:
    """Where it says STOP and nothing else may be meant."""
    story, alex, _crime = one_invited(channels=BOTH)
    story.texts(alex.recorded_at("text"), words)
    sees(story, alex, "email")

    assert harms(story) == []

    sees(story, alex, "text", "email")

    assert harms(story) == expected


def test_a_stop_is_for_the_number_it_came_from() -> None:
    """With another number nobody can say what the victim wants."""
    story, alex, crime = one_invited(channels=BOTH)
    story.texts(alex.recorded_at("text"), "STOP")
    story.details_changed(crime, alex.written(mobile_phone="07700900777"))
    sees(story, alex, "text", "email")

    assert harms(story) == []


@pytest.mark.parametrize(
    ("masked", "is_whole"),
    [
        ("…123", False),
        ("07700 •••123", False),
        ("+44 7700 •••123", False),
        ("+44 7700 ••9123", True),
        ("a…@mail.example", False),
        ("07700 900123", True),
    ],
)
def test_an_address_is_masked(masked: str, *, is_whole: bool) -> None:
    """The page may be read over a shoulder; a person looks at it, once a run."""
    story, alex, _crime = one_invited()
    for _time in range(2):
        shown(story, alex, "contact", channels=("text",), addresses=(("text", masked),))

    expected = [("REVIEW", "disclosed", "portal", "PRIV-03", True)] if is_whole else []
    assert harms(story) == expected


def test_a_mailbox_is_masked() -> None:
    """The whole of it says whose it is."""
    story, alex, _crime = one_invited(channels=BOTH)
    mailbox = alex.recorded_at("email")
    shown(story, alex, "contact", channels=("email",), addresses=(("email", mailbox),))

    assert harms(story) == [("REVIEW", "disclosed", "portal", "PRIV-03", True)]


def test_other_channels_that_the_force_wrote_down_since_leave_it_open() -> None:
    """The victim may have told an officer what they want now."""
    story, alex, crime = one_invited(channels=BOTH)
    story.chooses(alex, "text")
    story.wait(hours=1)
    story.details_changed(crime, alex)
    sees(story, alex, "text", "email")

    assert harms(story) == IN_USE

    story.records.pop()
    story.details_changed(crime, alex.written(preferred_channels=("email",)))
    sees(story, alex, "email")

    assert harms(story) == []
