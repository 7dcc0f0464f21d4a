"""Explores every broken portal, without any scenario: which are found by made-up stories alone.

The reference plays the same stories first. What fails it too does not count. Each broken portal is
explored in a process of its own, since it replaces parts of the reference for good.
"""

import csv
import io
import multiprocessing
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import timedelta
from statistics import median

from msgspec import Struct

from simulator.clock import wall_now
from simulator.errors import SuiteError
from simulator.explore.run import play_numbers
from simulator.prove.run import REFERENCE, BrokenPortal

#: Loaded once, before each process is forked.
_LOADED = ["simulator.explore.run", "reference.portal.app", "fixtures.broken_portals"]
_PHASES = (1, 2, 3)


class Explored(Struct, frozen=True, kw_only=True):
    """How one broken portal was explored.

    It was caught by story number `story` after `seconds`, if `fingerprint` is not "".
    """

    id: str
    name: str
    requirement: str
    phase: int
    caught: bool
    seconds: float
    stories: int
    story: int | None = None
    fingerprint: str = ""


#: The failures of each story of the reference, by phase and number of the story.
Alarms = Mapping[int, Mapping[int, frozenset[str]]]


def explore_broken(
    broken: Sequence[BrokenPortal],
    *,
    seconds_max: float,
    seed: int,
    alarms: Alarms,
    on_done: Callable[[Explored], None] = lambda _explored: None,
) -> list[Explored]:
    """Explore each broken portal in its own phase, for so long or until a story fails."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    found: dict[str, Explored] = {}
    with ProcessPoolExecutor(
        os.cpu_count(), mp_context=context, max_tasks_per_child=1
    ) as processes:
        runs = [
            processes.submit(_explore, each, seconds_max, seed, dict(alarms.get(each.phase, {})))
            for each in broken
        ]
        for done in as_completed(runs):
            explored = done.result()
            found[explored.name] = explored
            on_done(explored)
    return [found[each.name] for each in broken]


def reference_alarms(*, stories: int, seed: int) -> dict[int, dict[int, frozenset[str]]]:
    """Play so many stories of each phase on the reference; return the failures of each that fails.

    There should be none.
    """
    alarms: dict[int, dict[int, frozenset[str]]] = {}
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        for phase in _PHASES:
            quarter = -(-stories // 4)
            parts = [range(at, min(at + quarter, stories)) for at in range(0, stories, quarter)]
            runs = [
                processes.submit(play_numbers, REFERENCE, "", phase, seed, part) for part in parts
            ]
            alarms[phase] = {
                each.number: frozenset(failure.fingerprint for failure in each.failures)
                for run in runs
                for each in run.result()
                if each.failures
            }
    return alarms


def explored_csv(rows: Iterable[Explored]) -> str:
    """Write the table, a line for each broken portal."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ("id", "name", "requirement", "phase", "caught", "seconds", "stories", "fingerprint")
    )
    for each in rows:
        writer.writerow(
            (
                each.id,
                each.name,
                each.requirement,
                each.phase,
                "yes" if each.caught else "no",
                f"{each.seconds:.1f}",
                each.stories,
                each.fingerprint,
            )
        )
    return text.getvalue()


def median_seconds(rows: Iterable[Explored]) -> float | None:
    """Give the median time to find a broken portal; None if none was found."""
    found = [each.seconds for each in rows if each.caught]
    return median(found) if found else None


def _explore(
    broken: BrokenPortal, seconds_max: float, seed: int, alarms: Mapping[int, frozenset[str]]
) -> Explored:
    """Play stories until one fails that the reference passes, or the time is over."""
    application = f"fixtures.broken_portals.{broken.name}:create_app"
    begun = wall_now()
    end = begun + timedelta(seconds=seconds_max)
    number = 0
    fingerprint = ""
    while not fingerprint and wall_now() < end:
        try:
            [played] = play_numbers(REFERENCE, application, broken.phase, seed, [number])
        except SuiteError as error:
            fingerprint = f"could not be played: {error}"[:100]
            break
        known = alarms.get(number, frozenset())
        new = [e.fingerprint for e in played.failures if e.fingerprint not in known]
        fingerprint = new[0] if new else ""
        number += 1
    return Explored(
        id=broken.id,
        name=broken.name,
        requirement=broken.requirement,
        phase=broken.phase,
        caught=bool(fingerprint),
        seconds=(wall_now() - begun).total_seconds(),
        stories=number,
        story=number - 1 if fingerprint else None,
        fingerprint=fingerprint,
    )
