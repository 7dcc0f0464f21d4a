"""Phase 3: each question reaches the crime system once, word for word, with a task.

And each reply reaches the victim it was for, and nobody else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference.contract.events import OfficerReplied
from simulator.evidence.records import QuestionAsked, Seen, Stamped, TaskRaised
from simulator.judge.facts.outages import Outages
from simulator.judge.findings import Findings
from simulator.verdicts import Finding, Harm

_Harmed = tuple[Harm, str, str]


@dataclass
class _Question:
    asked: QuestionAsked
    stamps: list[Stamped] = field(default_factory=list)
    task: TaskRaised | None = None


@dataclass
class _Reply:
    crime_reference: str
    text: str
    shown_by: datetime
    is_missed: bool = False


class Questions:
    """Questions asked, stamps and tasks seen, replies written.

    `current` gives the reference under which a crime goes on: a question on one that was merged
    may be filed under either.
    """

    def __init__(self, outages: Outages, current: Callable[[str], str]) -> None:
        self._outages = outages
        self._current = current
        self._questions: list[_Question] = []
        self._of: dict[str, list[_Question]] = {}
        self._strays: list[Stamped] = []
        self._early: list[TaskRaised] = []
        self._words: dict[str, set[str]] = {}
        self._replies: dict[str, list[_Reply]] = {}

    def asked(self, record: QuestionAsked) -> None:
        """Note what a victim wrote."""
        question = _Question(record)
        self._questions.append(question)
        self._of.setdefault(record.person_id, []).append(question)
        self._words.setdefault(record.text, set()).add(record.person_id)
        # Filed before it was written down that it was asked, by a portal that files at once.
        for task in self._early:
            if task.at == record.at and question in self._on(task):
                question.task = task
                self._early.remove(task)
                break
        for stray in self._strays:
            if stray.text == record.text and question in self._on(stray):
                question.stamps.append(stray)
                self._strays.remove(stray)
                return
        # Of words that were asked before, it was taken for a second stamp of those.
        for each in self._on(record):
            is_same = each.asked.text == record.text
            if is_same and len(each.stamps) > 1 and each.stamps[-1].at == record.at:
                question.stamps.append(each.stamps.pop())
                return

    def owe_reply(self, event: OfficerReplied, received_at: datetime, within: timedelta) -> None:
        """Owe a victim the sight of what an officer wrote to them."""
        reply = _Reply(event.crime_reference, event.text, received_at + within)
        self._replies.setdefault(event.person_id, []).append(reply)

    def forget_replies(self, person_id: str) -> None:
        """Owe nobody the sight of what was written to somebody else in their place."""
        self._replies.pop(person_id, None)

    def check_replies(self, record: Seen, findings: Findings) -> None:
        """Find replies that do not stand in the conversation when the victim reads it."""
        if record.where != "conversation":
            return
        shown = {_squeezed(each) for each in record.texts}
        crime = self._current(record.crime_reference)
        for reply in self._replies.get(record.person_id, []):
            if (
                reply.is_missed
                or reply.shown_by > record.at
                or crime != record.crime_reference
                or self._current(reply.crime_reference) != crime
                or _squeezed(reply.text) in shown
            ):
                continue
            reply.is_missed = True
            findings.fail(
                "lost",
                "TWO-04",
                at=record.at,
                person_id=record.person_id,
                crime_reference=record.crime_reference,
                expected="the officer's reply stands in the conversation, word for word",
                observed="the victim read it, and the reply was not there",
            )

    def replied(self, event: OfficerReplied) -> None:
        """Note what an officer wrote to one victim."""
        self._words.setdefault(event.text, set()).add(event.person_id)

    def stamped(self, record: Stamped) -> None:
        """Match a stamp with a question: the same words on the same crime, or else a stray."""
        same = [each for each in self._on(record) if each.asked.text == record.text]
        unstamped = [each for each in same if not each.stamps]
        if unstamped or same:
            (unstamped or same)[0].stamps.append(record)
        else:
            self._strays.append(record)

    def task(self, record: TaskRaised) -> None:
        """Match a task with the oldest question that has none."""
        waiting = next((each for each in self._on(record) if each.task is None), None)
        if waiting is not None:
            waiting.task = record
        else:
            self._early.append(record)

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
            what = self._lost_or_late(each, end) or self._dated_wrongly(each)
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
        return found + [self._unasked(each) for each in self._unexplained()]

    def _lost_or_late(self, question: _Question, end: datetime) -> _Harmed | None:
        """Say what became of a question by the time it was due, if that was no good."""
        asked, stamps = question.asked, question.stamps
        due_at = self._outages.due_at(asked.at)
        if due_at is None or due_at > end:
            return None
        if not stamps:
            changed = [s for s in self._strays if s.crime_reference == asked.crime_reference]
            observed = "other words were stamped" if changed else "nothing was stamped"
            return "lost", "TWO-01", observed
        if len(stamps) > 1:
            return "duplicated", "TWO-02", f"stamped {len(stamps)} times"
        if question.task is None:
            return "lost", "TWO-03", "no task was raised for the officer"
        if stamps[0].at > due_at:
            return "late", "TWO-01", f"stamped after {stamps[0].at - asked.at}"
        return None

    def _dated_wrongly(self, question: _Question) -> _Harmed | None:
        """Find a stamp that says another time than that of writing, by any fair clock.

        Of the same words, asked twice, either may have been stamped first.
        """
        for stamp in question.stamps:
            asked = [e.asked.at for e in self._on(stamp) if e.asked.text == stamp.text]
            written_at, allowance = stamp.written_at, self._outages.allowance
            if written_at and not any(abs(at - written_at) <= allowance for at in asked):
                observed = f"the stamp says written at {written_at:%d %B %H:%M}"
                return "out of order", "TWO-13", observed
        return None

    def _unexplained(self) -> list[Stamped]:
        """List stamps of words that nobody asked, and that are not told of otherwise.

        Changed words are told of by the question that is lost; words filed under another crime by
        whose crime that is.
        """
        lost = [each for each in self._questions if not each.stamps]
        found = []
        for stray in self._strays:
            changed = next((each for each in self._on(stray) if each in lost), None)
            if changed is not None:
                lost.remove(changed)
            elif stray.text not in {e.asked.text for e in self._of.get(stray.person_id, [])}:
                found.append(stray)
        return found

    def _unasked(self, stray: Stamped) -> Finding:
        return self._finding(
            "noise",
            "TWO-01",
            stray.at,
            stray.person_id,
            stray.crime_reference,
            "only what a victim wrote is stamped as theirs",
            "words were stamped that they never wrote",
        )

    def _on(self, record: QuestionAsked | Stamped | TaskRaised) -> list[_Question]:
        """List what the same person asked on the same crime, oldest first."""
        crime = self._current(record.crime_reference)
        return [
            each
            for each in self._of.get(record.person_id, [])
            if self._current(each.asked.crime_reference) == crime
        ]

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


def _squeezed(text: str) -> str:
    return " ".join(text.split())
