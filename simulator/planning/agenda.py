"""What is due in the model, by time: at one second in the order in which the suite does it."""

from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from itertools import count
from typing import Any

#: Within one second: what the portal had planned, what people and the force do, what the crime
#: system hands over, and what the portal does at once.
PORTAL, PEOPLE, DELIVERY, AT_ONCE = range(4)


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

    def at(self, when: int, act: Callable[..., None], about: Any, rank: int = PEOPLE) -> None:
        """Plan something for a time, or for now if that has passed. Nothing is done after the end.

        What the portal plans for now comes after all else of this second.
        """
        if when <= self.now:
            when = self.now
            rank = AT_ONCE if rank == PORTAL else rank
        if when <= self._ends:
            self._turn += 1
            heappush(self._due, (4 * when + rank, self._turn, act, about))

    @property
    def is_counted(self) -> bool:
        """Say whether the warm-up is over."""
        return self.now >= self._counts_from

    def begin(self, planned: Iterable[tuple[int, Callable[..., None], Any]]) -> None:
        """Plan what people and the force do, as `at` does, all at once before anything is done."""
        turns = count(self._turn + 1)
        self._course = [
            (4 * when + PEOPLE, next(turns), act, about)
            for when, act, about in planned
            if when <= self._ends
        ]
        self._turn = next(turns)
        self._course.sort(reverse=True)

    def run(self) -> None:
        """Do everything that is due."""
        due, course = self._due, self._course
        while due or course:
            is_of_course = not due or (course and course[-1] < due[0])
            key, _turn, act, about = course.pop() if is_of_course else heappop(due)
            self.now = key // 4
            act(*about)
        self.now = 0
