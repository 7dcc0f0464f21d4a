"""Sees messages through to whoever they are for: sent, received, refused or given up.

What does not arrive is never silently lost: another channel where the order allows it, and a task.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from reference.contract.events import Channel
from reference.contract.messages import DeliveryReceipt
from reference.portal.force.tasks import Tasks
from reference.portal.messages.outbox import Outbox
from reference.portal.messages.sending import Sending, Unsent
from reference.portal.people.details import Details
from reference.portal.rules import contact
from reference.portal.storage.database import Database
from reference.portal.storage.people import People
from reference.portal.storage.store import Store


class _Lost(NamedTuple):
    """A message that did not arrive."""

    address: str
    notice: str
    person_id: str
    crime_reference: str
    event_id: str


class Delivery:
    """The use case behind what is due, and `POST /delivery-receipts`."""

    def __init__(
        self,
        *,
        store: Store,
        people: People,
        details: Details,
        outbox: Outbox,
        sending: Sending,
        tasks: Tasks,
    ) -> None:
        self._store = store
        self._database: Database = store.database
        self._people = people
        self._details = details
        self._outbox = outbox
        self._sending = sending
        self._tasks = tasks

    async def run_due(self, now: datetime) -> None:
        """Send what is due; what will not go at all is given to a person."""
        await self._sending.send_due(now, self._give_up)

    async def receive_receipt(self, receipt: DeliveryReceipt, now: datetime) -> None:
        """Let nothing more go to an address that does not work, and have somebody ask.

        Who can be reached otherwise is told the same there. An address that bounced is stopped
        whatever went there, a one-time code too: the next news would be lost as well.
        """
        if receipt.status == "delivered":
            return
        async with self._database.transaction():
            lost = await self._lost_by(receipt)
            if receipt.status != "permanent-failure":
                for each in lost:
                    await self._say_lost(each, receipt, now)
                return
            address = lost[0].address if lost else contact.address(receipt.to)
            if lost or await self._people.ever_reached_at(address):
                await self._stop(address, "bounced", receipt.id, now, lost)

    async def _lost_by(self, receipt: DeliveryReceipt) -> list[_Lost]:
        """Find what did not arrive: by its id or, while it is being sent, by event and address.

        A receipt may come before what was sent is written down: an id is known only then.
        """
        row = await self._database.one(
            "SELECT address, notice, person_id, crime_reference, event_id FROM outbox"
            " WHERE message_id = ?",
            (receipt.id,),
        )
        if row is not None:
            return [_Lost(*row)]
        channel = "text" if receipt.notification_type == "sms" else "email"
        address = contact.address(receipt.to)
        rows = await self._database.all(
            "SELECT o.notice, o.person_id, o.crime_reference, o.event_id FROM outbox o"
            " JOIN person p ON p.person_id = o.person_id"
            " WHERE (p.text_address = ? OR p.email_address = ?) AND o.channel = ?"
            " AND o.event_id = ? AND o.status = 'waiting' ORDER BY o.id",
            (address, address, channel, receipt.reference or ""),
        )
        return [_Lost(address, *row) for row in rows]

    async def _say_lost(self, lost: _Lost, receipt: DeliveryReceipt, now: datetime) -> None:
        """Have somebody tell a victim what did not reach them, though the address may be right."""
        kind = "text" if receipt.notification_type == "sms" else "email"
        reason = f"{kind}: a message did not arrive ({receipt.status}); the address may be right"
        await self._tasks.say_not_sent(
            lost.crime_reference, lost.person_id, reason, receipt.id, now
        )

    async def _give_up(self, unsent: Unsent, now: datetime) -> None:
        message = unsent.message
        if unsent.why == "given up":
            await self._tasks.say_not_sent(
                message.crime_reference,
                message.person_id,
                f"{message.channel}: the gateway could not take a message for a day",
                str(message.id),
                now,
            )
        elif message.address:
            lost = _Lost(
                message.address,
                message.notice,
                message.person_id,
                message.crime_reference,
                message.event_id,
            )
            await self._stop(lost.address, "refused", f"refused: {message.id}", now, [lost])

    async def _stop(
        self, address: str, why: str, cause: str, now: datetime, lost: Sequence[_Lost]
    ) -> None:
        """Let nothing more go to an address, and tell what was lost there otherwise if we can."""
        reached = await self._people.reached_at(address)
        before = {each: await self._channels_of(each) for each in reached}
        for person_id in await self._details.stop(address, why, now):
            await self._details.ask_about(person_id, cause, now)
            instead = await self._channels_of(person_id) - before[person_id]
            if instead:
                stopped: Channel = "email" if "@" in address else "text"
                waiting = await self._waiting(person_id, stopped, address)
                await self._outbox.cancel_channel(person_id, stopped, "told otherwise")
                theirs = [each for each in lost if each.person_id == person_id]
                await self._tell_otherwise([*theirs, *waiting], sorted(instead), now)
        if any(each.notice == "invitation" for each in lost):
            # News to the same address may have been lost first, and stopped it already.
            for each in sorted({*reached, *(one.person_id for one in lost)}):
                await self._store.forget_invitation(each)

    async def _channels_of(self, person_id: str) -> set[Channel]:
        known = await self._people.find(person_id)
        assert known is not None
        now = {"text": known.text_address, "email": known.email_address}
        return {each for each in contact.CHANNELS if now[each]}

    async def _waiting(self, person_id: str, channel: Channel, address: str) -> list[_Lost]:
        """List what waits, or is being sent, to where nothing arrives."""
        rows = await self._database.all(
            "SELECT notice, person_id, crime_reference, event_id FROM outbox"
            " WHERE person_id = ? AND channel = ? AND status = 'waiting' ORDER BY id",
            (person_id, channel),
        )
        return [_Lost(address, *row) for row in rows]

    async def _tell_otherwise(
        self, lost: Sequence[_Lost], channels: Sequence[Channel], now: datetime
    ) -> None:
        for each in lost:
            victim = await self._store.victim(each.crime_reference, each.person_id)
            if victim is not None:
                for channel in channels:
                    await self._outbox.announce_on(channel, victim, each.notice, each.event_id, now)
