"""Plays the kept story that must catch a broken portal, and gives it as a scenario.

A process of its own plays it: a broken portal replaces parts of the reference for good.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from msgspec import structs

from simulator.accept.edge_stories import KEPT_STORIES
from simulator.explore.run import replayed
from simulator.explore.story import read_story
from simulator.results.values import ScenarioResult


def phase_of(name: str) -> int | None:
    """Give the phase of a kept story; None if none has this name."""
    file = _file(name)
    return read_story(file).phase if file.exists() else None


def play_kept(name: str, target: Path, *, application: str, out: Path) -> list[ScenarioResult]:
    """Play a kept story on another application of a target: a scenario for each defect, or one."""
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as process:
        return process.submit(_played, name, target, application, out).result()


def _played(name: str, target: Path, application: str, out: Path) -> list[ScenarioResult]:
    result = replayed(target, _file(name), out=out, application=application)
    passed = ScenarioResult(
        id=name,
        name=f"Story {name}",
        feature="Made-up stories",
        phase=result.phase,
        requirements=(),
        verdict="PASS",
    )
    failed = [
        structs.replace(
            passed,
            requirements=each.requirements,
            verdict=each.verdict,
            failed_step=each.expected,
            observed=each.observed,
        )
        for each in result.defects
    ]
    return failed or [passed]


def _file(name: str) -> Path:
    return KEPT_STORIES / f"{name}.json"
