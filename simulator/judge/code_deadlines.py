"""Working days, in which the Victims' Code gives its deadlines: London's, without bank holidays."""

from datetime import datetime

from simulator.inputs.order import Order


def informed_by(order: Order, at: datetime) -> datetime:
    """Find by when somebody with enhanced rights is told of what happened at a moment."""
    return end_of_working_day(order, at, order.deadlines.working_days_enhanced)


def end_of_working_day(order: Order, at: datetime, days: int) -> datetime:
    """Find the end of the last of so many working days after a moment's own, in UTC."""
    return order.working_days.deadline(at, days)
