"""By when a task says that a person at the force must act: no later than the order allows.

The days run from when the task was raised, which is lenient. A task that names no day is left to
the crime system, as the contract has it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.evidence.records import TaskRaised
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.deadlines import end_of_working_day
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class TaskDeadlines(Rule):
    """Judges the days that tasks name."""

    requirements = frozenset({"NOTME-02", "TWO-14", "SENS-04", "SENS-05"})
    hears = (TaskRaised,)

    def hear(self, record: TaskRaised, book: CaseBook) -> Iterable[Finding]:
        """Find a task that gives the force longer than the order does."""
        if record.due_at is None:
            return ()
        limit = self._limit(record, book)
        if limit is None or record.due_at <= limit[0]:
            return ()
        latest, requirement = limit
        return [
            failure(
                "late",
                requirement,
                at=record.at,
                person_id=record.person_id,
                crime_reference=record.crime_reference,
                expected=f"a {record.task_kind} is to be done by {latest:%d %B %H:%M}",
                observed=f"the task says by {record.due_at:%d %B %H:%M}",
            )
        ]

    def _limit(self, record: TaskRaised, book: CaseBook) -> tuple[datetime, str] | None:
        """Give the last moment for a kind of task; None for a kind without one."""
        if record.task_kind == "breach":
            # By the clock, weekends or not: UK GDPR, article 33.
            return record.at + timedelta(hours=self.order.deadlines.breach_hours), "NOTME-02"
        counted = self._working_days(record, book)
        if counted is None:
            return None
        days, requirement = counted
        return end_of_working_day(self.order, record.at, days), requirement

    def _working_days(self, record: TaskRaised, book: CaseBook) -> tuple[int, str] | None:
        deadlines = self.order.deadlines
        match record.task_kind:
            case "victim_question":
                return self.order.two_way.reply_working_days, "TWO-14"
            case "who_is_told":
                return deadlines.working_days, "SENS-05"
            case "sensitive_contact":
                victims = book.register.victims_of(record.person_id)
                is_enhanced = bool(victims) and all(e.record.enhanced_rights for e in victims)
                days = deadlines.working_days_enhanced if is_enhanced else deadlines.working_days
                return days, "SENS-04"
        return None
