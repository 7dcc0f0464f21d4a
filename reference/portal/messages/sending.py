"""Sends what is due from the outbox: claimed, worded, handed to the gateway, and settled.

When the last try of a message ended in a crash or a timeout, the portal asks the gateway for its
reference before it sends it again, minutes later: no victim is told twice.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from reference.contract.events import Channel
from reference.portal.errors import NeighbourDown, Problem
from reference.portal.messages.gateway import Gateway, Outgoing, RateLimited, Sought
from reference.portal.rules import contact_details, quiet_hours
from reference.portal.rules.recipients import decode_record
from reference.portal.settings import Settings
from reference.portal.storage.outbox import LISTED_SECONDS_MAX, Claims, Message, Outbox
from reference.portal.words.catalogue import Catalogue

TRIES_MAX = 30  # about a day of trying, ever later
TOGETHER = 32  # as many as there are connections to the gateway
Result = str | Problem | NeighbourDown


class Unsent(Struct, frozen=True, kw_only=True):
    """A message that will not go: refused for good by the gateway, or tried long enough."""

    message: Message
    why: Literal["refused", "given up"]


#: Makes an invitation's token for a person, by its cause and the address it is sent to.
Invite = Callable[[str, str, datetime, str], Awaitable[str]]
GiveUp = Callable[[Unsent, datetime], Awaitable[None]]
#: Puts off what waits for a place in a person's week on a channel.
PutOff = Callable[[str, Channel, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Sending:
    """Sends due messages, a batch at a time; `give_up` takes what will not be sent.

    What went late has its place in the week until later: `put_off` lets others wait for that.
    """

    outbox: Outbox
    claims: Claims
    gateway: Gateway
    catalogue: Catalogue
    invite: Invite
    not_for_me: Callable[[int, str], str]
    give_up: GiveUp
    put_off: PutOff
    settings: Settings

    async def run_due(self, now: datetime) -> None:
        """Send a batch of what is due; what the gateway could not take is tried again later.

        A message that will not be sent is given up in the transaction that saves this. A message
        that was due by day and gets its turn in quiet hours, after an outage say, waits.
        """
        opens = quiet_hours.send_at(now, self.settings)
        if opens > now:
            await self.claims.put_off(now, opens)
            return
        claimed = await self.claims.take(now)
        unsure = [each.message for each in claimed if each.is_unsure]
        sure = [each.message for each in claimed if not each.is_unsure]
        results = await self._ask_first(unsure, now) if unsure else []
        results += await self._send(sure, now, is_just_read=not unsure)
        async with self.outbox.database.transaction():
            for message, result in results:
                if isinstance(result, RateLimited) and self.gateway.flows:
                    await self.outbox.wait_for_turn(message, now + timedelta(seconds=1))
                    continue
                why = await self._settle(message, result, now)
                if why is not None:
                    await self.give_up(Unsent(message=message, why=why), now)
            for message in unsure:
                await self.put_off(message.person_id, message.channel, now)
        self.claims.settled(claimed)

    async def _send(
        self, messages: list[Message], now: datetime, *, is_just_read: bool
    ) -> list[tuple[Message, Result]]:
        """Send a few at once, then read the rest again: one may have been stopped meanwhile."""
        results: list[tuple[Message, Result]] = []
        for start in range(0, len(messages), TOGETHER):
            some = messages[start : start + TOGETHER]
            if start or not is_just_read:
                some = await self.claims.still_wanted(some)
            outgoing = [await self._worded(message, now) for message in some]
            results += zip(some, await self.gateway.send_all(outgoing), strict=True)
        return results

    async def _ask_first(
        self, messages: list[Message], now: datetime
    ) -> list[tuple[Message, Result]]:
        """Ask the gateway which messages it has, and send those it does not."""
        found_all = await self.gateway.find_all(
            [Sought(each.event_id, each.channel, each.address) for each in messages]
        )
        results: list[tuple[Message, Result]] = []
        missing: list[Message] = []
        taken: set[str] = set()
        for message, found in zip(messages, found_all, strict=True):
            if isinstance(found, NeighbourDown):
                results.append((message, found))
                continue
            known = await self.claims.known(found)
            missed = [each for each in found if each not in known and each not in taken]
            if missed:
                taken.add(missed[0])
                results.append((message, missed[0]))
            else:
                missing.append(message)
        return [*results, *await self._send(missing, now, is_just_read=False)]

    async def _worded(self, message: Message, now: datetime) -> Outgoing:
        """Render a message; an invitation's token is made here and kept only as a digest.

        An email has a link by which a stranger stops it; a text is answered by the phone itself.
        """
        force = self.settings.forces[message.force]
        values: dict[str, Any] = {
            "force": force.name,
            "non_emergency": force.non_emergency,
            "portal": self.settings.public_url,
            "name": self._greeting(message, now),
        }
        if message.notice == "invitation":
            person_id, event_id = message.person_id, message.event_id
            token = await self.invite(person_id, event_id, now, message.address)
            values["link"] = f"{self.settings.public_url}/invitation/{token}"
        if message.channel == "email":
            token = self.not_for_me(message.id, message.address)
            values["not_for_me"] = f"{self.settings.public_url}/not-for-me/{token}"
        notice = self.catalogue.notice(message.notice)
        rendered = notice.render(message.channel, **values)
        return Outgoing(
            channel=message.channel,
            to=message.address,
            subject=rendered.subject,
            body=rendered.body,
            reference=message.event_id,
            correlation_id=message.correlation_id,
        )

    def _greeting(self, message: Message, now: datetime) -> str:
        if self.settings.phase_at(now) < 2 or message.channel == "text":
            return ""
        record = decode_record(message.record)
        return record.given_name.strip() if contact_details.name_is_sound(record) else ""

    async def _settle(
        self, message: Message, result: Result, now: datetime
    ) -> Literal["refused", "given up"] | None:
        if isinstance(result, str):
            await self.outbox.set_sent(message, result, now)
            return None
        if isinstance(result, Problem) or message.attempts + 1 >= TRIES_MAX:
            await self.outbox.set_refused(message, str(result))
            return "refused" if isinstance(result, Problem) else "given up"
        wait = max(LISTED_SECONDS_MAX, min(15 * 2**message.attempts, 3600))
        later = now + timedelta(seconds=wait)
        await self.outbox.try_again(message, quiet_hours.send_at(later, self.settings))
        return None
