"""What is due in the model, by time: at one second in the order in which the suite does it."""

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import Any, TypeAlias

from simulator.errors import NotConserved

#: Within one second: automatic messages that the portal had planned, what it had planned to send,
#: what people and the force do, and what the crime system hands over.
AUTOMATIC, SENDING, PEOPLE, DELIVERY = range(4)
OF_THE_PORTAL = (AUTOMATIC, SENDING)
#: Then what the portal does at once, in the same order.
AT_ONCE = 4
RANKS = 8
#: When, what is done, and about whom.
Planned: TypeAlias = tuple[int, Callable[..., None], Any]


class Agenda:
    """What is due until `ends`, in whole seconds; `now` is the time of what is being done.

    What happens before `counts_from` is a warm-up: it is done, and not counted.
    """

    def __init__(self, ends: int, counts_from: int = 0) -> None:
        self.now = 0
        self._ends = ends
        self._counts_from = counts_from
        self._due: list[tuple[int, int, Callable[..., None], Any]] = []
        # What was known at the beginning, the last first: apart, so that the heap is small.
        self._course: list[tuple[int, int, Callable[..., None], Any]] = []
        self._turn = 0
        self._rank = AUTOMATIC

    def at(self, when: int, act: Callable[..., None], about: Any, rank: int = PEOPLE) -> None:
        """Plan something for a time, or for now if that has passed. Nothing is done after the end.

        What the portal plans for now because of others comes after all else of this second.
        """
        if when <= self.now:
            when = self.now
            if rank in OF_THE_PORTAL and self._rank not in OF_THE_PORTAL:
                rank += AT_ONCE
        if when <= self._ends:
            self._turn += 1
            heappush(self._due, (RANKS * when + rank, self._turn, act, about))

    def last_of_all(self, act: Callable[..., None], about: Any, rank: int) -> None:
        """Do something now, after what is due before it in this second.

        The caller does nothing more after it: where nothing is due before it, it is done at once,
        without a place among what is due.
        """
        key, due, course = RANKS * self.now + rank, self._due, self._course
        if (due and due[0][0] <= key) or (course and course[-1][0] <= key):
            self.at(self.now, act, about, rank)
        else:
            act(*about)

    @property
    def is_counted(self) -> bool:
        """Say whether the warm-up is over."""
        return self.now >= self._counts_from

    def begin(self, planned: Sequence[Planned]) -> None:
        """Plan what people and the force do, as `at` does, all at once before anything is done."""
        ends = self._ends
        self._course = [
            (RANKS * when + PEOPLE, turn, act, about)
            for turn, (when, act, about) in enumerate(planned, start=self._turn + 1)
            if when <= ends
        ]
        self._turn += len(planned) + 1
        self._course.sort(reverse=True)

    def run(self) -> None:
        """Do everything that is due; raises NotConserved if time would go back."""
        due, course = self._due, self._course
        while course:
            key, _turn, act, about = heappop(due) if due and due[0] < course[-1] else course.pop()
            self._move_to(key)
            act(*about)
        while due:
            key, _turn, act, about = heappop(due)
            self._move_to(key)
            act(*about)
        self.now = 0

    def _move_to(self, key: int) -> None:
        when, self._rank = divmod(key, RANKS)
        if when < self.now:
            raise NotConserved(f"time went back from {self.now} s to {when} s")
        self.now = when
