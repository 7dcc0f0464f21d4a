"""Results of earlier versions, with the scenarios under the ids and names that they have now.

A scenario that was renamed since is the same one: runs before and after can be compared.
"""

from msgspec import structs

from simulator.inputs.permanent_ids import Names, read_names
from simulator.results.values import AcceptanceResult, ScenarioResult


def renamed(scenario: ScenarioResult, names: Names | None = None) -> ScenarioResult:
    """Give a scenario its id and its name of today; what is no known scenario stays as it is."""
    known = names or read_names()
    id = known.scenario_id(scenario.id or scenario.name)
    name = known.scenario_name(id)
    return structs.replace(scenario, id=id, name=name) if name else scenario


def with_names_of_today(result: AcceptanceResult, names: Names | None = None) -> AcceptanceResult:
    """Give every scenario of a run its id and its name of today, wherever the run names it."""
    known = names or read_names()
    return structs.replace(
        result,
        scenarios=[renamed(each, known) for each in result.scenarios],
        requirements=[
            structs.replace(each, scenarios=tuple(_today(name, known) for name in each.scenarios))
            for each in result.requirements
        ],
        left_out=tuple(
            structs.replace(each, scenarios=tuple(_today(name, known) for name in each.scenarios))
            for each in result.left_out
        ),
    )


def same_scenario(name: str, names: Names | None = None) -> str:
    """Give what a scenario is compared by: its id, or its name where no id is known."""
    return (names or read_names()).scenario_id(name) or name


def _today(name: str, names: Names) -> str:
    return names.scenario_name(names.scenario_id(name)) or name
