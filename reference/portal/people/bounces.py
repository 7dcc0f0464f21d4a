"""Messages that did not arrive, were refused, or were tried for too long.

None is silently lost: it goes by another channel where the order allows it, and raises a task.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reference.contract.events import Channel
from reference.contract.messages import DeliveryReceipt
from reference.portal.force.tasks import Tasks
from reference.portal.messages.announcer import Announcer
from reference.portal.messages.sending import Unsent
from reference.portal.people.details import Details
from reference.portal.rules import contact_details
from reference.portal.storage.crimes import Crimes
from reference.portal.storage.outbox import LostMessage, Outbox
from reference.portal.storage.people import People


@dataclass(frozen=True, slots=True)
class Bounces:
    """The use case behind `POST /delivery-receipts`, and behind what the gateway refuses."""

    crimes: Crimes
    people: People
    details: Details
    outbox: Outbox
    announcer: Announcer
    tasks: Tasks

    async def receive_receipt(self, receipt: DeliveryReceipt, now: datetime) -> None:
        """Stop an address that does not work, and have the force ask for another.

        A victim who has another channel is told the same there. An address that bounced is stopped
        whatever was sent there, even a one-time code: the next news would be lost too.
        """
        if receipt.status == "delivered":
            return
        async with self.crimes.database.transaction():
            lost = await self._lost_by(receipt)
            if receipt.status != "permanent-failure":
                for each in lost:
                    await self._say_lost(each, receipt, now)
                return
            address = lost[0].address if lost else self._address(receipt)
            # A record that is given the address meanwhile waits, or is waited for.
            await self.crimes.database.lock([f"address:{address}"])
            if lost or await self.people.ever_reached_at(address):
                await self._stop(address, "bounced", receipt.id, now, lost)

    def _address(self, receipt: DeliveryReceipt) -> str:
        return contact_details.address(receipt.to, crowd=self.details.settings.crowd_numbers)

    async def _lost_by(self, receipt: DeliveryReceipt) -> list[LostMessage]:
        """Find the message of a receipt: by its id or, while it is sent, by event and address.

        A receipt may come before the sending is saved, and only then is the id known.
        """
        lost = await self.outbox.sent_as(receipt.id)
        if lost is not None:
            return [lost]
        channel: Channel = "text" if receipt.notification_type == "sms" else "email"
        address = self._address(receipt)
        return await self.outbox.being_sent(receipt.reference or "", channel, address)

    async def _say_lost(self, lost: LostMessage, receipt: DeliveryReceipt, now: datetime) -> None:
        kind = "text" if receipt.notification_type == "sms" else "email"
        reason = f"{kind}: a message did not arrive ({receipt.status}); the address may be right"
        await self.tasks.say_not_sent(lost.crime_reference, lost.person_id, reason, receipt.id, now)

    async def give_up(self, unsent: Unsent, now: datetime) -> None:
        """Raise a task for a message that will not be sent, or stop its address."""
        message = unsent.message
        if unsent.why == "given up":
            await self.tasks.say_not_sent(
                message.crime_reference,
                message.person_id,
                f"{message.channel}: the gateway could not take a message for a day",
                str(message.id),
                now,
            )
            # With the first news after that they are invited after all.
            await self.crimes.forget_unsent_invitation(message.crime_reference, message.person_id)
            await self.announcer.use_free_places(message.person_id, now)
        elif message.address:
            await self.crimes.database.lock([f"address:{message.address}"])
            lost = LostMessage(
                message.address,
                message.notice,
                message.person_id,
                message.crime_reference,
                message.event_id,
            )
            await self._stop(lost.address, "refused", f"refused: {message.id}", now, [lost])

    async def _stop(
        self, address: str, why: str, cause: str, now: datetime, lost: Sequence[LostMessage]
    ) -> None:
        reached = await self.people.reached_at(address)
        before = {each: await self._channels_of(each) for each in reached}
        for person_id in await self.details.stop(address, why, now):
            await self.details.ask_about(person_id, cause, now)
            instead = await self._channels_of(person_id) - before[person_id]
            if instead:
                stopped: Channel = "email" if "@" in address else "text"
                waiting = await self.outbox.waiting(person_id, stopped, address)
                await self.outbox.cancel_channel(person_id, stopped, "told otherwise")
                theirs = [each for each in lost if each.person_id == person_id]
                await self._tell_otherwise([*theirs, *waiting], sorted(instead), now)
        if any(each.notice == "invitation" for each in lost):
            # News to the same address may have been lost first, and stopped it already.
            for each in sorted({*reached, *(one.person_id for one in lost)}):
                await self.crimes.forget_invitation(each)

    async def _channels_of(self, person_id: str) -> set[Channel]:
        known = await self.people.find(person_id)
        assert known is not None
        return set(known.channels)

    async def _tell_otherwise(
        self, lost: Sequence[LostMessage], channels: Sequence[Channel], now: datetime
    ) -> None:
        for each in lost:
            victim = await self.crimes.victim(each.crime_reference, each.person_id)
            if victim is not None:
                for channel in channels:
                    await self.announcer.announce_on(
                        channel, victim, each.notice, each.event_id, now
                    )
