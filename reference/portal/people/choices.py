"""How a victim chooses to be told: by which channels, by none, and by a text that says STOP.

A choice ends a channel, never the duty to inform: the officer gets a task. It says nothing about
whether the victim supports the investigation.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec import Struct

from reference.contract.events import Channel
from reference.contract.messages import ReceivedText
from reference.portal.errors import Problem
from reference.portal.force.tasks import Tasks
from reference.portal.messages.immediate import ImmediateMessages
from reference.portal.people.details import Details
from reference.portal.people.not_for_me import NotForMe
from reference.portal.rules import contact_details
from reference.portal.storage.audit import Audit
from reference.portal.storage.crimes import Crimes
from reference.portal.storage.people import People
from reference.portal.storage.received_events import Received
from reference.portal.timestamps import seconds

# STOP counts whatever follows it. The others count alone: "End of the road, I saw him" is none.
_STOP = re.compile(
    r"\W*(?:stop\b.*|(?:stopp?all|unsubscribe|end|quit|cancel|opt\W?out)\W*)",
    re.IGNORECASE | re.DOTALL,
)
# Alone, and not at the head of a sentence: "Not me who rang, my son did" is none.
_NOT_ME = re.compile(r"\W*(?:not\W+(?:for\W+)?me|wrong\W+(?:number|person))\W*", re.IGNORECASE)
_ANSWERED_AGAIN_AFTER = timedelta(days=1)


class Chosen(Struct, frozen=True, kw_only=True):
    """Every address that could be used, by channel, and the channels that are."""

    addresses: dict[Channel, str]
    channels: tuple[str, ...]


def is_stop(words: str) -> bool:
    """Say whether a text asks for no more texts: it begins with STOP, or is a word like it."""
    return _STOP.fullmatch(unicodedata.normalize("NFKC", words)) is not None


def is_not_me(words: str) -> bool:
    """Say whether a text says no more than that the texts reach the wrong person."""
    return _NOT_ME.fullmatch(unicodedata.normalize("NFKC", words)) is not None


@dataclass(frozen=True, slots=True)
class Choices:
    """The use case behind "how we contact you", and behind texts that victims send."""

    crimes: Crimes
    people: People
    details: Details
    not_for_me: NotForMe
    tasks: Tasks
    immediate: ImmediateMessages
    received: Received
    audit: Audit

    async def of(self, person_id: str) -> Chosen:
        """Find how a person is told now, and how they could be."""
        known = await self.people.find(person_id)
        assert known is not None
        return Chosen(addresses=await self.details.usable(known.record), channels=known.channels)

    async def choose(self, person_id: str, channels: tuple[str, ...], now: datetime) -> None:
        """Use these channels from now on; the officer is told of a channel that ends."""
        if not set(channels) <= set(contact_details.CHANNELS):
            raise Problem(422, "Choose text, email or both", field="channels")
        wanted = tuple(each for each in contact_details.CHANNELS if each in channels)
        async with self.crimes.database.transaction():
            await self._lock(person_id)
            before = await self.of(person_id)
            await self.audit.note(person_id, "chose how to be told", now, person=person_id)
            await self.details.choose(person_id, wanted, now)
            ended = [each for each in before.channels if each not in wanted]
            if ended:
                reason = f"the victim no longer wants to be told by {' or '.join(ended)}"
                if not wanted:
                    reason = f"the victim gets no messages any more; {reason}"
                cause = f"{seconds(now)}:{reason}"
                await self.tasks.say_contact_ended(person_id, reason, cause, now)

    async def receive_text(self, text: ReceivedText, now: datetime) -> None:
        """Take a text sent back: NOT ME says that texts there are not for the person who has it.

        STOP ends texts; the reply to any other says where to write.
        """
        crowd = self.details.settings.crowd_numbers
        address = contact_details.mobile(text.source_number, crowd=crowd)
        if address and is_not_me(text.message):
            await self.not_for_me.reports.add_proved(address, seconds(now))
            return
        async with self.crimes.database.transaction():
            found = await self.people.reached_at(address) if address else []
            await self._lock(*found)
            await self.crimes.database.lock([f"address:{address}"])
            people = [each for each in await self.people.reached_at(address) if each in found]
            if not people or not await self.received.first_sight_of("received-text", text.id):
                return
            for person_id in people if is_stop(text.message) else ():
                known = await self.people.find(person_id)
                assert known is not None
                asked = known.record.preferred_channels if known.chosen is None else known.chosen
                await self.choose(person_id, tuple(each for each in asked if each != "text"), now)
            notice = "stopped" if is_stop(text.message) else "where_to_write"
            may_answer = await self._may_answer(address, notice, now)
        if may_answer:
            await self._answer(address, people[0], notice)

    async def _lock(self, *people: str) -> None:
        await self.crimes.database.lock(f"person:{person_id}" for person_id in people)

    async def _may_answer(self, address: str, notice: str, now: datetime) -> bool:
        """Answer a number once a day with the same: two machines would otherwise talk for ever."""
        day = seconds(now) // int(_ANSWERED_AGAIN_AFTER.total_seconds())
        name = hashlib.sha256(f"{address}:{notice}:{day}".encode()).hexdigest()
        return await self.received.first_sight_of("answered-text", name)

    async def _answer(self, address: str, person_id: str, notice: str) -> None:
        """Reply to a text: a courtesy, not a duty, and not tried again if the gateway is down."""
        if (force := await self.immediate.force_of(person_id)) is not None:
            await self.immediate.send(notice, force, "text", address)
