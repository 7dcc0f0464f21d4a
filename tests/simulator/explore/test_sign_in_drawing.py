"""What strangers and victims try is drawn around the limits of the order."""

from functools import partial

from simulator.explore.steps import (
    Breakdown,
    EnterCode,
    Guess,
    SignIn,
    SignInFrom,
    SignInTogether,
    Step,
)
from simulator.explore.story import Story
from simulator.explore.story_drawing import order_of
from tests.simulator.explore.stories import drawn_stories, order

stories = partial(drawn_stories, 800, phase=1, seed=3)


def steps(kind: type[Step]) -> list[tuple[Story, Step]]:
    """List the drawn steps of a kind, each with its story."""
    return [(story, each) for story in stories() for each in story.steps if isinstance(each, kind)]


def test_guesses_lie_on_both_sides_of_the_limit() -> None:
    """One fewer, as many, and one more than is allowed."""
    drawn = set()
    for story, step in steps(Guess):
        assert isinstance(step, Guess)
        drawn.add(step.times - order_of(story, order()).sign_in.attempts_max)
    assert {-1, 0, 1} <= drawn


def test_some_guess_without_end() -> None:
    """A hundred wrong answers in an hour, by starting anew."""
    most = [step.times * step.sign_ins for _, step in steps(Guess) if isinstance(step, Guess)]
    assert max(most) >= 100


def test_codes_are_entered_on_both_sides_of_their_life() -> None:
    """A second before, at it, and a second after."""
    drawn = set()
    for story, step in steps(EnterCode):
        assert isinstance(step, EnterCode)
        life = order_of(story, order()).sign_in.code_minutes * 60
        drawn.add(step.after_seconds - life)
    assert {-1, 0, 1} <= drawn


def test_nobody_is_their_own_other() -> None:
    """Two are two."""
    for _, step in [*steps(SignInTogether), *steps(SignInFrom)]:
        assert isinstance(step, SignInTogether | SignInFrom)
        assert step.person != step.other


def test_addresses_are_spelt_in_several_ways() -> None:
    """Usual ways, for those who come back by an address."""
    spelt = {step.written for _, step in steps(SignIn) if isinstance(step, SignIn)}
    assert len(spelt) > 10


def test_restarts_come_after_what_must_be_remembered() -> None:
    """A choice, a text back, words that wait."""
    before = {
        type(story.steps[at - 1]).__name__
        for story in stories()
        for at, step in enumerate(story.steps)
        if isinstance(step, Breakdown) and step.what == "portal restarted"
    }
    assert {"ChooseChannels", "TextBack", "SignOut"} <= before
