"""Deadlines in working days, as the Victims' Code sets them: in London, without bank holidays."""

from datetime import UTC, date, datetime, time, timedelta

from simulator.clock import LONDON
from simulator.inputs.order import Order


def informed_by(order: Order, at: datetime) -> datetime:
    """Find by when a victim with enhanced rights is told of what happened at `at`."""
    return end_of_working_day(order, at, order.deadlines.working_days_enhanced)


def end_of_working_day(order: Order, at: datetime, days: int) -> datetime:
    """Find the end, in UTC, of the last of `days` working days after the day of `at`."""
    day, left = at.astimezone(LONDON).date(), days
    while left:
        day += timedelta(days=1)
        left -= _is_working_day(order, day)
    ends = datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON)
    return ends.astimezone(UTC)


def _is_working_day(order: Order, day: date) -> bool:
    return day.weekday() < 5 and day not in order.deadlines.bank_holidays
