"""Messages that should not have been sent, whatever they answer; silence there is right."""

from typing import Any

import pytest

from tests.simulator.judge.expected import fail
from tests.simulator.judge.facts.test_withheld_news import closed_case
from tests.simulator.judge.story import Story, either_way


@pytest.mark.parametrize(
    ("written", "crime"),
    [
        ({"safe_to_contact": None}, {}),
        ({"safe_to_contact": False}, {}),
        ({}, {"safeguarding": ("domestic_abuse",)}),
        ({}, {"offence_subgroup": "Other sexual offences"}),
    ],
    ids=["not known to be safe", "not safe", "domestic abuse", "offence"],
)
@either_way
def test_an_excluded_victim_is_told_nothing(
    *, written: dict[str, Any], crime: dict[str, Any], correlates: bool
) -> None:
    """To tell them that there is a portal is itself the harm; silence is right."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",), **written)
    happened = story.crime(alex, **crime)

    assert story.harms() == []

    story.invite(alex, happened)

    assert story.harms() == [fail("disclosed", "INV-03")]


@either_way
def test_a_message_before_anybody_has_spoken_is_disclosed(*, correlates: bool) -> None:
    """A text that leads them to read it tells them, whatever it says; silence does no harm."""
    story, alex, _crime, closure = closed_case(correlates=correlates)

    assert story.harms() == []

    story.wait(minutes=5)
    story.tell(alex, closure)

    assert story.harms() == [fail("disclosed", "SENS-01")]
    [finding] = story.judged().findings
    assert "officer" in finding.expected
    assert "before anybody had spoken" in finding.observed
