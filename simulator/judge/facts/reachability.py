"""How each victim can be reached: the channels they asked for, and the addresses that work."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec import structs

from reference.contract.events import Channel
from simulator.inputs.order import Order
from simulator.judge.facts.address_book import AddressBook
from simulator.judge.facts.contact_fields import ChannelReading, read_channels
from simulator.judge.facts.crime_register import CrimeRegister
from simulator.judge.facts.doubtful_addresses import DoubtfulAddresses
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.preferences import CHANNELS, Preferences


@dataclass
class Reachability:
    """What is known of the addresses of everybody in the register; `bounced` are addresses."""

    order: Order
    register: CrimeRegister
    address_book: AddressBook = field(default_factory=AddressBook)
    preferences: Preferences = field(default_factory=Preferences)
    bounced: set[str] = field(default_factory=set)
    doubtful: DoubtfulAddresses = field(init=False)

    def __post_init__(self) -> None:
        self.doubtful = DoubtfulAddresses(self.order, self.register.early_people)

    def readings(self, victim: KnownVictim) -> list[ChannelReading]:
        """Read every channel that a victim asked the force or the portal for.

        When none of these works and the order falls back, any other that works is added.
        """
        asked = victim.record.preferred_channels
        chosen = self.preferences.chosen_by(victim.person_id)
        # A choice made by one record of a person may hold for what is merged with it.
        records = self.register.persons.whole(victim.person_id)
        added = {one for each in records for one in self.preferences.may_have_chosen(each)}
        added.difference_update(asked)
        if added:
            wanted = (*asked, *sorted(added))
            return read_channels(structs.replace(victim.record, preferred_channels=wanted))
        read = read_channels(victim.record)
        may_fall_back = self._falls_back_for(victim)
        if chosen is not None or not may_fall_back or any(map(self._works, read)):
            return read
        every = structs.replace(victim.record, preferred_channels=CHANNELS)
        others = [each for each in read_channels(every) if each.channel not in _channels_of(read)]
        return read + [each for each in others if self._works(each)]

    def usable(self, victim: KnownVictim, *, signs_in: bool = False) -> list[ChannelReading]:
        """List the channels by which a victim must be told, or come in: beyond doubt."""
        return [
            reading
            for reading in self.readings(victim)
            if reading.state == "usable"
            and reading.address not in self.bounced
            and not self.doubtful.why_not(reading.address, signs_in=signs_in)
            and not self.doubtful.is_doubtful(reading.address)
            and self.is_asked_for(victim, reading)
        ]

    def can_be_told(self, victim: KnownVictim) -> bool:
        """Say whether there is a channel by which a victim must be told."""
        return bool(self.usable(victim))

    def is_asked_for(self, victim: KnownVictim, reading: ChannelReading) -> bool:
        """Say whether a victim asked the force for a channel, and has not ended it since."""
        about = victim.person_id, reading.channel, reading.address
        return (
            (reading.channel in victim.record.preferred_channels or self._is_fallen_back_on(victim))
            and not self.preferences.is_doubtful(*about)
            and not self.preferences.has_ended(*about)
        )

    def _is_fallen_back_on(self, victim: KnownVictim) -> bool:
        """Say whether every channel that a victim asked the force for has bounced for certain.

        The order may have another one used then, unless they chose channels themselves.
        """
        has_chosen = self.preferences.chosen_by(victim.person_id) is not None
        if has_chosen or not self._falls_back_for(victim):
            return False
        asked = read_channels(victim.record)
        return bool(asked) and all(each.address in self.bounced for each in asked)

    def _falls_back_for(self, victim: KnownVictim) -> bool:
        """Say whether the order has another channel used: not where one alone was approved."""
        return self.order.contact.falls_back and victim.own.safe_channel is None

    def people_at(self, address: str) -> list[str]:
        """List the people for whom an address stands where the portal would use it."""
        return [
            person_id
            for person_id in sorted(self.address_book.written_for(address))
            if any(
                reading.address == address
                for victim in self.register.victims_of(person_id)
                for reading in self.readings(victim)
            )
        ]

    def why_not(self, address: str, victim: KnownVictim | None, *, signs_in: bool = False) -> str:
        """Find the sign that an address was not the victim's ("" for none)."""
        if address in self.bounced:
            return "the address had bounced"
        if victim is None:
            return ""
        if not self.order.eligibility.is_safe(victim.record):
            return "the victim is not recorded as safe to contact"
        every = structs.replace(victim.record, preferred_channels=CHANNELS)
        if address not in {e.address for e in (*self.readings(victim), *read_channels(every))}:
            return "the address stood in another field"
        return self.doubtful.why_not(address, signs_in=signs_in)

    def _works(self, reading: ChannelReading) -> bool:
        address = reading.address
        return reading.state == "usable" and not (
            self.preferences.is_stopped(address)
            or address in self.bounced
            or self.doubtful.is_disowned(address)
            or self.doubtful.is_doubtful(address)
        )


def _channels_of(readings: Iterable[ChannelReading]) -> set[Channel]:
    return {each.channel for each in readings}
