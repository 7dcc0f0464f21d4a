"""What the crime system recorded, and what the portal had of it, by the id of an event."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reference.contract.events import (
    CrimeCancelled,
    CrimeMerged,
    CrimeReclassified,
    CrimeUnmerged,
    PersonsMerged,
    PersonsUnmerged,
    VictimDetailsChanged,
)
from simulator.evidence.records import ChangesSeenAsOne, EventRecorded

#: These are about all crimes of a person.
_OF_A_PERSON = {e.__name__ for e in (VictimDetailsChanged, PersonsMerged, PersonsUnmerged)}
#: These may end a marker, which kept a person from other crimes too.
_OPENING = {CrimeReclassified.__name__, CrimeCancelled.__name__, CrimeUnmerged.__name__}


@dataclass
class RecordedEvents:
    """Every event in order; `known_before` are those that are about a person who was known then.

    `waited` are those that came before their crime.
    """

    by_id: dict[str, EventRecorded] = field(default_factory=dict)
    received: set[str] = field(default_factory=set)
    known_before: set[tuple[str, str]] = field(default_factory=set)
    waited: set[str] = field(default_factory=set)
    _seen_as_one: set[str] = field(default_factory=set)
    #: By crime, the mergers of it, and the changes of its people's details that are on their way.
    _mergers: dict[str, list[str]] = field(default_factory=dict)
    _details: dict[str, set[str]] = field(default_factory=dict)

    def record(self, event: EventRecorded) -> None:
        """Write down an event that the crime system recorded."""
        self.by_id[event.event_id] = event
        if event.event_type == CrimeMerged.__name__:
            self._mergers.setdefault(event.crime_reference, []).append(event.event_id)
        elif event.event_type == VictimDetailsChanged.__name__:
            self._details.setdefault(event.crime_reference, set()).add(event.event_id)

    def receive(self, event: EventRecorded) -> None:
        """Write down that an event reached the portal."""
        self.received.add(event.event_id)
        self._details.get(event.crime_reference, set()).discard(event.event_id)

    def mergers_of(self, crime_reference: str) -> Sequence[str]:
        """List the mergers of a crime into others, by their events."""
        return self._mergers.get(crime_reference, ())

    def has_details_on_their_way(self, crime_reference: str) -> bool:
        """Say whether a change of details has not reached the portal, that came under a crime."""
        on_their_way = self._details.get(crime_reference, set())
        return not on_their_way <= self._seen_as_one

    def undelivered(self) -> list[EventRecorded]:
        """List the events that were recorded and never reached the portal, by themselves or not."""
        reached = self.received | self._seen_as_one
        return [each for key, each in self.by_id.items() if key not in reached]

    def seen_as_one(self, record: ChangesSeenAsOne) -> None:
        """Note that an event reaches the portal as part of a later one."""
        self._seen_as_one.add(record.event_id)

    def is_of_a_person(self, event_id: str) -> bool:
        """Say whether an event is about a person, and so about all their crimes."""
        recorded = self.by_id.get(event_id)
        return recorded is not None and recorded.event_type in _OF_A_PERSON

    def may_bring_details(self, event_id: str, person_id: str) -> bool:
        """Say whether an event may bring new details of a person for all their crimes.

        It is about the person, or is a new crime of a person who was known already.
        """
        return self.is_of_a_person(event_id) or (event_id, person_id) in self.known_before

    def may_open_others(self, event_id: str) -> bool:
        """Say whether an event may let a person be told of other crimes: a marker may have gone."""
        recorded = self.by_id.get(event_id)
        return recorded is not None and recorded.event_type in _OPENING
