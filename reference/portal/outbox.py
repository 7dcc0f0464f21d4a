"""What is to be sent: written in the same transaction as its cause, sent once it is due.

A message that is still waiting already says what another of its kind would say: the newer event
joins it.
"""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from reference.contract.events import Channel
from reference.portal import contact, journey, policy
from reference.portal.catalogue import Catalogue
from reference.portal.errors import NeighbourDown, Problem
from reference.portal.gateway import Gateway, Outgoing
from reference.portal.settings import Settings
from reference.portal.store import Store, Victim, moment, seconds
from reference.portal.tokens import Tokens

BATCH = 500
ATTEMPTS_MAX = 12
_CAPPED = ("update", "advice", "still_with_us")


class Message(Struct, frozen=True, kw_only=True):
    """One waiting message with what its wording needs."""

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


class Outbox:
    """Queues announcements and sends them."""

    def __init__(
        self,
        *,
        store: Store,
        gateway: Gateway,
        catalogue: Catalogue,
        tokens: Tokens,
        settings: Settings,
    ) -> None:
        self._store = store
        self._database = store.database
        self._gateway = gateway
        self._catalogue = catalogue
        self._tokens = tokens
        self._settings = settings

    async def announce(self, victim: Victim, notice: str, event_id: str, now: datetime) -> None:
        """Queue a notice to one victim of one crime on every channel that reaches them."""
        phase = self._settings.phase_at(now)
        for channel in victim.addresses:
            if await self._join_waiting(victim, notice, channel, event_id):
                continue
            due_at, held_because = now, ""
            if phase >= 2 and notice in _CAPPED:
                due_at, held_because = await self._paced(victim.person_id, channel, now)
            await self._database.run(
                "INSERT INTO outbox (crime_reference, person_id, notice, channel, event_id,"
                " due_at, held_because) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    victim.crime_reference,
                    victim.person_id,
                    notice,
                    channel,
                    event_id,
                    seconds(policy.send_at(due_at, self._settings)),
                    held_because,
                ),
            )

    async def overtake(self, victim: Victim, *, is_over: bool) -> None:
        """Let news overtake what waits to say "still with us", and the end of a case its advice."""
        await self._database.run(
            "UPDATE outbox SET status = 'cancelled', held_because = 'overtaken by news'"
            " WHERE person_id = ? AND channel IN ('text', 'email') AND status = 'waiting'"
            " AND crime_reference = ? AND (notice = 'still_with_us' OR (? AND notice = 'advice'))",
            (victim.person_id, victim.crime_reference, is_over),
        )

    async def cancel(self, reference: str, person_id: str, why: str) -> None:
        """Send nothing of what still waits for this person about this crime."""
        await self._database.run(
            "UPDATE outbox SET status = 'cancelled', held_because = ?"
            " WHERE crime_reference = ? AND person_id = ? AND status = 'waiting'",
            (why, reference, person_id),
        )

    async def send_due(self, now: datetime) -> list[Message]:
        """Send everything due; what the gateway could not take is tried again, ever later.

        Answers what it refused for good.
        """
        refused: list[Message] = []
        waiting = await self._due(now)
        while waiting:
            outgoing = [await self._worded(message, now) for message in waiting]
            results = await self._gateway.send_all(outgoing)
            async with self._database.transaction():
                for message, result in zip(waiting, results, strict=True):
                    await self._settle(message, result, now)
                    if isinstance(result, Problem) and message.address:
                        refused.append(message)
            waiting = await self._due(now)
        return refused

    async def next_due(self) -> int | None:
        """Find when the next message is due."""
        row = await self._database.one("SELECT min(due_at) FROM outbox WHERE status = 'waiting'")
        return None if row is None else row[0]

    async def receive_receipt(self, message_id: str, status: str) -> list[str]:
        """Take a receipt; answers who from now on is not reached where it went."""
        row = await self._database.one(
            "SELECT address, notice, person_id FROM outbox WHERE message_id = ?", (message_id,)
        )
        if row is None or status != "permanent-failure":
            return []
        address, notice, person_id = row
        people = await self._store.stop_address(address, "bounced")
        if notice == "invitation":
            # News to the same address may have bounced first, and stopped it already.
            for each in {person_id, *people}:
                await self._store.forget_invitation(each)
        return people

    async def _due(self, now: datetime) -> list[Message]:
        rows = await self._database.all(
            "SELECT o.id, o.crime_reference, o.person_id, o.notice, o.channel, o.event_id,"
            " o.attempts, c.force, p.text_address, p.email_address, p.record FROM outbox o"
            " JOIN person p ON p.person_id = o.person_id"
            " JOIN crime c ON c.reference = o.crime_reference"
            " WHERE o.status = 'waiting' AND o.due_at <= ? ORDER BY o.due_at, o.id LIMIT ?",
            (seconds(now), BATCH),
        )
        fields = Message.__struct_fields__
        return [Message(**dict(zip(fields, row, strict=True))) for row in rows]

    async def _worded(self, message: Message, now: datetime) -> Outgoing:
        """Put it in words; an invitation's token is made here and kept only as a digest."""
        force = self._settings.forces[message.force]
        values: dict[str, Any] = {
            "force": force.name,
            "non_emergency": force.non_emergency,
            "portal": self._settings.public_url,
            "name": self._greeting(message, now),
        }
        if message.notice == "invitation":
            token = await self._tokens.invite(message.person_id, message.event_id, now)
            values["link"] = f"{self._settings.public_url}/invitation/{token}"
        notice = self._catalogue.notice(message.notice)
        rendered = notice.render(message.channel, **values)
        return Outgoing(
            channel=message.channel,
            to=message.address,
            subject=rendered.subject,
            body=rendered.body,
            reference=message.event_id,
        )

    def _greeting(self, message: Message, now: datetime) -> str:
        """Give the name to greet by in phase 2, or "" where it failed the checks."""
        if self._settings.phase_at(now) < 2 or message.channel == "text":
            return ""
        record = self._store.decode_record(message.record)
        return record.given_name if contact.name_is_sound(record) else ""

    async def _settle(
        self, message: Message, result: str | Problem | NeighbourDown, now: datetime
    ) -> None:
        """Keep what became of it: sent, refused for good, or to be tried again."""
        if isinstance(result, str):
            await self._database.run(
                "UPDATE outbox SET message_id = ?, address = ?, sent_at = ?,"
                " status = CASE WHEN event_id = ? THEN 'sent' ELSE 'waiting' END WHERE id = ?",
                (result, message.address, seconds(now), message.event_id, message.id),
            )
        elif isinstance(result, Problem) or message.attempts + 1 >= ATTEMPTS_MAX:
            await self._database.run(
                "UPDATE outbox SET status = 'refused', held_because = ? WHERE id = ?",
                (str(result), message.id),
            )
        else:
            later = now + timedelta(seconds=min(15 * 2**message.attempts, 3600))
            again = policy.send_at(later, self._settings)
            await self._database.run(
                "UPDATE outbox SET attempts = attempts + 1, due_at = ? WHERE id = ?",
                (seconds(again), message.id),
            )

    async def _join_waiting(
        self, victim: Victim, notice: str, channel: Channel, event_id: str
    ) -> bool:
        touched = await self._database.run(
            "UPDATE outbox SET event_id = ? WHERE person_id = ? AND crime_reference = ?"
            " AND channel = ? AND notice = ? AND status = 'waiting'",
            (event_id, victim.person_id, victim.crime_reference, channel, notice),
        )
        return touched > 0

    async def _paced(self, person_id: str, channel: Channel, now: datetime) -> tuple[datetime, str]:
        """Find when news of phase 2 may go, and why it is held if it is."""
        phase = self._settings.phase_at(now)
        due_at = journey.bundle_until(now, phase, self._settings)
        sent = await self._sent_this_week(person_id, channel, now)
        capped = journey.cap_until(due_at, sent, phase, self._settings)
        return capped, "weekly limit" if capped > due_at else ""

    async def _sent_this_week(
        self, person_id: str, channel: Channel, now: datetime
    ) -> list[datetime]:
        rows = await self._database.all(
            "SELECT coalesce(sent_at, due_at) AS at FROM outbox WHERE person_id = ?"
            " AND channel = ? AND coalesce(sent_at, due_at) > ? AND status IN ('sent', 'waiting')"
            " AND notice IN ('update', 'advice', 'still_with_us') ORDER BY at",
            (person_id, channel, seconds(now - journey.WEEK)),
        )
        return [moment(row[0]) for row in rows]
