"""Check that a run's result follows from its own files before papers are written from it.

The evidence must be the one that was judged, each scenario that passed must have held there, and a
requirement that a scenario failed is not met. `portal-suite pack` also judges the evidence again.
"""

import hashlib
from pathlib import Path

from simulator.errors import DamagedFile
from simulator.evidence.scenario_mark import ScenarioJudged
from simulator.judge.judged_again import read_in_order
from simulator.results.attribution import requirements_failed
from simulator.results.renamed import same_scenario
from simulator.results.values import AcceptanceResult


def refuse_unfounded(folder: Path, result: AcceptanceResult) -> None:
    """Raise DamagedFile, naming what differs, if the result does not follow from the files."""
    evidence = folder / "evidence.ndjson"
    digest = hashlib.sha256(evidence.read_bytes()).hexdigest()
    if result.rests_on is None or result.rests_on.evidence_sha256 != digest:
        raise DamagedFile(
            f"{evidence}: the SHA-256 differs from acceptance.json, so the run was judged by other "
            "evidence; run accept again"
        )
    _refuse_unheld(folder, result)
    _refuse_met_but_failed(folder, result)
    _refuse_met_by_nothing(folder, result)


def _refuse_unheld(folder: Path, result: AcceptanceResult) -> None:
    """Refuse a scenario that passed by the result, and did not, or was not run, by the evidence.

    A page that passed has no id, and no mark in the evidence.
    """
    held = {
        same_scenario(each.scenario): each.steps_held
        for each in read_in_order(folder / "evidence.ndjson")
        if isinstance(each, ScenarioJudged)
    }
    for each in result.scenarios:
        has_held = held.get(same_scenario(each.id or each.name), not each.id)
        if each.verdict == "PASS" and not has_held:
            raise DamagedFile(
                f"{folder}: by evidence.ndjson {each.label!r:.100} failed or was not run, but "
                "acceptance.json has PASS: it was altered; run accept again"
            )


def _refuse_met_but_failed(folder: Path, result: AcceptanceResult) -> None:
    """Refuse a requirement that is met by the result, and failed by one of its scenarios."""
    met = {each.id for each in result.requirements if each.verdict == "PASS"}
    asked = {each.id for each in result.requirements if each.verdict != "OMIT"}
    for each in result.scenarios:
        if failed := sorted(met & requirements_failed(each, asked)):
            raise DamagedFile(
                f"{folder}: {each.label!r:.100} failed, but acceptance.json has PASS for "
                f"{failed[0]}: it was altered; run accept again"
            )


def _refuse_met_by_nothing(folder: Path, result: AcceptanceResult) -> None:
    """Refuse a requirement that is met by the result, and shown by no scenario and no person."""
    shown = {
        requirement
        for scenario in result.scenarios
        if scenario.verdict == "PASS"
        for requirement in scenario.requirements
    }
    for requirement in result.requirements:
        is_looked_at = requirement.review is not None
        if requirement.verdict == "PASS" and requirement.id not in shown and not is_looked_at:
            raise DamagedFile(
                f"{folder}: no scenario that passed shows {requirement.id}, and no person looked, "
                "but acceptance.json has PASS: it was altered; run accept again"
            )
