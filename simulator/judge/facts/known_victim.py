"""One person of one crime, as the portal should see them."""

from dataclasses import dataclass, field
from datetime import datetime

from reference.contract.events import Channel, Role, VictimRecord
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.named_contact import as_told, is_somebody_else


@dataclass
class KnownVictim:
    """`own` is the victim's record; `record` is that of the person who is told for them.

    `exclusion` says why nobody is told ("" when a person is). `invited` has the address by channel
    of each invitation. Nothing goes to the addresses in `former`: another person was told there
    before. `came_by_merger` says that this crime was merged with the victim's own, and `joined_at`
    when, if the portal learned of this crime only after that. `left` are channels of an invitation
    by which a later record gave no address. One who `needs_no_invitation` was invited to a crime
    that was one with this: an invitation may come. One who `was_out_of_reach` had no address left
    when a stranger had disowned one; one who `was_enhanced` had enhanced rights in an earlier
    record. `rights_changed_at` is when a record last changed these rights; `standing_changed_at` is
    when one last changed the age, or told of a death or of another person to tell; `approved_at` is
    when one named a safe channel. `role_before` is their role in this crime before another was
    merged into it (None where none was).
    `frequency_before` is how often they were told until when.
    """

    own: VictimRecord
    exclusion: str = ""
    invited: dict[Channel, str] = field(default_factory=dict)
    came_by_merger: bool = False
    joined_at: datetime | None = None
    former: set[str] = field(default_factory=set)
    left: set[Channel] = field(default_factory=set)
    was_out_of_reach: bool = False
    needs_no_invitation: bool = False
    was_enhanced: bool = False
    rights_changed_at: datetime | None = None
    standing_changed_at: datetime | None = None
    approved_at: datetime | None = None
    role_before: Role | None = None
    frequency_before: tuple[int | None, datetime] | None = None

    @property
    def person_id(self) -> str:
        """The victim's id in the crime system."""
        return self.own.person_id

    @property
    def record(self) -> VictimRecord:
        """The record of the person who is told."""
        return as_told(self.own)

    def write(self, own: VictimRecord, at: datetime) -> bool:
        """Replace the record; return whether another person is told from now on."""
        if own.enhanced_rights != self.own.enhanced_rights:
            self.rights_changed_at = at
        if _standing(own) != _standing(self.own):
            self.standing_changed_at = at
        if own.safe_channel != self.own.safe_channel:
            self.approved_at = at
        if own.update_frequency_days != self.own.update_frequency_days:
            self.frequency_before = (self.own.update_frequency_days, at)
        is_another = is_somebody_else(self.own, own)
        if is_another:
            self.former |= addresses_in(self.record)
            self.invited.clear()
        self.was_enhanced |= self.record.enhanced_rights
        self.own = own
        self.former -= addresses_in(self.record)
        return is_another


def _standing(own: VictimRecord) -> tuple[object, ...]:
    """Give what makes a victim's rights enhanced whether or not the record says so."""
    return own.kind, own.born, own.has_died, own.who_is_told
