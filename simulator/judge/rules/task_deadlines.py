"""By when a task says that a person at the force must act: no later than the order allows.

The days run from when the task was raised, which is lenient. A task that names no day is left to
the crime system, as the contract has it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.evidence.records import TaskRaised
from simulator.judge import sentences
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
        latest, requirement, field = limit
        return [
            failure(
                "late",
                requirement,
                at=record.at,
                person_id=record.person_id,
                crime_reference=record.crime_reference,
                expected=f"a {record.task_kind} is to be done by {latest:%d %B %H:%M}",
                observed=f"the task says by {record.due_at:%d %B %H:%M}",
                rests_on=sentences.order(field),
            )
        ]

    def _limit(self, record: TaskRaised, book: CaseBook) -> tuple[datetime, str, str] | None:
        """Give the last moment, the requirement and the order's field; None without a limit."""
        if record.task_kind == "breach":
            # By the clock, weekends or not: Data Protection Act 2018, s.67.
            latest = record.at + timedelta(hours=self.order.deadlines.breach_hours)
            return latest, "NOTME-02", "deadlines.breach_hours"
        counted = self._working_days(record, book)
        if counted is None:
            return None
        days, requirement, field = counted
        return end_of_working_day(self.order, record.at, days), requirement, field

    def _working_days(self, record: TaskRaised, book: CaseBook) -> tuple[int, str, str] | None:
        deadlines = self.order.deadlines
        match record.task_kind:
            case "victim_question":
                days = self.order.two_way.reply_working_days
                return days, "TWO-14", "two_way.reply_working_days"
            case "who_is_told":
                return deadlines.working_days, "SENS-05", "deadlines.working_days"
            case "sensitive_contact":
                victims = book.register.victims_of(record.person_id)
                # A task may have been made before a change of rights, and waited since.
                since = book.crime_system_outages.since(record.at)
                is_enhanced = bool(victims) and all(
                    each.record.enhanced_rights
                    and (each.rights_changed_at is None or each.rights_changed_at < since)
                    for each in victims
                )
                if is_enhanced:
                    days = deadlines.working_days_enhanced
                    return days, "SENS-04", "deadlines.working_days_enhanced"
                return deadlines.working_days, "SENS-04", "deadlines.working_days"
        return None
