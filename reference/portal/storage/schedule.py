"""When the next work of each kind is due: one question about six tables."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from reference.portal.storage.database import Database


class Due(NamedTuple):
    """When work of each kind is next due, None for never: in the order it is done."""

    stranger_reports: int | None
    comings_of_age: int | None
    automatic_messages: int | None
    messages: int | None
    answers: int | None
    errands: int | None

    @property
    def first(self) -> int | None:
        """The earliest of them."""
        return min((each for each in self if each is not None), default=None)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Finds when work is due. A message that another worker is sending is not this one's to send.

    Automatic messages that wait for phase 2 are due when phase 2 goes live, however old they are.
    """

    database: Database
    automatic_from: int

    async def next(self) -> Due:
        """Find when work of each kind is next due."""
        others = await self.database.other_workers() if self.database.is_shared else []
        row = await self.database.one(_question(len(others)), others)
        assert row is not None
        due = Due(*row)
        if due.automatic_messages is None:
            return due
        return due._replace(automatic_messages=max(due.automatic_messages, self.automatic_from))


@cache
def _question(others: int) -> str:
    theirs = f"AND claimed_by NOT IN ({', '.join('?' * others)})" if others else ""
    return (
        "SELECT (SELECT min(at) FROM not_for_me WHERE address <> ''),"  # noqa: S608  marks
        " (SELECT min(of_age_at) FROM person WHERE of_age_at IS NOT NULL),"
        " (SELECT min(journey_at) FROM victim WHERE journey_at IS NOT NULL),"
        f" (SELECT min(due_at) FROM outbox WHERE status = 'waiting' AND due_at >= 0 {theirs}),"
        " (SELECT min(answer_due_at) FROM post WHERE answer_due_at IS NOT NULL),"
        " (SELECT min(due_at) FROM errand WHERE done = 0)"
    )
