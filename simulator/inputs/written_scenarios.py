"""The scenarios of the feature files, one for each example: to be run, listed or keyed in.

Read with the reference parser of Gherkin. A scenario's folder says its phase, its tags what it
proves and what it needs.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from msgspec import Struct

from simulator.files.paths import ROOT
from simulator.inputs.permanent_ids import id_in, is_scenario_id, read_names

FEATURES = ROOT / "features"
#: Scenarios that together cover each phase and each harm, for a quick look.
QUICK = "quick"
#: Scenarios that take days, or that are judged from the start: they run first, while there are few
#: people to whom the portal keeps sending messages.
EARLY = "early"
_GATE, _NEEDS = "before_phase_", "needs_"
#: A scenario as reports print it: its id, and then its name.
_PRINTED = re.compile(r"(S-[0-9]{3}(?:\.[0-9]+)?)\s")

Kind: TypeAlias = Literal["Context", "Action", "Outcome"]


class WrittenStep(Struct, frozen=True):
    """One sentence of a scenario: a context, an action or an outcome."""

    kind: Kind
    text: str


class WrittenScenario(Struct, frozen=True, kw_only=True):
    """One scenario by its permanent id: "S-012", or "S-012.2" for an outline's second example.

    `example` are the cells of that row.
    """

    id: str
    name: str
    example: tuple[str, ...]
    feature: str
    phase: int
    tags: frozenset[str]
    steps: tuple[WrittenStep, ...]

    @property
    def whole_name(self) -> str:
        """Its name with its example, as results have it."""
        return f"{self.name} ({'-'.join(self.example)})" if self.example else self.name

    @property
    def requirements(self) -> list[str]:
        """The requirements that it proves."""
        return requirements_in(self.tags)

    @property
    def needs(self) -> list[str]:
        """The capabilities that a portal must claim for it."""
        return sorted(each.removeprefix(_NEEDS) for each in self.tags if each.startswith(_NEEDS))

    @property
    def before_phase(self) -> int | None:
        """The phase before which it is run, where it is a gate."""
        return gate_of(self.tags)


def read_written(folder: Path = FEATURES) -> list[WrittenScenario]:
    """Read every scenario of the features, in the order of phases, files and lines."""
    found: list[WrittenScenario] = []
    for path in sorted(folder.rglob("*.feature")):
        document = document_of(path)
        rows = _rows(document)
        found += [_scenario(path, document, each, rows) for each in pickles_of(path)]
    counted = Counter(each.id for each in found if each.id)
    twice = [id for id, count in counted.items() if count > 1]
    assert not twice, f"two scenarios have one id: {twice}"
    return found


def document_of(path: Path) -> dict[str, Any]:
    """Parse a feature file."""
    return _parsed(path.read_text(encoding="utf-8"), str(path))


def pickles_of(path: Path) -> list[dict[str, Any]]:
    """Compile a feature file into its scenarios, one for each example."""
    return _compiled(path.read_text(encoding="utf-8"), str(path))


@cache
def _parsed(text: str, uri: str) -> dict[str, Any]:
    document: Any = Parser().parse(text)
    return {**document, "uri": uri}


@cache
def _compiled(text: str, uri: str) -> list[dict[str, Any]]:
    document: Any = _parsed(text, uri)
    pickles: Any = Compiler().compile(document)
    return list(pickles)


def requirements_in(tags: Collection[str]) -> list[str]:
    """List the requirements among a scenario's tags."""
    return sorted(each for each in tags if "-" in each and not is_scenario_id(each))


def phase_of(path: Path) -> int:
    """Read the phase from a feature's folder; gates belong to the phases before them."""
    name = path.parent.name
    return int(name[5]) if name[5:6].isdigit() else 1


def gate_of(tags: Collection[str]) -> int | None:
    """Return the phase before which a scenario is run; None if it is not a gate."""
    gates = [int(each.removeprefix(_GATE)) for each in tags if each.startswith(_GATE)]
    return min(gates, default=None)


def is_asked_for(only: str, *, id: str, name: str) -> bool:
    """Say whether `only` means a scenario: by its name, now or formerly, or its id; "" means all.

    Both together, as reports print them, mean what the id means. What means an outline means each
    of its examples.
    """
    return only in ("", name) or (bool(id) and _id_of(only) in (id, id.partition(".")[0]))


def has_one_asked_for(only: str, *, id: str, name: str) -> bool:
    """Say whether `only` means a scenario or one of its examples; `id` is that of them all."""
    return only in ("", name) or (bool(id) and _id_of(only).partition(".")[0] == id)


def _id_of(only: str) -> str:
    printed = _PRINTED.match(only)
    return read_names().scenario_id(printed[1] if printed else only)


def is_run_in(phase: int, tags: Collection[str], of_phase: int) -> bool:
    """Say whether a scenario is run in a phase: its own or a later one, or before its gate."""
    gate = gate_of(tags)
    return phase >= of_phase if gate is None else phase < gate


def is_claimed(tags: Collection[str], claimed: Collection[str]) -> bool:
    """Say whether a portal claims everything that a scenario needs; if not, it is not judged."""
    return {each.removeprefix(_NEEDS) for each in tags if each.startswith(_NEEDS)} <= set(claimed)


def _scenario(
    path: Path,
    document: dict[str, Any],
    pickle: dict[str, Any],
    rows: dict[str, tuple[int, tuple[str, ...]]],
) -> WrittenScenario:
    row, example = next((rows[each] for each in pickle["astNodeIds"] if each in rows), (0, ()))
    tags = frozenset(each["name"].removeprefix("@") for each in pickle["tags"])
    return WrittenScenario(
        id=f"{id_in(tags)}.{row}" if row else id_in(tags),
        name=pickle["name"],
        example=example,
        feature=document["feature"]["name"],
        phase=phase_of(path),
        tags=tags,
        steps=tuple(WrittenStep(each["type"], each["text"]) for each in pickle["steps"]),
    )


def _rows(document: dict[str, Any]) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Give the number of each row of examples within its outline, from 1, and its cells."""
    found = {}
    for scenario in _scenarios(document["feature"]["children"]):
        rows = [row for examples in scenario["examples"] for row in examples["tableBody"]]
        for number, row in enumerate(rows, start=1):
            found[row["id"]] = (number, tuple(cell["value"] for cell in row["cells"]))
    return found


def _scenarios(children: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [each["scenario"] for each in children if "scenario" in each]
    for each in children:
        if "rule" in each:
            found += _scenarios(each["rule"]["children"])
    return found
