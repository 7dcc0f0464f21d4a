"""Phase 3: each question reaches the crime system once, word for word, with a task.

And each reply reaches the victim it was for, and nobody else.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference.contract.events import OfficerReplied
from simulator.evidence import (
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    QuestionAsked,
    Seen,
    Stamped,
    TaskRaised,
)
from simulator.judge.verdicts import Finding, Harm
from simulator.order import Order


@dataclass
class _Question:
    asked: QuestionAsked
    stamps: list[Stamped] = field(default_factory=list)
    task: TaskRaised | None = None


class Questions:
    """Questions asked, stamps and tasks seen, replies written."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._questions: list[_Question] = []
        self._of: dict[tuple[str, str], list[_Question]] = {}
        self._without_task: dict[tuple[str, str], deque[_Question]] = {}
        self._strays: list[Stamped] = []
        self._words: dict[str, set[str]] = {}
        self._down_since: datetime | None = None
        self._outages: list[tuple[datetime, datetime]] = []

    def asked(self, record: QuestionAsked) -> None:
        """Note what a victim wrote."""
        question = _Question(record)
        self._questions.append(question)
        self._of.setdefault((record.crime_reference, record.person_id), []).append(question)
        self._without_task.setdefault((record.crime_reference, record.person_id), deque()).append(
            question
        )
        self._words.setdefault(record.text, set()).add(record.person_id)

    def went_down(self, record: CrimeSystemWentDown) -> None:
        """Note that nothing could be stamped from now on."""
        self._down_since = record.at

    def came_back(self, record: CrimeSystemCameBack) -> None:
        """Note that stamps can be made again, and are to catch up."""
        if self._down_since is not None:
            self._outages.append((self._down_since, record.at))
            self._down_since = None

    def replied(self, event: OfficerReplied) -> None:
        """Note what an officer wrote to one victim."""
        self._words.setdefault(event.text, set()).add(event.person_id)

    def stamped(self, record: Stamped) -> None:
        """Match a stamp with a question: the same words on the same crime, or else a stray."""
        found = self._of.get((record.crime_reference, record.person_id), [])
        same = [each for each in found if each.asked.text == record.text]
        unstamped = [each for each in same if not each.stamps]
        if unstamped or same:
            (unstamped or same)[0].stamps.append(record)
        else:
            self._strays.append(record)

    def task(self, record: TaskRaised) -> None:
        """Match a task with the oldest question that has none."""
        waiting = self._without_task.get((record.crime_reference, record.person_id))
        if waiting:
            waiting.popleft().task = record

    def seen(self, record: Seen) -> list[Finding]:
        """Find words in a conversation that were between other people."""
        return [
            self._finding(
                "disclosed",
                "PRIV-03",
                record.at,
                record.person_id,
                record.crime_reference,
                "a victim sees only their own conversation",
                "they were shown words written by or to somebody else",
            )
            for text in record.texts
            if record.person_id not in self._words.get(text, {record.person_id})
        ]

    def findings(self, end: datetime) -> list[Finding]:
        """Find questions that were lost, changed or filed twice by the end."""
        found = []
        for each in self._questions:
            asked = each.asked
            what: tuple[Harm, str, str] | None = None
            due_at = self._due_at(asked.at)
            if due_at is None or due_at > end:
                continue
            if not each.stamps:
                changed = [s for s in self._strays if s.crime_reference == asked.crime_reference]
                observed = "other words were stamped" if changed else "nothing was stamped"
                what = ("lost", "TWO-01", observed)
            elif len(each.stamps) > 1:
                what = ("duplicated", "TWO-02", f"stamped {len(each.stamps)} times")
            elif each.task is None:
                what = ("lost", "TWO-03", "no task was raised for the officer")
            elif each.stamps[0].at > due_at:
                what = ("late", "TWO-01", f"stamped after {each.stamps[0].at - asked.at}")
            if what is not None:
                found.append(
                    self._finding(
                        what[0],
                        what[1],
                        asked.at,
                        asked.person_id,
                        asked.crime_reference,
                        "the victim's words stamped once as they are, and a task raised",
                        what[2],
                    )
                )
        return found

    def _due_at(self, asked_at: datetime) -> datetime | None:
        """Find when words asked now are due in the crime system; None while it is down."""
        due_at = asked_at + timedelta(minutes=self._order.messages.minutes_max)
        for began, ended in self._outages:
            if began <= due_at and asked_at <= ended:
                catch_up = timedelta(minutes=self._order.two_way.catch_up_minutes_max)
                due_at = max(due_at, ended + catch_up)
        return None if self._down_since is not None and due_at >= self._down_since else due_at

    @staticmethod
    def _finding(
        harm: Harm,
        requirement: str,
        at: datetime,
        person_id: str,
        crime_reference: str,
        expected: str,
        observed: str,
    ) -> Finding:
        return Finding(
            kind="FAIL",
            harm=harm,
            owner="portal",
            requirement=requirement,
            at=at,
            person_id=person_id,
            crime_reference=crime_reference,
            expected=expected,
            observed=observed,
        )
