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
from reference.portal.storage.people import Flagged, Person
from reference.portal.storage.person_mergers import PersonMerger, PersonMergers
from reference.portal.storage.posts import Posts
from reference.portal.timestamps import SECOND, instant, seconds


@dataclass(frozen=True, slots=True)
class MergedPersons:
    """Saves records through `Details`, and keeps those that were merged together."""

    details: Details

    @property
    def mergers(self) -> PersonMergers:
        """The mergers that are saved."""
        return self.details.flags.mergers

    async def keep(
        self, written: VictimRecord, written_at: int, now: datetime, *, is_looked_at: bool
    ) -> Collection[Channel]:
        """Save a record; return where to invite the person again.

        That of a merged record only says what is forbidden, and its rights; one that survives says
        all of both. The force `is_looked_at` it where it wrote the person down, not another crime.
        """
        if not self.details.settings.approved_channels:
            written = structs.replace(written, safe_channel=None, safe_until=None)
        about, person_id = await self.mergers.about(written.person_id), written.person_id
        own = next((e for e in about if e.person_id == person_id and e.state == "merged"), None)
        moved: Collection[Channel] = ()
        if own is None:
            moved = await self.details.keep(written, written_at, now)
        elif written_at >= own.written_at:
            record = msgspec.json.encode(written)
            kept = structs.replace(own, record=record, written_at=written_at)
            await self.mergers.save(kept)
            await self._follow(kept, now)
            await self.details.recheck_all(person_id, now)
        for each in about:
            if each.into_person == person_id and each.state == "merged":
                await self._follow(each, now)
            elif each.state == "held":
                # The force may have written the person down again, knowing of both records.
                checked_at = written_at if is_looked_at and each.into_person == person_id else 0
                await self._begin(each, checked_at, now)
        return moved

    async def merge(self, event: PersonsMerged, said_at: datetime, now: datetime) -> None:
        """Merge two records, unless that was taken back later."""
        person_id, into, merged_at = event.person_id, event.into, instant(said_at)
        before = await self.mergers.of(person_id)
        is_old = before is not None and merged_at <= max(before.unmerged_at, before.merged_at)
        if is_old or into in await self.mergers.merged_into([person_id]):
            return
        if before is not None and before.state != "unmerged":
            await self._part(before, now)
        await self.details.crimes.database.lock([f"person:{into}"])
        merger = PersonMerger(person_id, into, event.crime_reference, "held", merged_at)
        await self.mergers.save(merger)
        await self._begin(merger, 0, now)

    async def unmerge(self, event: PersonsUnmerged, said_at: datetime, now: datetime) -> None:
        """Take a merger back; one that comes later does nothing."""
        found, unmerged_at = await self.mergers.of(event.person_id), instant(said_at)
        merger = found or PersonMerger(event.person_id, "", event.crime_reference, "unmerged", 0)
        if unmerged_at > merger.merged_at:
            await self._part(structs.replace(merger, unmerged_at=unmerged_at), now)

    async def _begin(self, merger: PersonMerger, checked_at: int, now: datetime) -> None:
        both = (merger.person_id, merger.into_person)
        one, other = [await self.details.people.find(each) for each in both]
        if one is None or other is None:
            return
        if not merger.began_at:
            await self.mergers.save(merger := structs.replace(merger, began_at=seconds(now)))
            await self._share_choices(one, other, now)
            await self._share_choices(other, one, now)
            for kept in [*await self.mergers.about(both[0]), *await self.mergers.about(both[1])]:
                if kept.state == "merged":
                    await self._follow(kept, now)
        # Of a victim told through another it is the victim's own names that count.
        differ = recipients.may_be_two_people(*[(await self._written(e)).record for e in both])
        if not differ or checked_at > merger.merged_at:
            await self._join(merger, now)
            return
        for each in both:
            await self.details.recheck_all(each, now)
        cause = f"{both[1]}:{merger.merged_at}"  # asked about again if merged again
        await self.details.tasks.ask_same_person(merger.named_in, both[0], cause, now)

    async def _join(self, merger: PersonMerger, now: datetime) -> None:
        """Let a record go on as another: what let its person in ends."""
        person_id, kept = merger.person_id, await self._written(merger.person_id)
        known = await self.details.people.find(person_id)
        chosen = None if known is None or known.chosen is None else " ".join(known.chosen)
        begun = structs.replace(merger, state="merged", began_at=seconds(now), chosen=chosen)
        own = msgspec.json.encode(kept.record)
        merged = structs.replace(begun, record=own, written_at=kept.written_at)
        await self.mergers.save(merged)
        for each in await self.mergers.merged_into([person_id]):
            await self.details.sessions.end_all(each)
        await self._follow(merged, now)
        await self.details.recheck_all(merger.into_person, now)

    async def _follow(self, merger: PersonMerger, now: datetime) -> None:
        person_id, survivor = merger.person_id, await self._written(merger.into_person)
        rights = merger.own.enhanced_rights or survivor.record.enhanced_rights
        record = structs.replace(survivor.record, person_id=person_id, enhanced_rights=rights)
        known = await self.details.people.find(merger.into_person)
        # What the merged record had ended, the survivor has ended by now.
        await self.details.people.choose(person_id, known.chosen if known is not None else None)
        said_at = max(merger.merged_at, survivor.written_at)
        await self.details.take_on(record, said_at, now, is_own=False)
        await self.details.recheck_all(person_id, now)
        for each in await self.mergers.about(person_id):
            if each.into_person == person_id and each.state == "merged":
                await self._follow(each, now)

    async def _share_choices(self, one: Person, other: Person, now: datetime) -> None:
        ended = set() if one.chosen is None else {*wished(one.record)} - {*one.chosen}
        wanted = wished(other.record, other.chosen)
        left = tuple(each for each in wanted if each not in ended)
        if left != wanted:
            await self.details.choose(other.record.person_id, left, now)

    async def _part(self, merger: PersonMerger, now: datetime) -> None:
        details, person_id, into = self.details, merger.person_id, merger.into_person
        crimes, both = details.crimes, (person_id, into)
        were_out = [each for each in both if await crimes.newest_crime_of(each) is None]
        await self.mergers.save(structs.replace(merger, state="unmerged"))
        if merger.state == "merged":
            await details.people.choose(person_id, merger.chosen and merger.chosen.split())
            await details.take_on(merger.own, merger.unmerged_at, now, is_own=True)
            await details.sessions.records.end_sessions(await self.mergers.survivor(into))
            were_out.append(person_id)
            own: set[str] = set()
            for each in await self.mergers.merged_into([person_id]):
                own.update(await details.people.addresses_ever_of(each))
            await self._let_go(merger, merger, own, now)
        for each in both:
            await details.recheck_all(each, now)
        for each in were_out:
            # Their links have ended: only a new invitation lets them in.
            known = await details.people.find(each)
            if known is not None and known.registered_at is None:
                await crimes.invite_again(each)

    async def _let_go(
        self, merger: PersonMerger, parted: PersonMerger, own: set[str], now: datetime
    ) -> None:
        """End what another had of a record by a merger that was `parted`, and of those below it.

        `merger` is the last by which it went to them; at its `own` addresses nobody else is told.
        """
        details, person_id, into = self.details, merger.person_id, parted.into_person
        await details.sessions.end_all(person_id)
        await Posts(details.crimes.database).give_back(into, person_id, merger.began_at)
        if await details.outbox.sent_since(person_id, merger.merged_at // SECOND) - own:
            await details.tasks.look_into_merger(person_id, f"{into}:{parted.merged_at}", now)
        for each in await self.mergers.about(person_id):
            if each.into_person == person_id and each.state == "merged":
                await self._follow(each, now)
                began_at = max(each.began_at, merger.began_at)
                merged_at = max(each.merged_at, merger.merged_at)
                last = structs.replace(each, began_at=began_at, merged_at=merged_at)
                await self._let_go(last, parted, own, now)

    async def _written(self, person_id: str) -> Flagged:
        written = await self.details.people.flagged(person_id)
        assert written is not None
        return written
