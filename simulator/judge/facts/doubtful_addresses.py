"""Which addresses the portal had reason to leave alone, by what it was told.

An address is at fault when more unrelated people share it than the order allows, when it is known
not to be a victim's, when it was typed to fill a field, or when its holder disowned it. Where
careful people would count differently an address is in doubt: a message there is neither owed nor
one too many.
"""

import re
from collections.abc import Mapping, Set
from datetime import datetime, timedelta

from reference.contract.events import Channel, VictimRecord
from simulator.inputs.order import Order
from simulator.judge.facts.contact_fields import addresses_in, as_email, as_mobile
from simulator.judge.facts.known_victim import KnownVictim

# One digit over and over, or a mailbox called "none": people type these where a field must be full.
_FILLER = re.compile(r"07([0-9])\1{8}|(none|no[._-]?e?mail|unknown|refused|no[._-]?reply)@.*")
_NOBODY: frozenset[str] = frozenset()


class DoubtfulAddresses:
    """Whose record has which address now, whose ever had it, and which were disowned.

    A word that anybody could say disowns no address; it is kept apart.
    """

    def __init__(self, order: Order, early: Mapping[str, Set[str]]) -> None:
        """Take the order, and the people by address of whom only details came, and no crime yet."""
        self._early = early
        self._contact = order.contact
        self._soon = timedelta(minutes=order.messages.minutes_max)
        written = order.contact.not_a_victims
        self._not_a_victims = {as_mobile(each) or as_email(each) for each in written} - {""}
        self._now: dict[str, set[str]] = {}
        self._ever: dict[str, set[str]] = {}
        self._record_of: dict[str, VictimRecord] = {}
        self._disowned: set[str] = set()
        self._texted_at: dict[str, datetime] = {}
        self._ever_disowned: set[str] = set()
        self._reported: set[str] = set()

    def write(self, victim: KnownVictim) -> None:
        """Write down the addresses in a victim's record."""
        record, person_id = victim.record, victim.person_id
        before = self._record_of.get(person_id)
        if before is not None and before != record:
            for address in _own(before):
                self._now.get(address, set()).discard(person_id)
        self._record_of[person_id] = record
        if not victim.exclusion:
            for address in _own(record):
                self._now.setdefault(address, set()).add(person_id)
        # Only a new address is confirmed: a new record repeats what it does not change.
        confirmed = addresses_in(record) - (addresses_in(before) if before else set())
        self._disowned -= confirmed
        for address in confirmed:
            self._texted_at.pop(address, None)
        for address in addresses_in(record):
            self._ever.setdefault(address, set()).add(person_id)

    def disown(self, address: str, texted_at: datetime | None) -> None:
        """Write down that the holder of an address says so, by a text or by a link."""
        if texted_at is None:
            self._texted_at.pop(address, None)
        elif address not in self._disowned - self._texted_at.keys():
            self._texted_at[address] = texted_at
        self._disowned.add(address)
        self._ever_disowned.add(address)

    def report(self, address: str) -> None:
        """Write down that a person, perhaps not its holder, said so of an address."""
        self._reported.add(address)

    def is_only_reported(self, address: str) -> bool:
        """Say whether an address was reported, or disowned by a text: its sender can be forged."""
        return address in self._texted_at or address in self._reported - self._ever_disowned

    def is_disowned(self, address: str, *, signs_in: bool = False) -> bool:
        """Say whether an address was disowned, and not written down anew since.

        The sender of a text can be forged: it keeps nobody out who `signs_in`.
        """
        return address in self._disowned and not (signs_in and address in self._texted_at)

    def is_just_texted(self, address: str, at: datetime) -> bool:
        """Say whether a text disowned an address so lately that a sign-in there may have ended."""
        texted_at = self._texted_at.get(address)
        return texted_at is not None and at <= texted_at + self._soon

    def was_disowned(self, address: str) -> bool:
        """Say whether an address was ever disowned: links sent there before open nothing."""
        return address in self._ever_disowned

    def why_not(self, address: str, *, signs_in: bool = False) -> str:
        """Say why nothing should go to an address ("" when nothing speaks against it)."""
        if self.is_disowned(address, signs_in=signs_in):
            return "the person who has it said that it was not for them"
        return self.fault(address)

    def fault(self, address: str) -> str:
        """Say what the force must be asked to look at in an address ("" for nothing)."""
        if address in self._not_a_victims:
            return "it is known not to be a victim's"
        if _FILLER.fullmatch(address):
            return "it is no address at all"
        # A portal may count only those who asked to be told there.
        return self.crowd(address, by="email" if "@" in address else "text")

    def crowd(self, address: str, by: Channel) -> str:
        """Say for how many unrelated people an address is recorded, if the order allows fewer.

        Only those count who asked to be told by the channel.
        """
        # A family shares a number and a name: a portal may tell its people from strangers.
        holders = self._now.get(address, _NOBODY)
        if not self._contact.are_too_many(len(holders)):
            return ""
        records = [self._record_of[each] for each in holders]
        names = {
            each.family_name.strip().casefold() for each in records if by in each.preferred_channels
        }
        is_shared = self._contact.are_too_many(len(names))
        return f"it is recorded for {len(names)} people who are not related" if is_shared else ""

    def is_doubtful(self, address: str) -> bool:
        """Say whether a careful person might leave an address alone.

        Too many people have it, or it was written down anew after its holder disowned it.
        """
        people = self.people_at(address) | self._early.get(address, _NOBODY)
        is_crowded = self._contact.are_too_many(len(people))
        return is_crowded or address in self._ever_disowned - self._disowned

    def people_at(self, address: str) -> Set[str]:
        """Give the people for whom an address was ever written down, in any field."""
        return self._ever.get(address, _NOBODY)


def _own(record: VictimRecord) -> set[str]:
    return {as_mobile(record.mobile_phone), as_email(record.email)} - {""}
