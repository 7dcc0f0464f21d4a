"""Who the followed victims are, what the force wrote down, and by which record they sign in.

Stage 7 of a rehearsal, with `simulated_victims`. Somebody who was recorded twice has two records.
"""

from dataclasses import replace

from msgspec import structs

from reference.contract.events import VictimRecord
from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.population.crowd_numbers import NEW_FIRST, crowd_mobile, is_crowd_number
from simulator.rehearsal.casework import Casework
from simulator.world.victims import Victim
from simulator.world.world import World

# Nobody can own the domain: RFC 2606 keeps it.
_NEW_MAILBOX = "moved.{row}@example.com"


class VictimRecords:
    """The victims by row, and their records by person id, as they stand now."""

    def __init__(self, world: World, casework: Casework) -> None:
        self._world = world
        self._casework = casework
        self._victims: dict[int, Victim] = {}
        self._second: dict[int, Victim] = {}
        self._recorded_as: dict[str, Victim] = {}
        self._row_of_person: dict[str, int] = {}
        self._written: dict[str, VictimRecord] = {}
        self._signed_in_as: dict[int, Victim] = {}
        self._strangers: set[str] = set()
        self._untold: dict[int, str] = {}

    def victim(self, row: int) -> Victim:
        """Give a row's victim; the first call adds them to the world."""
        if row not in self._victims:
            self._victims[row] = self._casework.victim(row)
            second = self._casework.second_record(row)
            for each in (self._victims[row], *([second] if second else [])):
                self._recorded_as[each.person_id] = each
                self._row_of_person[each.person_id] = row
                self._written[each.person_id] = each.record
                self._world.meet(each.known)
            if second is not None:
                self._second[row] = second
            for stranger in self._casework.strangers(row):
                if stranger.person_id not in self._strangers:
                    self._strangers.add(stranger.person_id)
                    self._world.meet(stranger)
        return self._victims[row]

    def recorded_as(self, person_id: str) -> Victim:
        """Find a victim by an id of theirs: somebody who was recorded twice has two."""
        return self._recorded_as[person_id]

    def died(self, row: int) -> VictimRecord:
        """Write down that a victim has died; give their record as it is from now on."""
        person_id = self.victim(row).person_id
        self._written[person_id] = structs.replace(self._written[person_id], has_died=True)
        return self._written[person_id]

    def moved(self, row: int, *, is_mobile: bool = False) -> tuple[str, str]:
        """Give a victim another mailbox, or mobile if they have one: return the old and the new.

        The old is "" if there was none. The force's record stays as it is until they tell it. One
        of Ofcom's 1,000 mobiles is shared: who has one gets another mailbox instead.
        """
        victim = self.victim(row)
        of_phone = is_mobile and is_crowd_number(victim.known.mobile_phone)
        old = victim.known.mobile_phone if of_phone else victim.known.email
        new = crowd_mobile(NEW_FIRST + row) if of_phone else _NEW_MAILBOX.format(row=row)
        field = "mobile_phone" if of_phone else "email"
        known = structs.replace(victim.known, at=self._world.now, **{field: new})
        if old:
            self._world.give_up(victim.person_id, old)
        self._world.meet(known)
        self._victims[row] = moved = replace(victim, known=known)
        self._recorded_as[victim.person_id] = moved
        self._signed_in_as.pop(row, None)
        self._untold[row] = field
        return old, new

    def told_of_move(self, row: int) -> VictimRecord | None:
        """Write down the address of a victim who has another; None if an officer has done so."""
        victim = self.victim(row)
        field = self._untold.pop(row)
        new, written = getattr(victim.known, field), self._written[victim.person_id]
        if getattr(written, field) == new:
            return None
        self._written[victim.person_id] = structs.replace(written, **{field: new})
        return self._written[victim.person_id]

    def note_corrected(self, record: VictimRecord) -> None:
        """Note that an officer wrote a record of a victim's anew."""
        self._written[record.person_id] = record

    def is_right_elsewhere(self, person_id: str) -> bool:
        """Return whether another record of the same victim has an address that is theirs."""
        row = self._row_of_person[person_id]
        second = self._second.get(row)
        both = {self.victim(row).person_id, *([second.person_id] if second else [])}
        found = {
            address for each in both - {person_id} for address in self._addresses_written(each)
        }
        return bool(found & set(self.victim(row).addresses))

    def with_address(self, row: int, address: str) -> Victim:
        """Find by which of their records a victim is known to have an address.

        Where one of two makes them a witness, it is the other: no witness is invited.
        """
        first, second = self.victim(row), self._second.get(row)
        if second is None or second.record.role != "victim":
            return first
        if first.record.role != "victim":
            return second
        # One record may have another date of birth, and so be told of nothing.
        told = [each for each in (first, second) if self._casework.is_told(row, each)]
        if len(told) == 1:
            return told[0]
        if address in self._addresses_written(first.person_id):
            return first
        return second if address in self._addresses_written(second.person_id) else first

    def by_the_code(self, row: int, victim: Victim, address: str) -> Victim:
        """Find by the address of a code the record of an invitation that `victim` followed.

        Two records that share a mailbox have an invitation each there, and a phone number each.
        """
        if address in self._addresses_written(victim.person_id):
            return victim
        return self.with_address(row, address)

    def note_signed_in(self, row: int, victim: Victim) -> None:
        """Note by which of their records a victim has signed in."""
        self._signed_in_as[row] = victim

    def signed_in(self, row: int) -> Victim:
        """Give the victim as they signed in last."""
        return self._signed_in_as.get(row) or self.victim(row)

    def _addresses_written(self, person_id: str) -> set[str]:
        """Return the mobile and the mailbox that stand in their own fields of a record."""
        record = self._written[person_id]
        return {as_mobile(record.mobile_phone), as_email(record.email)} - {""}
