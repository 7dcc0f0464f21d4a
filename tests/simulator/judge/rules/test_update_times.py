"""The list says when each crime was updated: by now, and not before its last event."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.judge.rules.update_times import UpdateTimes
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.pages import found, lists, row, shown
from tests.simulator.judge.story import Story, one_invited

WRONG = [fail("lost", "CASE-01")]
#: 23:30 in London.
NEWEST = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("updated", "expected"),
    [
        (NEWEST, []),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), []),
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), WRONG),
        (NEWEST + timedelta(days=2), []),
    ],
)
def test_a_crime_was_not_updated_before_the_day_of_its_last_event(
    updated: datetime, expected: list[Harmed]
) -> None:
    """Of London: a page may show no more than a day. That it is still followed is no update."""
    story, alex, crime = one_invited()
    story.wait(hours=24 * 365)
    lists(story, alex, row(crime, updated))
    dated = (NEWEST - timedelta(days=3), NEWEST, NEWEST + timedelta(days=7))
    kinds = ("CrimeRecorded", "CrimeAllocated", "still_with_us")
    shown(story, alex, "timeline", crime.crime_reference, dated=dated, kinds=kinds)

    assert harms(story) == expected


def test_a_page_that_was_read_later_proves_nothing() -> None:
    """It may have got a new entry since the list was read; and without times it says nothing."""
    story, alex, crime = one_invited()
    story.wait(hours=24 * 365)
    lists(story, alex, row(crime, NEWEST - timedelta(days=9)))
    shown(story, alex, "timeline", crime.crime_reference)
    story.wait(minutes=1)
    kinds = ("CrimeAllocated",)
    shown(story, alex, "timeline", crime.crime_reference, dated=(NEWEST,), kinds=kinds)

    assert harms(story) == []
