"""The features as manual test scripts, one row a step, for import into a test management tool.

Given is a precondition, When a step, and Then the step's expected result.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from simulator.inputs.requirements import Requirement
from simulator.inputs.written_scenarios import WrittenScenario, is_run_in
from simulator.papers.sheets import Cell, Table

COLUMNS = (
    "id",
    "requirement ids",
    "title",
    "preconditions",
    "step number",
    "step",
    "expected result",
    "phase",
    "priority",
)
_LOOK = "Look"


class ScriptStep(Struct, frozen=True, kw_only=True):
    """Something a tester does, and the expected result ("" if the step has none)."""

    action: str
    expected: str


def scripts_of(
    phase: int, scenarios: Iterable[WrittenScenario], requirements: Sequence[Requirement]
) -> Table:
    """Give every scenario of a phase as a script, in the order of the features."""
    known = {each.id: each for each in requirements}
    rows: list[tuple[Cell, ...]] = []
    for scenario in scenarios:
        if is_run_in(phase, scenario.tags, scenario.phase):
            rows += _rows(scenario, known)
    return Table(caption=f"Test scripts of phase {phase}", columns=COLUMNS, rows=rows)


def steps_of(scenario: WrittenScenario) -> list[ScriptStep]:
    """Join each expected result to its step; if there is no step before it, the tester looks."""
    steps: list[ScriptStep] = []
    start = _preconditions_end(scenario)
    for step in scenario.steps[start:]:
        if step.kind != "Outcome":
            steps.append(ScriptStep(action=_sentence(step.text), expected=""))
        elif not steps:
            steps.append(ScriptStep(action=_LOOK, expected=_sentence(step.text)))
        else:
            last = steps[-1]
            expected = "\n".join(filter(None, (last.expected, _sentence(step.text))))
            steps[-1] = ScriptStep(action=last.action, expected=expected)
    return steps


def _rows(
    scenario: WrittenScenario, known: Mapping[str, Requirement]
) -> Iterable[tuple[Cell, ...]]:
    levels = {known[id].level for id in scenario.requirements if id in known}
    title = scenario.name + (f" ({', '.join(scenario.example)})" if scenario.example else "")
    for number, step in enumerate(steps_of(scenario), start=1):
        yield (
            scenario.id,
            ", ".join(scenario.requirements),
            title,
            "\n".join(_preconditions(scenario)),
            number,
            step.action,
            step.expected,
            scenario.phase,
            "must" if "must" in levels else "should",
        )


def _preconditions(scenario: WrittenScenario) -> list[str]:
    """List the preconditions: of the portal, then of the people."""
    found = [f"The portal claims {each}" for each in scenario.needs]
    if scenario.before_phase is not None:
        found.append(f"Phase {scenario.before_phase} is not live yet")
    return found + [_sentence(each.text) for each in scenario.steps[: _preconditions_end(scenario)]]


def _preconditions_end(scenario: WrittenScenario) -> int:
    """Count the steps that are preconditions."""
    for number, step in enumerate(scenario.steps):
        if step.kind != "Context":
            return number
    return len(scenario.steps)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
