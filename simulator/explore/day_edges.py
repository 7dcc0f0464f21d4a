"""Edges of the calendar: months, clock changes, bank holidays and ends of days and years."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from simulator.clock import LONDON, written_day
from simulator.explore.edge_kind import EdgeKind, StoryRead, Values, Window
from simulator.explore.other_orders import Changes, with_or_without
from simulator.inputs.order import BANK_HOLIDAYS, Order

_MONTHS = tuple(f"{date(2026, month, 1):%B}" for month in range(1, 13))
_YEARS = (2025, 2026, 2027, 2028)
LAST_SECOND, _DAY = "the last second of a day", timedelta(days=1)


def _days(order: Order, _phase: int) -> Values:
    holidays = [each for each in order.working_days.bank_holidays if each.year in _YEARS]
    return (
        *_MONTHS,
        "the clocks go forward",
        "the clocks go back",
        "29 February",
        "the year ends",
        LAST_SECOND,
        "a weekend",
        *map(written_day, holidays),
    )


def _met_days(seen: StoryRead) -> Values:
    for at in seen.moments:
        yield from _named(at, seen.order)
    if seen.moments:
        yield from crossed(seen.story.begins_at, seen.moments[-1])


def _named(at: datetime, order: Order) -> Values:
    yield f"{at:%B}"
    if at.date() in order.working_days.bank_holidays:
        yield written_day(at.date())
    elif at.date() not in order.working_days:
        yield "a weekend"
    if (at.month, at.day) == (2, 29):
        yield "29 February"
    if (at.hour, at.minute, at.second) == (23, 59, 59):
        yield LAST_SECOND


def _days_beside(seen: StoryRead, value: str) -> Iterable[Changes] | None:
    """A bank holiday is decided about if news would be due at another time without it."""
    for each in seen.order.working_days.bank_holidays:
        if written_day(each) == value:
            return with_or_without(seen.order, BANK_HOLIDAYS, each)
    return None


def crossed(begins: datetime, ends: datetime) -> Values:
    """Name what lies between two times: an end of a year, or a change of the clocks."""
    before, after = begins.astimezone(LONDON), ends.astimezone(LONDON)
    if before.year != after.year:
        yield "the year ends"
    if before.utcoffset() != after.utcoffset():
        is_summer = bool(after.utcoffset())
        yield f"the clocks go {'forward' if is_summer else 'back'}"


def _when_days(seen: StoryRead, value: str) -> Iterator[Window]:
    if _days_beside(seen, value) is not None:
        # What another list of holidays would change says enough.
        yield Window(seen.story.begins_at, seen.story.begins_at + 366 * _DAY)
        return
    for day in sorted({each.date() for each in _each_day(seen)}):
        begins, ends = (datetime.combine(each, time(), LONDON) for each in (day, day + _DAY))
        if begins.utcoffset() != ends.utcoffset():
            # At one o'clock of UTC: what waits over it is due by the time of day of that day.
            changes = datetime.combine(day, time(1), UTC)
            if value in crossed(begins, ends):
                yield Window(changes, ends, is_crossed=True)
        elif value in crossed(begins, ends):
            yield Window(ends, ends + _DAY, is_crossed=True)
    for at in seen.moments:
        if value in _named(at, seen.order):
            begins = datetime.combine(at.date(), time(), LONDON)
            is_moment = value == LAST_SECOND
            yield Window(at, at) if is_moment else Window(begins, begins + _DAY)


def _each_day(seen: StoryRead) -> Iterator[datetime]:
    at, ends = seen.story.begins_at.astimezone(LONDON), max(seen.moments, default=None)
    while ends is not None and at.date() <= ends.date():
        yield at
        at += _DAY


#: The kinds of this file, for the table of all.
DAY_EDGES: tuple[EdgeKind, ...] = (EdgeKind("day", _days, _met_days, _days_beside, _when_days),)
