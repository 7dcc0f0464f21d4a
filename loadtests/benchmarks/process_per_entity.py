"""The planner's model beside the same model as one SimPy process for each victim and each act.

The logic is the planner's own, so both send the same messages: what differs is how time is kept.
Two things that fall in one second may be done in the other order.
"""

from collections.abc import Callable, Generator, Iterable
from typing import Any
from unittest.mock import patch

import simpy
from msgspec import structs

from simulator.clock import processor_seconds
from simulator.files.paths import ROOT
from simulator.planning import model_run
from simulator.planning.agenda import AT_ONCE, OF_THE_PORTAL, PEOPLE, RANKS
from simulator.planning.model_run import ModelUse
from simulator.planning.scenario import YearFiles, read_scenario, read_year
from simulator.planning.year import Year

_PLAN = ROOT / "scenarios" / "plans" / "as-today.toml"
_WEEKS = 8


class ProcessAgenda:
    """What `Agenda` does, by SimPy: a process walks each victim's course, another waits to act."""

    def __init__(self, ends: int, counts_from: int = 0) -> None:
        self._ends = ends
        self._counts_from = counts_from
        self._env = simpy.Environment()

    @property
    def now(self) -> int:
        """The time of what is being done, in whole seconds."""
        return int(self._env.now) // RANKS

    @property
    def is_counted(self) -> bool:
        """Whether the warm-up is over."""
        return self.now >= self._counts_from

    def at(self, when: int, act: Callable[..., None], about: Any, rank: int = PEOPLE) -> None:
        """Plan something for a time, or for now if that has passed."""
        if when <= self.now:
            when = self.now
            if rank in OF_THE_PORTAL and int(self._env.now) % RANKS not in OF_THE_PORTAL:
                rank += AT_ONCE
        if when <= self._ends:
            self._env.process(self._act(RANKS * when + rank, act, about))

    def last_of_all(self, act: Callable[..., None], about: Any, rank: int) -> None:
        """Do something now, after what is due before it in this second."""
        self.at(self.now, act, about, rank)

    def begin(self, planned: Iterable[tuple[int, Callable[..., None], Any]]) -> None:
        """Begin a process for each victim."""
        self._env = simpy.Environment()
        courses: dict[int, list[tuple[int, Callable[..., None], Any]]] = {}
        for when, act, about in planned:
            if when <= self._ends:
                # What an officer does about a call is planned by the victim's row alone.
                row = about[0] if isinstance(about[0], int) else about[0].row
                courses.setdefault(row, []).append((RANKS * when + PEOPLE, act, about))
        for course in courses.values():
            course.sort(key=lambda each: each[0])
            self._env.process(self._follow(course))

    def run(self) -> None:
        """Do everything that is due."""
        self._env.run()
        self._env = simpy.Environment()

    def _act(
        self, key: int, act: Callable[..., None], about: Any
    ) -> Generator[simpy.Event, None, None]:
        # What is due in this second, before what is being done in it, is done after that.
        yield self._env.timeout(max(0, key - self._env.now))
        act(*about)

    def _follow(
        self, course: list[tuple[int, Callable[..., None], Any]]
    ) -> Generator[simpy.Event, None, None]:
        for key, act, about in course:
            yield self._env.timeout(key - self._env.now)
            act(*about)


def measure(weeks: int = _WEEKS, fraction: float = 1.0) -> Iterable[str]:
    """Measure both on the same weeks; return one line for each number."""
    ours, theirs, seconds = both(weeks, fraction)
    differing = abs(len(ours.sent.at) - len(theirs.sent.at)) / max(len(ours.sent.at), 1)
    yield f"ratio planned_model_over_processes {seconds[1] / seconds[0]:.2f}"
    yield f"rate planned_model_messages_differing {differing:.4%} of {len(ours.sent.at):,}"


def both(weeks: int, fraction: float) -> tuple[ModelUse, ModelUse, tuple[float, float]]:
    """Run the model both ways; return what came of each, and the CPU seconds of each."""
    _scenario, study = read_scenario(_PLAN)
    study = structs.replace(study, warm_up_weeks=1, weeks=weeks - 1)
    files = read_year(study, said_in=str(_PLAN))
    year = Year(files, study, seed=1, fraction=fraction)
    year.run(files)  # makes the crimes and people, which both have
    ours, our_seconds = _timed(year, files)
    with patch.object(model_run, "Agenda", ProcessAgenda):
        theirs, their_seconds = _timed(year, files)
    return ours, theirs, (our_seconds, their_seconds)


def _timed(year: Year, files: YearFiles) -> tuple[ModelUse, float]:
    begun = processor_seconds()
    use = year.run(files).use
    return use, processor_seconds() - begun
