"""A text is no longer than two joined texts."""

from reference.contract.events import Channel
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.story import Story, one_invited

BEGINS = "Thames Valley Police: you have an update. "


def harms_of(channel: Channel, characters: int) -> list[Harmed]:
    """Tell of an update of so many characters."""
    story, alex, crime = one_invited(channels=(channel,))
    story.message(alex, channel, story.deployed(crime), body=BEGINS.ljust(characters, "."))
    return story.harms()


def test_a_text_as_long_as_two_joined_texts() -> None:
    """One character more makes it three."""
    assert harms_of("text", 306) == []
    assert harms_of("text", 307) == [fail("noise", "MSG-07")]


def test_an_email_may_be_longer() -> None:
    """Nobody pays for its length."""
    assert harms_of("email", 3000) == []


def test_a_code_is_a_text_too() -> None:
    """Each text is judged, whatever it carries."""
    story = Story()
    alex = story.person(channels=("text",))
    story.invite(alex, story.crime(alex))
    story.wait(hours=1)
    story.begins_to_sign_in(alex)
    story.message(alex, "text", body=BEGINS.ljust(400, "."), carries="one_time_code")

    assert story.harms() == [fail("noise", "MSG-07")]
