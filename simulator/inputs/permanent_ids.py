"""Permanent ids of scenarios and broken portals: `features/names.toml` maps each to its names.

A name may be improved; its id stays. Results, kill matrices and journals of earlier versions name
scenarios as they were called then: they are read through this mapping.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.files.paths import ROOT

PATH = ROOT / "features" / "names.toml"

ScenarioId = Annotated[str, Meta(pattern="^S-[0-9]{3}$")]
PortalId = Annotated[str, Meta(pattern="^B-[0-9]{3}$")]
_IS_SCENARIO = re.compile(r"S-[0-9]{3}")


class Row(Strict, frozen=True, kw_only=True):
    """One row of an outline's examples: its cells joined by "-", now and formerly."""

    name: str
    former: tuple[str, ...] = ()


class Scenario(Strict, frozen=True, kw_only=True):
    """A scenario by its permanent id; `former` are its earlier names, oldest first.

    A `retired` one is no longer in the features: its id and its names are never used again.
    """

    id: ScenarioId
    name: str
    former: tuple[str, ...] = ()
    retired: bool = False
    rows: tuple[Row, ...] = ()


class Portal(Strict, frozen=True, kw_only=True):
    """A broken portal by its permanent id; its name is that of its file."""

    id: PortalId
    name: str
    former: tuple[str, ...] = ()
    retired: bool = False


class Wording(Strict, frozen=True, kw_only=True):
    """What a finding says in words that were changed; {} stands for what differs each time."""

    now: str
    former: str


class Names(Strict, frozen=True, kw_only=True, dict=True):
    """Every id with its names, and the words of findings that were changed."""

    scenario: tuple[Scenario, ...] = ()
    broken_portal: tuple[Portal, ...] = ()
    wording: tuple[Wording, ...] = ()

    def scenario_id(self, name: str) -> str:
        """Give the id of a scenario by a name it has or had, or by its id; "" where none is known.

        A name with an example, as "Told (by text)", gives the id of that row, as "S-012.2".
        """
        if is_scenario_id(name.partition(".")[0]):
            return name
        if name in self._scenarios:
            return self._scenarios[name].id
        for outline, cells in _splits(name):
            if outline in self._scenarios:
                scenario = self._scenarios[outline]
                for number, row in enumerate(scenario.rows, start=1):
                    if _escaped(cells) in {_escaped(each) for each in (row.name, *row.former)}:
                        return f"{scenario.id}.{number}"
        return ""

    def scenario_name(self, id: str) -> str:
        """Give the name a scenario has now, with its example; "" where the id is unknown."""
        scenario, row = self._scenario_and_row(id)
        if scenario is None:
            return ""
        return f"{scenario.name} ({_escaped(row.name)})" if row else scenario.name

    def first_name(self, id: str) -> str:
        """Give the name a scenario had first, with its example; "" where the id is unknown."""
        scenario, row = self._scenario_and_row(id)
        if scenario is None:
            return ""
        name = next(iter(scenario.former), scenario.name)
        return f"{name} ({_escaped(next(iter(row.former), row.name))})" if row else name

    def portal_id(self, name: str) -> str:
        """Give the id of a broken portal by a name it has or had, or by its id; "" for none."""
        return self._portals.get(name, "")

    def portal_name(self, id: str) -> str:
        """Give the name a broken portal has now; "" where the id is unknown."""
        return next((each.name for each in self.broken_portal if each.id == id), "")

    def first_words(self, said: str) -> str:
        """Give what a finding says in the words in which it was said first."""
        for each in self.wording:
            if match := _pattern(each.now).fullmatch(said):
                return each.former.format(*match.groups())
        return said

    @cached_property
    def _scenarios(self) -> dict[str, Scenario]:
        return {name: each for each in self.scenario for name in (each.name, *each.former)}

    @cached_property
    def _by_id(self) -> dict[str, Scenario]:
        return {each.id: each for each in self.scenario}

    @cached_property
    def _portals(self) -> dict[str, str]:
        return {
            name: each.id
            for each in self.broken_portal
            for name in (each.id, each.name, *each.former)
        }

    def _scenario_and_row(self, id: str) -> tuple[Scenario | None, Row | None]:
        base, _, number = id.partition(".")
        scenario = self._by_id.get(base)
        if scenario is None or not number:
            return scenario, None
        is_row = number.isdigit() and 1 <= int(number) <= len(scenario.rows)
        return (scenario, scenario.rows[int(number) - 1]) if is_row else (None, None)


@cache
def read_names(path: Path = PATH) -> Names:
    """Read the mapping; raises BadInput for an id or a name that is given twice."""
    names = checked_toml.read(path, Names)
    ids = [*(each.id for each in names.scenario), *(each.id for each in names.broken_portal)]
    _once(path, "id", ids)
    called = [name for each in names.scenario for name in (each.name, *each.former)]
    _once(path, "name", called)
    called = [name for each in names.broken_portal for name in (each.name, *each.former)]
    _once(path, "name", called)
    return names


def is_scenario_id(tag: str) -> bool:
    """Say whether a tag is a scenario's permanent id."""
    return _IS_SCENARIO.fullmatch(tag) is not None


def id_in(tags: Iterable[str]) -> str:
    """Give the permanent id among a scenario's tags; "" where it has none."""
    return next((each for each in sorted(tags) if is_scenario_id(each)), "")


def _splits(name: str) -> Iterator[tuple[str, str]]:
    """Split "Told (by text)" into outline and example, wherever the example may begin."""
    if name.endswith(")"):
        for found in re.finditer(r" \(", name):
            yield name[: found.start()], name[found.end() : -1]


def _escaped(cells: str) -> str:
    """Write an example as pytest does, in ASCII; what is written so already stays."""
    return cells.encode("unicode_escape").decode() if not cells.isascii() else cells


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("(.*)".join(map(re.escape, template.split("{}"))), re.DOTALL)


def _once(path: Path, what: str, found: Iterable[str]) -> None:
    seen: set[str] = set()
    for each in found:
        if each in seen:
            raise BadInput(f"{path}: {what} {each!r:.80} is given twice; use each once")
        seen.add(each)
