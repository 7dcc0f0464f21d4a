"""Flags: who must be told nothing, in whichever crime or record it stands; and who comes of age.

A flag of a person is in their record, or is a marker of a crime that the order says is about the
person. Two records with one name and date of birth are taken for one person's, and so are two that
the force merged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from reference.portal.rules import recipients
from reference.portal.settings import Settings
from reference.portal.storage.crimes import Link
from reference.portal.storage.people import People
from reference.portal.storage.person_mergers import PersonMerger, PersonMergers
from reference.portal.timestamps import seconds

_A_SECOND = timedelta(microseconds=999_999)


@dataclass(frozen=True, slots=True)
class Flags:
    """Kept beside each person, so that they are quick to ask."""

    people: People
    mergers: PersonMergers
    settings: Settings

    async def stand_elsewhere(
        self, person_id: str, reference: str, links: Mapping[str, Link]
    ) -> bool:
        """Say whether another crime or record of the person stops messages about this crime."""
        others = {other: link for other, link in links.items() if other != reference}
        if self._is_marked(others) or await self.people.has_flagged_likeness(person_id):
            return True
        merged = (await self.mergers.group(person_id))[1:]
        known = [await self.people.flagged(each) for each in merged]
        return any(each is not None and each.is_flagged for each in known)

    def why_not_by_own(self, merger: PersonMerger | None, now: datetime) -> str:
        """Find what its own record forbids a merged person still, "" for nothing."""
        if merger is None or merger.state != "merged":
            return ""
        return recipients.ban_of_merged(merger.own, now, self.settings)

    async def update(self, person_id: str, links: Mapping[str, Link], now: datetime) -> list[str]:
        """Work out the flags of a person's record and crimes again.

        Returns the other records of the person that a flag concerns, or did until now.
        """
        before = await self.people.flagged(person_id)
        if before is None:
            return []
        likeness = recipients.likeness(before.record)
        approved = recipients.as_approved(before.record, now)
        record = recipients.as_ordered(approved, self.settings)
        merger = await self.mergers.of(person_id)
        is_merged = merger is not None and merger.state == "merged"
        # A merged record has the details of the survivor, whose flags are the survivor's.
        is_flagged = not is_merged and recipients.is_flagged(record)
        is_flagged |= self._is_marked(links) or bool(self.why_not_by_own(merger, now))
        comes_at = recipients.comes_of_age_at(before.record, self.settings.age_min_years)
        # Either is a time at which who is told must be looked at again.
        own = [merger.own] if merger is not None and is_merged else []
        approved_until = [e.safe_until for e in (before.record, *own) if e.safe_channel is not None]
        times = [
            seconds(each + _A_SECOND) for each in approved_until if each is not None and each > now
        ]
        times += [seconds(each) for each in (comes_at,) if each is not None and each > now]
        of_age_at = min(times, default=None)
        if (likeness, is_flagged, of_age_at) != before[1:4]:
            await self.people.set_flags(
                person_id, likeness=likeness, is_flagged=is_flagged, of_age_at=of_age_at
            )
        if not (is_flagged or before.is_flagged):
            return []
        alike = await self.people.alike(person_id, likeness, before.likeness)
        return [*{*alike, *(await self.mergers.group(person_id))[1:]}]

    async def alike(self, person_id: str) -> list[str]:
        """List the other records that are taken for one person's by name and date of birth."""
        known = await self.people.flagged(person_id)
        if known is None:
            return []
        return await self.people.alike(person_id, known.likeness, known.likeness)

    def _is_marked(self, links: Mapping[str, Link]) -> bool:
        markers = self.settings.safeguarding_of_the_person
        return any(link.role == "victim" and markers & link.markers for link in links.values())
