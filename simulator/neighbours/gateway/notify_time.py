"""How GOV.UK Notify writes a moment, in answers and in callbacks."""

from datetime import UTC, datetime


def notify_time(moment: datetime) -> str:
    """Write a moment as Notify does: UTC, microseconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
