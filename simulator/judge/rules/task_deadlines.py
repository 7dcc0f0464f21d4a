"""By when a person at the force is told to do something: no later than the order allows.

Lenient: the days are reckoned from when the task was raised, and a task that names no day is left
to the crime system, as the contract has it.
"""

from datetime import datetime, timedelta

from simulator.evidence.records import TaskRaised
from simulator.inputs.order import Order
from simulator.judge.facts.crime_register import Cases
from simulator.judge.facts.deadlines import end_of_working_day
from simulator.judge.findings import Findings


class DueDates:
    """Judges the days that tasks name."""

    def __init__(self, order: Order, cases: Cases, findings: Findings) -> None:
        self._order = order
        self._cases = cases
        self._findings = findings

    def check(self, record: TaskRaised) -> None:
        """Find a task that gives whoever has it longer than the order does."""
        limit = self._limit(record)
        if limit is None or record.due_at is None:
            return
        latest, requirement = limit
        if record.due_at > latest:
            self._findings.fail(
                "late",
                requirement,
                at=record.at,
                person_id=record.person_id,
                crime_reference=record.crime_reference,
                expected=f"a {record.task_kind} is to be done by {latest:%d %B %H:%M}",
                observed=f"the task says by {record.due_at:%d %B %H:%M}",
            )

    def _limit(self, record: TaskRaised) -> tuple[datetime, str] | None:
        """Give the last moment for a kind of task; the order has none for the other kinds."""
        if record.task_kind == "breach":
            # By the clock, weekends or not: UK GDPR, article 33.
            return record.at + timedelta(hours=self._order.deadlines.breach_hours), "NOTME-02"
        counted = self._working_days(record)
        if counted is None:
            return None
        days, requirement = counted
        return end_of_working_day(self._order, record.at, days), requirement

    def _working_days(self, record: TaskRaised) -> tuple[int, str] | None:
        deadlines = self._order.deadlines
        match record.task_kind:
            case "victim_question":
                return self._order.two_way.reply_working_days, "TWO-14"
            case "who_is_told":
                return deadlines.working_days, "SENS-05"
            case "sensitive_contact":
                victims = self._cases.victims_of(record.person_id)
                is_enhanced = bool(victims) and all(e.record.enhanced_rights for e in victims)
                days = deadlines.working_days_enhanced if is_enhanced else deadlines.working_days
                return days, "SENS-04"
        return None
