"""Which requirements a failed scenario counts against: each harm against the one it breaks.

A scenario's tags name the requirements that its own steps prove. The judge may find a harm against
another requirement. That harm must not be lost if the tagged ones are a should or a known gap.
"""

from collections.abc import Collection, Iterable

from simulator.results.values import ScenarioResult
from simulator.verdicts import Finding, Harm

#: Harms that cannot be taken back: they fail a portal whatever the requirement's level, known or
#: not.
CRITICAL: tuple[Harm, ...] = ("misdirected", "disclosed")
#: The step at which a scenario fails if all its own steps passed.
JUDGE_STEP = "and the judge finds no harm in the evidence"


def requirements_failed(scenario: ScenarioResult, asked: Collection[str]) -> set[str]:
    """Give the requirements that a failed scenario counts against; none if it did not fail.

    `asked` are the requirements of the run.
    """
    if scenario.verdict != "FAIL":
        return set()
    harms = [each for each in scenario.findings if each.kind == "FAIL"]
    steps = set(scenario.requirements) if failed_at_own_step(scenario) else set()
    return steps.union(*(requirements_broken(each, scenario, asked) for each in harms))


def requirements_broken(
    finding: Finding, scenario: ScenarioResult, asked: Collection[str]
) -> set[str]:
    """Give the requirement of a harm, or those of its scenario if the run does not ask for it."""
    return {finding.requirement} if finding.requirement in asked else set(scenario.requirements)


def has_critical_harm_against(
    requirement: str, scenarios: Iterable[ScenarioResult], asked: Collection[str]
) -> bool:
    """Return whether the portal caused a critical harm against this requirement."""
    return any(
        is_critical(found) and requirement in requirements_broken(found, each, asked)
        for each in scenarios
        for found in each.findings
    )


def failed_at_own_step(scenario: ScenarioResult) -> bool:
    """Return whether a scenario failed at a step of its own, whatever else the judge found."""
    harmed = any(each.kind == "FAIL" for each in scenario.findings)
    return scenario.verdict == "FAIL" and not (harmed and scenario.failed_step in ("", JUDGE_STEP))


def has_critical_harm(scenarios: Iterable[ScenarioResult]) -> bool:
    """Return whether the portal caused a critical harm in any of these scenarios."""
    return any(is_critical(found) for each in scenarios for found in each.findings)


def is_critical(finding: Finding) -> bool:
    """Return whether the portal caused this harm and it cannot be taken back."""
    return finding.kind == "FAIL" and finding.owner == "portal" and finding.harm in CRITICAL
