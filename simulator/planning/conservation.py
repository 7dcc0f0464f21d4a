"""What a year of the model must not lose or count twice: messages, questions and tasks.

Counted officer by officer as the year is run; callers are counted where the desk answers them.
"""

from collections import Counter
from collections.abc import Iterable

from simulator.errors import NotConserved
from simulator.planning.cases import NEVER, Case, Question
from simulator.planning.modelled_portal import Sent
from simulator.rehearsal.conservation import conserved_tasks
from simulator.rehearsal.officer_behaviour import CALL_BACK
from simulator.rehearsal.task_ledger import TaskLedger
from simulator.results.conservation import Conserved, conserved

#: What became of a message, in the order in which a report says it.
_STATES = {"sent": "sent", "gone": "taken back", "waiting": "not due by the end"}


class ModelCount:
    """The messages and questions of the cases that were run to `ends`, in seconds."""

    def __init__(self, ends: int) -> None:
        self._ends = ends
        self._states: Counter[str] = Counter()
        self._questions: Counter[str] = Counter()
        self._tasks = 0

    def note(self, cases: Iterable[Case]) -> None:
        """Count what became of the messages and questions of cases that are over.

        Raises NotConserved for a message that should have gone and still waits, and for a reply
        before its question.
        """
        for case in cases:
            for message in case.messages:
                self._states[message.state] += 1
                if message.state == "waiting" and message.due <= self._ends:
                    raise NotConserved(f"messages: one was due at {message.due} s and never went")
            self._tasks += case.times.get("asked for victim_question", 0)
            for question in case.questions:
                self._questions[_end_of(question)] += 1

    def close(self, sent: Sent, ledger: TaskLedger) -> list[Conserved]:
        """Give the counts of a year whose portal sent and raised so much; raises NotConserved.

        What began is counted by the portal and by callers, what ended by the cases and `ledger`.
        """
        if self._states["sent"] != len(sent.at):
            raise NotConserved(
                f"messages: {self._states['sent']:,} went, and the portal counted {len(sent.at):,}"
            )
        ends = {word: self._states[state] for state, word in _STATES.items()}
        questions = dict(sorted(self._questions.items()))
        return [
            conserved("messages", sent.queued, ends),
            conserved("questions, each an officer's task", self._tasks, questions),
            *conserved_tasks(
                {**sent.raised, CALL_BACK: ledger.left_by_calls}, ledger.close(self._ends)
            ),
        ]


def _end_of(question: Question) -> str:
    if question.replied_at == NEVER:
        if question.answered_at != NEVER:
            raise NotConserved("questions: one was answered that nobody replied to")
        return "open"
    if question.replied_at < question.asked_at:
        raise NotConserved("questions: one had its reply before it was asked")
    if question.answered_at == NEVER:
        return "reply not read"
    if question.answered_at < question.replied_at:
        raise NotConserved("questions: one was answered before the reply")
    return "answered"
