"""When news is due: at the gateway by the order, and in working days by the Victims' Code.

Working days are those in London, without bank holidays. Days that run from an event may be counted
by the clock or by the date: what is due on a day may come until it ends.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Literal

from reference.contract.events import AnyEvent, MilestoneReached
from simulator.clock import LONDON
from simulator.inputs.order import RIGHT_6, Order

Announces = Literal["invitation", "update", "reply"]


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


def day_of(at: datetime) -> tuple[datetime, datetime]:
    """Give the midnights, in UTC, that begin and end the London day of a moment."""
    day = at.astimezone(LONDON).date()
    begins = datetime.combine(day, time(), LONDON)
    ends = datetime.combine(day + timedelta(days=1), time(), LONDON)
    return begins.astimezone(UTC), ends.astimezone(UTC)


def due(order: Order, received_at: datetime, announces: Announces) -> datetime:
    """Find when a message about an event received at `received_at` is due at the gateway."""
    wanted = received_at
    if announces == "update" and order.phase_at(received_at) >= 2:
        wanted += timedelta(minutes=order.messages.bundle_minutes)
    allowance = timedelta(minutes=order.messages.minutes_max)
    due_at = order.quiet_until(wanted) + allowance
    may_go_at = order.quiet_until(due_at)
    return due_at if may_go_at == due_at else may_go_at + allowance
