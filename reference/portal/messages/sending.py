"""Sends what is due from the outbox: claimed, worded, handed to the gateway, and settled.

A message whose last try came to an unknown end (a crash, a timeout) is asked after at the gateway
by its reference before it is sent again: nobody is told twice.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from reference.portal.errors import NeighbourDown, Problem
from reference.portal.messages.gateway import Gateway, Outgoing, Sought
from reference.portal.people.tokens import Tokens
from reference.portal.rules import contact, timing
from reference.portal.settings import Settings
from reference.portal.storage.claims import Claims, Message
from reference.portal.storage.database import Database
from reference.portal.storage.store import decode_record, seconds
from reference.portal.words.catalogue import Catalogue

TRIES_MAX = 30  # about a day of trying, ever later
TOGETHER = 32  # as many as there are connections to the gateway
Result = str | Problem | NeighbourDown


class Unsent(Struct, frozen=True, kw_only=True):
    """A message that will not go: refused for good by the gateway, or tried long enough."""

    message: Message
    why: Literal["refused", "given up"]


class Sending:
    """The use case behind what is due."""

    def __init__(
        self,
        *,
        database: Database,
        claims: Claims,
        gateway: Gateway,
        catalogue: Catalogue,
        tokens: Tokens,
        settings: Settings,
    ) -> None:
        self._database = database
        self._claims = claims
        self._free = 0 if database.is_shared else database.worker
        self._gateway = gateway
        self._catalogue = catalogue
        self._tokens = tokens
        self._settings = settings

    async def send_due(
        self, now: datetime, give_up: Callable[[Unsent, datetime], Awaitable[None]]
    ) -> None:
        """Send what is due, a batch of it; what the gateway could not take is tried again, later.

        What will not go at all is given up in the transaction that keeps so. What was due by day
        and comes to its turn in quiet hours, after an outage say, waits until they end.
        """
        opens = timing.send_at(now, self._settings)
        if opens > now:
            await self._claims.put_off(now, opens)
            return
        claimed = await self._claims.take(now)
        unsure = [each.message for each in claimed if each.is_unsure]
        sure = [each.message for each in claimed if not each.is_unsure]
        results = await self._ask_first(unsure, now) if unsure else []
        results += await self._send(sure, now, is_just_read=not unsure)
        async with self._database.transaction():
            for message, result in results:
                why = await self._settle(message, result, now)
                if why is not None:
                    await give_up(Unsent(message=message, why=why), now)
        self._claims.settled(claimed)

    async def _send(
        self, messages: list[Message], now: datetime, *, is_just_read: bool
    ) -> list[tuple[Message, Result]]:
        """Send some together, and look again at the rest: what stops one may come meanwhile."""
        results: list[tuple[Message, Result]] = []
        for start in range(0, len(messages), TOGETHER):
            some = messages[start : start + TOGETHER]
            if start or not is_just_read:
                some = await self._claims.still_wanted(some)
            outgoing = [await self._worded(message, now) for message in some]
            results += zip(some, await self._gateway.send_all(outgoing), strict=True)
        return results

    async def _ask_first(
        self, messages: list[Message], now: datetime
    ) -> list[tuple[Message, Result]]:
        """Find out what became of messages before sending what never arrived at the gateway."""
        found_all = await self._gateway.find_all(
            [Sought(each.event_id, each.channel, each.address) for each in messages]
        )
        results: list[tuple[Message, Result]] = []
        missing: list[Message] = []
        taken: set[str] = set()
        for message, found in zip(messages, found_all, strict=True):
            if isinstance(found, NeighbourDown):
                results.append((message, found))
                continue
            known = await self._claims.known(found)
            missed = [each for each in found if each not in known and each not in taken]
            if missed:
                taken.add(missed[0])
                results.append((message, missed[0]))
            else:
                missing.append(message)
        return [*results, *await self._send(missing, now, is_just_read=False)]

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
            person_id, event_id = message.person_id, message.event_id
            token = await self._tokens.invite(person_id, event_id, now, message.address)
            values["link"] = f"{self._settings.public_url}/invitation/{token}"
        notice = self._catalogue.notice(message.notice)
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
        """Give the name to greet by in phase 2, or "" where it failed the checks."""
        if self._settings.phase_at(now) < 2 or message.channel == "text":
            return ""
        record = decode_record(message.record)
        return record.given_name if contact.name_is_sound(record) else ""

    async def _settle(
        self, message: Message, result: Result, now: datetime
    ) -> Literal["refused", "given up"] | None:
        """Keep what became of it: sent, to be tried again, or given up; answers why not."""
        if isinstance(result, str):
            await self._database.run(
                "UPDATE outbox SET message_id = ?, address = ?, sent_at = ?, attempts = 0,"
                " claimed_by = ?,"
                " status = CASE WHEN event_id = ? THEN 'sent' ELSE status END WHERE id = ?",
                (
                    *(result, message.address, seconds(now), self._free),
                    *(message.event_id, message.id),
                ),
            )
            return None
        if isinstance(result, Problem) or message.attempts + 1 >= TRIES_MAX:
            await self._database.run(
                "UPDATE outbox SET status = 'refused', held_because = ? WHERE id = ?",
                (str(result), message.id),
            )
            return "refused" if isinstance(result, Problem) else "given up"
        later = now + timedelta(seconds=min(15 * 2**message.attempts, 3600))
        again = timing.send_at(later, self._settings)
        await self._database.run(
            "UPDATE outbox SET attempts = attempts + 1, due_at = ?, claimed_by = ? WHERE id = ?",
            (seconds(again), self._free, message.id),
        )
        return None
