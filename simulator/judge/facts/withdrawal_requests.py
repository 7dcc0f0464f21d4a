"""What victims asked of no longer supporting an investigation, and the tasks that came of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import structs

from simulator.evidence.records import TaskRaised, WithdrawalAsked
from simulator.judge.facts.crime_register import CrimeRegister


@dataclass
class WithdrawalRequests:
    """Every request in order, confirmed or not, and every task of this kind."""

    register: CrimeRegister
    asked_all: list[WithdrawalAsked] = field(default_factory=list)
    tasks: list[TaskRaised] = field(default_factory=list)
    #: As which crime another went on when something was asked of it, or a task raised.
    _went_on_as: dict[str, set[str]] = field(default_factory=dict)

    def asked(self, record: WithdrawalAsked) -> None:
        """Write down that a person asked, or only went to the page that asks again.

        It is in the name of the record that the crime is of.
        """
        whose = self.register.as_theirs(record.person_id, record.crime_reference)
        self._note(record.crime_reference)
        self.asked_all.append(structs.replace(record, person_id=whose))

    def part(self, person_id: str, into: str, crime_reference: str) -> None:
        """Move what a person asked of a crime that theirs is merged `into` no longer."""
        for number, each in enumerate(self.asked_all):
            if each.person_id == person_id and each.crime_reference == into:
                moved = structs.replace(each, crime_reference=crime_reference)
                self.asked_all[number] = moved
                self._went_on_as.setdefault(crime_reference, set()).add(into)

    def raised(self, record: TaskRaised) -> None:
        """Write down a task."""
        self._note(record.crime_reference)
        self.tasks.append(record)

    def behind(self, task: TaskRaised) -> list[WithdrawalAsked]:
        """List what the person of a task had asked of its crime by then.

        A portal may raise the task a moment before the request is written down.
        """
        return [
            each
            for each in self.asked_all
            if each.at <= task.at
            and self._is_of(each.crime_reference, task)
            and each.person_id in self.register.records_of(task.person_id)
        ]

    def tasks_by_crime(self) -> dict[str, list[int]]:
        """Map each crime, and what it went on as for a time, to the places of the tasks about it.

        It holds until a crime is merged, or another task raised.
        """
        found: dict[str, list[int]] = {}
        for place, task in enumerate(self.tasks):
            for crime in self._went_on(task.crime_reference):
                found.setdefault(crime, []).append(place)
        return found

    def about(
        self, asked: WithdrawalAsked, by_crime: Mapping[str, Iterable[int]]
    ) -> list[TaskRaised]:
        """List the tasks for the person and crime of a request; `by_crime` are all tasks."""
        crimes = self._went_on(asked.crime_reference)
        places = sorted({place for crime in crimes for place in by_crime.get(crime, ())})
        return [
            self.tasks[place]
            for place in places
            if asked.person_id in self.register.records_of(self.tasks[place].person_id)
        ]

    def waiting_since(self, task: TaskRaised) -> datetime:
        """Find when the oldest request was made that no earlier task answered."""
        earlier = [each.at for each in self.tasks if each is not task and each.at < task.at]
        since = max(earlier, default=None)
        waiting = [e.at for e in self.behind(task) if e.confirmed and (not since or e.at >= since)]
        return min([*waiting, task.at])

    def _note(self, crime_reference: str) -> None:
        goes_on = self.register.current(crime_reference)
        self._went_on_as.setdefault(crime_reference, set()).add(goes_on)

    def _is_of(self, crime_reference: str, task: TaskRaised) -> bool:
        """Say whether a task is about a crime, or about what it went on as for a time."""
        return not self._went_on(crime_reference).isdisjoint(self._went_on(task.crime_reference))

    def _went_on(self, crime_reference: str) -> set[str]:
        return {
            self.register.current(crime_reference),
            *self._went_on_as.get(crime_reference, ()),
        }
