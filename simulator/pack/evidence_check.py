"""Check that a result follows from its evidence: it must have all that the judge finds there."""

from pathlib import Path

from simulator.accept.page_results import results_of_pages
from simulator.by_hand.journal import NAME as JOURNAL
from simulator.by_hand.journal import Journal, finished_scenarios
from simulator.errors import BadInput
from simulator.files.paths import ROOT
from simulator.inputs.order import read_order
from simulator.inputs.requirements import read_requirements
from simulator.inputs.target import Target
from simulator.judge.judged_again import JudgedAgain, judged_again, read_in_order
from simulator.results.provenance import provenance_of
from simulator.results.renamed import renamed, same_scenario
from simulator.results.values import AcceptanceResult, ScenarioResult


def refuse_other_evidence(folder: Path, stored: AcceptanceResult, target: Target) -> None:
    """Refuse a result that was not judged by this evidence, this order and these claims."""
    now, then = provenance_of(target, folder / "evidence.ndjson"), stored.rests_on
    for what, field in (
        ("evidence.ndjson", "evidence_sha256"),
        (f"the order {target.order}", "order_sha256"),
        ("claims of --target", "claims_sha256"),
    ):
        if then is None or getattr(now, field) != getattr(then, field):
            raise BadInput(
                f"--results {folder}: {what}: the SHA-256 differs from acceptance.json, so the run "
                "was judged by another; give the one it was judged by, or run accept again"
            )


def refuse_other_journal(folder: Path, stored: AcceptanceResult) -> None:
    """Refuse a result of a run by hand that differs from the tester's journal.

    Scenarios that were not claimed are not in the journal. The evidence is that of the finished
    scenarios.
    """
    done = finished_scenarios(Journal(folder / JOURNAL).read())
    results = [renamed(each.result) for each in done]
    by_journal = {each.name: each for each in results}
    came_to = {each.name: renamed(each) for each in stored.scenarios if each.verdict != "OMIT"}
    for name in sorted(by_journal.keys() | came_to.keys()):
        if came_to.get(name) != by_journal.get(name):
            raise BadInput(
                f"--results {folder}: {name!r:.100}: acceptance.json differs from {JOURNAL}; "
                "run accept again"
            )
    evidence = [each for entry in done for each in entry.evidence]
    if evidence != read_in_order(folder / "evidence.ndjson"):
        raise BadInput(
            f"--results {folder}: evidence.ndjson differs from {JOURNAL}; run accept again"
        )


def refuse_other_findings(folder: Path, stored: AcceptanceResult, target: Target) -> None:
    """Judge each scenario again by its evidence, and refuse a result that leaves something out."""
    records = read_in_order(folder / "evidence.ndjson")
    again = judged_again(
        records,
        read_order(ROOT / target.order).staying_in(stored.phase),
        correlates="correlates" in target.claims.capabilities,
        carries_ids="carries_correlation_id" in target.claims.capabilities,
    )
    seen = {
        each.name: each.verdict
        for each in results_of_pages(read_requirements(), records, command="")
    }
    # Evidence of a run by hand may have been begun while a scenario was called otherwise.
    again = {same_scenario(name): judged for name, judged in again.items()}
    rows = {same_scenario(each.id or each.name): each for each in stored.scenarios}
    for name, judged in again.items():
        if name not in rows:
            raise BadInput(_sentence(folder, name, "was judged", "no result"))
        _refuse_left_out(folder, rows[name], judged)
    for name, row in rows.items():
        if row.verdict == "PASS" and name not in again and seen.get(row.name) != "PASS":
            raise BadInput(_sentence(folder, row.name, "was not judged, or failed", "PASS"))


def _refuse_left_out(folder: Path, row: ScenarioResult, judged: JudgedAgain) -> None:
    for each in judged.findings:
        if each not in row.findings:
            shown = f"shows {each.harm} ({each.requirement}: {each.observed})"
            raise BadInput(_sentence(folder, row.name, shown, "no such finding"))
    fails = [each for each in judged.findings if each.kind == "FAIL"]
    if row.verdict == "PASS" and (fails or not judged.steps_held):
        raise BadInput(_sentence(folder, row.name, "failed", "PASS"))


def _sentence(folder: Path, name: str, evidence: str, result: str) -> str:
    return (
        f"--results {folder}: by evidence.ndjson {name!r:.100} {evidence}, but acceptance.json has "
        f"{result}: it was altered, or is of another version; run accept again"
    )
