"""What the force wrote down of a person: where it reaches them, and of which crimes they are told.

What cannot be used becomes a task for somebody who can ask: nothing is silently lost.
"""

from collections.abc import Mapping
from datetime import datetime

from reference.contract.events import (
    AnyEvent,
    Channel,
    CrimeClosed,
    OfficerReplied,
    OutcomeRecorded,
    VictimRecord,
)
from reference.portal.force.tasks import Tasks
from reference.portal.messages.outbox import Outbox
from reference.portal.people.flags import Flags
from reference.portal.people.sign_in import SignIn
from reference.portal.rules import announcements, contact, eligibility, outcomes, recipients
from reference.portal.settings import Settings
from reference.portal.storage.people import People, Person
from reference.portal.storage.store import Crime, Link, Store, Victim, instant, moment, seconds


class Details:
    """Keeps records, and stops addresses that do not reach who they should."""

    def __init__(
        self,
        *,
        store: Store,
        people: People,
        flags: Flags,
        outbox: Outbox,
        tasks: Tasks,
        sign_in: SignIn,
        settings: Settings,
    ) -> None:
        self._store = store
        self._people = people
        self._flags = flags
        self._outbox = outbox
        self._tasks = tasks
        self._sign_in = sign_in
        self._settings = settings

    async def keep(self, written: VictimRecord, written_at: int, now: datetime) -> bool:
        """Keep a person's record if it is the newest, and say of every case who is told of it."""
        record, person_id = recipients.addressed(written), written.person_id
        known = await self._people.find(person_id)
        is_another = known is not None and recipients.is_another(known.record, record)
        asked_anew = known and {*known.record.preferred_channels} != {*record.preferred_channels}
        chosen = None if known is None or is_another or asked_anew else known.chosen
        reach = await self._reach(record, chosen, now)
        is_newest = await self._people.keep(
            written,
            text=reach.addresses.get("text", ""),
            email=reach.addresses.get("email", ""),
            written_at=written_at,
            lifts=known is not None and recipients.lifts(known.record, record),
        )
        if is_newest:
            await self._people.set_usable(person_id, await self.usable(record))
            if known is not None:
                await self._sign_in.open_anew(known, record)
            if is_another:
                await self._begin_anew(record, now)
            elif known is not None:
                await self._reach_anew(person_id, known, reach.addresses)
        if is_newest and asked_anew:
            await self._people.choose(person_id, None)
        await self.reconsider_all(person_id, now)
        return is_newest

    async def reconsider_all(self, person_id: str, now: datetime) -> None:
        """Say anew of every case of a person who is told of it; of their other records, too."""
        links = await self._store.links_of(person_id)
        others = await self._flags.reckon(person_id, links, now)
        for reference in sorted(links):
            await self._reconsider(reference, person_id, links, now)
        for each in others:
            for reference in await self._store.crimes_of(each):
                await self.reconsider_known(reference, each, now)

    async def run_due(self, now: datetime) -> None:
        """Let what was decided for a victim under age end when they come of age."""
        async with self._store.database.transaction():
            for person_id in await self._flags.come_of_age(now):
                await self.reconsider_all(person_id, now)

    async def _begin_anew(self, record: VictimRecord, now: datetime) -> None:
        """Let whoever was told until now read and hear nothing more: somebody else is told.

        Only an organisation's case goes on being the same one's: what was written of a person
        before is not for whoever is told now.
        """
        person_id = record.person_id
        await self._sign_in.end_sessions(person_id)
        await self._store.invite_again(person_id)
        since = 0 if record.kind == "organisation" else seconds(now)
        await self._people.begin_anew(person_id, since)
        for channel in contact.CHANNELS:
            await self._outbox.cancel_channel(person_id, channel, "somebody else is told now")

    async def _reach_anew(
        self, person_id: str, known: Person, addresses: dict[Channel, str]
    ) -> None:
        """Let a link that went to an address which was put right since open nothing.

        Who has not come in yet is invited anew where they are now said to be.
        """
        before = {each for each in (known.text_address, known.email_address) if each}
        if known.registered_at is None and before - set(addresses.values()) and addresses:
            await self._sign_in.end_sessions(person_id)
            await self._store.invite_again(person_id)

    async def is_kept(self, record: VictimRecord) -> bool:
        """Say whether this is what is kept of a person already."""
        known = await self._people.find(record.person_id)
        return known is not None and known.record == recipients.addressed(record)

    async def reconsider_known(self, reference: str, person_id: str, now: datetime) -> str:
        """Say anew why a person is not told of a crime, or ""; what waits for them then ends."""
        links = await self._store.links_of(person_id)
        return await self._reconsider(reference, person_id, links, now)

    async def _reconsider(
        self, reference: str, person_id: str, links: Mapping[str, Link], now: datetime
    ) -> str:
        """Whom only a person can tell then, or for whom that is to be decided, becomes a task."""
        known, crime = await self._people.find(person_id), await self._store.crime(reference)
        assert crime is not None
        if known is None:
            return "unknown"
        why = await self._exclusion(crime, known.record, links, now)
        await self._store.keep_victim(reference, person_id, why, seconds(now))
        if why:
            for event_id in sorted(await self._outbox.cancel(reference, person_id, why)):
                await self._ask_to_tell(event_id, crime, known.record, why, now)
            await self._shut_out(person_id)
        asked = recipients.task_for(why, self._settings.age_min_years)
        if asked is not None:
            await self._tasks.ask_about_telling(reference, known.record, asked, now)
        return why

    async def tell_otherwise(
        self, event_id: str, crime: Crime, event: AnyEvent, now: datetime
    ) -> None:
        """Have a person tell what a victim is owed whom it is not safe to send it to.

        That is how their case ends, a charge, or a reply: the duty does not end with the channel.
        """
        if not _is_owed(event, crime):
            return
        phase = self._settings.phase_at(now)
        if announcements.announcement(event, phase, self._settings) is None:
            return
        contacts = await self._store.contacts_of(crime.reference)
        for person_id, why in (await self._store.excluded(crime.reference)).items():
            known = await self._people.find(person_id)
            is_theirs = getattr(event, "person_id", person_id) == person_id
            is_said = isinstance(event, CrimeClosed) and (
                contacts[person_id] >= instant(event.closed_at)
            )
            if known is not None and is_theirs and not is_said:
                await self._ask_to_tell(event_id, crime, known.record, why, now)

    async def _ask_to_tell(
        self, event_id: str, crime: Crime, record: VictimRecord, why: str, now: datetime
    ) -> None:
        asked = recipients.task_for_news(why, is_end=crime.status == "closed")
        if asked is not None:
            await self._tasks.ask_about_telling(crime.reference, record, asked, now, cause=event_id)

    async def set_role(self, crime: Crime | None, record: VictimRecord, at: int) -> None:
        """Keep what somebody is in a crime, and in the one it goes on as."""
        if crime is not None:
            into = await self._store.surviving(crime.reference)
            for reference in {crime.reference, into.reference if into else crime.reference}:
                await self._store.set_role(reference, record.person_id, record.role, at)

    async def raise_tasks(self, victim: Victim, cause: str, now: datetime) -> None:
        """Give what cannot be used to a person to look at."""
        known = await self._people.find(victim.person_id)
        reach = await self._reach(victim.record, known.chosen if known else None, now)
        for problem in reach.problems:
            await self._tasks.ask_for_details(victim, problem, cause, now)

    async def stop(self, address: str, why: str, now: datetime, *, but: str = "") -> list[str]:
        """Let nothing go to an address again; answers who was reached there.

        Who can be reached otherwise is, from now on; `but` is whose record is being kept just now.
        """
        people = [each for each in await self._people.stop_address(address, why) if each != but]
        for person_id in people:
            known = await self._people.find(person_id)
            assert known is not None
            reach = await self._reach(known.record, known.chosen, now)
            await self._people.set_addresses(person_id, reach.addresses)
        return people

    async def ask_about(self, person_id: str, cause: str, now: datetime) -> None:
        """Have somebody ask how a person can be reached, for each crime they are told of."""
        for reference in await self._store.crimes_of(person_id):
            victim = await self._store.victim(reference, person_id)
            if victim is not None:
                await self.raise_tasks(victim, cause, now)

    async def choose(self, person_id: str, channels: tuple[str, ...], now: datetime) -> None:
        """Let a person say how they are told: what they no longer want is not sent."""
        known = await self._people.find(person_id)
        assert known is not None
        await self._people.choose(person_id, channels)
        reach = await self._reach(known.record, channels, now)
        await self._people.set_addresses(person_id, reach.addresses)
        for channel in contact.CHANNELS:
            if channel not in reach.addresses:
                await self._outbox.cancel_channel(person_id, channel, "the victim chose otherwise")

    async def usable(self, record: VictimRecord) -> dict[Channel, str]:
        """Find every address that could be used, whether or not the victim asked for it."""
        own = self._settings.not_a_victims
        every = contact.reach(record, channels=contact.CHANNELS, not_a_victims=own).addresses
        stopped = await self._people.stopped(list(every.values()))
        return {channel: each for channel, each in every.items() if each not in stopped}

    async def _reach(
        self, record: VictimRecord, chosen: tuple[str, ...] | None, now: datetime
    ) -> contact.Reach:
        own = self._settings.not_a_victims
        wanted = contact.reach(record, channels=chosen, not_a_victims=own)
        found = list(wanted.addresses.values())
        # Whoever says "not for me" of one of them meanwhile waits, or is waited for.
        await self._store.database.lock(f"address:{each}" for each in found)
        for address in found:
            await self._stop_if_shared(address, record, now)
        stopped = await self._people.stopped(found)
        if not stopped:
            return wanted
        left = contact.reach(record, channels=chosen, stopped=stopped, not_a_victims=own)
        if left.addresses or chosen is not None or not self._settings.falls_back:
            return left
        # The order lets the other channel be used when the one asked for does not work.
        return contact.Reach(await self.usable(record), left.problems)

    async def _stop_if_shared(self, address: str, record: VictimRecord, now: datetime) -> None:
        """Let nothing go to what many people gave who are not related: it is nobody's own."""
        people_max = self._settings.people_per_address_max
        if people_max is None:
            return
        others = await self._people.others_at(address, record.person_id, people_max)
        if contact.shares_unrelated([record, *others], people_max):
            for person_id in await self.stop(address, "shared", now, but=record.person_id):
                await self._store.forget_invitation(person_id)
                await self.ask_about(person_id, f"shared:{record.person_id}", now)

    async def _shut_out(self, person_id: str) -> None:
        """End the sessions and links of somebody who is told of no crime any more."""
        if await self._store.newest_crime_of(person_id) is None:
            await self._sign_in.end_sessions(person_id)

    async def _exclusion(
        self, crime: Crime, record: VictimRecord, links: Mapping[str, Link], now: datetime
    ) -> str:
        return eligibility.exclusion(
            offence_subgroup=crime.offence_subgroup,
            safeguarding=crime.safeguarding.split("|"),
            status=crime.status,
            recorded_at=moment(crime.recorded_at),
            victim=record,
            settings=self._settings,
            role=links[crime.reference].role,
            now=now,
            is_flagged_elsewhere=await self._flags.stand_elsewhere(
                record.person_id, crime.reference, links
            ),
        )


def _is_owed(event: AnyEvent, crime: Crime) -> bool:
    """Say whether an event is what a victim must hear of, and stands: an old closure does not."""
    if isinstance(event, CrimeClosed | OutcomeRecorded):
        return crime.status == outcomes.status_after(event)
    return isinstance(event, OfficerReplied) and crime.is_live
