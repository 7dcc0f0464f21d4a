"""What officers keep of their tasks: what they took on, what is under way, and how each ended.

It is theirs alone: `conservation` compares it with what the portal raised, so that a task which one
side lost, or has twice, is told.
"""

from collections import Counter

from reference.contract.messages import TaskKind
from simulator.errors import NotConserved
from simulator.rehearsal.officer_behaviour import CALL_BACK

#: How reports call the tasks on which officers spend time; all others are for other teams.
NAMES: dict[str, str] = {
    "victim_question": "questions",
    "contact_details": "wrong details",
    "sensitive_contact": "victims to tell in person",
    CALL_BACK: "call-backs",
}
OTHER_TASKS = "tasks for other teams"
UNDER_WAY = "under way"


class TaskLedger:
    """The tasks of one portal's officers. A key is one task; times are seconds from any start."""

    def __init__(self) -> None:
        self._due: dict[object, tuple[str, float]] = {}
        self._ends: Counter[tuple[str, str]] = Counter()
        #: The call-backs that calls left, which no portal raises.
        self.left_by_calls = 0
        #: How often officers tried to ring back.
        self.tries = 0

    def take(self, key: object, kind: TaskKind | str, due: float) -> None:
        """Take a task on, which is due to be gone on with, or to end, at a time."""
        if key in self._due:
            raise NotConserved(f"tasks: {name_of(kind)}: one was taken twice")
        self._due[key] = kind, due

    def go_on(self, key: object, due: float) -> None:
        """Go on with a task, until another time."""
        kind, _due = self._gone(key)
        self._due[key] = kind, due

    def end(self, key: object, how: str) -> None:
        """End a task."""
        kind, _due = self._gone(key)
        self._ends[name_of(kind), how] += 1

    def close(self, last: float) -> dict[str, Counter[str]]:
        """Count by name how all tasks ended by the `last` moment, or are still under way.

        Raises NotConserved for one that was due before it, and did not end.
        """
        found: dict[str, Counter[str]] = {}
        for (name, how), number in sorted(self._ends.items()):
            found.setdefault(name, Counter())[how] += number
        for kind, due in self._due.values():
            if due < last:
                raise NotConserved(f"tasks: {name_of(kind)}: one was due and never ended")
            found.setdefault(name_of(kind), Counter())[UNDER_WAY] += 1
        return found

    def _gone(self, key: object) -> tuple[str, float]:
        try:
            return self._due.pop(key)
        except KeyError:
            raise NotConserved("tasks: one ended twice, or was never taken") from None


def name_of(kind: TaskKind | str) -> str:
    """Give what reports call a kind of task."""
    return NAMES.get(kind, OTHER_TASKS)
