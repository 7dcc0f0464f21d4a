"""Of whom the force was asked whether they have enhanced rights, and what changed since."""

from dataclasses import dataclass, field
from datetime import datetime

from simulator.evidence.records import TaskRaised


@dataclass
class RightsAsked:
    """The tasks by person and crime, and when each person's crimes or records last changed.

    `asked_again` has the keys of tasks that ask a second time for no new reason.
    """

    asked_again: set[str] = field(default_factory=set)
    _asked_at: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _changed_at: dict[str, datetime] = field(default_factory=dict)

    def changed(self, person_id: str, at: datetime) -> None:
        """Write down that what is known of a person changed."""
        self._changed_at[person_id] = at

    def was_asked(self, person_id: str) -> bool:
        """Say whether the force was asked about a person, in any crime of theirs."""
        return any(person == person_id for person, _ in self._asked_at)

    def take(self, record: TaskRaised) -> None:
        """Write down a task, which asks again if nothing changed since the last of its kind."""
        key = (record.person_id, record.crime_reference)
        before = self._asked_at.get(key)
        self._asked_at[key] = record.at
        if before is not None and self._changed_at.get(record.person_id, before) <= before:
            self.asked_again |= {record.key} if record.at > before else set()
