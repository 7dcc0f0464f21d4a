"""Who each task is for: the person at the force who can do it.

A question is for the officer who has the crime then, for the team where no officer is at work, and
after a charge for the witness care unit. No other task is for an officer who does not have the
crime. A task that names nobody is for whom the crime system finds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.evidence.records import TaskRaised
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.officers_in_charge import Addressees
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

_MOMENT = timedelta(microseconds=1)
#: Which requirement asks for a task of a kind; a task of another kind is not asked for by any.
_ASKED_BY = {
    "contact_details": "DATA-03",
    "breach": "NOTME-02",
    "sensitive_contact": "SENS-02",
    "who_is_told": "SENS-05",
    "contact_ended": "CONT-02",
}


@dataclass
class TaskAddressees(Rule):
    """Judges every task as it is raised, but those for a supervisor."""

    requirements = frozenset({"TWO-03", "TWO-06", "TWO-09", *_ASKED_BY.values()})
    hears = (TaskRaised,)

    def hear(self, record: TaskRaised, book: CaseBook) -> Iterable[Finding]:
        """Judge one task."""
        if record.crime_reference not in book.register.crimes:
            return []
        if record.task_kind == "victim_question":
            allowed = book.officers.between(
                record.crime_reference, _written_at(record, book), record.at
            )
            if record.assignee in allowed.asked:
                return []
            requirement, expected = _question_of(record, allowed, book)
        elif record.task_kind in _ASKED_BY and record.assignee in book.officers.collar_numbers:
            since = book.crime_system_outages.since(record.at)
            allowed = book.officers.between(record.crime_reference, since, record.at)
            if record.assignee in allowed.at_work:
                return []
            requirement = _ASKED_BY[record.task_kind]
            expected = "no task is for an officer who does not have the crime, or is not at work"
        else:
            return []
        return [
            failure(
                "lost",
                requirement,
                at=record.at,
                person_id=record.person_id,
                crime_reference=record.crime_reference,
                expected=expected,
                observed=f"the {record.task_kind} is for {_shown(record.assignee, book)}",
            )
        ]


def _written_at(record: TaskRaised, book: CaseBook) -> datetime:
    """Find how long ago the question of a task may have been asked.

    Of several that wait, any may be raised first.
    """
    questions = book.questions.on(record)
    asked = [
        each.asked.at
        for each in questions
        if each.task is None or each.task is record or each.task.at == record.at
    ]
    # Of what happened in the same second as an earlier question, either came first.
    earlier = [at - _MOMENT for at in asked if at < record.at]
    return min([*earlier, record.at])


def _question_of(record: TaskRaised, allowed: Addressees, book: CaseBook) -> tuple[str, str]:
    if allowed.standings == {"charged"}:
        return "TWO-06", "after a charge a question is for the witness care unit of that force"
    if record.assignee in book.officers.had(record.crime_reference):
        return "TWO-09", "a question is for the officer who has the crime, and is at work"
    return "TWO-03", "a question is for the officer in charge, or for the team where there is none"


def _shown(assignee: str, book: CaseBook) -> str:
    if assignee in book.officers.collar_numbers:
        return "an officer who does not have the crime, or is not at work"
    return "a queue that has no part in it" if assignee else "nobody in particular"
