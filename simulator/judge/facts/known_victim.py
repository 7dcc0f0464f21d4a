"""One person of one crime as the portal should see them, and when something else is so of them."""

from dataclasses import dataclass, field

from reference.contract.events import Channel, VictimRecord
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.eligibility import as_told, is_somebody_else


@dataclass
class KnownVictim:
    """`own` is what was written down of them, `record` the same of whoever is told in their place.

    `invited` says by which channels they were, and where. Nothing goes to the addresses in
    `former`: somebody was told there until another was. Who `follows` came by a merger.
    """

    own: VictimRecord
    exclusion: str = ""
    invited: dict[Channel, str] = field(default_factory=dict)
    follows: bool = False
    former: set[str] = field(default_factory=set)

    @property
    def person_id(self) -> str:
        """Who this is."""
        return self.own.person_id

    @property
    def record(self) -> VictimRecord:
        """What is written down of whoever is told."""
        return as_told(self.own)

    def write(self, own: VictimRecord) -> bool:
        """Take what is written down from now on; says whether somebody else is told by it."""
        is_another = is_somebody_else(self.own, own)
        if is_another:
            self.former |= addresses_in(self.record)
            self.invited.clear()
        self.own = own
        self.former -= addresses_in(self.record)
        return is_another
