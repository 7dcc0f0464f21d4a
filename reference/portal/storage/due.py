"""When the next work is due, of every kind: one question to the database."""

from datetime import datetime
from functools import cache
from typing import NamedTuple, Protocol

from reference.portal.settings import Settings
from reference.portal.storage.database import Database
from reference.portal.storage.store import seconds


class Due(NamedTuple):
    """When work of each kind is next due: None for never."""

    not_for_me: int | None
    comings_of_age: int | None
    journeys: int | None
    messages: int | None
    answers: int | None
    errands: int | None

    @property
    def first(self) -> int | None:
        """When the first of them is."""
        return min((each for each in self if each is not None), default=None)


class Worker(Protocol):
    """Whatever does work of one kind."""

    async def run_due(self, now: datetime) -> None:
        """Do what is due by now, or a batch of it."""


class Diary:
    """Asks. A message that another worker is sending is not this one's to send."""

    def __init__(self, *, database: Database, settings: Settings) -> None:
        self._database = database
        # What waits for phase 2 is due when phase 2 goes live, however old it is.
        self._journeys_from = seconds(settings.go_live[1])

    async def next(self) -> Due:
        """Find when work of each kind is next due."""
        others = await self._database.other_workers() if self._database.is_shared else []
        row = await self._database.one(_question(len(others)), others)
        assert row is not None
        due = Due(*row)
        if due.journeys is None:
            return due
        return due._replace(journeys=max(due.journeys, self._journeys_from))


@cache
def _question(others: int) -> str:
    theirs = f"AND claimed_by NOT IN ({', '.join('?' * others)})" if others else ""
    return (
        "SELECT (SELECT min(at) FROM not_for_me WHERE address <> ''),"  # noqa: S608  marks
        " (SELECT min(of_age_at) FROM person WHERE of_age_at IS NOT NULL),"
        " (SELECT min(journey_at) FROM victim WHERE journey_at IS NOT NULL),"
        f" (SELECT min(due_at) FROM outbox WHERE status = 'waiting' {theirs}),"
        " (SELECT min(answer_due_at) FROM post WHERE answer_due_at IS NOT NULL),"
        " (SELECT min(due_at) FROM errand WHERE done = 0)"
    )
