"""A person's details as the force recorded them: their addresses, and which crimes they are told.

Details that cannot be used become a task for an officer who can ask: nothing is silently lost.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from msgspec import structs

from reference.contract import events
from reference.contract.events import AnyEvent, Channel, VictimRecord
from reference.portal.force.tasks import Tasks
from reference.portal.people.flags import Flags
from reference.portal.people.sessions import Sessions
from reference.portal.rules import (
    announcements,
    contact_details,
    eligibility,
    outcomes,
    quiet_hours,
    recipients,
    shared_addresses,
    victims_code,
)
from reference.portal.rules.crime_state import Crime
from reference.portal.rules.recipients import Asked, wished
from reference.portal.settings import Settings
from reference.portal.storage.case_file import CaseFile
from reference.portal.storage.crimes import Crimes, Link, Victim
from reference.portal.storage.outbox import Outbox
from reference.portal.storage.people import People, Person
from reference.portal.timestamps import instant, moment, seconds

_APPOINTMENTS = Asked(
    "sensitive_contact", "another person is told now; tell them which appointments still hold"
)


@dataclass(frozen=True, slots=True)
class Details:
    """Saves records, and stops addresses that do not reach the person."""

    crimes: Crimes
    people: People
    flags: Flags
    outbox: Outbox
    tasks: Tasks
    sessions: Sessions
    settings: Settings

    async def keep(
        self, written: VictimRecord, written_at: int, now: datetime
    ) -> Collection[Channel]:
        """Save a record that is the newest, and recheck; return where to invite again."""
        record, person_id = recipients.addressed(written), written.person_id
        known = await self.people.find(person_id)
        is_another = known is not None and recipients.is_another(known.record, record)
        asked, had = {*wished(record)}, {*wished(known.record)} if known else set()
        chosen = None if known is None or is_another else known.chosen
        wish_changed = known and asked != had
        if wish_changed and chosen is not None:
            # What they ended is no way round to them, unless a record asks for all of it again.
            ended = {*contact_details.CHANNELS} - {*chosen}
            chosen = None if set() < ended <= asked else wished(record)
        lifts = known is not None and recipients.lifts(known.record, record, now, self.settings)
        if not await self.people.keep(written, written_at=written_at, lifts=lifts):
            await self.recheck_all(person_id, now)
            return ()
        # An older record says nothing of who shares an address now.
        reach = await self._reach(record, chosen, now)
        await self.people.set_addresses(person_id, reach.addresses)
        moved: Collection[Channel] = ()
        usable = await self.usable(record, signs_in=True)
        await self.people.set_usable(person_id, usable)
        if known is not None:
            await self.sessions.accept_new_proof(known, record)
            if record.enhanced_rights and not known.record.enhanced_rights:
                await self._hasten(record, now)
        if is_another:
            await self._change_recipient(record, written_at, now)
        elif known is not None:
            moved = await self._move_invitation(person_id, known, usable, reach.addresses)
        if wish_changed or is_another:
            await self.people.choose(person_id, chosen)
        await self.recheck_all(person_id, now)
        return moved

    async def take_on(self, written: VictimRecord, at: int, now: datetime, *, is_own: bool) -> None:
        """Give a person the record of another, by which they do not sign in, or their own again."""
        record, person_id = recipients.addressed(written), written.person_id
        known = await self.people.find(person_id)
        await self.people.replace(written)
        if known is not None and recipients.is_another(known.record, record):
            since = 0 if record.kind == "organisation" else seconds(now)
            await self.people.change_recipient(person_id, since, at if since else 0)
        reach = await self._reach(record, known.chosen if known else None, now)
        await self.people.set_addresses(person_id, reach.addresses)
        usable = await self.usable(record, signs_in=True) if is_own else {}
        await self.people.set_usable(person_id, usable)

    async def recheck_all(self, person_id: str, now: datetime) -> None:
        """Recheck which crimes a person is told about, and their other records too."""
        links = await self.crimes.links_of(person_id)
        others = await self.flags.update(person_id, links, now)
        for reference in sorted(links):
            await self._recheck(reference, person_id, links, now)
        for each in others:
            for reference in await self.crimes.crimes_of(each):
                await self.recheck(reference, each, now)

    async def run_due(self, now: datetime) -> None:
        """End what was decided for a victim under age when they come of age."""
        async with self.crimes.database.transaction():
            for person_id in await self.people.come_of_age(seconds(now)):
                await self.recheck_all(person_id, now)

    async def _hasten(self, record: VictimRecord, now: datetime) -> None:
        def told_by(happened_at: datetime) -> datetime:
            by = victims_code.told_by(happened_at, record, self.settings)
            return quiet_hours.send_at(max(now, by), self.settings)

        await self.outbox.hasten(record.person_id, told_by)

    async def _change_recipient(self, record: VictimRecord, written_at: int, now: datetime) -> None:
        """Stop telling the person who was told until now: another is told.

        What was written or arranged before is not for the new person, unless the victim is an
        organisation; an officer says which appointments still hold.
        """
        person_id, case_file = record.person_id, CaseFile(self.crimes.database)
        since = 0 if record.kind == "organisation" else seconds(now)
        for reference in await self.crimes.crimes_of(person_id) if since else ():
            arranged = await case_file.appointments(reference, person_id)
            if any(each.status == "made" and each.starts_at > since for each in arranged):
                about = (reference, record, _APPOINTMENTS, now)
                await self.tasks.ask_about_telling(*about, cause=str(written_at))
        await self.sessions.end_all(person_id)
        await self.crimes.invite_again(person_id)
        await self.people.change_recipient(person_id, since, written_at if since else 0)
        for channel in contact_details.CHANNELS:
            await self.outbox.cancel_channel(person_id, channel, "somebody else is told now")

    async def _move_invitation(
        self,
        person_id: str,
        known: Person,
        usable: Mapping[Channel, str],
        addresses: Mapping[Channel, str],
    ) -> Collection[Channel]:
        """End the links that went to an address which is in the record no more.

        Returns the channels on which a victim who has never signed in has another address instead.
        """
        had = {"text": known.text_address, "email": known.email_address}
        if known.registered_at is not None:
            return ()
        for address in {each for each in had.values() if each} - set(usable.values()):
            await self.sessions.records.end_all_at(address, person_id)
        # Where the order falls back on a channel they had not asked for, no invitation went there.
        asked = {had[each] for each in wished(known.record, known.chosen) if had[each]}
        if asked and asked <= set(addresses.values()):
            return ()
        invited = await self.sessions.records.invited_at(person_id)
        return [channel for channel, address in addresses.items() if address not in invited]

    async def is_kept(self, record: VictimRecord) -> bool:
        """Say whether this is the record that is saved already."""
        if not self.settings.approved_channels:
            record = structs.replace(record, safe_channel=None, safe_until=None)
        known = await self.people.find(record.person_id)
        return known is not None and known.record == recipients.addressed(record)

    async def recheck(self, reference: str, person_id: str, now: datetime) -> str:
        """Find why a person is not told about a crime, "" if they are; if so cancel what waits."""
        links = await self.crimes.links_of(person_id)
        return await self._recheck(reference, person_id, links, now)

    async def _recheck(
        self, reference: str, person_id: str, links: Mapping[str, Link], now: datetime
    ) -> str:
        known, crime = await self.people.find(person_id), await self.crimes.crime(reference)
        assert crime is not None
        if known is None:
            return "unknown"
        why = await self._exclusion(crime, known.record, links, now)
        await self.crimes.keep_victim(reference, person_id, why, seconds(now))
        if crime.status == "reported":
            if why != eligibility.ONLY_REPORTED:
                await self.outbox.cancel(reference, person_id, why)
            return why
        if why:
            is_kept = await self.outbox.keep_for_another_crime(reference, person_id)
            cancelled = await self.outbox.cancel(reference, person_id, why)
            if cancelled or is_kept:
                await self.crimes.forget_unsent_invitation(reference, person_id, is_kept=is_kept)
            for event_id in sorted(cancelled):
                await self._ask_to_tell(event_id, crime, known.record, why, now)
            await self._shut_out(person_id)
        if recipients.lacks_rights(
            known.record, links[reference].markers, now, self.settings.rights_check
        ) and recipients.may_be_told_yet(why, self.settings.age_min_years):
            await self.tasks.check_rights(reference, person_id, now)
        asked, link = recipients.task_for(why, self.settings.age_min_years), links[reference]
        if link.markers & self.settings.through_a_person and recipients.is_through_a_person(
            why, known.record, link.role
        ):
            asked = Asked("sensitive_contact", recipients.THROUGH_A_PERSON)
        if asked is not None:
            until = known.record.safe_until if why == recipients.EXPIRED else None
            cause = until.isoformat() if until is not None else ""
            await self.tasks.ask_about_telling(reference, known.record, asked, now, cause)
        return why

    async def tell_otherwise(
        self, event_id: str, crime: Crime, event: AnyEvent, now: datetime
    ) -> None:
        """Ask an officer to tell a victim what is not safe to send: an end, a charge, or a reply.

        The duty to inform does not end with the channel.
        """
        if not _is_owed(event, crime):
            return
        phase = self.settings.phase_at(now)
        if announcements.announcement(event, phase, self.settings) is None:
            return
        contacts = await self.crimes.contacts_of(crime.reference)
        for person_id, why in (await self.crimes.excluded(crime.reference)).items():
            known = await self.people.find(person_id)
            is_theirs = announcements.concerns(event, person_id)
            is_said = isinstance(event, events.CrimeClosed) and (
                contacts[person_id] >= instant(event.closed_at)
            )
            if known is not None and is_theirs and not is_said:
                since = event.closed_at if isinstance(event, events.CrimeClosed) else None
                await self._ask_to_tell(event_id, crime, known.record, why, now, since)

    async def _ask_to_tell(
        self,
        event_id: str,
        crime: Crime,
        record: VictimRecord,
        why: str,
        now: datetime,
        since: datetime | None = None,
    ) -> None:
        asked = recipients.task_for_news(why, is_end=crime.status == "closed")
        if asked is not None:
            about = (crime.reference, record, asked, now)
            await self.tasks.ask_about_telling(*about, cause=event_id, happened_at=since)

    async def set_role(self, crime: Crime | None, record: VictimRecord, at: int) -> None:
        """Save a person's role in a crime, and in the crime it was merged into."""
        if crime is not None:
            into = await self.crimes.surviving(crime.reference)
            for reference in {crime.reference, into.reference if into else crime.reference}:
                await self.crimes.set_role(reference, record.person_id, record.role, at)

    async def raise_tasks(self, victim: Victim, cause: str, now: datetime) -> None:
        """Raise a task for each detail that cannot be used."""
        known = await self.people.find(victim.person_id)
        reach = await self._reach(victim.record, known.chosen if known else None, now)
        for problem in reach.problems:
            await self.tasks.ask_for_details(victim, problem, cause, now)

    async def stop(self, address: str, why: str, now: datetime, *, but: str = "") -> list[str]:
        """Stop all messages to an address; return the people who were reached there.

        Those with another address are reached there from now on; `but` is the person whose record
        is being saved just now.
        """
        people = [each for each in await self.people.stop_address(address, why) if each != but]
        for person_id in people:
            known = await self.people.find(person_id)
            assert known is not None
            reach = await self._reach(known.record, known.chosen, now)
            await self.people.set_addresses(person_id, reach.addresses)
        return people

    async def ask_about(self, person_id: str, cause: str, now: datetime) -> None:
        """Ask officers how a person can be reached, for each crime they are told about."""
        for reference in await self.crimes.crimes_of(person_id):
            victim = await self.crimes.victim(reference, person_id)
            if victim is not None:
                await self.raise_tasks(victim, cause, now)

    async def choose(self, person_id: str, channels: tuple[str, ...], now: datetime) -> None:
        """Save the channels a person chose, and cancel what waits on the others."""
        known = await self.people.find(person_id)
        assert known is not None
        await self.people.choose(person_id, channels)
        reach = await self._reach(known.record, channels, now)
        await self.people.set_addresses(person_id, reach.addresses)
        for channel in contact_details.CHANNELS:
            if channel not in reach.addresses:
                await self.outbox.cancel_channel(person_id, channel, "the victim chose otherwise")

    async def usable(self, record: VictimRecord, *, signs_in: bool = False) -> dict[Channel, str]:
        """Find every address that could be used, or by which they sign in, asked for or not."""
        every = self._in_reach(record, channels=wished(record, contact_details.CHANNELS)).addresses
        stopped = await self.people.stopped(list(every.values()))
        if signs_in and (number := every.get("text")) and await self.people.is_disowned(number):
            del stopped[number]
        return {channel: each for channel, each in every.items() if each not in stopped}

    async def _reach(
        self, record: VictimRecord, chosen: tuple[str, ...] | None, now: datetime
    ) -> contact_details.Reach:
        channels = wished(record, chosen)
        wanted = self._in_reach(record, channels=channels)
        found = list(wanted.addresses.values())
        # A "not for me" about one of them meanwhile waits, or is waited for.
        await self.crimes.database.lock(f"address:{each}" for each in found)
        for address in found:
            await self._stop_if_shared(address, record, now)
        if not (stopped := await self.people.stopped(found)):
            return wanted
        left = self._in_reach(record, channels=channels, stopped=stopped)
        if left.addresses or chosen is not None or not self.settings.falls_back:
            return left
        # The order lets the other channel be used when the one asked for does not work.
        return contact_details.Reach(await self.usable(record), left.problems)

    @property
    def _in_reach(self) -> Callable[..., contact_details.Reach]:
        own, crowd = self.settings.not_a_victims, self.settings.crowd_numbers
        return partial(contact_details.reach, not_a_victims=own, crowd=crowd)

    async def _stop_if_shared(self, address: str, record: VictimRecord, now: datetime) -> None:
        people_max = self.settings.people_per_address_max
        if people_max is None:
            return
        others = await self.people.others_at(address, record.person_id, people_max)
        if shared_addresses.shares_unrelated([record, *others], people_max):
            for person_id in await self.stop(address, "shared", now, but=record.person_id):
                await self.crimes.forget_invitation(person_id)
                await self.ask_about(person_id, f"shared:{record.person_id}", now)

    async def _shut_out(self, person_id: str) -> None:
        if await self.crimes.newest_crime_of(person_id) is None:
            await self.sessions.end_all(person_id)

    async def may_be_told_of(self, merged: Crime, person_id: str, now: datetime) -> bool:
        """Say whether a person could be told of a merged crime if it had not been merged."""
        known = await self.people.find(person_id)
        links = await self.crimes.links_of(person_id)
        by_itself = structs.replace(merged, status="open")
        if known is None or merged.reference not in links:
            return False
        return not await self._exclusion(by_itself, known.record, links, now)

    async def _exclusion(
        self, crime: Crime, record: VictimRecord, links: Mapping[str, Link], now: datetime
    ) -> str:
        merger = await self.flags.mergers.of(record.person_id)
        if merger is not None and merger.state == "merged":
            own = (await self.crimes.links_of(merger.into_person)).get(crime.reference)
            if own is not None and own.role == "victim":
                return recipients.SAME_PERSON
        return eligibility.exclusion(
            offence_subgroup=crime.offence_subgroup,
            safeguarding=crime.safeguarding.split("|"),
            status=crime.status,
            recorded_at=moment(crime.recorded_at),
            victim=record,
            settings=self.settings,
            role=links[crime.reference].role,
            now=now,
            is_flagged_elsewhere=await self.flags.stand_elsewhere(
                record.person_id, crime.reference, links
            ),
            banned=self.flags.why_not_by_own(merger, now),
        )


def _is_owed(event: AnyEvent, crime: Crime) -> bool:
    if isinstance(event, events.CrimeClosed | events.OutcomeRecorded):
        return crime.status == outcomes.status_after(event)
    return isinstance(event, events.OfficerReplied) and crime.is_live
