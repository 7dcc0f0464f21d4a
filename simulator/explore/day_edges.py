"""Edges of the calendar: months, clock changes, bank holidays and ends of days and years."""

from collections.abc import Iterable
from datetime import date, datetime

from simulator.clock import LONDON, written_day
from simulator.explore.edge_kind import EdgeKind, StoryRead, Values
from simulator.explore.other_orders import Changes, with_or_without
from simulator.inputs.order import BANK_HOLIDAYS, Order

_MONTHS = tuple(f"{date(2026, month, 1):%B}" for month in range(1, 13))
_YEARS = (2025, 2026, 2027, 2028)


def _days(order: Order, _phase: int) -> Values:
    holidays = [each for each in order.working_days.bank_holidays if each.year in _YEARS]
    return (
        *_MONTHS,
        "the clocks go forward",
        "the clocks go back",
        "29 February",
        "the year ends",
        "the last second of a day",
        "a weekend",
        *map(written_day, holidays),
    )


def _met_days(seen: StoryRead) -> Values:
    moments = seen.moments
    holidays = set(seen.order.working_days.bank_holidays)
    for at in moments:
        yield f"{at:%B}"
        if at.date() in holidays:
            yield written_day(at.date())
        elif at.date() not in seen.order.working_days:
            yield "a weekend"
        if (at.month, at.day) == (2, 29):
            yield "29 February"
        if (at.hour, at.minute, at.second) == (23, 59, 59):
            yield "the last second of a day"
    if moments:
        yield from _crossed(seen.story.begins_at, moments[-1])


def _days_beside(seen: StoryRead, value: str) -> Iterable[Changes] | None:
    """A bank holiday is decided about if news would be due at another time without it."""
    for each in seen.order.working_days.bank_holidays:
        if written_day(each) == value:
            return with_or_without(seen.order, BANK_HOLIDAYS, each)
    return None


def _crossed(begins: datetime, ends: datetime) -> Values:
    before, after = begins.astimezone(LONDON), ends.astimezone(LONDON)
    if before.year != after.year:
        yield "the year ends"
    if before.utcoffset() != after.utcoffset():
        is_summer = bool(after.utcoffset())
        yield f"the clocks go {'forward' if is_summer else 'back'}"


#: The kinds of this file, for the table of all.
DAY_EDGES: tuple[EdgeKind, ...] = (EdgeKind("day", _days, _met_days, _days_beside),)
