"""A story that is moved keeps its weekday, its time of day, and the ages of its children."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from simulator.clock import LONDON
from simulator.explore.later import length, moved
from simulator.explore.steps import ChangeDetails, EnterCode, KeepReading, Wait
from simulator.explore.story import Story
from tests.simulator.explore.stories import CRIME, DAY, PLAIN, SAM, order, story

AFTER = datetime(2027, 12, 29, 15, 20, tzinfo=UTC)


def in_london(moved_story: Story) -> str:
    """Write down when a story begins, as a clock on a wall shows it."""
    return moved_story.begins_at.astimezone(LONDON).strftime("%A %d %B %Y %H:%M:%S")


def test_the_weekday_and_time_of_day_stay() -> None:
    """A story of a Monday in summer begins on the next Monday, at the same time in London."""
    assert in_london(story(*PLAIN)) == "Monday 01 June 2026 10:00:00"
    later = moved(story(*PLAIN), AFTER, order())
    assert in_london(later) == "Monday 03 January 2028 10:00:00"
    assert later.steps == PLAIN
    assert later.go_live.phase_1 == order().go_live.phase_1


def test_a_time_of_day_that_has_passed_is_a_week_later() -> None:
    """On the same weekday, the story waits for it to come again."""
    noon = datetime(2028, 1, 3, 12, tzinfo=UTC)
    assert in_london(moved(story(*PLAIN), noon, order())) == "Monday 10 January 2028 10:00:00"


def test_the_month_stays_if_that_is_asked_for() -> None:
    """It waits for the month to come round."""
    later = moved(story(*PLAIN), AFTER, order(), keeps_month=True)
    assert in_london(later) == "Monday 05 June 2028 10:00:00"


def test_a_story_that_is_still_to_come_keeps_its_time() -> None:
    """Nothing is moved back."""
    begins_at = story(*PLAIN).begins_at
    assert moved(story(*PLAIN), begins_at - timedelta(days=90), order()).begins_at == begins_at


def aged(born: date) -> Any:
    """Give a story whose one person was born then, also where their record is changed."""
    record = structs.replace(SAM.record, born=born)
    sam = structs.replace(SAM, record=record, born=born)
    return story(ChangeDetails(crime=CRIME, event="e2", person="Sam", record=record), people=(sam,))


@pytest.mark.parametrize(
    ("born", "then_born"),
    [
        # 18 on the third day, before and after.
        (date(2008, 6, 4), date(2010, 1, 6)),
        (date(1980, 2, 29), date(1980, 2, 29)),
    ],
)
def test_a_child_is_as_near_to_coming_of_age(born: date, then_born: date) -> None:
    """Adults keep their date of birth, which they prove who they are by."""
    later = moved(aged(born), AFTER, order())
    assert in_london(later).startswith("Monday 03 January 2028")
    assert later.people[0].born == then_born
    assert later.people[0].record.born == then_born
    assert later.steps[0].record.born == then_born  # type: ignore[union-attr]


def test_the_length_of_a_story_has_every_wait_in_it() -> None:
    """The waits between steps, those within a step, and the time after the last."""
    steps = (
        Wait(seconds=60),
        KeepReading(person="Sam", seconds=3_600),
        EnterCode(person="Sam", by="text", after_seconds=30),
    )
    all_of_it = length(story(*steps)) - length(story())
    assert all_of_it == timedelta(seconds=3_690)
    assert length(story()) >= timedelta(seconds=DAY)
