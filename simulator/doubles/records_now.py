"""What the force's records hold now of a crime and of its people.

An integration reads a record some time after it was changed: it may say then what stands by then.
"""

from collections import defaultdict
from typing import Any

from reference.contract.events import (
    AnyEvent,
    CrimeReclassified,
    CrimeRecorded,
    IncidentReported,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.doubles.compared_events import About, Contents, contents, contents_of_person

_ROLE = "role"
_OFFENCE = frozenset({"offence_code", "offence_subgroup", "offence", "safeguarding"})


class RecordsNow:
    """The offence of each crime and the details of each person, as they were recorded last."""

    def __init__(self) -> None:
        self._offences: dict[str, Contents] = {}
        self._people: dict[str, Contents] = {}
        #: What a person is in a crime stands there: a change of their details does not alter it.
        self._roles: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def learn(self, event: AnyEvent) -> None:
        """Take an event that was recorded."""
        match event:
            case CrimeRecorded():
                self._offences[event.crime_reference] = contents(event)
                for each in event.victims:
                    self._meet(event.crime_reference, each)
            case CrimeReclassified():
                self._offences[event.crime_reference] = contents(event)
            case VictimDetailsChanged() | IncidentReported():
                self._meet(event.crime_reference, event.victim)

    def say(self, about: About, path: tuple[str, ...], value: Any) -> bool:
        """Say whether this is what the records hold now in a field of an event."""
        _kind, reference, person_id = about
        if path[0] == "victims":
            person_id, path = path[1], ("victim", *path[2:])
        if path[0] == "victim" and person_id in self._people:
            if path[1] == _ROLE:
                return value in self._roles[reference, person_id]
            return bool(self._people[person_id].get(path) == value)
        is_offence = path[0] in _OFFENCE and reference in self._offences
        return is_offence and bool(self._offences[reference].get(path) == value)

    def _meet(self, reference: str, victim: VictimRecord) -> None:
        self._people[victim.person_id] = contents_of_person(victim)
        self._roles[reference, victim.person_id].add(victim.role)
