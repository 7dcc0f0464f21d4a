"""Owes a task when a victim's record lacks the enhanced rights that what is known gives them."""

from dataclasses import dataclass, field

from reference.contract.events import (
    CrimeCancelled,
    CrimeReclassified,
    CrimeRecorded,
    VictimDetailsChanged,
)
from simulator.clock import LONDON
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.exclusions import DIED, OF_AGE, UNDECIDED
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.named_contact import birthday
from simulator.judge.facts.owed_tasks import OwedTask

_MAY_CHANGE = CrimeRecorded | CrimeReclassified | VictimDetailsChanged


@dataclass
class RightsChecks:
    """Reads the events that say who a victim is, and what was done to them.

    One task for a person is enough, whichever crime of theirs it is about (`_owed`).
    """

    book: CaseBook
    _owed: dict[str, OwedTask] = field(default_factory=dict)

    def receive(self, received: Received) -> None:
        """Take an event the portal has."""
        event, book = received.event, self.book
        if isinstance(event, CrimeCancelled):
            self._came_cancelled(event.crime_reference, received)
        if not isinstance(event, _MAY_CHANGE) or book.phases.owed_at(received.received_at) < 1:
            return
        crime = book.register.crimes.get(event.crime_reference)
        people = set(crime.victims) if crime is not None else set[str]()
        if isinstance(event, VictimDetailsChanged):
            people = {event.victim.person_id}
        for person_id in sorted(people):
            book.rights_asked.changed(person_id, received.received_at)
            crimes = [book.register.crimes[each] for each in book.register.crimes_of(person_id)]
            owing = [each for each in crimes if self._lacks_rights(each, person_id, received)]
            task = self._owed.get(person_id)
            if task is not None and not owing:
                task.is_void = task.is_void or task.raised_at is None
            elif owing and task is None and not book.rights_asked.was_asked(person_id):
                self._owe(person_id, received)

    def _came_cancelled(self, crime_reference: str, received: Received) -> None:
        crime = self.book.register.crimes.get(crime_reference)
        for person_id in crime.victims if crime is not None else ():
            task = self._owed.get(person_id)
            others = set(self.book.register.crimes_of(person_id)) - {crime_reference}
            crimes = [self.book.register.crimes[each] for each in others]
            if any(self._lacks_rights(each, person_id, received) for each in crimes):
                continue
            if task is not None and task.begun_at == received.received_at:
                task.is_void = task.is_void or task.raised_at is None

    def _owe(self, person_id: str, received: Received) -> None:
        expected = "the force is asked whether the victim has enhanced rights"
        about = ("CODE-04", expected, received.received_at, received.event_id)
        self._owed[person_id] = task = OwedTask("rights_check", person_id, *about)
        self.book.tasks.owe(task)

    def _lacks_rights(self, crime: KnownCrime, person_id: str, received: Received) -> bool:
        """Say whether a victim has the rights by what is known, and not by their record.

        Only where the crime is one for the portal: of others it need not look.
        """
        victim, asked = crime.victims[person_id], self.book.order.rights_check
        own = victim.own
        if crime.gone or own.enhanced_rights or own.kind != "person" or own.role != "victim":
            return False
        if not _is_of_the_portal(victim):
            return False
        today = received.received_at.astimezone(LONDON).date()
        is_child = (
            asked.under_years > 0
            and own.born is not None
            and birthday(own.born, asked.under_years) > today
        )
        is_marked = bool({*asked.markers} & {*crime.recorded.safeguarding})
        return is_child or is_marked or (asked.bereaved and own.has_died)


def _is_of_the_portal(victim: KnownVictim) -> bool:
    """Say whether a victim is told, or would be once an officer has decided who is told."""
    return victim.exclusion in {"", DIED, OF_AGE, UNDECIDED} or victim.exclusion.startswith("under")
