"""Deadlines in working days, as the Victims' Code sets them: in London, without bank holidays."""

from datetime import datetime

from simulator.inputs.order import Order


def informed_by(order: Order, at: datetime, *, is_enhanced: bool) -> datetime:
    """Find by when a victim, perhaps with enhanced rights, is told of what happened at `at`."""
    deadlines = order.deadlines
    days = deadlines.working_days_enhanced if is_enhanced else deadlines.working_days
    return end_of_working_day(order, at, days)


def end_of_working_day(order: Order, at: datetime, days: int) -> datetime:
    """Find the end, in UTC, of the last of `days` working days after the day of `at`."""
    return order.working_days.deadline(at, days)
