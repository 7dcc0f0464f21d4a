"""Pure: when a message may go in the quiet hours that the force ordered: once they end."""

from datetime import UTC, datetime, timedelta

from reference.portal.settings import Settings
from reference.portal.timestamps import LONDON


def send_at(now: datetime, settings: Settings) -> datetime:
    """Find when a message wanted now may go: at once, or when quiet hours end."""
    if settings.quiet_from is None or settings.quiet_until is None:
        return now
    local = now.astimezone(LONDON)
    starts, ends, clock = settings.quiet_from, settings.quiet_until, local.time()
    spans_midnight = starts > ends
    is_quiet = clock >= starts or clock < ends if spans_midnight else starts <= clock < ends
    if not is_quiet:
        return now
    opens = datetime.combine(local.date(), ends, tzinfo=LONDON)
    if spans_midnight and clock >= starts:
        opens += timedelta(days=1)
    # On the night the clocks go back, the hour is there twice.
    return max(now, opens.astimezone(UTC))
