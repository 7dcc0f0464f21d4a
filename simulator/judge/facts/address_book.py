"""Who truly holds each address, and for whom the force ever wrote it down."""

from collections.abc import Set
from dataclasses import dataclass, field

from simulator.evidence.records import AddressGivenUp, PersonKnown
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.known_victim import KnownVictim

_NOBODY: frozenset[str] = frozenset()


@dataclass
class AddressBook:
    """Person ids by address: those who read what is sent there, and those it was recorded for."""

    _holders: dict[str, set[str]] = field(default_factory=dict)
    _written: dict[str, set[str]] = field(default_factory=dict)
    _same: dict[str, set[str]] = field(default_factory=dict)

    def meet(self, person: PersonKnown) -> None:
        """Write down how a person can really be reached, who may have been met before."""
        if person.same_as:
            self._same.setdefault(person.same_as, set()).add(person.person_id)
            self._same.setdefault(person.person_id, set()).add(person.same_as)
        for address in (person.mobile_phone, person.email.lower()):
            if address:
                self._holders.setdefault(address, set()).add(person.person_id)

    def give_up(self, record: AddressGivenUp) -> None:
        """Write down that a person no longer reads what is sent to an address."""
        self._holders.get(record.address.lower(), set()).discard(record.person_id)

    def write(self, victim: KnownVictim) -> None:
        """Write down the addresses the force has recorded for a person, in any field."""
        for address in addresses_in(victim.record) | addresses_in(victim.own):
            self._written.setdefault(address, set()).add(victim.person_id)

    def written_for(self, address: str) -> Set[str]:
        """Give the people for whom an address was ever recorded."""
        return self._written.get(address, _NOBODY)

    def holders(self, address: str) -> Set[str]:
        """Give the people who truly read what is sent to an address, in all their records."""
        holders = self._holders.get(address, _NOBODY)
        if not self._same:
            return holders
        return holders.union(*(self._same.get(each, _NOBODY) for each in holders))

    def other_records_of(self, person_id: str) -> Set[str]:
        """Give the other records that the force truly has of a person, however it wrote them."""
        return self._same.get(person_id, _NOBODY)
