"""What is to be sent: written in the same transaction as its cause, and sent by `sending.py`.

A message that is still waiting already says what another of its kind would say: the newer event
joins it.
"""

from datetime import datetime

from msgspec import Struct

from reference.contract.events import Channel
from reference.portal.correlation import correlation_id
from reference.portal.rules import timing
from reference.portal.settings import Settings
from reference.portal.storage.database import Database
from reference.portal.storage.store import Victim, moment, seconds

_CAPPED = ("update", "advice", "still_with_us")


class HeldBack(Struct, frozen=True, kw_only=True):
    """A message that did not go when it was wanted, or not at all, and why."""

    crime_reference: str
    person_id: str
    notice: str
    channel: Channel
    due_at: int
    status: str
    held_because: str


class Outbox:
    """Queues announcements, and takes back what must no longer go."""

    def __init__(self, *, database: Database, settings: Settings) -> None:
        self._database = database
        # Who shares the outbox with nobody sends what it writes: no claim need be written later.
        self._written_by = 0 if database.is_shared else database.worker
        self._settings = settings

    async def announce(self, victim: Victim, notice: str, event_id: str, now: datetime) -> None:
        """Queue a notice to one victim of one crime on every channel that reaches them."""
        for channel in victim.addresses:
            await self.announce_on(channel, victim, notice, event_id, now)

    async def announce_on(
        self, channel: Channel, victim: Victim, notice: str, event_id: str, now: datetime
    ) -> None:
        """Queue a notice on one channel, paced from phase 2 on."""
        if await self._join_waiting(victim, notice, channel, event_id):
            return
        due_at, held_because = now, ""
        if notice in _CAPPED and self._settings.phase_at(now) >= 2:
            due_at, held_because = await self._paced(victim, channel, now)
        await self._database.run(
            "INSERT INTO outbox (crime_reference, person_id, notice, channel, event_id,"
            " due_at, held_because, claimed_by, correlation_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                victim.crime_reference,
                victim.person_id,
                notice,
                channel,
                event_id,
                seconds(timing.send_at(due_at, self._settings)),
                held_because,
                self._written_by,
                correlation_id(),
            ),
        )

    async def overtake(self, victim: Victim, *, is_over: bool) -> None:
        """Let news overtake what waits to say "still with us", and the end of a case its advice."""
        notices = "('still_with_us', 'advice')" if is_over else "('still_with_us')"
        await self._database.run(
            "UPDATE outbox SET status = 'cancelled',"  # noqa: S608  two names
            " held_because = 'overtaken by news'"
            " WHERE person_id = ? AND channel IN ('text', 'email') AND status = 'waiting'"
            f" AND crime_reference = ? AND notice IN {notices}",
            (victim.person_id, victim.crime_reference),
        )

    async def cancel(self, reference: str, person_id: str, why: str) -> set[str]:
        """Send nothing of what still waits for this person about this crime.

        Whose invitation was among it may be invited yet, should that change. Answers which events
        were to be told of.
        """
        rows = await self._database.all(
            "UPDATE outbox SET status = 'cancelled', held_because = ?"
            " WHERE person_id = ? AND channel IN ('text', 'email') AND status = 'waiting'"
            " AND crime_reference = ? RETURNING event_id",
            (why, person_id, reference),
        )
        if rows:
            await self._database.run(
                "UPDATE victim SET invited_at = NULL WHERE crime_reference = ? AND person_id = ?"
                " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.person_id = victim.person_id"
                " AND o.crime_reference = victim.crime_reference AND o.status = 'sent')",
                (reference, person_id),
            )
        return {str(row[0]) for row in rows}

    async def cancel_channel(self, person_id: str, channel: Channel, why: str) -> None:
        """Send nothing of what still waits for this person on a channel."""
        await self._database.run(
            "UPDATE outbox SET status = 'cancelled', held_because = ?"
            " WHERE person_id = ? AND channel = ? AND status = 'waiting'",
            (why, person_id, channel),
        )

    async def move(self, from_reference: str, into: str, person_id: str) -> None:
        """Let what waits about a crime go about the one it was merged into."""
        await self._database.run(
            "UPDATE outbox SET crime_reference = ?"
            " WHERE person_id = ? AND channel IN ('text', 'email') AND status = 'waiting'"
            " AND crime_reference = ?",
            (into, person_id, from_reference),
        )

    async def held_back(self) -> list[HeldBack]:
        """List what was held back and why, for staff to see: the newest first."""
        rows = await self._database.all(
            "SELECT crime_reference, person_id, notice, channel, due_at, status, held_because"
            " FROM outbox WHERE held_because <> '' AND status <> 'sent' ORDER BY id DESC LIMIT 1000"
        )
        fields = HeldBack.__struct_fields__
        return [HeldBack(**dict(zip(fields, row, strict=True))) for row in rows]

    async def _join_waiting(
        self, victim: Victim, notice: str, channel: Channel, event_id: str
    ) -> bool:
        touched = await self._database.run(
            "UPDATE outbox SET event_id = ?, correlation_id = ?"
            " WHERE person_id = ? AND crime_reference = ?"
            " AND channel = ? AND notice = ? AND status = 'waiting'",
            (
                *(event_id, correlation_id()),
                *(victim.person_id, victim.crime_reference, channel, notice),
            ),
        )
        return touched > 0

    async def _paced(self, victim: Victim, channel: Channel, now: datetime) -> tuple[datetime, str]:
        """Find when news of phase 2 may go, and why it is held if it is."""
        phase = self._settings.phase_at(now)
        due_at = timing.bundle_until(now, phase, self._settings)
        sent = await self._sent_this_week(victim.person_id, channel, now)
        capped = timing.cap_until(due_at, sent, phase, self._settings)
        if capped > due_at:
            latest = timing.told_by(now, victim.record, self._settings)
            return max(due_at, min(capped, latest)), "weekly limit"
        return due_at, ""

    async def _sent_this_week(
        self, person_id: str, channel: Channel, now: datetime
    ) -> list[datetime]:
        rows = await self._database.all(
            "SELECT coalesce(sent_at, due_at) AS at FROM outbox WHERE person_id = ?"
            " AND channel = ? AND coalesce(sent_at, due_at) > ? AND status IN ('sent', 'waiting')"
            " AND notice IN ('update', 'advice', 'still_with_us') ORDER BY at",
            (person_id, channel, seconds(now - timing.WEEK)),
        )
        return [moment(row[0]) for row in rows]
