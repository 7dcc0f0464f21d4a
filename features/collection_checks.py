"""Refuses feature files that pytest-bdd would silently skip.

It drops one of two scenarios of the same name, passes a scenario without steps, never awaits a
coroutine step, and ignores a file that no module binds: each is a false green.
"""

import inspect
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from simulator.inputs.written_scenarios import document_of, pickles_of


def complaints(path: Path, collected: int) -> list[str]:
    """Say what is wrong with a feature file, given how many tests came of it."""
    feature = document_of(path).get("feature")
    if feature is None:
        return [f"{path}: no feature in it"]
    found = []
    scenarios = list(_scenarios(feature["children"]))
    for name, count in Counter(each["name"] for each in scenarios).items():
        if count > 1:
            found.append(f"{path}: {count} scenarios are called {name!r}; pytest-bdd keeps one")
    found += [f"{path}: {each['name']!r} has no steps" for each in scenarios if not each["steps"]]
    expected = len(pickles_of(path))
    if expected != collected:
        found.append(f"{path}: {expected} scenarios in the file, {collected} tests collected")
    return found


def feature_files(folders: Iterable[Path]) -> list[Path]:
    """Find every feature file in folders and below, bound or not."""
    return sorted({path for folder in folders for path in folder.rglob("*.feature")})


def unbound(files: Iterable[Path]) -> list[str]:
    """Say in which folders no test module binds the feature files."""
    return [
        f"{folder}: feature files, and no test_*.py that binds them with scenarios()"
        for folder in sorted({path.parent for path in files})
        if not any("scenarios(" in each.read_text("utf-8") for each in folder.glob("test_*.py"))
    ]


def refuse_coroutine(step: Callable[..., Any]) -> None:
    """Raise TypeError for a step that would pass without running."""
    if inspect.iscoroutinefunction(step) or inspect.isasyncgenfunction(step):
        name = getattr(step, "__name__", step)
        raise TypeError(f"the step {name} is a coroutine; pytest-bdd would not await it")


def _scenarios(children: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for child in children:
        if "scenario" in child:
            yield child["scenario"]
        if "rule" in child:
            yield from _scenarios(child["rule"]["children"])
