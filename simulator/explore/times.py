"""Moments and durations at which portals go wrong, computed from the order: one unit either side.

Drawing waits until, or for, one of these more often than for any other time.
"""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from simulator.clock import LONDON
from simulator.inputs.order import Order

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60
#: A wait that a drawn story may hold: longer ones cost much and show little.
WAIT_SECONDS_MAX = 60 * _DAY
#: Where the go-live days are the target's, stories end within so many days of their phase's: the
#: longest of some thousands took 114.
FIXED_DAYS_MAX = 120


def durations(order: Order) -> tuple[int, ...]:
    """List the durations that the order names, in seconds, for waits of any kind."""
    sign_in, messages, journey = order.sign_in, order.messages, order.journey
    named = {
        messages.minutes_max * _MINUTE,
        messages.bundle_minutes * _MINUTE,
        7 * _DAY,
        journey.still_with_us_days * _DAY,
        journey.advice_after_days * _DAY,
        sign_in.invitation_days * _DAY,
        sign_in.code_minutes * _MINUTE,
        sign_in.session_minutes * _MINUTE,
        sign_in.session_hours_max * _HOUR,
        order.two_way.catch_up_minutes_max * _MINUTE,
        order.two_way.closed_case_days * _DAY,
        order.deadlines.breach_hours * _HOUR,
        order.deadlines.working_days * _DAY,
        order.deadlines.working_days_enhanced * _DAY,
        _DAY,
    }
    return tuple(sorted(each for each in named if 0 < each <= WAIT_SECONDS_MAX))


def wait_seconds(draw: Random, order: Order) -> int:
    """Draw how long nothing happens: often a duration of the order, one unit more or less."""
    kind = draw.random()
    if kind < 0.35:
        named = draw.choice(durations(order))
        unit = 1 if named < _HOUR else draw.choice((1, _MINUTE))
        return max(1, named + draw.choice((-unit, 0, unit)))
    if kind < 0.55:
        return draw.choice((1, 59, 60, 5 * _MINUTE, 20 * _MINUTE, _HOUR, 2 * _HOUR))
    if kind < 0.8:
        return draw.randrange(_MINUTE, 20 * _HOUR)
    return draw.randrange(1, 12) * _DAY + draw.randrange(-_HOUR, _HOUR)


def until_edge_seconds(draw: Random, order: Order, now: datetime) -> int:
    """Draw a wait until quiet hours begin or end, or midnight: one unit before, at it or after."""
    local = now.astimezone(LONDON)
    edges = [local.replace(hour=0, minute=0, second=0) + timedelta(days=1)]
    for at in (order.messages.quiet_from, order.messages.quiet_until):
        if at is not None:
            edges.append(datetime.combine(local.date(), at, tzinfo=LONDON))
            edges.append(datetime.combine(local.date() + timedelta(days=1), at, tzinfo=LONDON))
    ahead = [int((each - local).total_seconds()) for each in edges]
    wait = draw.choice([each for each in ahead if each > 2] or [_HOUR])
    return max(1, wait + draw.choice((-_MINUTE, -1, 0, 1, _MINUTE)))


def first_day(draw: Random, order: Order) -> date:
    """Draw the day on which the last phase goes live: of any month, and often before an edge."""
    year = draw.choice((2025, 2026, 2027, 2028))
    if draw.random() < 0.4:
        edge = draw.choice(_edges(order, year))
        return edge - timedelta(days=draw.choice((1, 2, 3, 5, 8)))
    return date(year, 1, 2) + timedelta(days=draw.randrange(360))


def years_after(day: date, years: int) -> date:
    """Give the same day so many years later; 28 February in a year that has no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def next_clock_change(now: datetime) -> datetime:
    """Give the next moment in which clocks change: at one in the morning UTC, on a Sunday."""
    days = (day for year in (now.year, now.year + 1) for day in _clock_changes(year))
    moments = (datetime.combine(day, time(1), tzinfo=UTC) for day in days)
    return next(moment for moment in moments if moment > now)


def _clock_changes(year: int) -> list[date]:
    last = date(year, 3, 31), date(year, 10, 31)
    return [each - timedelta(days=(each.weekday() + 1) % 7) for each in last]


def _edges(order: Order, year: int) -> list[date]:
    holidays = [each for each in order.working_days.bank_holidays if each.year == year]
    return [*holidays, *_clock_changes(year), date(year, 3, 1), date(year, 12, 31)]
