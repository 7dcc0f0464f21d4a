"""Officers' replies that may hold another person's data, and wait until an officer checked them."""

from dataclasses import dataclass, field

from reference.contract.events import OfficerReplied
from simulator.judge.facts.crime_register import CrimeRegister, Received
from simulator.judge.text.data_about_others import holds_others_data


@dataclass
class HeldReplies:
    """The replies that the portal has and must not show."""

    register: CrimeRegister
    held: list[OfficerReplied] = field(default_factory=list)
    _checked: set[tuple[str, str]] = field(default_factory=set)

    def take(self, received: Received) -> bool:
        """Say whether a reply is held back; note it, or that it was checked."""
        event = received.event
        if not isinstance(event, OfficerReplied):
            return False
        if event.checked:
            self._checked.add((event.person_id, event.text))
            return False
        crime = self.register.last_known(event.crime_reference)
        victim = crime.victims.get(event.person_id) if crime is not None else None
        if crime is None or victim is None:
            return False
        people = self.register.crimes[event.crime_reference].victims.values()
        others = [each.own for each in people if each.person_id != event.person_id]
        if not holds_others_data(event.text, victim.record, others):
            return False
        self.held.append(event)
        return True

    def must_not_see(self, text: str, readers: set[str]) -> bool:
        """Say whether words to these readers are of a reply that nobody checked."""
        return any(
            each.text == text
            and each.person_id in readers
            and (each.person_id, text) not in self._checked
            for each in self.held
        )
