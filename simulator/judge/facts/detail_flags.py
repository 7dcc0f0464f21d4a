"""Victims whose contact details cannot be used: the force must be asked to look at them."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime

from reference.contract.events import Channel

MISSING = "missing"


@dataclass
class Flag:
    """One look that is owed at a victim's details; `raised_at` is when the force was asked."""

    person_id: str
    crime_reference: str
    reason: str
    due_at: datetime
    raised_at: datetime | None = None


@dataclass
class DetailFlags:
    """Every look that was ever owed, in order, and when the force was last asked for one."""

    opened: list[Flag] = field(default_factory=list)
    _flag_of: dict[str, Flag] = field(default_factory=dict)
    _asked_at: dict[str, datetime] = field(default_factory=dict)
    #: The details that a person was told by before, and when the force was last asked about them.
    _before: dict[str, tuple[Hashable, datetime | None]] = field(default_factory=dict)

    def owe(self, person_id: str, crime_reference: str, reason: str, due_at: datetime) -> None:
        """Owe a look at a person's details, unless one is owed already.

        The force need not be asked again while nothing has changed since.
        """
        known = self._flag_of.get(person_id)
        if known is None or known.raised_at is not None:
            asked_at = self._asked_at.get(person_id)
            flag = Flag(person_id, crime_reference, reason, due_at, asked_at)
            self._flag_of[person_id] = flag
            self.opened.append(flag)

    def waive(self, person_id: str, crime_reference: str) -> None:
        """Owe no look that only this crime asked for."""
        known = self._flag_of.get(person_id)
        if known is not None and known.crime_reference == crime_reference:
            del self._flag_of[person_id]
            self.opened.remove(known)

    def raised(self, person_id: str, at: datetime) -> None:
        """Write down that the force was asked to look at a person's details."""
        self._asked_at[person_id] = at
        known = self._flag_of.get(person_id)
        if known is not None and known.raised_at is None:
            known.raised_at = at

    def reached_anyway(self, person_id: str, channel: Channel, at: datetime) -> None:
        """Write down that a person was told although their details are in the wrong place."""
        known = self._flag_of.get(person_id)
        if known is None or known.raised_at is not None:
            return
        # Only where nothing else can be used is it a fault that a field is empty.
        if known.reason.startswith(channel) or known.reason.endswith(MISSING):
            known.raised_at = at

    def details_changed(
        self, person_id: str, before: Hashable, back: Hashable, at: datetime
    ) -> None:
        """Write down that a person is told by other details: by those that are `back`, if any are.

        A portal may ask about the new ones before it answers the delivery: at the same moment.
        """
        known, known_at = self._before.get(person_id, (None, None))
        if self._asked_at.get(person_id) != at:
            self._before[person_id] = before, self._asked_at.pop(person_id, None)
        if known_at is not None and known == back:
            self._asked_at[person_id] = known_at
