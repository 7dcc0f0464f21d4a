"""What a victim says of how they are told: channels, STOP by text, "I no longer support this".

It ends a channel, never the duty to inform: the officer gets a task, and speaks to them.
"""

import hashlib
import re
import unicodedata
from datetime import datetime, timedelta

from msgspec import Struct

from reference.contract.events import Channel
from reference.contract.messages import ReceivedText
from reference.portal.errors import Problem
from reference.portal.force.tasks import Tasks
from reference.portal.messages.gateway import Gateway, Outgoing
from reference.portal.people.details import Details
from reference.portal.rules import contact
from reference.portal.settings import Settings
from reference.portal.storage.audit import Audit
from reference.portal.storage.database import Database
from reference.portal.storage.people import People
from reference.portal.storage.received import Received
from reference.portal.storage.store import Store, seconds
from reference.portal.words.catalogue import Catalogue

# STOP counts whatever follows it. The others count alone: "End of the road, I saw him" is no wish.
_STOP = re.compile(
    r"\W*(?:stop\b.*|(?:stopp?all|unsubscribe|end|quit|cancel|opt\W?out)\W*)",
    re.IGNORECASE | re.DOTALL,
)
_ANSWERED_AGAIN_AFTER = timedelta(days=1)


class Chosen(Struct, frozen=True, kw_only=True):
    """Every address that could be used, by channel, and the channels that are."""

    addresses: dict[Channel, str]
    channels: tuple[str, ...]


def is_stop(words: str) -> bool:
    """Say whether a text asks for no more texts: STOP is its first word, or the like all of it."""
    return _STOP.fullmatch(unicodedata.normalize("NFKC", words)) is not None


class Choices:
    """The use case behind "how we contact you", and behind texts that are sent back."""

    def __init__(
        self,
        *,
        store: Store,
        people: People,
        details: Details,
        tasks: Tasks,
        gateway: Gateway,
        catalogue: Catalogue,
        received: Received,
        audit: Audit,
        settings: Settings,
    ) -> None:
        self._store = store
        self._audit = audit
        self._received = received
        self._database: Database = store.database
        self._people = people
        self._details = details
        self._tasks = tasks
        self._gateway = gateway
        self._catalogue = catalogue
        self._settings = settings

    async def of(self, person_id: str) -> Chosen:
        """Give how a person is told now, and how they could be."""
        known = await self._people.find(person_id)
        assert known is not None
        now = {"text": known.text_address, "email": known.email_address}
        return Chosen(
            addresses=await self._details.usable(known.record),
            channels=tuple(each for each in contact.CHANNELS if now[each]),
        )

    async def choose(self, person_id: str, channels: tuple[str, ...], now: datetime) -> None:
        """Use these channels from now on; the officer is told of one that ends."""
        if not set(channels) <= set(contact.CHANNELS):
            raise Problem(422, "Choose text, email or both", field="channels")
        wanted = tuple(each for each in contact.CHANNELS if each in channels)
        async with self._database.transaction():
            await self._lock(person_id)
            before = await self.of(person_id)
            await self._audit.note(person_id, "chose how to be told", now, person=person_id)
            await self._details.choose(person_id, wanted, now)
            ended = [each for each in before.channels if each not in wanted]
            if ended:
                reason = f"the victim no longer wants to be told by {' or '.join(ended)}"
                await self._say_ended(person_id, reason, now)

    async def withdraw(self, person_id: str, now: datetime, *, reference: str = "") -> None:
        """Take "I no longer support this", of one crime or all: an officer speaks to them.

        No more messages go until then, of any crime: each officer is told.
        """
        async with self._database.transaction():
            await self._lock(person_id)
            one = reference if reference in await self._store.crimes_of(person_id) else ""
            await self._audit.note(person_id, "withdrew support", now, person=person_id, crime=one)
            await self._details.choose(person_id, (), now)
            reason = "the victim says they no longer support this; speak to them"
            await self._say_ended(person_id, reason, now, reference=one)
            if one:
                reason = "the victim no longer wants to be told by text or email"
                await self._say_ended(person_id, reason, now)

    async def receive_text(self, text: ReceivedText, now: datetime) -> None:
        """Take a text that was sent back: STOP ends texts, all else is told where to write."""
        address = contact.mobile(text.source_number)
        people = await self._people.reached_at(address) if address else []
        async with self._database.transaction():
            if not people or not await self._is_new(text.id):
                return
            await self._lock(*people)
            for person_id in people if is_stop(text.message) else ():
                known = await self._people.find(person_id)
                assert known is not None
                asked = known.record.preferred_channels if known.chosen is None else known.chosen
                await self.choose(person_id, tuple(each for each in asked if each != "text"), now)
            notice = "stopped" if is_stop(text.message) else "where_to_write"
            may_answer = await self._may_answer(address, notice, now)
        if may_answer:
            await self._answer(address, people[0], notice)

    async def _lock(self, *people: str) -> None:
        """Have who writes their records or chooses for them meanwhile wait until this is done."""
        await self._database.lock(f"person:{person_id}" for person_id in people)

    async def _say_ended(
        self, person_id: str, reason: str, now: datetime, *, reference: str = ""
    ) -> None:
        cause = f"{seconds(now)}"
        await self._tasks.say_contact_ended(person_id, reason, cause, now, only=reference)

    async def _is_new(self, text_id: str) -> bool:
        return await self._received.first_sight_of("received-text", text_id)

    async def _may_answer(self, address: str, notice: str, now: datetime) -> bool:
        """Answer a number once a day with the same: two machines would else talk for ever."""
        day = seconds(now) // int(_ANSWERED_AGAIN_AFTER.total_seconds())
        name = hashlib.sha256(f"{address}:{notice}:{day}".encode()).hexdigest()
        return await self._received.first_sight_of("answered-text", name)

    async def _answer(self, address: str, person_id: str, notice: str) -> None:
        crime = await self._store.newest_crime_of(person_id)
        if crime is None:
            return
        force = self._settings.forces[crime.force]
        rendered = self._catalogue.notice(notice).render(
            "text",
            force=force.name,
            non_emergency=force.non_emergency,
            portal=self._settings.public_url,
        )
        outgoing = Outgoing(
            channel="text", to=address, subject="", body=rendered.body, reference=""
        )
        # A courtesy, and no duty: where the gateway is down it is let be.
        await self._gateway.send_all([outgoing])
