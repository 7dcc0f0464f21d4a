"""Who was named in which crime by what the force recorded: of nobody else can a tester say a thing.

Crimes and persons that were merged count as one from then on, also where that was taken back.
"""

from collections import defaultdict

from reference.contract.events import (
    AnyEvent,
    CrimeMerged,
    CrimeRecorded,
    IncidentReported,
    PersonsMerged,
    VictimDetailsChanged,
)


class PeopleNamed:
    """The people of each crime."""

    def __init__(self) -> None:
        self._people_in: defaultdict[str, set[str]] = defaultdict(set)
        self._people: set[str] = set()

    def learn(self, event: AnyEvent) -> None:
        """Take an event that was recorded."""
        match event:
            case CrimeRecorded():
                self._name(event.crime_reference, *(each.person_id for each in event.victims))
            case IncidentReported() | VictimDetailsChanged():
                self._name(event.crime_reference, event.victim.person_id)
            case CrimeMerged():
                self._name(event.into, *self._people_in[event.crime_reference])
                self._people_in[event.crime_reference] = self._people_in[event.into]
            case PersonsMerged():
                both = {event.person_id, event.into}
                self._people |= both
                for people in self._people_in.values():
                    people.update(both if people & both else ())

    def knows(self, person_id: str) -> bool:
        """Say whether a person was named in any crime."""
        return person_id in self._people

    def are_in(self, crime_reference: str, person_id: str) -> bool:
        """Say whether a person was named in a crime, or in one that it was merged with."""
        return person_id in self._people_in.get(crime_reference, ())

    def _name(self, crime_reference: str, *people: str) -> None:
        self._people_in[crime_reference].update(people)
        self._people.update(people)
