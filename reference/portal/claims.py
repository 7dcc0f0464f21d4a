"""Which worker sends which message, so that several share one outbox and none is sent by two.

A worker that is gone leaves its claims behind: what became of those messages nobody here knows.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from reference.contract.events import Channel
from reference.portal.database import Database, Row
from reference.portal.store import seconds

BATCH = 500
SHARED_BATCH = 50  # so that no worker takes all there is


class Message(Struct, frozen=True, kw_only=True):
    """One due message with what its wording needs."""

    id: int
    crime_reference: str
    person_id: str
    notice: str
    channel: Channel
    event_id: str
    attempts: int
    force: str
    text_address: str
    email_address: str
    record: bytes

    @property
    def address(self) -> str:
        """Where it goes, as the person's record now says ("" for nowhere)."""
        return self.text_address if self.channel == "text" else self.email_address


class Claim(Struct, frozen=True):
    """A message to send now; `is_unsure` when an earlier try may have got through."""

    message: Message
    is_unsure: bool


class Claims:
    """Takes due messages. A database that is this worker's alone needs nothing written down."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unsettled: set[int] = set()

    async def take(self, now: datetime) -> list[Claim]:
        """Take due messages that no other worker is sending."""
        if self._database.is_shared:
            claims = await self._take_shared(now)
        else:
            claims = await self._due("o.due_at <= ?", (seconds(now),), BATCH)
        self._unsettled |= {each.message.id for each in claims}
        return claims

    def settled(self, claims: Iterable[Claim]) -> None:
        """Note that what became of these is kept."""
        self._unsettled -= {each.message.id for each in claims}

    async def still_wanted(self, messages: list[Message]) -> list[Message]:
        """Read anew those messages that may still go, with where they go now."""
        marks = ", ".join("?" for _ in messages)
        ids = tuple(each.id for each in messages)
        return [each.message for each in await self._due(f"o.id IN ({marks})", ids, len(ids))]

    async def known_ids(self, event_id: str) -> set[str]:
        """List what the gateway called the messages that answered an event."""
        rows = await self._database.all(
            "SELECT message_id FROM outbox WHERE event_id = ? AND message_id IS NOT NULL",
            (event_id,),
        )
        return {str(row[0]) for row in rows}

    async def _take_shared(self, now: datetime) -> list[Claim]:
        """Write down that this worker sends them, before it does."""
        others = [-2, *await self._database.other_workers()]
        marks = ", ".join("?" for _ in others)
        async with self._database.transaction():
            claims = await self._due(
                f"o.due_at <= ? AND o.claimed_by NOT IN ({marks})",
                (seconds(now), *others),
                SHARED_BATCH,
            )
            if claims:
                ids = ", ".join("?" for _ in claims)
                await self._database.run(
                    f"UPDATE outbox SET claimed_by = ? WHERE id IN ({ids})",  # noqa: S608  marks
                    (self._database.worker, *(each.message.id for each in claims)),
                )
        return claims

    async def _due(self, which: str, values: tuple[int, ...], limit: int) -> list[Claim]:
        rows = await self._database.all(
            "SELECT o.id, o.crime_reference, o.person_id, o.notice, o.channel,"  # noqa: S608
            " o.event_id, o.attempts, c.force, p.text_address, p.email_address, p.record,"
            " o.claimed_by FROM outbox o"
            " JOIN person p ON p.person_id = o.person_id"
            " JOIN crime c ON c.reference = o.crime_reference"
            f" WHERE o.status = 'waiting' AND {which} ORDER BY o.due_at, o.id LIMIT ?"
            f" {self._database.claiming('o')}",
            (*values, limit),
        )
        return [self._claim(row) for row in rows]

    def _claim(self, row: Row) -> Claim:
        """Be unsure of what was tried before, or was with a worker that is gone."""
        *fields, claimed_by = row
        message = Message(**dict(zip(Message.__struct_fields__, fields, strict=True)))
        is_new = claimed_by in {0, self._database.worker} and message.id not in self._unsettled
        return Claim(message, message.attempts > 0 or not is_new)
