"""Times as the database keeps them: whole seconds for what is due, microseconds for facts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SECOND = 1_000_000  # in microseconds, by which facts are put in order
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seconds(at: datetime) -> int:
    """Convert a time to whole seconds since 1970."""
    return int(at.timestamp())


def instant(at: datetime) -> int:
    """Convert a time to microseconds since 1970: of two facts in one second the newer counts."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """Convert whole seconds since 1970 to a time in UTC."""
    return datetime.fromtimestamp(at, UTC)


def moment_of(instant: int) -> datetime:
    """Convert microseconds since 1970 to a time in UTC."""
    return _EPOCH + timedelta(microseconds=instant)
