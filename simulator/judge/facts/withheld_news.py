"""News a person tells first: sensitive closures and cancelled records, until an officer has spoken.

An officer has spoken to a victim of it when the crime system says so after it, or says that it was
after it. If both are so, it is certain; careful portals may take either.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from reference.contract.events import CrimeCancelled, CrimeClosed, VictimContacted
from reference.contract.outcomes import OUTCOMES
from simulator.evidence.records import Seen
from simulator.inputs.order import Order
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.known_crime import KnownCrime

_Key = tuple[str, str]


@dataclass(frozen=True)
class Withheld:
    """One event that no officer has told the victim of yet; `since` is when the portal had it.

    The crime system recorded it at `said_at`. If it was not the last to happen for certain
    (`is_last`), nobody need ever tell it. Of one that came while the victim was told of nothing
    (`came_unheard`) the page may speak alone.
    """

    event_id: str
    what: CrimeClosed | CrimeCancelled
    since: datetime
    said_at: datetime
    was_closed: bool
    is_last: bool
    came_unheard: bool = False


@dataclass
class WithheldNews:
    """What is withheld, by crime and victim; `_told` counts the closures a victim may read of."""

    order: Order
    _withheld: dict[_Key, Withheld] = field(default_factory=dict)
    _contacted_at: dict[_Key, datetime] = field(default_factory=dict)
    _noted_at: dict[_Key, datetime] = field(default_factory=dict)
    _told: Counter[_Key] = field(default_factory=Counter)
    #: Closures that nobody had told when the case was reopened: a later talk may have.
    _reopened: Counter[_Key] = field(default_factory=Counter)
    _told_to_all: Counter[str] = field(default_factory=Counter)

    def is_sensitive(self, event: CrimeClosed, crime: KnownCrime) -> bool:
        """Say whether the order has a person tell this closure first."""
        subgroup = crime.recorded.offence_subgroup
        return self.order.sensitive_closures.are_told_in_person(event.outcome, subgroup)

    def withhold(
        self,
        crime: KnownCrime,
        person_id: str,
        received: Received,
        *,
        was_closed: bool,
        is_last: bool,
        came_unheard: bool = False,
    ) -> bool:
        """Withhold an event from a victim; return False when an officer told it already.

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
        before = self._withheld.get(key)
        was_closed = before.was_closed if before is not None else was_closed
        said = (received.event_id, event, received.received_at, received.recorded_at)
        self._withheld[key] = Withheld(*said, was_closed, is_last, came_unheard)
        return True

    def tell(self, crime: KnownCrime) -> None:
        """Write down a closure that all the crime's victims may be told of at once.

        That the case has ended may then be shown; how it had ended before may not.
        """
        self._told_to_all[crime.recorded.crime_reference] += 1
        for person_id in crime.victims:
            self._let_read((crime.recorded.crime_reference, person_id), 1)

    def tell_of_stale(self, event: CrimeClosed, crime: KnownCrime) -> None:
        """Let victims read of an end that came late, and of which an officer had told them."""
        for person_id in crime.victims:
            told_at = self.told_at(event.crime_reference, person_id)
            if told_at is not None and told_at >= event.closed_at:
                self._told[event.crime_reference, person_id] += 1

    def tell_of_part(self, crime: KnownCrime, into: str) -> None:
        """Let the victims of a merged crime read of its end, which came late, on the other's page.

        How the other ended an officer may still have to tell them.
        """
        for person_id in crime.victims:
            self._let_read((into, person_id), 1)

    def _let_read(self, key: _Key, closures: int) -> None:
        """Let a victim read of so many closures more on a crime's page."""
        self._told[key] += closures
        if closures and key in self._withheld:
            self._withheld[key] = replace(self._withheld[key], was_closed=True)

    def contacted(self, event: VictimContacted, recorded_at: datetime) -> Withheld | None:
        """Write down that an officer spoke to a victim; return what was withheld until then."""
        key = (event.crime_reference, event.person_id)
        self._noted_at[key] = max(recorded_at, self._noted_at.get(key, recorded_at))
        known = self._contacted_at.get(key, event.contacted_at)
        self._contacted_at[key] = max(known, event.contacted_at)
        withheld = self._withheld.pop(key, None)
        if withheld is not None and isinstance(withheld.what, CrimeClosed):
            self._told[key] += 1
        self._told[key] += self._reopened.pop(key, 0)
        return withheld

    def told_at(self, crime_reference: str, person_id: str) -> datetime | None:
        """Find when an officer last spoke to a victim of a crime, as they say themselves."""
        return self._contacted_at.get((crime_reference, person_id))

    def was_noted_after(self, crime_reference: str, person_id: str, at: datetime) -> bool:
        """Say whether an officer wrote down a talk to a victim of a crime after a time."""
        noted_at = self._noted_at.get((crime_reference, person_id))
        return noted_at is not None and noted_at > at

    def was_told_after(self, person_id: str, received: Received) -> bool:
        """Say whether an officer told a victim of a closure for certain, though it came later.

        They spoke, and wrote it down, after the case had ended and the force had recorded that.
        """
        event = received.event
        key = (event.crime_reference, person_id)
        told_at, noted_at = self._contacted_at.get(key), self._noted_at.get(key)
        if told_at is None or noted_at is None or not isinstance(event, CrimeClosed):
            return False
        return told_at > event.closed_at and noted_at > received.recorded_at

    def carry(self, crime_reference: str, into: str, person_id: str, *, has_joined: bool) -> None:
        """Let a victim of a merged crime read of its end on the surviving crime's page.

        One who `has_joined` that page's readers by it reads there what was told before, too.
        """
        # One who came to the merged crime by a merger read there of an end that was no secret.
        told = max(self._told[crime_reference, person_id], self._told_to_all[crime_reference])
        self._let_read((into, person_id), told + has_joined * self._told_to_all[into])

    def release(self, crime_reference: str) -> list[str]:
        """Withhold no news of a crime that goes on; return the people it was withheld from."""
        gone = [key for key in self._withheld if key[0] == crime_reference]
        for key in gone:
            self._reopened[key] += isinstance(self._withheld.pop(key).what, CrimeClosed)
        return [person_id for _, person_id in gone]

    def of(self, crime_reference: str, person_id: str) -> Withheld | None:
        """Find what is withheld from a victim of a crime."""
        return self._withheld.get((crime_reference, person_id))

    def shown_on(self, seen: Seen, whose: Callable[[str], str]) -> str:
        """Name the crime whose end a page shows too early ("" for none).

        `whose` gives the record of the reader's in which they are told of a crime.
        """
        listed = (reference for reference, status in seen.statuses if status == "closed")
        for reference in dict.fromkeys((*listed, seen.crime_reference)):
            withheld = self.of(reference, whose(reference))
            if withheld is not None and self._stands_on(seen, reference, withheld):
                return reference
        return ""

    def _stands_on(self, seen: Seen, reference: str, withheld: Withheld) -> bool:
        if (reference, "closed") in seen.statuses:
            return not withheld.was_closed
        if seen.crime_reference != reference:
            return False
        what = withheld.what
        told = 0
        if isinstance(what, CrimeClosed):
            # A victim who came by a merger reads what was told before.
            told = max(self._told[reference, seen.person_id], self._told_to_all[reference])
        if seen.kinds.count(type(what).__name__) > told:
            return True
        shown = " ".join(seen.texts).casefold()
        named = isinstance(what, CrimeClosed) and OUTCOMES[what.outcome].casefold()
        return bool(named) and told == 0 and str(named) in shown
