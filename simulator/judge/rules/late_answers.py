"""A supervisor is told once of a question that nobody answered in time, and of no other.

Where the days of enhanced rights are shorter than those for an answer, either may be counted. A
question is answered by a reply that was written after it; whether a reply that names another
question answers it is left open.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference.contract.events import OfficerReplied
from simulator.evidence.records import QuestionAsked, TaskRaised
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.deadlines import end_of_working_day
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding, Harm

_Conversation = tuple[str, str]


@dataclass(frozen=True)
class _Open:
    """One question: it may be late from `from_at` on, and surely is from `until_at` on.

    `answered_at` is when the portal had a reply that surely answers it, `may_be_answered_at` when
    it had one that may.
    """

    asked: QuestionAsked
    from_at: datetime
    until_at: datetime
    answered_at: datetime | None
    may_be_answered_at: datetime | None

    def may_be_late_at(self, at: datetime) -> bool:
        """Say whether a supervisor may be told of it at a moment."""
        is_in_time = self.answered_at is not None and self.answered_at < self.from_at
        return at >= self.from_at and not is_in_time


@dataclass
class LateAnswers(Rule):
    """Judges at the end what supervisors were told of each conversation."""

    requirements = frozenset({"TWO-08", "DUE-02"})
    hears = (QuestionAsked, TaskRaised)

    _enhanced: set[int] = field(default_factory=set)
    _raised: list[TaskRaised] = field(default_factory=list)
    _asked: list[QuestionAsked] = field(default_factory=list)

    def hear(self, record: QuestionAsked | TaskRaised, book: CaseBook) -> Iterable[Finding]:
        """Write down what is asked and raised; judge whose queue a late answer is in."""
        if isinstance(record, QuestionAsked):
            victims = book.register.victims_of(record.person_id)
            if any(each.record.enhanced_rights for each in victims):
                self._enhanced.add(len(self._asked))
            self._asked.append(record)
            return []
        if record.task_kind != "late_answer" or record.crime_reference not in book.register.crimes:
            return []
        self._raised.append(record)
        return self._queue(record, book)

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find late answers that no supervisor was told of, and tasks that tell of no such."""
        questions: dict[_Conversation, list[_Open]] = defaultdict(list)
        for number, asked in enumerate(self._asked):
            key = (asked.person_id, book.register.current(asked.crime_reference))
            questions[key].append(self._open(number, asked, book))
        raised: dict[_Conversation, list[TaskRaised]] = defaultdict(list)
        for task in self._raised:
            raised[task.person_id, book.register.current(task.crime_reference)].append(task)
        for key in sorted({*questions, *raised}):
            yield from self._surplus(questions[key], raised[key])
            yield from self._missing(questions[key], raised[key], book, end)

    def _queue(self, record: TaskRaised, book: CaseBook) -> list[Finding]:
        crime = book.register.crimes[book.register.current(record.crime_reference)]
        asked = [each.at for each in self._asked if each.person_id == record.person_id]
        between = book.officers.between(record.crime_reference, min([*asked, record.at]), record.at)
        force = crime.recorded.force
        queues = {self.order.supervisors_of(team, force) for team in between.teams}
        if record.assignee in queues:
            return []
        expected = "a late answer is in the queue of the supervisors of that team or force"
        return [_failure("lost", "TWO-08", record, record.at, expected, "it is in another queue")]

    def _open(self, number: int, asked: QuestionAsked, book: CaseBook) -> _Open:
        order = self.order
        days = order.two_way.reply_working_days
        fewer = min(days, order.deadlines.working_days_enhanced)
        soonest = fewer if number in self._enhanced else days
        key_of = {
            stamp.key
            for each in book.questions.asked_all
            if each.asked is asked
            for stamp in each.stamps
        }
        crime = book.register.current(asked.crime_reference)
        certain: list[datetime] = []
        possible: list[datetime] = []
        for received in book.officers.replies:
            reply = received.event
            assert isinstance(reply, OfficerReplied)
            is_here = book.register.current(reply.crime_reference) == crime
            if not is_here or reply.person_id != asked.person_id:
                continue
            names_it = reply.in_reply_to == "" or reply.in_reply_to in key_of
            is_after = reply.replied_at > asked.at and received.received_at > asked.at
            if names_it and is_after:
                certain.append(received.received_at)
            elif received.received_at >= asked.at:
                possible.append(received.received_at)
        return _Open(
            asked,
            end_of_working_day(order, asked.at, soonest),
            end_of_working_day(order, asked.at, days),
            min(certain, default=None),
            min([*certain, *possible], default=None),
        )

    def _surplus(self, questions: list[_Open], raised: list[TaskRaised]) -> Iterator[Finding]:
        for task in raised:
            if not any(each.may_be_late_at(task.at) for each in questions):
                yield self._unneeded(task, questions)
        told = [each for each in questions if any(each.may_be_late_at(task.at) for task in raised)]
        due = [each for each in raised if any(one.may_be_late_at(each.at) for one in told)]
        for task in due[len(told) :]:
            expected = "a supervisor is told once of a question that has no answer"
            yield _failure("duplicated", "TWO-08", task, task.at, expected, "told again")

    def _unneeded(self, task: TaskRaised, questions: list[_Open]) -> Finding:
        days = timedelta(days=self.order.two_way.reply_working_days)
        if any(each.from_at > task.at >= each.asked.at + days for each in questions):
            expected = "weekends and bank holidays do not count as days to answer"
            observed = "a supervisor was told that an answer is late before its days were over"
            return _failure("noise", "DUE-02", task, task.at, expected, observed)
        expected = "a supervisor is told of a question that has no answer in time, and of no other"
        observed = "it was answered in time, or was not late yet"
        return _failure("noise", "TWO-08", task, task.at, expected, observed)

    def _missing(
        self, questions: list[_Open], raised: list[TaskRaised], book: CaseBook, end: datetime
    ) -> Iterator[Finding]:
        for each in questions:
            due_at = book.crime_system_outages.due_at(each.until_at)
            if due_at is None or due_at > end or _is_over(each, due_at, book):
                continue
            told = [task.at for task in raised if task.at >= each.from_at]
            if any(at <= due_at for at in told):
                continue
            expected = "a supervisor is told when a question has no answer in time"
            harm: Harm = "late" if told else "lost"
            observed = "told later" if told else "no supervisor was told"
            yield _failure(harm, "TWO-08", each.asked, due_at, expected, observed)


def _is_over(question: _Open, due_at: datetime, book: CaseBook) -> bool:
    """Say whether it may be answered, or the text leaves open that an answer is still awaited."""
    answered_at = question.may_be_answered_at
    if answered_at is not None and answered_at <= due_at:
        return True
    asked = question.asked
    crime = book.register.crimes.get(book.register.current(asked.crime_reference))
    victim = crime.victims.get(asked.person_id) if crime is not None else None
    return crime is None or victim is None or bool(crime.gone) or bool(victim.exclusion)


def _failure(
    harm: Harm,
    requirement: str,
    about: QuestionAsked | TaskRaised,
    at: datetime,
    expected: str,
    observed: str,
) -> Finding:
    return failure(
        harm,
        requirement,
        at=at,
        person_id=about.person_id,
        crime_reference=about.crime_reference,
        expected=expected,
        observed=observed,
    )
