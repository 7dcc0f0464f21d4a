"""Sees messages through to whoever they are for: sent, received, refused, or somebody else's.

What does not arrive is never silently lost: another channel where the order allows it, and a task.
"""

from datetime import datetime

from reference.contract.messages import DeliveryReceipt
from reference.portal.audit import Audit
from reference.portal.database import Database
from reference.portal.details import Details
from reference.portal.outbox import Outbox
from reference.portal.people import People
from reference.portal.sending import Sending
from reference.portal.store import Store
from reference.portal.tasks import Tasks


class Delivery:
    """The use case behind what is due, `POST /delivery-receipts`, and "this is not for me"."""

    def __init__(
        self,
        *,
        store: Store,
        people: People,
        details: Details,
        outbox: Outbox,
        sending: Sending,
        tasks: Tasks,
        audit: Audit,
    ) -> None:
        self._store = store
        self._database: Database = store.database
        self._people = people
        self._details = details
        self._outbox = outbox
        self._sending = sending
        self._tasks = tasks
        self._audit = audit

    async def run_due(self, now: datetime) -> None:
        """Send what is due; what will not go at all is given to a person."""
        for unsent in await self._sending.send_due(now):
            message = unsent.message
            async with self._database.transaction():
                if unsent.why == "refused" and message.address:
                    for person_id in await self._details.stop(message.address, "refused", now):
                        await self._details.ask_about(person_id, f"refused: {message.id}", now)
                elif unsent.why == "given up":
                    await self._tasks.say_not_sent(
                        message.crime_reference,
                        message.person_id,
                        f"{message.channel}: the gateway could not take a message for a day",
                        str(message.id),
                        now,
                    )

    async def receive_receipt(self, receipt: DeliveryReceipt, now: datetime) -> None:
        """Let nothing more go to an address that does not work, and have somebody ask.

        Who can be reached otherwise is told the same there.
        """
        if receipt.status != "permanent-failure":
            return
        async with self._database.transaction():
            row = await self._database.one(
                "SELECT address, notice, person_id, crime_reference, event_id FROM outbox"
                " WHERE message_id = ?",
                (receipt.id,),
            )
            if row is None:
                return
            address, notice, person_id, reference, event_id = row
            reached = {*await self._people.reached_at(address), person_id}
            before = await self._store.victim(reference, person_id)
            for each in await self._details.stop(address, "bounced", now):
                await self._details.ask_about(each, receipt.id, now)
            after = await self._store.victim(reference, person_id)
            if before is not None and after is not None:
                for channel in after.addresses.keys() - before.addresses.keys():
                    await self._outbox.announce_on(channel, after, notice, event_id, now)
            if notice == "invitation":
                # News to the same address may have bounced first, and stopped it already.
                for each in sorted(reached):
                    await self._store.forget_invitation(each)

    async def stop_address(self, address: str, now: datetime) -> None:
        """Take "this is not for me": nothing more goes there, and it is looked into as a breach."""
        async with self._database.transaction():
            for person_id in await self._details.stop(address, "not for me", now):
                await self._audit.note("somebody", "said not for me", now, person=person_id)
                await self._tasks.look_into_breach(address, person_id, now)
