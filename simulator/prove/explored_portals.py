"""Explores every broken portal, without any scenario: which are found by made-up stories alone.

The reference plays the same stories first: what fails it too does not count, and should not be
there. Each broken portal is explored in a process of its own, since it replaces parts of the
reference for good. One that no story fails is told by whether a story called what is replaced.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import count
from statistics import median
from types import CodeType, FrameType

from msgspec import Struct

from simulator.clock import processor_seconds
from simulator.errors import SuiteError
from simulator.explore.effort import Effort
from simulator.explore.in_processes import play_numbers
from simulator.processes.cores import cores
from simulator.processes.orphan_guard import end_with_parent
from simulator.prove.explored_table import Explored
from simulator.prove.run import REFERENCE, BrokenPortal
from simulator.results.exploration import ExploredPortals

#: Loaded once, before each process is forked.
_LOADED = ["simulator.explore.in_processes", "reference.portal.app", "fixtures.broken_portals"]
_PHASES = (1, 2, 3)
#: In so many stories it is looked whether what is replaced is called.
_LOOKED_AT = 60
_STORIES_A_SECOND = 25
#: So many of the broken portals whose defect a story calls must be found.
_SHARE_MIN = 0.95


class FirstFailure(Struct, frozen=True, kw_only=True):
    """What so many stories found in so many seconds of a core: a failure, or "" if none failed."""

    fingerprint: str
    stories: int
    seconds: float
    why_not_played: str = ""


#: The failures of each story of the reference, by phase and number of the story.
Alarms = Mapping[int, Mapping[int, frozenset[str]]]


def explore_broken(
    broken: Iterable[BrokenPortal],
    *,
    seconds_max: float,
    seed: int,
    alarms: Alarms,
    on_done: Callable[[Explored], None] = lambda _explored: None,
) -> list[Explored]:
    """Explore each broken portal in its own phase, until a story fails or a core's time is over."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    found: list[Explored] = []
    with ProcessPoolExecutor(
        cores(),
        mp_context=context,
        initializer=_end_with_starter,
        max_tasks_per_child=1,
    ) as processes:
        runs = [
            processes.submit(_explore, each, seconds_max, seed, dict(alarms.get(each.phase, {})))
            for each in broken
        ]
        for done in as_completed(runs):
            found.append(done.result())
            on_done(found[-1])
    return sorted(found, key=lambda each: each.name)


def reference_alarms(*, stories: int, seed: int) -> dict[int, dict[int, frozenset[str]]]:
    """Play so many stories of each phase on the reference; return the failures of each that fails.

    There should be none.
    """
    alarms: dict[int, dict[int, frozenset[str]]] = {}
    with ProcessPoolExecutor(cores(), initializer=_end_with_starter) as processes:
        for phase in _PHASES:
            quarter = -(-stories // 4)
            parts = [range(at, min(at + quarter, stories)) for at in range(0, stories, quarter)]
            runs = [
                processes.submit(play_numbers, REFERENCE, Effort(phase=phase, seed=seed), part)
                for part in parts
            ]
            alarms[phase] = {
                each.number: frozenset(failure.fingerprint for failure in each.failures)
                for run in runs
                for each in run.result()
                if each.failures
            }
    return alarms


def _end_with_starter() -> None:
    """Have a worker end when what started it is killed: it would wait for work for ever."""
    end_with_parent(os.getppid())


def first_new_failure(
    effort: Effort,
    *,
    seconds_max: float,
    alarms: Mapping[int, frozenset[str]],
    numbers: Iterable[int] | None = None,
) -> FirstFailure:
    """Play stories until one fails that the reference passes, or the time is over.

    They are all of the seed, one after another, or those with these `numbers`. The time is this
    process's own on a core, so that a busy machine plays as many stories.
    """
    begun = processor_seconds()
    stories = 0
    fingerprint = why_not_played = ""
    for number in count() if numbers is None else numbers:
        if fingerprint or processor_seconds() >= begun + seconds_max:
            break
        try:
            [played] = play_numbers(REFERENCE, effort, [number])
        except SuiteError as error:
            why_not_played = str(error)
            break
        known = alarms.get(number, frozenset()) if played.failures else frozenset()
        new = [e.fingerprint for e in played.failures if e.fingerprint not in known]
        fingerprint = new[0] if new else ""
        stories += 1
    return FirstFailure(
        fingerprint=fingerprint,
        stories=stories,
        seconds=processor_seconds() - begun,
        why_not_played=why_not_played,
    )


def stories_in(seconds: float) -> int:
    """Give no fewer than the stories that a process can play in so many seconds of a core."""
    return int(seconds * _STORIES_A_SECOND)


def summary(
    rows: Sequence[Explored], alarms: Alarms, *, seconds_max: float, seed: int
) -> ExploredPortals:
    """Sum up; an alarm on the reference is a failure of the suite itself, as is too low a share."""
    false_alarms = sum(len(each) for each in alarms.values())
    caught = sum(each.caught for each in rows)
    missed = sum(each.why_not == "needs the judge to look" for each in rows)
    is_enough = caught >= _SHARE_MIN * (caught + missed)
    return ExploredPortals(
        seconds_max=seconds_max,
        seed=seed,
        broken=len(rows),
        caught=caught,
        seconds_median=median_seconds(rows),
        needs_a_step=tuple(e.label for e in rows if e.why_not == "needs a step"),
        needs_the_judge=tuple(e.label for e in rows if e.why_not == "needs the judge to look"),
        false_alarms=false_alarms,
        verdict="PASS" if is_enough and not false_alarms else "FAIL",
    )


def median_seconds(rows: Iterable[Explored]) -> float | None:
    """Give the median time to find a broken portal; None if none was found."""
    found = [each.seconds for each in rows if each.caught]
    return median(found) if found else None


def _explore(
    broken: BrokenPortal, seconds_max: float, seed: int, alarms: Mapping[int, frozenset[str]]
) -> Explored:
    effort = Effort(phase=broken.phase, seed=seed, application=broken.application)
    found = first_new_failure(effort, seconds_max=seconds_max, alarms=alarms)
    return Explored(
        id=broken.id,
        name=broken.name,
        requirement=broken.requirement,
        phase=broken.phase,
        caught=bool(found.fingerprint),
        seconds=found.seconds,
        stories=found.stories,
        story=found.stories - 1 if found.fingerprint else None,
        fingerprint=found.fingerprint,
        reached=bool(found.fingerprint or found.why_not_played)
        or _is_reached(broken, effort, found.stories),
        why_not_played=found.why_not_played[:100],
    )


def _is_reached(broken: BrokenPortal, effort: Effort, number: int) -> bool:
    """Say whether stories call anything that stands in the broken portal's file.

    What makes the change itself is called as the portal is built: that says nothing.
    """
    called: set[CodeType] = set()

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_globals.get("__name__") == broken.module:
            called.add(frame.f_code)

    numbers = range(max(0, number - _LOOKED_AT), number)
    sys.setprofile(note)
    try:
        play_numbers(REFERENCE, effort, numbers)
    finally:
        sys.setprofile(None)
    building = {"<module>"} | (set() if broken.replaced else {broken.name})
    return any(each.co_name not in building for each in called)
