"""What a person at the force is to be asked to do: owed as things happen, met by tasks raised.

Contact details have flags in the ledger, and questions their own tasks; here are the others.
"""

from dataclasses import dataclass
from datetime import datetime

from reference.contract.messages import TaskKind
from simulator.evidence.records import TaskRaised
from simulator.judge.facts.outages import Outages
from simulator.judge.findings import Findings


@dataclass
class OwedTask:
    """One task that one victim is owed; `crime_reference` is "" where any of theirs will do."""

    kind: TaskKind
    person_id: str
    crime_reference: str
    begun_at: datetime
    requirement: str
    expected: str
    raised_at: datetime | None = None
    is_void: bool = False


class Tasks:
    """All tasks owed in a run, and those raised that nothing is owed for yet."""

    def __init__(self, outages: Outages) -> None:
        self._outages = outages
        self._owed: list[OwedTask] = []
        self._waiting: dict[tuple[TaskKind, str], list[OwedTask]] = {}
        self._early: dict[tuple[TaskKind, str], list[TaskRaised]] = {}

    def owe(self, task: OwedTask) -> None:
        """Owe a task, unless it was raised at the same moment already."""
        self._owed.append(task)
        key = (task.kind, task.person_id)
        for raised in self._early.get(key, []):
            if raised.at >= task.begun_at and task.crime_reference in ("", raised.crime_reference):
                task.raised_at = raised.at
                self._early[key].remove(raised)
                return
        self._waiting.setdefault(key, []).append(task)

    def raised(self, record: TaskRaised) -> None:
        """Take a task the portal raised: it meets all that is owed of its kind to that victim."""
        key = (record.task_kind, record.person_id)
        met = [
            task
            for task in self._waiting.get(key, [])
            if task.crime_reference in ("", record.crime_reference)
        ]
        for task in met:
            task.raised_at = record.at
            self._waiting[key].remove(task)
        if not met:
            self._early.setdefault(key, []).append(record)

    def waive(self, kind: TaskKind, person_id: str, crime_reference: str) -> None:
        """Owe a task no longer: somebody has done it already."""
        key = (kind, person_id)
        for task in list(self._waiting.get(key, [])):
            if task.crime_reference == crime_reference:
                task.is_void = True
                self._waiting[key].remove(task)

    def find_missing(self, findings: Findings, end: datetime) -> None:
        """Find tasks that never came, or late."""
        for task in self._owed:
            due_at = self._outages.due_at(task.begun_at)
            if task.is_void or due_at is None or due_at > end:
                continue
            if task.raised_at is not None and task.raised_at <= due_at:
                continue
            findings.fail(
                "lost" if task.raised_at is None else "late",
                task.requirement,
                at=due_at,
                person_id=task.person_id,
                crime_reference=task.crime_reference,
                expected=task.expected,
                observed="no such task was raised"
                if task.raised_at is None
                else f"it was raised {task.raised_at - task.begun_at} later",
            )
