"""What Prometheus reads from the database: what waits, for how long, and how many registered.

Nothing is counted while the portal works, so these figures cost an event nothing.
"""

from datetime import datetime
from typing import NamedTuple

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest

from reference.portal.storage.database import Database
from reference.portal.timestamps import SECOND, seconds

_EVERYWHERE = "Asked of the database: the same from every worker."


class _Asked(NamedTuple):
    """One figure: rows of label and count, or (`is_age`) the time of the oldest."""

    name: str
    text: str
    label: str
    sql: str
    is_age: bool = False


_ASKED = (
    _Asked(
        "portal_outbox_waiting",
        "Messages that wait to be sent, also those that are not due yet.",
        "channel",
        "SELECT channel, count(*) FROM outbox WHERE status = 'waiting' GROUP BY channel",
    ),
    _Asked(
        "portal_outbox_oldest_due_seconds",
        "How long the oldest message has been due (since its last try, if one failed); 0 for none.",
        "",
        "SELECT '', min(due_at) FROM outbox WHERE status = 'waiting'",
        is_age=True,
    ),
    _Asked(
        "portal_outbox_retrying",
        "Messages that the gateway could not take at least once, and wait to be tried again.",
        "",
        "SELECT '', count(*) FROM outbox WHERE status = 'waiting' AND attempts > 0",
    ),
    _Asked(
        "portal_errands_owed",
        "Stamps and tasks that the crime system has not taken yet.",
        "kind",
        "SELECT kind, count(*) FROM errand WHERE done = 0 GROUP BY kind",
    ),
    _Asked(
        "portal_errands_retrying",
        "Stamps and tasks that the crime system could not take at least once, and are owed still.",
        "",
        "SELECT '', count(*) FROM errand WHERE done = 0 AND attempts > 0",
    ),
    _Asked(
        "portal_events_waiting",
        "Events that came before their crime, and wait for it.",
        "",
        "SELECT '', count(*) FROM event_waiting",
    ),
    _Asked(
        "portal_events_waiting_oldest_seconds",
        "How long ago the oldest of them happened; 0 for none.",
        "",
        f"SELECT '', min(time) / {SECOND} FROM event_waiting",  # noqa: S608  our own number
        is_age=True,
    ),
    _Asked(
        "portal_people_registered",
        "People who have come through the whole sign-in.",
        "",
        "SELECT '', count(*) FROM person WHERE registered_at IS NOT NULL",
    ),
)


async def text(database: Database, now: datetime) -> bytes:
    """Return the figures as Prometheus reads them; ages are by `now`."""
    registry = CollectorRegistry()
    registry.register(_Found([await _ask(database, asked, now) for asked in _ASKED]))
    return generate_latest(registry)


async def _ask(database: Database, asked: _Asked, now: datetime) -> GaugeMetricFamily:
    labels = (asked.label,) if asked.label else ()
    gauge = GaugeMetricFamily(asked.name, f"{asked.text} {_EVERYWHERE}", labels=labels)
    for label, value in await database.all(asked.sql):
        if asked.is_age:
            value = 0 if value is None else max(0, seconds(now) - value)  # noqa: PLW2901
        gauge.add_metric((label,) if asked.label else (), value)
    return gauge


class _Found:
    """Figures as the library wants to be given them."""

    def __init__(self, gauges: list[GaugeMetricFamily]) -> None:
        self._gauges = gauges

    def collect(self) -> list[GaugeMetricFamily]:
        """Return them all."""
        return self._gauges
