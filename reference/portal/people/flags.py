"""Who must be told nothing, in whatever crime or record of theirs that stands; who comes of age.

A flag of a person is one of their record, or a marker of a crime of theirs that the order says is
of the person. Two records with one name and date of birth are taken for one person's.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from reference.contract.events import VictimRecord
from reference.portal.rules import recipients
from reference.portal.settings import Settings
from reference.portal.storage.database import Database
from reference.portal.storage.store import Link, seconds

_AS_WRITTEN = msgspec.json.Decoder(VictimRecord)


class Flags:
    """Kept beside each person, so that to ask costs little."""

    def __init__(self, *, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    async def stand_elsewhere(
        self, person_id: str, reference: str, links: Mapping[str, Link]
    ) -> bool:
        """Say whether something in another crime, or another record, stops what is said of this."""
        others = {other: link for other, link in links.items() if other != reference}
        if self._is_marked(others):
            return True
        row = await self._database.one(
            "SELECT 1 FROM person p JOIN person o ON o.likeness = p.likeness"
            " WHERE p.person_id = ? AND p.likeness <> '' AND o.likeness <> ''"
            " AND o.person_id <> p.person_id AND o.is_flagged = 1",
            (person_id,),
        )
        return row is not None

    async def reckon(self, person_id: str, links: Mapping[str, Link], now: datetime) -> list[str]:
        """Say anew what a person's record and crimes come to.

        Answers whose other records that concerns, or did until now.
        """
        row = await self._database.one(
            "SELECT record, likeness, is_flagged, of_age_at FROM person WHERE person_id = ?",
            (person_id,),
        )
        if row is None:
            return []
        record = _AS_WRITTEN.decode(row[0])
        is_flagged = recipients.is_flagged(record) or self._is_marked(links)
        of_age_at = recipients.comes_of_age_at(record, self._settings.age_min_years)
        reckoned = (
            recipients.likeness(record),
            int(is_flagged),
            seconds(of_age_at) if of_age_at is not None and of_age_at > now else None,
        )
        if reckoned != row[1:]:
            await self._database.run(
                "UPDATE person SET likeness = ?, is_flagged = ?, of_age_at = ? WHERE person_id = ?",
                (*reckoned, person_id),
            )
        if not (is_flagged or row[2]):
            return []
        alike = await self._database.all(
            "SELECT person_id FROM person WHERE likeness IN (?, ?) AND likeness <> ''"
            " AND person_id <> ? ORDER BY person_id",
            (reckoned[0], row[1], person_id),
        )
        return [str(each[0]) for each in alike]

    async def come_of_age(self, now: datetime) -> list[str]:
        """List who came of age while another was told for them."""
        rows = await self._database.all(
            "SELECT person_id FROM person WHERE of_age_at <= ?"  # noqa: S608
            f" ORDER BY of_age_at, person_id LIMIT 500 {self._database.claiming('person')}",
            (seconds(now),),
        )
        return [str(row[0]) for row in rows]

    def _is_marked(self, links: Mapping[str, Link]) -> bool:
        """Say whether a crime of which somebody is a victim has a marker that is of the person."""
        markers = self._settings.safeguarding_of_the_person
        return any(link.role == "victim" and markers & link.markers for link in links.values())
