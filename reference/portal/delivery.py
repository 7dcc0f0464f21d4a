"""Sees messages through to whoever they are for: sent, received, refused or given up.

What does not arrive is never silently lost: another channel where the order allows it, and a task.
"""

from datetime import datetime
from typing import NamedTuple

from reference.contract.messages import DeliveryReceipt
from reference.portal.database import Database
from reference.portal.details import Details
from reference.portal.outbox import Outbox
from reference.portal.people import People
from reference.portal.sending import Sending, Unsent
from reference.portal.store import Store
from reference.portal.tasks import Tasks


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

        Who can be reached otherwise is told the same there.
        """
        if receipt.status == "delivered":
            return
        async with self._database.transaction():
            row = await self._database.one(
                "SELECT address, notice, person_id, crime_reference, event_id FROM outbox"
                " WHERE message_id = ?",
                (receipt.id,),
            )
            if row is None:
                return
            if receipt.status != "permanent-failure":
                await self._say_lost(_Lost(*row), receipt, now)
                return
            await self._stop(_Lost(*row), "bounced", receipt.id, now)

    async def _say_lost(self, lost: "_Lost", receipt: DeliveryReceipt, now: datetime) -> None:
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
            await self._stop(lost, "refused", f"refused: {message.id}", now)

    async def _stop(self, lost: "_Lost", why: str, cause: str, now: datetime) -> None:
        """Let nothing more go where a message was lost, and tell the same otherwise if we can."""
        reached = {*await self._people.reached_at(lost.address), lost.person_id}
        before = await self._store.victim(lost.crime_reference, lost.person_id)
        for each in await self._details.stop(lost.address, why, now):
            await self._details.ask_about(each, cause, now)
        after = await self._store.victim(lost.crime_reference, lost.person_id)
        if before is not None and after is not None:
            for channel in after.addresses.keys() - before.addresses.keys():
                await self._outbox.announce_on(channel, after, lost.notice, lost.event_id, now)
        if lost.notice == "invitation":
            # News to the same address may have been lost first, and stopped it already.
            for each in sorted(reached):
                await self._store.forget_invitation(each)
