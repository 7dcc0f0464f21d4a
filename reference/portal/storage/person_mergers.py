"""The table person_merger: which records the force merged, and what each merged one was before."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from msgspec import Struct

from reference.contract.events import VictimRecord
from reference.portal.storage.database import Database


class PersonMerger(Struct, frozen=True):
    """One record that was merged into another, as was said in a crime; `record` and on is its own.

    `state` is "held", "merged" or "unmerged", as the migration says.
    """

    person_id: str
    into_person: str
    named_in: str
    state: str
    merged_at: int
    unmerged_at: int = 0
    record: bytes = b""
    written_at: int = 0
    chosen: str | None = None
    began_at: int = 0

    @property
    def own(self) -> VictimRecord:
        """The merged record, as the force last wrote it down."""
        return _as_written.decode(self.record)


@dataclass(frozen=True, slots=True)
class PersonMergers:
    """Mergers of persons, by the record that was merged."""

    database: Database

    async def of(self, person_id: str) -> PersonMerger | None:
        """Find the last merger of a record."""
        return next(iter(await self._where("person_id = ?", person_id)), None)

    async def about(self, person_id: str) -> list[PersonMerger]:
        """List the mergers of a record and into it that stand, held or not."""
        which = "(person_id = ? OR into_person = ?) AND state <> 'unmerged'"
        return await self._where(which, person_id, person_id)

    async def save(self, merger: PersonMerger) -> None:
        """Insert a merger, or replace that of the same record."""
        whose = (merger.person_id,)
        await self.database.run("DELETE FROM person_merger WHERE person_id = ?", whose)
        sql = f"INSERT INTO person_merger ({_NAMES}) VALUES ({', '.join('?' for _ in _FIELDS)})"  # noqa: S608
        await self.database.run(sql, msgspec.structs.astuple(merger))

    async def merged_into(self, people: Iterable[str]) -> list[str]:
        """List these people and every record that was merged into one of theirs."""
        found = list(people)
        for each in found:
            merged = await self._where("into_person = ? AND state = 'merged'", each)
            found += [one.person_id for one in merged if one.person_id not in found]
        return found

    async def survivor(self, person_id: str) -> str:
        """Find the record that a record goes on as: itself if it was not merged."""
        merger = await self.of(person_id)
        if merger is None or merger.state != "merged":
            return person_id
        return await self.survivor(merger.into_person)

    async def group(self, person_id: str) -> list[str]:
        """List all records that were merged with a record, held or not, itself first."""
        found = [person_id]
        for each in found:
            for one in await self.about(each):
                found += [e for e in (one.person_id, one.into_person) if e not in found]
        return found

    async def _where(self, which: str, *values: str) -> list[PersonMerger]:
        sql = f"SELECT {_NAMES} FROM person_merger WHERE {which} ORDER BY person_id"  # noqa: S608  fields
        return [PersonMerger(*row) for row in await self.database.all(sql, values)]


_FIELDS = PersonMerger.__struct_fields__
_NAMES = ", ".join(_FIELDS)
_as_written = msgspec.json.Decoder(VictimRecord)
