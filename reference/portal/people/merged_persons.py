"""Records of one person that the force merges, and takes apart again if it was a mistake.

Each crime stays with the record that it was recorded with. A merged record has the details of the
one that survives, and its own are kept: for what they forbid, and to have them back.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import structs

from reference.contract.events import Channel, PersonsMerged, PersonsUnmerged, VictimRecord
from reference.portal.people.details import Details
from reference.portal.rules import recipients
from reference.portal.rules.recipients import wished
from reference.portal.storage.person_mergers import PersonMerger, PersonMergers
from reference.portal.timestamps import instant, seconds


@dataclass(frozen=True, slots=True)
class MergedPersons:
    """Saves records through `Details`, and keeps those that were merged together."""

    details: Details

    @property
    def mergers(self) -> PersonMergers:
        """The mergers that are saved."""
        return self.details.flags.mergers

    async def keep(
        self, written: VictimRecord, written_at: int, now: datetime
    ) -> Collection[Channel]:
        """Save a record; return where to invite the person again.

        That of a merged record only says what is forbidden; one that survives says all of both.
        """
        about = await self.mergers.about(written.person_id)
        for each in about:
            if each.person_id == written.person_id and each.state == "merged":
                if written_at >= each.written_at:
                    own = msgspec.json.encode(written)
                    await self.mergers.save(
                        structs.replace(each, record=own, written_at=written_at)
                    )
                await self.details.recheck_all(written.person_id, now)
                return ()
        moved = await self.details.keep(written, written_at, now)
        for each in about:
            is_survivor = each.into_person == written.person_id
            if each.state == "waiting":
                await self._begin(each, now)
            elif each.state == "held" and is_survivor and written_at > each.merged_at:
                # The force wrote the person down again, knowing of both records.
                await self._join(each, now)
            elif each.state == "merged":
                await self._follow(each, now)
        return moved

    async def merge(self, event: PersonsMerged, said_at: datetime, now: datetime) -> None:
        """Merge two records, unless that was taken back later."""
        before, merged_at = await self.mergers.of(event.person_id), instant(said_at)
        is_old = before is not None and merged_at <= max(before.unmerged_at, before.merged_at)
        if is_old or event.into in await self.mergers.merged_into([event.person_id]):
            return
        if before is not None and before.state != "unmerged":
            await self._part(before, now)
        merger = PersonMerger(
            event.person_id, event.into, event.crime_reference, "waiting", merged_at
        )
        await self.details.crimes.database.lock([f"person:{event.into}"])
        await self.mergers.save(merger)
        await self._begin(merger, now)

    async def unmerge(self, event: PersonsUnmerged, said_at: datetime, now: datetime) -> list[str]:
        """Take a merger back; return the person if they must be invited again."""
        merger, unmerged_at = await self.mergers.of(event.person_id), instant(said_at)
        if merger is None:
            merger = PersonMerger(event.person_id, "", event.crime_reference, "unmerged", 0)
        if unmerged_at <= merger.merged_at:
            return []
        is_invited_again = merger.state == "merged" and merger.registered_at is None
        await self._part(merger, now)
        part = await self.mergers.of(event.person_id) or merger
        await self.mergers.save(structs.replace(part, unmerged_at=unmerged_at))
        return [event.person_id] if is_invited_again else []

    async def _begin(self, merger: PersonMerger, now: datetime) -> None:
        """Join two records that are known; hold that back where they may be of two people."""
        people = self.details.people
        one, other = await people.find(merger.person_id), await people.find(merger.into_person)
        if one is None or other is None:
            return
        if recipients.may_be_two_people(one.record, other.record):
            await self.mergers.save(structs.replace(merger, state="held"))
            await self._share_choices(merger.person_id, merger.into_person, now)
            await self._share_choices(merger.into_person, merger.person_id, now)
            for each in (merger.person_id, merger.into_person):
                await self.details.recheck_all(each, now)
            about = (merger.named_in, merger.person_id, merger.into_person)
            await self.details.tasks.ask_same_person(*about, now)
        else:
            await self._join(merger, now)

    async def _join(self, merger: PersonMerger, now: datetime) -> None:
        """Let a record go on as another: what let its person in ends, and they keep no choice."""
        people, person_id = self.details.people, merger.person_id
        kept, known = await people.flagged(person_id), await people.find(person_id)
        assert kept is not None
        assert known is not None
        merged = structs.replace(
            merger,
            state="merged",
            since=seconds(now),
            record=msgspec.json.encode(kept.record),
            written_at=await people.written_at(person_id),
            channels_chosen=None if known.chosen is None else " ".join(known.chosen),
            registered_at=known.registered_at,
        )
        await self.mergers.save(merged)
        await self._share_choices(person_id, merger.into_person, now)
        await self.details.sessions.end_all(person_id)
        await self._follow(merged, now)
        await self.details.recheck_all(merger.into_person, now)

    async def _follow(self, merger: PersonMerger, now: datetime) -> None:
        """Give a merged record the details and choices of the one that survives."""
        people, person_id = self.details.people, merger.person_id
        survivor = await people.flagged(merger.into_person)
        known = await people.find(merger.into_person)
        assert survivor is not None
        assert known is not None
        has_rights = merger.own.enhanced_rights or survivor.record.enhanced_rights
        record = structs.replace(
            survivor.record, person_id=person_id, enhanced_rights=has_rights, role=merger.own.role
        )
        registered_at = merger.registered_at or known.registered_at
        await self.details.take_on(record, known.chosen, registered_at, now)
        await self.details.recheck_all(person_id, now)
        for each in await self.mergers.about(person_id):
            if each.into_person == person_id and each.state == "merged":
                await self._follow(each, now)

    async def _share_choices(self, person_id: str, other_id: str, now: datetime) -> None:
        """End for one record the channels that the person has ended in another."""
        one = await self.details.people.find(person_id)
        other = await self.details.people.find(other_id)
        assert one is not None
        assert other is not None
        ended = set() if one.chosen is None else {*wished(one.record)} - {*one.chosen}
        wanted = wished(other.record, other.chosen)
        left = tuple(each for each in wanted if each not in ended)
        if left != wanted:
            await self.details.choose(other_id, left, now)

    async def _part(self, merger: PersonMerger, now: datetime) -> None:
        """Give a record back what was its own; what was opened or sent meanwhile ends."""
        await self.mergers.save(structs.replace(merger, state="unmerged"))
        if merger.state == "merged":
            person_id, own = merger.person_id, merger.own
            sent_to = await self.details.outbox.sent_since(person_id, merger.since)
            await self.details.take_on(own, merger.chosen, merger.registered_at, now)
            await self.details.people.set_usable(
                person_id, await self.details.usable(recipients.addressed(own))
            )
            sessions = self.details.sessions
            await sessions.end_all(person_id)
            await sessions.records.end_sessions(merger.into_person)
            if merger.registered_at is None:
                await self.details.crimes.invite_again(person_id)
            if sent_to - {*await self.details.people.addresses_ever_of(person_id)}:
                cause = f"{merger.into_person}:{merger.merged_at}"
                await self.details.tasks.look_into_merger(person_id, cause, now)
        if merger.state != "waiting":
            for each in (merger.person_id, merger.into_person):
                if each and await self.details.people.find(each) is not None:
                    await self.details.recheck_all(each, now)
