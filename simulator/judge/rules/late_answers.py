"""Phase 3: a supervisor is told once of a question that has no answer in time.

Two readings of the time are fair: until the end of the last working day, or until the time of day
of the question; and the day of asking may count. So no supervisor is told before the earliest of
these, and one is told by noon after the latest: a portal may look for late questions at night.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from msgspec import structs

from simulator.clock import in_london
from simulator.evidence.records import QuestionAsked, TaskRaised
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.questions import Question
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding, Harm

_LOOKED_FOR_WITHIN = timedelta(hours=12)
_failure = partial(failure, rests_on="order: two_way.reply_working_days")


@dataclass
class LateAnswers(Rule):
    """Judges each task for a supervisor, and at the end the questions without an answer."""

    requirements = frozenset({"TWO-08"})
    hears = (QuestionAsked, TaskRaised)

    #: Each task for a supervisor, and the questions that it was about when it was raised.
    _told: list[tuple[TaskRaised, list[Question]]] = field(default_factory=list)
    _enhanced: list[QuestionAsked] = field(default_factory=list)
    _too_soon: list[TaskRaised] = field(default_factory=list)

    def hear(self, record: QuestionAsked | TaskRaised, book: CaseBook) -> Iterable[Finding]:
        """Judge one task for a supervisor: not too soon, not after the answer, and not twice."""
        if isinstance(record, QuestionAsked):
            # The crime may be of another record of theirs, which was merged into it.
            whose = book.register.as_theirs(record.person_id, record.crime_reference)
            asked = structs.replace(record, person_id=whose)
            if self._has_enhanced_rights(asked, book):
                self._enhanced.append(asked)
            return ()
        if record.task_kind != "late_answer":
            return ()
        about = book.questions.on(record)
        self._told.append((record, about))
        written_at = book.crime_system_outages.since(record.at)
        waiting = [each for each in about if not _was_answered(each, written_at)]
        wrong = self._wrong(record, about, waiting, book)
        return [] if wrong is None else [_failure(wrong[0], "TWO-08", record, *wrong[1:])]

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find questions without any answer of which no supervisor was told."""
        for each in book.questions.asked_all:
            allowed = book.crime_system_outages.put_off(
                each.asked.at, self._latest(each) + _LOOKED_FOR_WITHIN
            )
            if allowed is None or allowed > end or not self._is_owed(each, book):
                continue
            earliest = self._earliest(each, book)
            told = [
                task
                for task, about in self._told
                if each in about or each in book.questions.on(task)
            ]
            if not any(earliest <= task.at <= allowed or task in self._too_soon for task in told):
                expected = f"a supervisor is told by {in_london(allowed)} that there is no answer"
                observed = "no supervisor was told by then"
                yield _failure("late", "TWO-08", each.asked, expected, observed, at=allowed)

    def _wrong(
        self, record: TaskRaised, about: list[Question], waiting: list[Question], book: CaseBook
    ) -> tuple[Harm, str, str] | None:
        """Give the harm of a task, what was expected and what was observed."""
        if about and not waiting:
            expected = "no supervisor is told of a question that was answered"
            return "noise", expected, "one was told"
        earliest = min((self._earliest(each, book) for each in waiting), default=record.at)
        if record.at < earliest:
            self._too_soon.append(record)
            expected = f"no supervisor is told before {in_london(earliest)}"
            return "noise", expected, f"one was told at {in_london(record.at)}"
        same = [of for _task, of in self._told if of and all(each in about for each in of)]
        if about and len(same) > len(about):
            return "duplicated", "a supervisor is told once", f"{len(same)} times"
        return None

    def _is_owed(self, question: Question, book: CaseBook) -> bool:
        crime = book.register.crimes.get(question.asked.crime_reference)
        victim = crime.victims.get(question.asked.person_id) if crime is not None else None
        return (
            crime is not None
            and victim is not None
            and not (crime.gone or victim.exclusion)
            and question.task is not None
            and not question.may_be_answered
        )

    def _latest(self, question: Question) -> datetime:
        days = self.order.two_way.reply_working_days
        return self.order.working_days.deadline(question.asked.at, days)

    def _earliest(self, question: Question, book: CaseBook) -> datetime:
        """Find when an answer may be called late; with enhanced rights, then or now, sooner."""
        days, asked = self.order.two_way.reply_working_days, question.asked
        if asked in self._enhanced or self._has_enhanced_rights(asked, book):
            days = min(days, self.order.deadlines.working_days_enhanced)
        return self.order.working_days.earliest_deadline(asked.at, days)

    def _has_enhanced_rights(self, asked: QuestionAsked, book: CaseBook) -> bool:
        victims = book.register.victims_of(asked.person_id)
        return any(each.record.enhanced_rights for each in victims)


def _was_answered(question: Question, written_at: datetime) -> bool:
    return question.answered_at is not None and question.answered_at < written_at
