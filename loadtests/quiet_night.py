"""Quiet hours that end in the middle of a burst: what is recorded in the night goes when they end.

Pure. The order's quiet hours span midnight, so that here it is night from midnight on, and day from
a time shortly after the run began. Nothing may come before that, which the judge sees to; times are
counted from then.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path

from msgspec import structs

from loadtests.bursts import Burst
from simulator.clock import LONDON
from simulator.errors import BadInput
from simulator.inputs.order import Order
from simulator.inputs.target import Target

_LAST_OF_DAY = time(23, 59, 59)


def order_by_night(order: Order, now: datetime, quiet_seconds: float) -> tuple[Order, datetime]:
    """Give the order with quiet hours that last so long from now, and when they end."""
    begins = now.astimezone(LONDON).replace(microsecond=0)
    ends = begins + timedelta(seconds=round(quiet_seconds))
    # Where midnight is before the end, the night has just begun.
    quiet_from = _LAST_OF_DAY if ends.date() == begins.date() else begins.time()
    messages = structs.replace(order.messages, quiet_from=quiet_from, quiet_until=ends.time())
    return structs.replace(order, messages=messages), ends


def check_night(burst: Burst, target: Target, path: Path) -> None:
    """Refuse a night for a portal whose settings are not ours; raises BadInput."""
    if burst.quiet_seconds and not target.access.command:
        raise BadInput(
            f"{path}: quiet_seconds: the quiet hours end during the run, so that the suite has to "
            "start the portal; give access.command in the target file, or another burst"
        )


def too_late_for_night(accepted: Iterable[datetime], released_at: datetime | None) -> str:
    """Say that updates were handed over by day, "" if none was: then nothing was held back."""
    late = sum(released_at is not None and at >= released_at for at in accepted)
    if not late:
        return ""
    return (
        f"the generator: it handed over {late:,} updates when the quiet hours had ended; give a "
        "longer quiet_seconds"
    )


def from_the_end(
    scheduled: Mapping[str, datetime], released_at: datetime | None
) -> dict[str, datetime]:
    """Say when a message about each update could go first: not before the quiet hours end."""
    if released_at is None:
        return dict(scheduled)
    return {event_id: max(at, released_at) for event_id, at in scheduled.items()}
