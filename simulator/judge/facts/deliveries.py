"""Which deliveries brought each event, by the correlation id that each delivery carried."""

from dataclasses import dataclass, field
from datetime import datetime

from reference.contract.events import CrimeClosed, CrimeRecorded, CrimeReopened, VictimContacted
from simulator.evidence.records import EventDelivered, EventRecorded

_TAKEN = 202
_RELEASES = frozenset({VictimContacted.__name__, CrimeReopened.__name__})


@dataclass
class Deliveries:
    """The deliveries that the portal took; `ids` are all their correlation ids."""

    ids: set[str] = field(default_factory=set)
    _ids_of: dict[str, list[str]] = field(default_factory=dict)
    _recorded: dict[str, EventRecorded] = field(default_factory=dict)
    _places: dict[str, int] = field(default_factory=dict)
    _waited: set[str] = field(default_factory=set)
    _known_crimes: set[str] = field(default_factory=set)
    _recordings_of: dict[str, list[str]] = field(default_factory=dict)
    _came_about: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)

    def record(self, record: EventRecorded) -> None:
        """Write down what the force recorded."""
        self._places.setdefault(record.event_id, len(self._places))
        self._recorded[record.event_id] = record
        if record.event_type == CrimeRecorded.__name__:
            self._recordings_of.setdefault(record.crime_reference, []).append(record.event_id)

    def deliver(self, record: EventDelivered) -> None:
        """Write down a delivery; an event before its crime waits for the crime."""
        if record.status != _TAKEN:
            return
        self.ids.add(record.correlation_id)
        self._ids_of.setdefault(record.event_id, []).append(record.correlation_id)
        event = self._recorded.get(record.event_id)
        if event is None:
            return
        came = (record.at, record.correlation_id)
        self._came_about.setdefault(event.crime_reference, []).append(came)
        if event.event_type == CrimeRecorded.__name__:
            self._known_crimes.add(event.crime_reference)
        elif event.crime_reference not in self._known_crimes:
            self._waited.add(record.event_id)

    def came_with_later(self, event_id: str, later_id: str) -> bool:
        """Say whether an event came in one delivery with another that was recorded after it.

        So did those that waited for one crime: they were taken up together with it.
        """
        ids = set(self._ids_of.get(event_id, ())) & set(self._ids_of.get(later_id, ()))
        came_together = any(ids) or self._waited_together(event_id, later_id)
        return came_together and self._places[event_id] < self._places[later_id]

    def _waited_together(self, event_id: str, later_id: str) -> bool:
        crimes = {self._recorded[each].crime_reference for each in (event_id, later_id)}
        return {event_id, later_id} <= self._waited and len(crimes) == 1

    def came_by_its_crime(self, event_id: str) -> bool:
        """Say whether the portal had an event no later than the crime that it is about."""
        recordings = self._recordings_of.get(self._recorded[event_id].crime_reference, ())
        return event_id in self._waited or any(
            self.came_with_later(each, event_id) for each in recordings
        )

    def ids_between(self, crime_reference: str, since: datetime, until: datetime) -> set[str]:
        """List the ids of the deliveries about a crime that came between two moments."""
        came = self._came_about.get(crime_reference, ())
        return {each for at, each in came if since <= at <= until}

    def ids_behind(self, event_id: str) -> set[str]:
        """List the ids that may stand behind what an event sets off.

        Where it waited for its crime, or for an officer to speak to the victim, they are also those
        of what it waited for.
        """
        event = self._recorded.get(event_id)
        found = set(self._ids_of.get(event_id, ()))
        if event is None:
            return found
        kinds = {CrimeRecorded.__name__} if event_id in self._waited else set()
        kinds |= _RELEASES if event.event_type == CrimeClosed.__name__ else set()
        for each in self._recorded.values() if kinds else ():
            if each.event_type in kinds and each.crime_reference == event.crime_reference:
                found.update(self._ids_of.get(each.event_id, ()))
        return found
