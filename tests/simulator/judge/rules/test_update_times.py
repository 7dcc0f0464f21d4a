"""The list says when each crime was updated: by now."""

from datetime import timedelta

import pytest

from simulator.judge.rules.update_times import UpdateTimes
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.pages import found, lists, row
from tests.simulator.judge.story import Story, one_invited

WRONG = [fail("lost", "CASE-01")]


def harms(story: Story) -> list[Harmed]:
    """Ask the rule alone."""
    return found(story, UpdateTimes)


@pytest.mark.parametrize(
    ("apart", "expected"),
    [
        (timedelta(0), []),
        (timedelta(minutes=5), []),
        (timedelta(minutes=6), WRONG),
        (timedelta(days=1), WRONG),
        (timedelta(days=-9), []),
    ],
)
def test_a_crime_was_not_updated_later_than_now(apart: timedelta, expected: list[Harmed]) -> None:
    """By more than two clocks may be apart; what was last new may be long ago."""
    story, alex, crime = one_invited()
    for _time in range(2):
        lists(story, alex, row(crime, story.now + apart))

    assert harms(story) == expected
