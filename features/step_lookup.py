"""Finds the step of a sentence once: the same sentence means the same in every scenario.

pytest-bdd looks through every fixture for each sentence, as steps may differ from folder to folder.
Ours stand in plugins and hold everywhere; looking took a third of a run.
"""

import importlib
from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

from pytest_bdd.parser import Step

# The package has a function of the module's name.
_scenario = importlib.import_module("pytest_bdd.scenario")
_find = _scenario.find_fixturedefs_for_step
_found: WeakKeyDictionary[Any, dict[tuple[str, str], list[Any]]] = WeakKeyDictionary()


def look_up_once() -> None:
    """Have pytest-bdd remember what it found."""
    vars(_scenario)["find_fixturedefs_for_step"] = _remembered


def _remembered(step: Step, fixturemanager: Any, node: Any) -> Iterable[Any]:
    found = _found.setdefault(fixturemanager, {})
    sentence = (step.type, step.name)
    if sentence not in found:
        found[sentence] = list(_find(step=step, fixturemanager=fixturemanager, node=node))
    return found[sentence]
