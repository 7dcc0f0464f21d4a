"""Picks the scenarios of a run: those of its phase, of what the portal claims, and their order.

A scenario's folder gives its phase; its tags give what it proves and what it needs.
"""

import random
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import pytest
from pytest_bdd.scenario import scenario_wrapper_template_registry

from simulator.errors import SuiteError
from simulator.inputs.permanent_ids import id_in
from simulator.inputs.written_scenarios import (
    EARLY,
    QUICK,
    gate_of,
    has_one_asked_for,
    is_asked_for,
    is_claimed,
    is_run_in,
    phase_of,
)


def selected(
    items: Sequence[pytest.Item],
    *,
    phase: int,
    claimed: Collection[str],
    only: str = "",
    among: Collection[str] = (),
    quick: bool = False,
    seed: int = 0,
) -> list[pytest.Item]:
    """Drop what is not about this phase, and put the gates first, then what takes weeks.

    With seed 0 the rest keep the order of the files, and with any other seed they are shuffled: no
    scenario may need what an earlier one left behind.
    """
    kept = [
        item
        for item in items
        if is_run_in(phase, tags_of(item), phase_of(feature_file(item)))
        and is_claimed(tags_of(item), claimed)
        and is_asked_for(only, id=whole_id_of(item), name=name_of(item))
        and (not among or not {whole_id_of(item), id_in(tags_of(item))}.isdisjoint(among))
        and (not quick or QUICK in tags_of(item))
    ]
    if seed:
        random.Random(seed).shuffle(kept)  # noqa: S311  an order, and no secret
    return sorted(kept, key=_turn)


def is_wanted(scenario: Callable[..., object], only: str, among: Collection[str]) -> bool:
    """Say whether any example of a scenario is asked for, before tests are made of it."""
    id = id_in(getattr(scenario, "portal_tags", set()))
    name = scenario_wrapper_template_registry[scenario].name
    bases = {each.partition(".")[0] for each in among}
    return has_one_asked_for(only, id=id, name=name) and (not among or id in bases)


def _turn(item: pytest.Item) -> int:
    tags = tags_of(item)
    return 0 if gate_of(tags) is not None else 1 if EARLY in tags else 2


def feature_file(item: pytest.Item) -> Path:
    """Give the file that a scenario stands in."""
    if not isinstance(item, pytest.Function):
        raise SuiteError(f"{item.nodeid} is not a scenario")
    return Path(scenario_wrapper_template_registry[item.obj].feature.filename)


def tags_of(item: pytest.Item) -> set[str]:
    """Give the tags of a scenario and of its feature, without the @."""
    tags: set[str] = getattr(item, "obj").__dict__.get("portal_tags", set())  # noqa: B009
    return tags


def whole_name_of(item: pytest.Item) -> str:
    """Give the name of a scenario with its example, which no other of a run has."""
    example = f" ({item.callspec.id})" if hasattr(item, "callspec") else ""
    return name_of(item) + example


def whole_id_of(item: pytest.Item) -> str:
    """Give the permanent id of a scenario, with the number of its example; "" where it has none."""
    id = id_in(tags_of(item))
    if not id or not hasattr(item, "callspec"):
        return id
    [index] = item.callspec.indices.values()
    return f"{id}.{index + 1}"


def name_of(item: pytest.Item) -> str:
    """Give the name of a scenario as its file has it."""
    assert isinstance(item, pytest.Function)
    return scenario_wrapper_template_registry[item.obj].name
