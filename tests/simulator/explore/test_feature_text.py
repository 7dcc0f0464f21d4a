"""A story reads as a scenario: who, what, in which order, and what should have been."""

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.explore.drawing import draw_story
from simulator.explore.feature_text import feature_text
from simulator.explore.judged_story import Failure
from tests.simulator.explore.stories import PLAIN, order, story

#: The first example loads the lists of names.
NO_DEADLINE = settings(deadline=None)

FAILURE = Failure(
    fingerprint="ONCE-01|duplicated",
    requirement="ONCE-01",
    harm="duplicated",
    expected="one message for each piece of news",
    observed="a text that answers nothing new",
)


def test_a_plain_story_reads_as_a_scenario() -> None:
    """The people and the moment are given, the steps come in order, and the failure ends it."""
    text = feature_text(story(*PLAIN), FAILURE, replay="portal-suite explore --replay 01.json")
    expected = [
        "# portal-suite explore --replay 01.json",
        "Scenario: one message for each piece of news",
        "Given it is Monday 01 June 2026, 10:00:00",
        "And Sam holds 07700900123 and sam@example.com",
        "When thames_valley records crime 0004711, Bicycle theft, with Sam (victim)",
        "And Sam signs in by link",
        "And 1 hour pass",
        "But it was: a text that answers nothing new",
    ]
    places = [text.index(each) for each in expected]
    assert places == sorted(places)


@NO_DEADLINE
@given(number=st.integers(0, 100_000), phase=st.integers(1, 3))
def test_every_story_can_be_written(number: int, phase: int) -> None:
    """One line a step, and no secret: words that prove who somebody is are not in it."""
    drawn = draw_story(order(), phase=phase, seed=2, number=number)
    text = feature_text(drawn, FAILURE)
    assert len(text.splitlines()) >= len(drawn.steps)
    assert "digest" not in text
