"""Which requirements a scenario that failed counts against: a harm against the one it breaks.

The tags of a scenario say what its own steps prove. What the judge finds besides is no fault of
theirs, and must not be lost where they are a should, or a gap that is known.
"""

from collections.abc import Collection, Iterable

from simulator.results.values import ScenarioResult
from simulator.verdicts import Finding, Harm

#: What cannot be taken back: it fails a portal whatever its requirement's level, known or not.
CRITICAL: tuple[Harm, ...] = ("misdirected", "disclosed")
#: Where a scenario stops whose own steps all passed.
JUDGED = "and the judge finds no harm in the evidence"


def blamed(scenario: ScenarioResult, asked: Collection[str]) -> set[str]:
    """Give the requirements that a scenario which failed counts against; none of another.

    `asked` are those that the run asks for.
    """
    if scenario.verdict != "FAIL":
        return set()
    harms = [each for each in scenario.findings if each.kind == "FAIL"]
    steps = set(scenario.requirements) if stopped_at_a_step(scenario) else set()
    return steps.union(*(blamed_by(each, scenario, asked) for each in harms))


def blamed_by(finding: Finding, scenario: ScenarioResult, asked: Collection[str]) -> set[str]:
    """Give the requirement of a harm; where the run asks for none such, those of its scenario."""
    return {finding.requirement} if finding.requirement in asked else set(scenario.requirements)


def is_critical_to(
    requirement: str, scenarios: Iterable[ScenarioResult], asked: Collection[str]
) -> bool:
    """Say whether the portal told somebody else, or too much, against this requirement."""
    return any(
        is_critical(found) and requirement in blamed_by(found, each, asked)
        for each in scenarios
        for found in each.findings
    )


def stopped_at_a_step(scenario: ScenarioResult) -> bool:
    """Say whether a scenario failed by a step of its own, whatever the judge found besides."""
    harmed = any(each.kind == "FAIL" for each in scenario.findings)
    return scenario.verdict == "FAIL" and not (harmed and scenario.failed_step in ("", JUDGED))


def did_what_cannot_be_undone(scenarios: Iterable[ScenarioResult]) -> bool:
    """Say whether the portal told somebody else, or too much, in any of these."""
    return any(is_critical(found) for each in scenarios for found in each.findings)


def is_critical(finding: Finding) -> bool:
    """Say whether a harm is the portal's and cannot be taken back."""
    return finding.kind == "FAIL" and finding.owner == "portal" and finding.harm in CRITICAL
