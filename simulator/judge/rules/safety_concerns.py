"""Phase 3: words that speak of danger become an urgent task at once, beside the question's own.

Only sentences of which every reader would say the same are judged. A task that was raised within
the order's minutes before, for the same person and crime, still stands. What became of the words
themselves is judged as for any question.

An alarm about one sentence that speaks of nothing but the case is for a person to judge. A portal
that raises one for two different sentences does not tell danger from the case.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec import structs

from simulator.clock import in_london
from simulator.evidence.records import QuestionAsked, TaskRaised
from simulator.judge.case_book import CaseBook
from simulator.judge.findings import failure, review
from simulator.judge.rule import Rule
from simulator.judge.text.danger_sentences import is_certainly_dangerous, is_certainly_harmless
from simulator.verdicts import Finding


@dataclass
class SafetyConcerns(Rule):
    """Notes each question and urgent task, and judges at the end."""

    requirements = frozenset({"TWO-16", "TWO-18"})
    compares_people = True
    hears = (QuestionAsked, TaskRaised)

    _dangerous: list[QuestionAsked] = field(default_factory=list)
    _harmless: list[QuestionAsked] = field(default_factory=list)
    _others: list[QuestionAsked] = field(default_factory=list)
    _tasks: list[TaskRaised] = field(default_factory=list)
    #: The sentences about the case that raised an alarm, whoever wrote them.
    _alarming: set[str] = field(default_factory=set)

    def hear(self, record: QuestionAsked | TaskRaised, book: CaseBook) -> Iterable[Finding]:
        """Note what was asked, and judge by when an urgent task is due."""
        if isinstance(record, TaskRaised):
            if record.task_kind != "safety_concern":
                return ()
            self._tasks.append(record)
            return self._due(record)
        # The crime may be of another record of theirs now, and of another person's later.
        whose = book.register.as_theirs(record.person_id, record.crime_reference)
        record = structs.replace(record, person_id=whose)
        if is_certainly_dangerous(record.text):
            self._dangerous.append(record)
        elif is_certainly_harmless(record.text):
            self._harmless.append(record)
        else:
            self._others.append(record)
        return ()

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find danger that nobody was told of in time, and alarms about nothing."""
        for asked in self._dangerous:
            due_at = book.crime_system_outages.due_at(asked.at)
            if due_at is None or due_at > end or _is_gone(asked, book):
                continue
            about = self._about(asked, book)
            if any(asked.at - self._minutes <= each.at <= due_at for each in about):
                continue
            later = [each for each in about if each.at > due_at]
            expected = "words that speak of danger become an urgent task at once"
            observed = "no such task was raised"
            if later:
                observed = f"it was raised {later[0].at - asked.at} later"
            said = ("TWO-16", asked, expected, observed)
            yield failure("late" if later else "lost", *said, at=due_at)
        yield from self._false_alarms(book)
        for heard in (self._dangerous, self._harmless, self._others, self._tasks):
            heard.clear()

    def _false_alarms(self, book: CaseBook) -> Iterator[Finding]:
        """Find urgent tasks that nothing but words about the case can have raised."""
        for task in self._tasks:
            since = book.crime_system_outages.since(task.at)
            behind = self._asked_between(self._harmless, since, task, book)
            others = [*self._dangerous, *self._others]
            if not behind or self._asked_between(others, since, task, book):
                continue
            self._alarming |= {each.text.strip() for each in behind[:1]}
            expected = "words that speak of nothing but the case raise no urgent task"
            if len(self._alarming) == 1:
                observed = "an urgent task was raised, and they wrote only of the case"
                yield review("noise", "TWO-18", task, expected, observed)
            else:
                observed = "different words about nothing but the case each raised one"
                yield failure("noise", "TWO-18", task, expected, observed)

    def _asked_between(
        self, asked: Iterable[QuestionAsked], since: datetime, task: TaskRaised, book: CaseBook
    ) -> list[QuestionAsked]:
        """List the questions that a task may be about, as far as their time says."""
        between = (each for each in asked if since <= each.at <= task.at)
        return [each for each in between if task in self._about(each, book)]

    @property
    def _minutes(self) -> timedelta:
        return timedelta(minutes=self.order.two_way.danger_minutes)

    def _due(self, record: TaskRaised) -> list[Finding]:
        if record.due_at is None or record.due_at <= record.at + self._minutes:
            return []
        return [
            failure(
                "late",
                "TWO-16",
                record,
                f"a safety_concern is to be done within {self._minutes}",
                f"the task says by {in_london(record.due_at)}",
                rests_on="order: two_way.danger_minutes",
            )
        ]

    def _about(self, asked: QuestionAsked, book: CaseBook) -> list[TaskRaised]:
        current = book.register.current
        # What was asked of a crime by a merger that was taken back goes with its writer's own.
        moved = {
            current(each.asked.crime_reference)
            for each in book.questions.asked_by(asked.person_id)
            if (each.asked.at, each.asked.text) == (asked.at, asked.text)
        }
        return [
            each
            for each in self._tasks
            if asked.person_id in book.register.records_of(each.person_id)
            and current(each.crime_reference) in {current(asked.crime_reference), *moved}
        ]


def _is_gone(asked: QuestionAsked, book: CaseBook) -> bool:
    """Say whether the crime is none of this portal's: nobody can be asked about it."""
    return book.register.current(asked.crime_reference) not in book.register.crimes
