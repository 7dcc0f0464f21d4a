"""The tasks that the force must be given: raised, and in time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from simulator.judge.case_book import CaseBook
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class MissingTasks(Rule):
    """Judges at the end every task that was owed."""

    requirements = frozenset(
        {"SENS-02", "CONT-02", "NOTME-02", "SAFE-03", "SAFE-04", "SAFE-05", "SAFE-06"}
        | {"WHO-03", "WHO-04", "TWO-17", "BAIL-01", "SENS-06", "CODE-04", "SAFE-07", "SAFE-09"}
        | {"PERS-04", "PERS-06", "NOTME-09"}
    )

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find tasks that never came, or came late."""
        for task in book.tasks.owed:
            due_at = book.crime_system_outages.due_at(task.begun_at)
            if task.is_void or due_at is None or due_at > end:
                continue
            if task.raised_at is not None and task.raised_at <= due_at:
                continue
            about = (task.requirement, task, task.expected)
            if task.raised_at is None:
                yield failure("lost", *about, "no such task was raised", at=due_at)
            else:
                observed = f"it was raised {task.raised_at - task.begun_at} later"
                rests_on = "order: messages.minutes_max"
                yield failure("late", *about, observed, at=due_at, rests_on=rests_on)
