"""Who each task is for: the person at the force who can do it.

A question is for the officer who has the crime then, for the team where no officer is at work, and
after a charge for the witness care unit. A late answer is for the supervisors of that team or
force. To talk about withdrawing is for the officer or the team too, and for witness care after a
charge. No other task is for an officer who does not have the crime. A task that names nobody is for
whom the crime system finds. Words of danger are for the officer or, where none is at work, for the
control room.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from simulator.evidence.records import QuestionAsked, TaskRaised
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.officers_in_charge import MOMENT, Addressees
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.judge.text.danger_sentences import is_certainly_dangerous
from simulator.verdicts import Finding

#: What a victim may ask the officer after a charge: the witness care unit does not deal with it.
_NOT_OF_THE_COURT = re.compile(
    r"\b(bail|conditions|threat\w*|followed|scared|afraid|frightened|safe|property|belongings|"
    r"(my|the) (bicycle|bike|phone|car|keys|passport) back)\b",
    re.IGNORECASE,
)
#: What a victim may say a question is about that the officer deals with, also after a charge.
_FOR_THE_OFFICER = frozenset({"threats", "property", "bail"})
#: Which requirement asks for a task of a kind; a task of another kind is not asked for by any.
_ASKED_BY = {
    "contact_details": "DATA-03",
    "breach": "NOTME-02",
    "sensitive_contact": "SENS-02",
    "who_is_told": "SENS-05",
    "contact_ended": "CONT-02",
}


class _Broken(NamedTuple):
    """What a task breaks: the requirement, the sentence it rests on, and what it asks for."""

    requirement: str
    rests_on: str
    expected: str


@dataclass
class TaskAddressees(Rule):
    """Judges every task as it is raised.

    A portal that files at once may raise the task before its question is written down, and what the
    victim says the question is about: it is judged by that.
    """

    requirements = frozenset(
        {"TWO-03", "TWO-06", "TWO-08", "TWO-09", "TWO-16", "WITHDRAW-03", *_ASKED_BY.values()}
    )
    hears = (TaskRaised, QuestionAsked)

    _early: list[tuple[TaskRaised, list[Finding]]] = field(default_factory=list)

    def hear(self, record: TaskRaised | QuestionAsked, book: CaseBook) -> Iterable[Finding]:
        """Judge one task, or those that a question was written down for."""
        if isinstance(record, QuestionAsked):
            now_known = [e for e, _found in self._early if not book.questions.is_early(e)]
            self._early = [each for each in self._early if each[0] not in now_known]
            return [found for each in now_known for found in self._judged(each, book)]
        found = self._judged(record, book)
        if record.task_kind == "victim_question" and book.questions.is_early(record):
            self._early.append((record, found))
            return []
        return found

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find what is wrong with tasks that no question came to."""
        del book, end
        for _record, found in self._early:
            yield from found

    def _judged(self, record: TaskRaised, book: CaseBook) -> list[Finding]:
        if record.crime_reference not in book.register.crimes:
            return []
        if record.task_kind == "victim_question":
            broken = _question(record, book)
        elif record.task_kind == "late_answer":
            broken = self._late_answer(record, book)
        elif record.task_kind == "withdrawal_discussion":
            broken = self._withdrawal(record, book)
        elif record.task_kind == "safety_concern":
            broken = self._safety(record, book)
        else:
            broken = _other_task(record, book)
        if broken is None:
            return []
        return [
            failure(
                "lost",
                broken.requirement,
                record,
                broken.expected,
                f"the {record.task_kind} is for {_shown(record.assignee, book)}",
                rests_on=broken.rests_on,
            )
        ]

    def _late_answer(self, record: TaskRaised, book: CaseBook) -> _Broken | None:
        """Say what is wrong with a task that is not in the queue of the supervisors."""
        asked = [each.asked.at for each in book.questions.on(record)]
        since = min([*asked, record.at])
        teams = book.officers.between(record.crime_reference, since, record.at).teams
        crimes = book.register.crimes
        # A crime may have been merged into one that the portal does not have.
        known = (book.register.current(record.crime_reference), record.crime_reference)
        crime = next((crimes[each] for each in known if each in crimes), None)
        if crime is None:
            return None
        force = crime.recorded.force
        if record.assignee in {self.order.supervisors_of(team, force) for team in teams}:
            return None
        expected = "a late answer is in the queue of the supervisors of that team or force"
        return _Broken("TWO-08", "order: supervisors", expected)

    def _withdrawal(self, record: TaskRaised, book: CaseBook) -> _Broken | None:
        """Say what is wrong with a task to talk about withdrawing.

        The team's supervisors may have it where no officer is at work, and after a charge the
        witness care unit too.
        """
        waited = book.crime_system_outages.since(record.at)
        # Another officer may be in charge from this very second on.
        since = min(waited, book.withdrawals.waiting_since(record)) - MOMENT
        allowed = book.officers.between(record.crime_reference, since, record.at)
        right = set(allowed.asked | allowed.at_work)
        crime = book.register.crimes.get(record.crime_reference)
        if crime is not None and right - book.officers.collar_numbers:
            force = crime.recorded.force
            right |= {self.order.supervisors_of(team, force) for team in allowed.teams}
        if record.assignee in right:
            return None
        expected = "a withdrawal is talked about by the officer who has the crime, or their team"
        return _Broken("WITHDRAW-03", "requirement: WITHDRAW-03", expected)

    def _safety(self, record: TaskRaised, book: CaseBook) -> _Broken | None:
        since = book.crime_system_outages.since(record.at)
        allowed = book.officers.between(record.crime_reference, since, record.at)
        crime = book.register.crimes.get(book.register.current(record.crime_reference))
        if record.assignee in allowed.at_work & book.officers.collar_numbers or crime is None:
            return None
        force = crime.recorded.force
        rooms = {self.order.control_room_of(team, force) for team in allowed.teams}
        rooms |= {self.order.supervisors_of(team, force) for team in allowed.teams}
        if record.assignee in rooms:
            return None
        expected = "danger is for the officer at work, or for the control room or the supervisors"
        return _Broken("TWO-16", "contract: Task", expected)


def _question(record: TaskRaised, book: CaseBook) -> _Broken | None:
    since = _written_at(record, book)
    allowed = book.officers.between(record.crime_reference, since, record.at)
    # A question that was asked before a charge may go to the officer all the same.
    asked = allowed.asked | (allowed.at_work if "open" in allowed.standings else frozenset())
    if any(_may_be_for_the_officer(each.asked) for each in book.questions.on(record)):
        asked |= allowed.at_work
    if allowed.standings == {"charged"} and _is_for_the_officer(record, book):
        if record.assignee in allowed.at_work:
            return None
        expected = "threats, property and bail are for the officer in charge, also after a charge"
        return _Broken("TWO-06", "contract: Subject", expected)
    return None if record.assignee in asked else _misaddressed(record, allowed, book)


def _may_be_for_the_officer(asked: QuestionAsked) -> bool:
    """Say whether a question after a charge may be about threats, bail or property: no court's."""
    is_said = asked.about in _FOR_THE_OFFICER or is_certainly_dangerous(asked.text)
    return is_said or _NOT_OF_THE_COURT.search(asked.text) is not None


def _is_for_the_officer(record: TaskRaised, book: CaseBook) -> bool:
    """Say whether every question that a task may be for says that it is about such a subject."""
    questions = book.questions.on(record)
    open_ones = [e.asked for e in questions if e.task is None or e.task.at >= record.at]
    return bool(open_ones) and all(each.about in _FOR_THE_OFFICER for each in open_ones)


def _other_task(record: TaskRaised, book: CaseBook) -> _Broken | None:
    """Say what is wrong with a task for an officer who cannot do it; any queue may be right."""
    requirement = _ASKED_BY.get(record.task_kind)
    if requirement is None or record.assignee not in book.officers.collar_numbers:
        return None
    since = book.crime_system_outages.since(record.at)
    allowed = book.officers.between(record.crime_reference, since, record.at)
    in_passing = book.officers.in_passing(record.crime_reference, since, record.at)
    if record.assignee in allowed.at_work | in_passing:
        return None
    expected = "no task is for an officer who does not have the crime, or is not at work"
    return _Broken(requirement, "contract: Task", expected)


def _written_at(record: TaskRaised, book: CaseBook) -> datetime:
    """Find how long ago the question of a task may have been asked.

    Of several that wait, any may be raised first, and any that waited may be this one.
    """
    questions = book.questions.on(record)
    waiting = [e.asked.at for e in questions if e.task is None or e.task.at >= record.at]
    moved = [e for e in questions if e.moved_task is None or e.moved_task.at >= record.at]
    waiting += [each.moved_at for each in moved if each.moved_at is not None]
    last = max(waiting, default=record.at)
    waited = [e.asked.at for e in questions if e.task is not None and e.task.at > last]
    asked = waiting + waited
    # Of what happened in the same second as an earlier question, either came first.
    earlier = [at - MOMENT for at in asked if at < record.at]
    return min([*earlier, record.at])


def _misaddressed(record: TaskRaised, allowed: Addressees, book: CaseBook) -> _Broken:
    if allowed.standings == {"charged"}:
        expected = "after a charge a question is for the witness care unit of that force"
        return _Broken("TWO-06", "order: forces.witness_care", expected)
    if record.assignee in book.officers.had(record.crime_reference):
        expected = "a question is for the officer who has the crime, and is at work"
        return _Broken("TWO-09", "requirement: TWO-09", expected)
    expected = "a question is for the officer in charge, or for the team where there is none"
    return _Broken("TWO-03", "contract: Task", expected)


def _shown(assignee: str, book: CaseBook) -> str:
    if assignee in book.officers.collar_numbers:
        return "an officer who does not have the crime, or is not at work"
    return "a queue that has no part in it" if assignee else "nobody in particular"
