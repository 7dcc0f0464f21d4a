"""Which worker sends which message, so that several share one outbox and none is sent by two.

A worker that is gone leaves its claims behind: what became of those messages nobody here knows.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from reference.contract.events import Channel
from reference.portal.storage.database import Database, Row
from reference.portal.storage.store import seconds

BATCH = 500
SHARED_BATCH = 50  # so that no worker takes all there is
# Longer than a request may take (`outbound.py`): until then the gateway may yet take what a worker
# sent before it died, and cannot be asked whether it did.
ARRIVES_SECONDS_MAX = 12


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
    correlation_id: str

    @property
    def address(self) -> str:
        """Where it goes, as the person's record now says ("" for nowhere)."""
        return self.text_address if self.channel == "text" else self.email_address


class Claim(Struct, frozen=True):
    """A message to send now; `is_unsure` when an earlier try may have got through.

    `is_left` when it was with a worker that is gone: what that one sent may still be on its way.
    """

    message: Message
    is_unsure: bool
    is_left: bool


class Claims:
    """Takes due messages. A database that is this worker's alone needs nothing written down."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unsettled: set[int] = set()
        self._took_over = database.is_shared

    async def take(self, now: datetime) -> list[Claim]:
        """Take due messages that no other worker is sending."""
        if self._database.is_shared:
            claims = await self._take_shared(now)
        else:
            await self._take_over(now)
            claims = await self._due("o.due_at <= ?", (seconds(now),), BATCH)
        self._unsettled |= {each.message.id for each in claims}
        return claims

    async def put_off(self, now: datetime, until: datetime) -> None:
        """Let all that is due wait, but for what another worker is sending just now."""
        others = await self._database.other_workers() if self._database.is_shared else []
        marks = ", ".join("?" for _ in others)
        theirs = f"AND claimed_by NOT IN ({marks})" if others else ""
        await self._database.run(
            "UPDATE outbox SET due_at = ? WHERE id IN (SELECT id FROM outbox"  # noqa: S608  marks
            f" WHERE status = 'waiting' AND due_at <= ? {theirs}"
            f" {self._database.claiming('outbox')})",
            (seconds(until), seconds(now), *others),
        )

    def settled(self, claims: Iterable[Claim]) -> None:
        """Note that what became of these is kept."""
        self._unsettled -= {each.message.id for each in claims}

    async def still_wanted(self, messages: list[Message]) -> list[Message]:
        """Read anew those messages that may still go, with where they go now."""
        which = f"o.id IN ({', '.join('?' for _ in messages)})"
        values = [each.id for each in messages]
        if self._database.is_shared:
            # Others may have taken this worker for dead, and its messages with that.
            which, values = f"{which} AND o.claimed_by = ?", [*values, self._database.worker]
        return [each.message for each in await self._due(which, tuple(values), len(messages))]

    async def known(self, message_ids: Sequence[str]) -> set[str]:
        """Say which messages, as the gateway calls them, are some of ours that were settled."""
        if not message_ids:
            return set()
        marks = ", ".join("?" for _ in message_ids)
        rows = await self._database.all(
            f"SELECT message_id FROM outbox WHERE message_id IN ({marks})",  # noqa: S608  marks
            message_ids,
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
            left = [each.message.id for each in claims if each.is_left]
            if left:
                await self._let_arrive(f"id IN ({', '.join('?' for _ in left)})", left, now)
            claims = [each for each in claims if not each.is_left]
            if claims:
                ids = ", ".join("?" for _ in claims)
                await self._database.run(
                    f"UPDATE outbox SET claimed_by = ? WHERE id IN ({ids})",  # noqa: S608  marks
                    (self._database.worker, *(each.message.id for each in claims)),
                )
        return claims

    async def _take_over(self, now: datetime) -> None:
        """Put off, once, all that an earlier process left: some may have been sent just now."""
        if not self._took_over:
            await self._let_arrive("claimed_by NOT IN (0, ?)", [self._database.worker], now)
            self._took_over = True

    async def _let_arrive(self, which: str, values: Sequence[int], now: datetime) -> None:
        """Put off what was left behind: whoever asks after it too early sends it again."""
        until = seconds(now) + ARRIVES_SECONDS_MAX
        await self._database.run(
            "UPDATE outbox SET claimed_by = ?,"  # noqa: S608  two ways to say which
            " due_at = CASE WHEN due_at < ? THEN ? ELSE due_at END"
            f" WHERE status = 'waiting' AND {which}",
            (-self._database.worker, until, until, *values),
        )

    async def _due(self, which: str, values: tuple[int, ...], limit: int) -> list[Claim]:
        rows = await self._database.all(
            "SELECT o.id, o.crime_reference, o.person_id, o.notice, o.channel,"  # noqa: S608
            " o.event_id, o.attempts, c.force, p.text_address, p.email_address, p.record,"
            " o.correlation_id, o.claimed_by FROM outbox o"
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
        me = self._database.worker
        is_new = claimed_by in {0, me} and message.id not in self._unsettled
        # What was put off is marked below 0, and may be asked after when it is due again.
        is_left = claimed_by > 0 and claimed_by != me
        return Claim(message, message.attempts > 0 or not is_new, is_left)
