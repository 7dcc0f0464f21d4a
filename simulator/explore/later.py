"""Moves a story to a later time, for a portal that runs already: its clock goes forward only.

The story keeps its weekday and the time of day in London, and its month if that is asked for. The
ages of children keep their distance from the next birthday.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec import structs

from simulator.clock import LONDON
from simulator.explore import steps as told
from simulator.explore.story import GoLiveDays, Person, Story
from simulator.explore.times import years_after
from simulator.inputs.order import Order

_WEEK = timedelta(days=7)
_WEEKS_A_YEAR = 53
#: What a story takes beyond its waits: sign-ins, retries and the last looks.
_MARGIN = timedelta(hours=1)


def length(story: Story) -> timedelta:
    """Return how long a story takes at most, from its first step until it is judged."""
    seconds = story.ends_after_seconds + sum(map(told.lasts_seconds, story.steps))
    return timedelta(seconds=seconds) + _MARGIN


def moved(story: Story, after: datetime, order: Order, *, keeps_month: bool = False) -> Story:
    """Return the story with the order's own go-live days, beginning after this time.

    A story that begins in the year after it already keeps its time. With `keeps_month` it waits for
    its month to come round again.
    """
    own = order.go_live
    days = GoLiveDays(phase_1=own.phase_1, phase_2=own.phase_2, phase_3=own.phase_3)
    begins_at = _first_after(after, story.begins_at, keeps_month=keeps_month)
    today, then = begins_at.date(), story.begins_at.date()
    adult_years = order.eligibility.age_min_years
    return structs.replace(
        story,
        go_live=days,
        begins_at=begins_at,
        people=tuple(_as_old(each, then, today, adult_years) for each in story.people),
        steps=tuple(_with_ages(each, then, today, adult_years) for each in story.steps),
    )


def _first_after(after: datetime, begins_at: datetime, *, keeps_month: bool) -> datetime:
    """Find the first moment after a time on the same weekday, at the same time of day."""
    if after < begins_at < after + _WEEKS_A_YEAR * _WEEK:
        return begins_at
    drawn, earliest = begins_at.astimezone(LONDON), after.astimezone(LONDON)
    day = earliest.date() + timedelta(days=(drawn.weekday() - earliest.weekday()) % 7)
    found = [
        moment
        for week in range(_WEEKS_A_YEAR + 1)
        if (moment := _at(day + week * _WEEK, drawn)) > after
    ]
    in_month = (each for each in found if each.astimezone(LONDON).month == drawn.month)
    return next(in_month, found[0]) if keeps_month else found[0]


def _at(day: date, drawn: datetime) -> datetime:
    return datetime.combine(day, drawn.time(), tzinfo=LONDON).astimezone(UTC)


def _as_old(person: Person, then: date, today: date, adult_years: int) -> Person:
    return structs.replace(
        person,
        born=_born(person.born, then, today, adult_years),
        record=_record(person.record, then, today, adult_years),
    )


def _with_ages(step: Any, then: date, today: date, adult_years: int) -> Any:
    if isinstance(step, told.Forge):
        return structs.replace(step, claim=_with_ages(step.claim, then, today, adult_years))
    if isinstance(step, told.ChangeDetails):
        return structs.replace(step, record=_record(step.record, then, today, adult_years))
    return step


def _record(record: Any, then: date, today: date, adult_years: int) -> Any:
    if record.born is None:
        return record
    return structs.replace(record, born=_born(record.born, then, today, adult_years))


def _born(born: date, then: date, today: date, adult_years: int) -> date:
    years = then.year - born.year - ((then.month, then.day) < (born.month, born.day))
    if years >= adult_years:
        return born
    until_birthday = years_after(born, years + 1) - then
    return years_after(today + until_birthday, -(years + 1))
