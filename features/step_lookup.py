"""Finds the step of a sentence once: a sentence means the same in every scenario.

pytest-bdd looks through every fixture for each sentence, as steps may differ from folder to folder.
Ours are in plugins and apply everywhere; looking took a third of a run.
"""

import importlib
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from pytest_bdd.parser import Step

# The package has a function of the module's name.
_scenario = importlib.import_module("pytest_bdd.scenario")
_signature, _takes = cache(_scenario.signature), cache(_scenario.get_required_args)
_lists: WeakKeyDictionary[Any, "_Steps"] = WeakKeyDictionary()


def look_up_once() -> None:
    """Have pytest-bdd remember what it found, and what each step takes."""
    vars(_scenario).update(
        find_fixturedefs_for_step=_remembered, signature=_signature, get_required_args=_takes
    )


class _Steps:
    """The steps that one run's fixtures hold, and which sentence was which of them."""

    def __init__(self, fixturemanager: Any, node: Any) -> None:
        self._steps = list(_steps_seen_from(fixturemanager, node))
        self._found: dict[tuple[str, str], list[Any]] = {}

    def of(self, step: Step) -> list[Any]:
        sentence = (step.type, step.name)
        if sentence not in self._found:
            self._found[sentence] = [
                fixturedef
                for fixturedef, context in self._steps
                if context.type in (None, step.type) and context.parser.is_matching(step.name)
            ]
        return self._found[sentence]


def _remembered(step: Step, fixturemanager: Any, node: Any) -> Iterable[Any]:
    if fixturemanager not in _lists:
        _lists[fixturemanager] = _Steps(fixturemanager, node)
    return _lists[fixturemanager].of(step)


def _steps_seen_from(fixturemanager: Any, node: Any) -> Iterator[tuple[Any, Any]]:
    for name in _scenario.get_fixture_names(fixturemanager=fixturemanager):
        for fixturedef in _scenario.getfixturedefs(fixturemanager, name, node) or []:
            context = _scenario.step_function_context_registry.get(fixturedef.func)
            if context is not None:
                yield fixturedef, context
