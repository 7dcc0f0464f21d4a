"""The table person_merger: which records the force merged, and what each merged one was before."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from msgspec import Struct

from reference.contract.events import VictimRecord
from reference.portal.storage.database import Database

_NOTHING = b""


class PersonMerger(Struct, frozen=True):
    """One record that was merged into another, as was said in a crime; `record` and on is its own.

    `state` is "waiting", "held", "merged" or "unmerged", as the migration says.
    """

    person_id: str
    into_person: str
    named_in: str
    state: str
    merged_at: int
    unmerged_at: int = 0
    since: int = 0
    record: bytes = _NOTHING
    written_at: int = 0
    channels_chosen: str | None = None
    registered_at: int | None = None

    @property
    def own(self) -> VictimRecord:
        """The merged record, as the force last wrote it down."""
        return _as_written.decode(self.record)

    @property
    def chosen(self) -> tuple[str, ...] | None:
        """The channels that the merged person had chosen, None if they had not."""
        return None if self.channels_chosen is None else tuple(self.channels_chosen.split())


@dataclass(frozen=True, slots=True)
class PersonMergers:
    """Mergers of persons, by the record that was merged."""

    database: Database

    async def of(self, person_id: str) -> PersonMerger | None:
        """Find the last merger of a record."""
        found = await self._where("person_id = ?", person_id)
        return found[0] if found else None

    async def about(self, person_id: str) -> list[PersonMerger]:
        """List the mergers of a record and into it that stand, held or not."""
        return await self._where(
            "(person_id = ? OR into_person = ?) AND state <> 'unmerged'", person_id, person_id
        )

    async def save(self, merger: PersonMerger) -> None:
        """Insert a merger, or replace that of the same record."""
        sets = ", ".join(f"{each} = excluded.{each}" for each in _FIELDS[1:])
        marks = ", ".join("?" for _ in _FIELDS)
        await self.database.run(
            f"INSERT INTO person_merger ({', '.join(_FIELDS)}) VALUES ({marks})"  # noqa: S608
            f" ON CONFLICT (person_id) DO UPDATE SET {sets}",
            msgspec.structs.astuple(merger),
        )

    async def merged_into(self, people: Iterable[str]) -> list[str]:
        """List these people and every record that was merged into one of theirs."""
        found = list(people)
        for each in found:
            merged = await self._where("into_person = ? AND state = 'merged'", each)
            found += [one.person_id for one in merged if one.person_id not in found]
        return found

    async def survivor(self, person_id: str) -> str:
        """Find the record that a record goes on as: itself if it was not merged."""
        seen = {person_id}
        while (merger := await self.of(person_id)) is not None and merger.state == "merged":
            if merger.into_person in seen:
                break
            person_id = merger.into_person
            seen.add(person_id)
        return person_id

    async def group(self, person_id: str) -> list[str]:
        """List all records that were merged with a record, held or not, itself first."""
        found = [person_id]
        for each in found:
            for one in await self.about(each):
                found += [e for e in (one.person_id, one.into_person) if e not in found]
        return found

    async def _where(self, which: str, *values: str) -> list[PersonMerger]:
        rows = await self.database.all(
            f"SELECT {', '.join(_FIELDS)} FROM person_merger"  # noqa: S608  names of fields
            f" WHERE {which} ORDER BY person_id",
            values,
        )
        return [PersonMerger(*row) for row in rows]


_FIELDS = PersonMerger.__struct_fields__
_as_written = msgspec.json.Decoder(VictimRecord)
