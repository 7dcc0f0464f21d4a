"""Deadlines in working days, as the Victims' Code sets them: in London, without bank holidays."""

from datetime import datetime

from reference.contract.events import AnyEvent, MilestoneReached
from simulator.inputs.order import RIGHT_6, Order


def informed_by(order: Order, at: datetime, *, is_enhanced: bool) -> datetime:
    """Find by when a victim, perhaps with enhanced rights, is told of what happened at `at`."""
    days = order.deadlines.working_days_at(at, is_enhanced=is_enhanced)
    return end_of_working_day(order, at, days)


def is_named_by_code(order: Order, event: AnyEvent, at: datetime) -> bool:
    """Say whether the Victims' Code in force at `at` has a victim told of an event in its days.

    An order that names no version of the Code means the one of 2021.
    """
    version = order.deadlines.in_force_at(at)
    name = event.milestone if isinstance(event, MilestoneReached) else type(event).__name__
    return name in (RIGHT_6 if version is None else version.tells_of)


def end_of_working_day(order: Order, at: datetime, days: int) -> datetime:
    """Find the end, in UTC, of the last of `days` working days after the day of `at`."""
    return order.working_days.deadline(at, days)
