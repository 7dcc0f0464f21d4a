"""What a person says first: sensitive closures and cancelled records, until somebody has spoken.

An officer has spoken to a victim of it when the crime system says so after it, or says that it was
after it; careful portals may take either.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from reference.contract.events import CrimeCancelled, CrimeClosed, VictimContacted
from reference.contract.outcomes import OUTCOMES
from simulator.evidence.records import Seen
from simulator.inputs.order import Order
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.known_crime import KnownCrime

_Key = tuple[str, str]


@dataclass(frozen=True)
class Held:
    """Something one victim has not been told in person yet; `since` is when the portal had it."""

    event_id: str
    what: CrimeClosed | CrimeCancelled
    since: datetime
    was_closed: bool


@dataclass
class Closures:
    """What is held back, by crime and victim."""

    order: Order
    _held: dict[_Key, Held] = field(default_factory=dict)
    _contacted_at: dict[_Key, datetime] = field(default_factory=dict)
    _told: Counter[_Key] = field(default_factory=Counter)

    def is_sensitive(self, event: CrimeClosed, crime: KnownCrime) -> bool:
        """Say whether the order has this closure said by a person first."""
        subgroup = crime.recorded.offence_subgroup
        return self.order.sensitive_closures.are_told_in_person(event.outcome, subgroup)

    def hold(
        self, crime: KnownCrime, person_id: str, received: Received, *, was_closed: bool
    ) -> bool:
        """Hold something back from a victim, unless an officer said it already.

        `was_closed` says that the victim may know of an earlier closure.
        """
        event = received.event
        assert isinstance(event, CrimeClosed | CrimeCancelled)
        ended_at = event.closed_at if isinstance(event, CrimeClosed) else event.cancelled_at
        key = (crime.recorded.crime_reference, person_id)
        contacted_at = self._contacted_at.get(key)
        if contacted_at is not None and contacted_at >= ended_at:
            self._told[key] += isinstance(event, CrimeClosed)
            return False
        before = self._held.get(key)
        was_closed = before.was_closed if before is not None else was_closed
        self._held[key] = Held(received.event_id, event, received.received_at, was_closed)
        return True

    def tell(self, crime: KnownCrime) -> None:
        """Note a closure of a crime that all its victims may be told at once."""
        for person_id in crime.victims:
            self._told[crime.recorded.crime_reference, person_id] += 1

    def contacted(self, event: VictimContacted) -> Held | None:
        """Take that an officer has spoken to a victim; answers what was held back for it."""
        key = (event.crime_reference, event.person_id)
        known = self._contacted_at.get(key, event.contacted_at)
        self._contacted_at[key] = max(known, event.contacted_at)
        held = self._held.pop(key, None)
        if held is not None and isinstance(held.what, CrimeClosed):
            self._told[key] += 1
        return held

    def carry(self, crime_reference: str, into: str, person_id: str) -> None:
        """Let a victim who follows a merged crime go on reading of its end on the other's page."""
        self._told[into, person_id] += self._told[crime_reference, person_id]

    def forget(self, crime_reference: str) -> list[str]:
        """Hold back nothing of a crime: it goes on. Answers whom it was held back from."""
        gone = [key for key in self._held if key[0] == crime_reference]
        for key in gone:
            del self._held[key]
        return [person_id for _, person_id in gone]

    def held(self, crime_reference: str, person_id: str) -> Held | None:
        """Find what is held back of a crime from a victim."""
        return self._held.get((crime_reference, person_id))

    def gives_away(self, seen: Seen) -> str:
        """Say which crime's end a page gives away too early ("" for none)."""
        for (reference, person_id), held in self._held.items():
            if person_id == seen.person_id and self._stands_on(seen, reference, held):
                return reference
        return ""

    def _stands_on(self, seen: Seen, reference: str, held: Held) -> bool:
        if (reference, "closed") in seen.statuses:
            return not held.was_closed
        if seen.crime_reference != reference:
            return False
        kind = type(held.what).__name__
        told = self._told[reference, seen.person_id] if isinstance(held.what, CrimeClosed) else 0
        if seen.kinds.count(kind) > told:
            return True
        shown = " ".join(seen.texts).casefold()
        named = isinstance(held.what, CrimeClosed) and OUTCOMES[held.what.outcome].casefold()
        return bool(named) and told == 0 and str(named) in shown
