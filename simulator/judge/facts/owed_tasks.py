"""What a person at the force must be asked to do: owed by events, met by the tasks raised.

Contact details have flags of their own, and questions their own tasks; here are the others.
"""

from dataclasses import dataclass, field
from datetime import datetime

from reference.contract.messages import TaskKind
from simulator.evidence.records import TaskRaised

_Key = tuple[TaskKind, str]


@dataclass
class OwedTask:
    """One task that is owed for one victim; with no `crime_reference`, any crime of theirs will do.

    It is not owed any more when it `is_void`. `event_id` is the event that made it owed ("" for
    none). A task about the crime that it `goes_on_as` will do too ("" for none), and one of
    `other_kinds`, and with `early_will_do` one that was raised before. So will one about any of the
    `parts` that are one with the crime by mergers.
    """

    kind: TaskKind
    person_id: str
    requirement: str
    expected: str
    begun_at: datetime
    event_id: str = ""
    crime_reference: str = ""
    raised_at: datetime | None = None
    is_void: bool = False
    goes_on_as: str = ""
    other_kinds: tuple[TaskKind, ...] = ()
    early_will_do: bool = False
    parts: frozenset[str] = frozenset()

    @property
    def keys(self) -> list[_Key]:
        """Each kind of task that will do, with the person."""
        return [(kind, self.person_id) for kind in (self.kind, *self.other_kinds)]

    def is_met_by(self, raised: TaskRaised) -> bool:
        """Say whether a task of this kind and for this person is about a crime that will do."""
        will_do = {self.crime_reference, self.goes_on_as} | self.parts
        return not self.crime_reference or raised.crime_reference in will_do


@dataclass
class OwedTasks:
    """All tasks owed in a run, and tasks raised before they were owed."""

    owed: list[OwedTask] = field(default_factory=list)
    _waiting: dict[_Key, list[OwedTask]] = field(default_factory=dict)
    _early: dict[_Key, list[TaskRaised]] = field(default_factory=dict)
    _met: dict[_Key, list[tuple[TaskRaised, set[str]]]] = field(default_factory=dict)

    def owe(self, task: OwedTask) -> None:
        """Owe a task, unless it was raised at the same moment already."""
        self.owed.append(task)
        self._wait_for(task)

    def carry(self, person_id: str, crime_reference: str, into: str, begun_at: datetime) -> None:
        """Let tasks about a surviving crime do: the crime was merged as they were set off."""
        for (kind, person), waiting in self._waiting.items():
            for task in list(waiting) if person == person_id else ():
                is_of_its_kind = kind == task.kind and task.crime_reference == crime_reference
                if is_of_its_kind and task.begun_at == begun_at:
                    task.goes_on_as = into
                    self._wait_no_more(task)
                    self._wait_for(task)

    def _wait_for(self, task: OwedTask) -> None:
        for key in task.keys:
            for raised, requirements in self._met.get(key, []):
                is_one = raised.at == task.begun_at and task.requirement in requirements
                if is_one and task.is_met_by(raised):
                    # What asks for it twice at once, for one reason, is looked into once.
                    task.raised_at = raised.at
                    return
            for raised in self._early.get(key, []):
                is_early = raised.at < task.begun_at and not task.early_will_do
                if not is_early and task.is_met_by(raised):
                    task.raised_at = raised.at
                    self._early[key].remove(raised)
                    return
        for key in task.keys:
            self._waiting.setdefault(key, []).append(task)

    def _wait_no_more(self, task: OwedTask) -> None:
        for key in task.keys:
            self._waiting[key].remove(task)

    def raised(self, record: TaskRaised) -> None:
        """Write down a task the portal raised: it meets all that is owed of its kind."""
        key = (record.task_kind, record.person_id)
        met = [task for task in self._waiting.get(key, []) if task.is_met_by(record)]
        for task in met:
            task.raised_at = record.at
            self._wait_no_more(task)
        if met:
            self._met.setdefault(key, []).append((record, {each.requirement for each in met}))
        if all(task.is_void or record.crime_reference in task.parts for task in met):
            # What is owed no more, or of a crime that was one with its own, takes it from nothing
            # that is owed later.
            self._early.setdefault(key, []).append(record)

    def waive_all(self, person_id: str, crime_reference: str, *, begun_at: datetime) -> None:
        """Owe no task that one moment asked for about a crime: that moment ended the crime too."""
        for kind in [kind for kind, of in self._waiting if of == person_id]:
            self.waive(kind, person_id, crime_reference, begun_at=begun_at)

    def waive(
        self,
        kind: TaskKind,
        person_id: str,
        crime_reference: str,
        *,
        begun_at: datetime | None = None,
    ) -> None:
        """Owe a task no longer: a person has done it already.

        With `begun_at` only a task that was owed from that moment.
        """
        key = (kind, person_id)
        for task in list(self._waiting.get(key, [])):
            is_begun_then = begun_at in (None, task.begun_at)
            if task.crime_reference == crime_reference and is_begun_then:
                task.is_void = True
                self._wait_no_more(task)
