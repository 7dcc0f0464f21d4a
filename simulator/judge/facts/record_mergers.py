"""Which records of persons the force merged, and took apart again, by the judge's own reading."""

from dataclasses import dataclass, field
from datetime import datetime

from reference.contract.events import PersonsMerged, PersonsUnmerged, VictimRecord
from simulator.judge.text.plain_words import squeezed


@dataclass
class PersonsMerger:
    """One record merged into another, as the force said at `said_at`.

    It `is_held` until the force has written the surviving record down again, where the two may be
    of two people. It is in effect since `begun_at`, None if it is not.
    """

    person_id: str
    into: str
    said_at: datetime
    is_held: bool = False
    begun_at: datetime | None = None


@dataclass
class MergedPersons:
    """Every merger that stands, by the record that was merged."""

    _mergers: dict[str, PersonsMerger] = field(default_factory=dict)
    _unmerged_at: dict[str, datetime] = field(default_factory=dict)
    _parted: set[tuple[str, str]] = field(default_factory=set)
    #: For each person the addresses of others with whom they were merged by mistake.
    parted_from: dict[str, set[str]] = field(default_factory=dict)
    #: When the portal heard that the merger of each record, which was in effect, was taken back.
    parted_at: dict[str, list[datetime]] = field(default_factory=dict)

    def merge(self, event: PersonsMerged, said_at: datetime) -> PersonsMerger | None:
        """Write down a merger; None if a newer fact stands, or it would go round in a circle."""
        before = self._mergers.get(event.person_id)
        newest = before.said_at if before is not None else self._unmerged_at.get(event.person_id)
        if newest is not None and said_at <= newest:
            return None
        if event.into in self.read_by(event.person_id):
            return None
        merger = PersonsMerger(event.person_id, event.into, said_at)
        self._mergers[event.person_id] = merger
        return merger

    def unmerge(
        self, event: PersonsUnmerged, said_at: datetime, at: datetime
    ) -> PersonsMerger | None:
        """Write down that a merger was taken back, heard `at`; return it if it stood."""
        merger = self._mergers.get(event.person_id)
        if merger is not None and said_at <= merger.said_at:
            return None
        self._unmerged_at[event.person_id] = said_at
        self._mergers.pop(event.person_id, None)
        if merger is not None and merger.begun_at is not None:
            for each in self.read_by(merger.person_id):
                self._parted.add((merger.into, each))
                self.parted_at.setdefault(each, []).append(at)
        return merger

    def begin(self, merger: PersonsMerger, at: datetime) -> None:
        """Let a merger take effect."""
        merger.is_held, merger.begun_at = False, at

    @property
    def none_stand(self) -> bool:
        """Say whether no merger stands."""
        return not self._mergers

    def into(self, person_id: str) -> list[PersonsMerger]:
        """List the mergers into a record that stand, in effect or not."""
        return [each for each in self._mergers.values() if each.into == person_id]

    def waiting(self) -> list[PersonsMerger]:
        """List the mergers that are not in effect."""
        return [each for each in self._mergers.values() if each.begun_at is None]

    def of(self, person_id: str) -> PersonsMerger | None:
        """Find the merger of a record that is in effect."""
        merger = self._mergers.get(person_id)
        return merger if merger is not None and merger.begun_at is not None else None

    def read_by(self, person_id: str) -> list[str]:
        """List the records whose crimes a person reads by theirs: it, and those merged into it."""
        if not self._mergers:
            return [person_id]
        found = [person_id]
        for each in found:
            merged = [one.person_id for one in self.into(each) if one.begun_at is not None]
            found += [one for one in merged if one not in found]
        return found

    def whole(self, person_id: str) -> set[str]:
        """Give all records that are one person's by the mergers in effect, itself among them."""
        if not self._mergers:
            return {person_id}
        survivor = person_id
        while (merger := self.of(survivor)) is not None:
            survivor = merger.into
        return set(self.read_by(survivor))

    def group(self, person_id: str) -> set[str]:
        """Give all records merged with one, in effect or not, itself among them."""
        if not self._mergers:
            return {person_id}
        found = [person_id]
        for each in found:
            merger = self._mergers.get(each)
            near = [one.person_id for one in self.into(each)]
            near += [merger.into] if merger is not None else []
            found += [one for one in near if one not in found]
        return set(found)

    def were_parted(self, person_id: str, other: str) -> bool:
        """Say whether a person read another's crimes by a merger that was taken back."""
        return (person_id, other) in self._parted


def may_be_two_people(one: VictimRecord, other: VictimRecord) -> bool:
    """Say whether two records differ in a name or the date of birth, where both have it."""
    both = [
        (squeezed(one.given_name), squeezed(other.given_name)),
        (squeezed(one.family_name), squeezed(other.family_name)),
        (one.born, other.born),
    ]
    return one.kind != other.kind or any(a and b and a != b for a, b in both)
