"""The table outbox: what is to be sent, which worker sends it, and what became of it.

Several workers share one outbox and no message is sent by two. A worker that has died leaves its
claims behind: only the gateway knows what became of those messages.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from reference.contract.events import Channel
from reference.portal.correlation import correlation_id
from reference.portal.storage.database import Database, Row
from reference.portal.storage.mergers import CAME_BY
from reference.portal.timestamps import moment, seconds

BATCH = 500
SHARED_BATCH = 50  # so that no worker takes all there is
# Longer than a request takes (`outbound.py`), and than a busy gateway takes to list what it took:
# until then it cannot be asked whether it has what was sent before an answer was lost.
LISTED_SECONDS_MAX = 180

_IS_DUE = "o.due_at >= 0 AND o.due_at"  # no other question uses the index of what is due
#: What waits names an event that came under a crime's reference.
_IS_ITS_OWN = (
    "EXISTS (SELECT 1 FROM event_seen e WHERE e.id = outbox.event_id AND e.crime_reference = ?)"
)


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
        """The address it goes to, as the person's record now says ("" for none)."""
        return self.text_address if self.channel == "text" else self.email_address


class Claim(Struct, frozen=True):
    """A message to send now; `is_unsure` when an earlier try may have got through.

    `is_left` when a worker that has died claimed it: what that one sent may still be on its way.
    """

    message: Message
    is_unsure: bool
    is_left: bool


class HeldBack(NamedTuple):
    """A message that waits because of the weekly limit, and when what it tells happened."""

    id: int
    due_at: int
    notice: str
    happened_at: int


class LostMessage(NamedTuple):
    """A message that did not arrive, or will not."""

    address: str
    notice: str
    person_id: str
    crime_reference: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Outbox:
    """The messages that are queued, cancelled or sent."""

    database: Database

    @property
    def unclaimed(self) -> int:
        """The mark of a message that no worker has claimed yet.

        A worker that shares the outbox with no other sends what it writes, and claims nothing.
        """
        return 0 if self.database.is_shared else self.database.worker

    async def add(
        self,
        *,
        reference: str,
        person_id: str,
        notice: str,
        channel: Channel,
        event_id: str,
        due_at: int,
        held_because: str,
        happened_at: int,
    ) -> None:
        """Queue one message."""
        await self.database.run(
            "INSERT INTO outbox (crime_reference, person_id, notice, channel, event_id,"
            " due_at, held_because, claimed_by, correlation_id, happened_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(reference, person_id, notice, channel, event_id),
                *(due_at, held_because, self.unclaimed, correlation_id(), happened_at),
            ),
        )

    async def join_waiting(
        self,
        reference: str,
        person_id: str,
        notice: str,
        channel: Channel,
        event_id: str,
        by: int,
        happened_at: int,
    ) -> bool:
        """Let the newest waiting message of a kind tell of this too, `by` then; False if none."""
        touched = await self.database.run(
            "UPDATE outbox SET event_id = ?, correlation_id = ?, due_at = CASE WHEN due_at > ?"
            " AND notice = 'update' THEN ? ELSE due_at END, happened_at = CASE WHEN happened_at > ?"
            " THEN ? ELSE happened_at END WHERE id = (SELECT max(id) FROM outbox"
            " WHERE person_id = ? AND crime_reference = ? AND channel = ? AND notice = ?"
            " AND status = 'waiting')",
            (
                *(event_id, correlation_id(), by, by, happened_at, happened_at),
                *(person_id, reference, channel, notice),
            ),
        )
        return touched > 0

    async def hasten(self, person_id: str, told_by: Callable[[datetime], datetime]) -> None:
        """Send waiting news no later than `told_by` says of when it happened."""
        rows = await self.database.all(
            "SELECT id, happened_at FROM outbox WHERE person_id = ? AND notice = 'update'"
            " AND channel IN ('text', 'email') AND status = 'waiting'",
            (person_id,),
        )
        for message_id, happened_at in rows:
            by = seconds(told_by(moment(happened_at)))
            await self.database.run(
                "UPDATE outbox SET due_at = ? WHERE id = ? AND due_at > ?", (by, message_id, by)
            )

    async def capped_since(self, person_id: str, channel: Channel, since: int) -> list[int]:
        """List when the messages that count to the weekly limit were or will be sent."""
        rows = await self.database.all(
            "SELECT coalesce(sent_at, due_at) AS at FROM outbox WHERE person_id = ?"
            " AND channel = ? AND coalesce(sent_at, due_at) > ? AND status IN ('sent', 'waiting')"
            " AND notice IN ('update', 'advice', 'still_with_us') ORDER BY at",
            (person_id, channel, since),
        )
        return [int(row[0]) for row in rows]

    async def held_back(
        self, person_id: str, channel: Channel, *, or_counted: bool = False
    ) -> list[HeldBack]:
        """List what waits because of the weekly limit, `or_counted` in it, in order."""
        rows = await self.database.all(
            "SELECT id, due_at, notice, happened_at FROM outbox WHERE person_id = ? AND channel = ?"
            " AND status = 'waiting' AND (held_because = 'weekly limit'"
            " OR (? = 1 AND notice IN ('update', 'advice', 'still_with_us')))"
            " ORDER BY due_at, id",
            (person_id, channel, int(or_counted)),
        )
        return [HeldBack(*row) for row in rows]

    async def send_at(self, message_id: int, at: int) -> None:
        """Let a message that waits go at another time."""
        await self.database.run(
            "UPDATE outbox SET due_at = ? WHERE id = ? AND status = 'waiting'", (at, message_id)
        )

    async def overtake(self, reference: str, person_id: str, *, is_over: bool) -> bool:
        """Cancel a waiting "still with us" when there is news, and advice when a case ends.

        Returns whether there was one.
        """
        notices = "('still_with_us', 'advice')" if is_over else "('still_with_us')"
        touched = await self.database.run(
            "UPDATE outbox SET status = 'cancelled', held_because = 'overtaken by news'"  # noqa: S608
            " WHERE person_id = ? AND channel IN ('text', 'email') AND status = 'waiting'"
            f" AND crime_reference = ? AND notice IN {notices}",
            (person_id, reference),
        )
        return touched > 0

    async def cancel(self, reference: str, person_id: str, why: str) -> set[str]:
        """Cancel what waits for a person about a crime; return the events it was about."""
        rows = await self.database.all(
            "UPDATE outbox SET status = 'cancelled', held_because = ?"
            " WHERE person_id = ? AND channel IN ('text', 'email') AND status = 'waiting'"
            " AND crime_reference = ? RETURNING event_id",
            (why, person_id, reference),
        )
        return {str(row[0]) for row in rows}

    async def cancel_channel(self, person_id: str, channel: Channel, why: str) -> None:
        """Cancel what waits for a person on a channel."""
        await self.database.run(
            "UPDATE outbox SET status = 'cancelled', held_because = ?"
            " WHERE person_id = ? AND channel = ? AND status = 'waiting'",
            (why, person_id, channel),
        )

    async def keep_for_another_crime(self, reference: str, person_id: str) -> bool:
        """Let an invitation that waits be about another crime to which the same record invites.

        Returns whether there was one.
        """
        row = await self.database.one(
            "SELECT other.crime_reference, own.invited_at FROM victim own JOIN victim other"
            " ON other.person_id = own.person_id AND other.invited_at = own.invited_at"
            " JOIN crime c ON c.reference = other.crime_reference"
            " WHERE own.person_id = ? AND own.crime_reference = ?"
            " AND other.crime_reference <> own.crime_reference AND other.exclusion = ''"
            " AND c.status IN ('open', 'charged', 'closed') AND NOT EXISTS"
            " (SELECT 1 FROM outbox o JOIN outbox w ON w.notice = o.notice AND w.status = 'waiting'"
            " AND w.person_id = o.person_id AND w.crime_reference = own.crime_reference"
            " WHERE o.person_id = own.person_id AND o.crime_reference = other.crime_reference"
            " AND o.status IN ('waiting', 'sent') AND o.happened_at >= own.invited_at)"
            " ORDER BY other.crime_reference",
            (person_id, reference),
        )
        if row is None:
            return False
        moved = await self.database.run(
            "UPDATE outbox SET crime_reference = ? WHERE person_id = ? AND crime_reference = ?"
            " AND channel IN ('text', 'email') AND status = 'waiting' AND happened_at = ?"
            " AND notice NOT IN ('advice', 'still_with_us')",
            (row[0], person_id, reference, row[1]),
        )
        return moved > 0

    async def move(self, from_reference: str, into: str, person_id: str, *, came_by: str) -> None:
        """Let what waits about a crime be about another, to which it `came_by` a merger.

        It keeps the event that it came with: news of the other crime may join it.
        """
        await self.database.run(
            "UPDATE outbox SET crime_reference = ?, came_by = ? || came_by,"
            " came_as = CASE WHEN came_with = '' THEN correlation_id ELSE came_as END,"
            " came_with = CASE WHEN came_with = '' THEN event_id ELSE came_with END"
            " WHERE person_id = ? AND channel IN ('text', 'email') AND status = 'waiting'"
            " AND crime_reference = ?",
            (into, came_by, person_id, from_reference),
        )

    async def keep_for_its_own(self, into: str, person_id: str, event_id: str, step: str) -> None:
        """Note that what waits names an event of a merged crime: news of the other may join it."""
        if step:
            await self.database.run(
                "UPDATE outbox SET came_by = ?, came_as = correlation_id, came_with = event_id"
                " WHERE person_id = ? AND status = 'waiting' AND crime_reference = ?"
                " AND event_id = ? AND (came_with = '' OR came_by = ?)",
                (step, person_id, into, event_id, step),
            )

    async def move_back(
        self, from_reference: str, step: str, to: str, person_id: str, *, leaves: bool
    ) -> None:
        """Let what came by a merger be about a victim's own crime again.

        If one `leaves` the other crime, news of that which waits never goes. What came meanwhile
        under the reference of their own crime stays with it.
        """
        await self.database.run(
            "UPDATE outbox SET crime_reference = ?,"  # noqa: S608
            f" event_id = CASE WHEN {_IS_ITS_OWN} THEN event_id ELSE came_with END,"
            f" correlation_id = CASE WHEN {_IS_ITS_OWN} THEN correlation_id ELSE came_as END,"
            " came_by = substr(came_by, ?)"
            " WHERE person_id = ? AND channel IN ('text', 'email') AND status = 'waiting'"
            f" AND crime_reference = ? AND {CAME_BY} AND (? = 1 OR event_id = came_with)",
            (
                *(to, to, to, len(step) + 1, person_id, from_reference),
                *(len(step), step, int(leaves)),
            ),
        )
        if leaves:
            await self.database.run(
                "UPDATE outbox SET crime_reference = ? WHERE person_id = ?"  # noqa: S608
                " AND channel IN ('text', 'email') AND status = 'waiting'"
                " AND notice NOT IN ('advice', 'still_with_us')"  # these are planned anew
                f" AND crime_reference = ? AND {_IS_ITS_OWN}",
                (to, person_id, from_reference, to),
            )
            await self.cancel(from_reference, person_id, "the merger was taken back")
            return
        # What news of the other crime has joined goes by itself: each crime tells its own.
        where = f" WHERE person_id = ? AND status = 'waiting' AND crime_reference = ? AND {CAME_BY}"
        of = (person_id, from_reference, len(step), step)
        await self.database.run(
            "INSERT INTO outbox (crime_reference, person_id, notice, channel, event_id,"  # noqa: S608
            " due_at, held_because, claimed_by, correlation_id, happened_at)"
            " SELECT ?, person_id, notice, channel, came_with, due_at, held_because, ?, came_as,"
            f" happened_at FROM outbox{where}",
            (to, self.unclaimed, *of),
        )
        await self.database.run(f"UPDATE outbox SET came_by = ''{where}", of)  # noqa: S608

    async def set_sent(self, message: Message, message_id: str, now: datetime) -> None:
        """Save the gateway's id of a message; news that joined it meanwhile still waits."""
        await self.database.run(
            "UPDATE outbox SET message_id = ?, address = ?, sent_at = ?, attempts = 0,"
            " claimed_by = ?,"
            " status = CASE WHEN event_id = ? THEN 'sent' ELSE status END WHERE id = ?",
            (
                *(message_id, message.address, seconds(now), self.unclaimed),
                *(message.event_id, message.id),
            ),
        )

    async def set_refused(self, message: Message, why: str) -> None:
        """Save that a message will not be sent."""
        await self.database.run(
            "UPDATE outbox SET status = 'refused', held_because = ? WHERE id = ?",
            (why, message.id),
        )

    async def try_again(self, message: Message, at: datetime) -> None:
        """Count a failed try; the message is due again at a time."""
        await self.database.run(
            "UPDATE outbox SET attempts = attempts + 1, due_at = ?, claimed_by = ? WHERE id = ?",
            (seconds(at), self.unclaimed, message.id),
        )

    async def wait_for_turn(self, message: Message, at: datetime) -> None:
        """Let a message that was not sent be due again at a time; that was no failed try."""
        await self.database.run(
            "UPDATE outbox SET due_at = ?, claimed_by = ? WHERE id = ?",
            (seconds(at), self.unclaimed, message.id),
        )

    async def sent_as(self, message_id: str) -> LostMessage | None:
        """Find what was sent by the gateway's id."""
        row = await self.database.one(
            "SELECT address, notice, person_id, crime_reference, event_id FROM outbox"
            " WHERE message_id = ?",
            (message_id,),
        )
        return None if row is None else LostMessage(*row)

    async def sent_to(self, number: int) -> str:
        """Find the address to which a message went, by its number ("" where none did)."""
        sql = "SELECT address FROM outbox WHERE id = ? AND sent_at IS NOT NULL"
        row = await self.database.one(sql, (number,))
        return "" if row is None else str(row[0])

    async def has_told(self, reference: str, person_id: str, notice: str = "%") -> bool:
        """Say whether a person was told of a crime, if by an officer after a day of tries."""
        sql = (
            "SELECT 1 FROM outbox WHERE person_id = ? AND crime_reference = ? AND notice LIKE ?"
            " AND (status = 'sent' OR status = 'refused' AND attempts > 0) LIMIT 1"
        )
        return await self.database.one(sql, (person_id, reference, notice)) is not None

    async def sent_since(self, person_id: str, since: int) -> set[str]:
        """List the addresses to which messages about a person's crimes were sent since."""
        sql = "SELECT DISTINCT address FROM outbox WHERE person_id = ? AND sent_at >= ?"
        return {str(row[0]) for row in await self.database.all(sql, (person_id, since))}

    async def being_sent(self, event_id: str, channel: Channel, address: str) -> list[LostMessage]:
        """List what waits or is being sent about an event to an address."""
        rows = await self.database.all(
            "SELECT o.notice, o.person_id, o.crime_reference, o.event_id FROM outbox o"
            " JOIN person p ON p.person_id = o.person_id"
            " WHERE (p.text_address = ? OR p.email_address = ?) AND o.channel = ?"
            " AND o.event_id = ? AND o.status = 'waiting' ORDER BY o.id",
            (address, address, channel, event_id),
        )
        return [LostMessage(address, *row) for row in rows]

    async def waiting(self, person_id: str, channel: Channel, address: str) -> list[LostMessage]:
        """List what waits or is being sent to a person's address on a channel."""
        rows = await self.database.all(
            "SELECT notice, person_id, crime_reference, event_id FROM outbox"
            " WHERE person_id = ? AND channel = ? AND status = 'waiting' ORDER BY id",
            (person_id, channel),
        )
        return [LostMessage(address, *row) for row in rows]


@dataclass(slots=True)
class Claims:
    """Which due messages this worker sends; only a shared database needs that written down."""

    database: Database
    _unsettled: set[int] = field(default_factory=set)
    _took_over: bool = False

    async def take(self, now: datetime) -> list[Claim]:
        """Claim due messages that no other worker is sending."""
        if self.database.is_shared:
            claims = await self._take_shared(now)
        else:
            await self._take_over(now)
            claims = await self._due(f"{_IS_DUE} <= ?", (seconds(now),), BATCH)
        self._unsettled |= {each.message.id for each in claims}
        return claims

    async def put_off(self, now: datetime, until: datetime) -> None:
        """Put off everything due, except what another worker is sending."""
        others = await self.database.other_workers() if self.database.is_shared else []
        marks = ", ".join("?" for _ in others)
        theirs = f"AND claimed_by NOT IN ({marks})" if others else ""
        await self.database.run(
            "UPDATE outbox SET due_at = ? WHERE id IN (SELECT id FROM outbox"  # noqa: S608  marks
            f" WHERE status = 'waiting' AND due_at >= 0 AND due_at <= ? {theirs}"
            f" {self.database.claiming('outbox')})",
            (seconds(until), seconds(now), *others),
        )

    def settled(self, claims: Iterable[Claim]) -> None:
        """Note that what became of these claims is saved."""
        self._unsettled -= {each.message.id for each in claims}

    async def still_wanted(self, messages: list[Message]) -> list[Message]:
        """Read again those messages that may still be sent, with their address now."""
        which = f"o.id IN ({', '.join('?' for _ in messages)})"
        values = [each.id for each in messages]
        if self.database.is_shared:
            # Others may have taken this worker for dead, and its messages with that.
            which, values = f"{which} AND o.claimed_by = ?", [*values, self.database.worker]
        return [each.message for each in await self._due(which, tuple(values), len(messages))]

    async def known(self, message_ids: Sequence[str]) -> set[str]:
        """Say which of the gateway's ids are of messages whose sending is saved."""
        if not message_ids:
            return set()
        marks = ", ".join("?" for _ in message_ids)
        rows = await self.database.all(
            f"SELECT message_id FROM outbox WHERE message_id IN ({marks})",  # noqa: S608  marks
            message_ids,
        )
        return {str(row[0]) for row in rows}

    async def _take_shared(self, now: datetime) -> list[Claim]:
        others = [-2, *await self.database.other_workers()]
        marks = ", ".join("?" for _ in others)
        async with self.database.transaction():
            claims = await self._due(
                f"{_IS_DUE} <= ? AND o.claimed_by NOT IN ({marks})",
                (seconds(now), *others),
                SHARED_BATCH,
            )
            left = [each.message.id for each in claims if each.is_left]
            if left:
                await self._let_arrive(f"id IN ({', '.join('?' for _ in left)})", left, now)
            claims = [each for each in claims if not each.is_left]
            if claims:
                ids = ", ".join("?" for _ in claims)
                await self.database.run(
                    f"UPDATE outbox SET claimed_by = ? WHERE id IN ({ids})",  # noqa: S608  marks
                    (self.database.worker, *(each.message.id for each in claims)),
                )
        return claims

    async def _take_over(self, now: datetime) -> None:
        """Put off, once, what an earlier process left, and has not put off itself until now."""
        if not self._took_over:
            which = "claimed_by NOT IN (0, ?) AND (claimed_by > 0 OR due_at < ?)"
            await self._let_arrive(which, [self.database.worker, seconds(now)], now)
            self._took_over = True

    async def _let_arrive(self, which: str, values: Sequence[int], now: datetime) -> None:
        """Put off what was left behind: the gateway, asked too early, would not know it yet."""
        until = seconds(now) + LISTED_SECONDS_MAX
        await self.database.run(
            "UPDATE outbox SET claimed_by = ?,"  # noqa: S608  two ways to say which
            " due_at = CASE WHEN due_at < ? THEN ? ELSE due_at END"
            f" WHERE status = 'waiting' AND {which}",
            (-self.database.worker, until, until, *values),
        )

    async def _due(self, which: str, values: tuple[int, ...], limit: int) -> list[Claim]:
        rows = await self.database.all(
            "SELECT o.id, o.crime_reference, o.person_id, o.notice, o.channel,"  # noqa: S608
            " o.event_id, o.attempts, c.force, p.text_address, p.email_address, p.record,"
            " o.correlation_id, o.claimed_by FROM outbox o"
            " JOIN person p ON p.person_id = o.person_id"
            " JOIN crime c ON c.reference = o.crime_reference"
            f" WHERE o.status = 'waiting' AND {which} ORDER BY o.due_at, o.id LIMIT ?"
            f" {self.database.claiming('o')}",
            (*values, limit),
        )
        return [self._claim(row) for row in rows]

    def _claim(self, row: Row) -> Claim:
        *fields, claimed_by = row
        message = Message(**dict(zip(Message.__struct_fields__, fields, strict=True)))
        me = self.database.worker
        is_new = claimed_by in {0, me} and message.id not in self._unsettled
        # What was put off is marked below 0, and may be asked after when it is due again.
        is_left = claimed_by > 0 and claimed_by != me
        return Claim(message, message.attempts > 0 or not is_new, is_left)
