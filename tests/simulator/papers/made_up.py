"""Made-up runs, as values and as complete results folders."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from simulator.accept.requirement_verdicts import acceptance_result
from simulator.accept.run import messages_reached
from simulator.evidence.files import write_evidence
from simulator.evidence.records import MessageReached, PhaseEntered, Record
from simulator.evidence.scenario_mark import ScenarioJudged
from simulator.inputs.requirements import read_requirements
from simulator.inputs.target import Target, read_target
from simulator.papers.contents import Papers, make_papers
from simulator.papers.register import Register
from simulator.papers.runs import Run
from simulator.report.html import acceptance_html
from simulator.report.junit import acceptance_junit
from simulator.results.provenance import provenance_of
from simulator.results.values import AcceptanceResult, ReviewResult, ScenarioResult
from simulator.verdicts import Finding, Harm, Kind
from tests.simulator.real_files import TARGET

REQUIREMENTS = read_requirements()
MONDAY = datetime(2026, 11, 2, 15, tzinfo=UTC)
TODAY = date(2026, 11, 16)


def scenario(requirement: str, verdict: Kind = "PASS", **changes: Any) -> ScenarioResult:
    """Make a scenario that proves one requirement; if it failed, it has a failed step."""
    made = ScenarioResult(
        name=f"Proof of {requirement}",
        feature="What a portal does",
        phase=1,
        requirements=(requirement,),
        verdict=verdict,
        expected=f"the portal does what {requirement} asks for" if verdict == "FAIL" else "",
        observed="it did not" if verdict == "FAIL" else "",
        reason="" if verdict in ("PASS", "FAIL") else f"because of {verdict}",
    )
    return msgspec.structs.replace(made, **changes)


def finding(harm: Harm = "duplicated", **changes: Any) -> Finding:
    """Make a finding of the judge's."""
    made = Finding(
        kind="FAIL",
        harm=harm,
        owner="portal",
        requirement="ONCE-01",
        at=MONDAY,
        person_id="person-00001",
        crime_reference="43260000001",
        expected="one message for each piece of news",
        observed="a second text about the same news",
    )
    return msgspec.structs.replace(made, **changes)


def scenarios(
    verdicts: Mapping[str, Kind] | None = None, *, phase: int = 3
) -> list[ScenarioResult]:
    """Make a scenario for each requirement of this phase, PASS unless `verdicts` says otherwise."""
    verdicts = verdicts or {}
    return [
        scenario(each.id, verdicts.get(each.id, "PASS"))
        for each in REQUIREMENTS
        if not each.not_tested
        and each.phase <= phase
        and not (each.before_phase and phase >= each.before_phase)
    ]


def target(version: str = "1.0") -> Target:
    """Make the reference's target, with another version claimed."""
    made = read_target(TARGET)
    claims = msgspec.structs.replace(made.claims, version=version)
    return msgspec.structs.replace(made, claims=claims)


def reviewed(result: AcceptanceResult) -> AcceptanceResult:
    """Have a person show every must that waits for one, or for a browser."""
    review = ReviewResult(
        verdict="PASS", reviewer="Dana Okafor", role="lead", on=TODAY, note="seen", evidence=()
    )
    waiting = {each.id for each in result.waiting}
    rows = [
        msgspec.structs.replace(each, verdict="PASS", reason="seen", review=review, awaits="")
        if each.id in waiting
        else each
        for each in result.requirements
    ]
    return msgspec.structs.replace(result, requirements=rows)


def run(
    verdicts: Mapping[str, Kind] | None = None,
    *,
    version: str = "1.0",
    days: int = 0,
    phase: int = 3,
    messages: int = 7,
    found: list[ScenarioResult] | None = None,
    is_reviewed: bool = True,
) -> Run:
    """Make a run of a build, so many days after the first Monday."""
    result = acceptance_result(
        target(version),
        REQUIREMENTS,
        found if found is not None else scenarios(verdicts, phase=phase),
        phase=phase,
        messages=messages,
    )
    ended_at = MONDAY + timedelta(days=days)
    result = reviewed(result) if is_reviewed else result
    return Run(result=result, ended_at=ended_at, sha256=f"{version}-{days}")


def papers(*runs: Run, register: Register | None = None, today: date = TODAY) -> Papers:
    """Make the papers of runs."""
    return make_papers(runs or [run()], register or Register(), REQUIREMENTS, today=today)


def write_run(
    folder: Path,
    verdicts: Mapping[str, Kind] | None = None,
    *,
    version: str = "1.0",
    days: int = 0,
    phase: int = 3,
    found: list[ScenarioResult] | None = None,
    holders: int = 1,
    is_reviewed: bool = True,
) -> Path:
    """Write a results folder as accept would leave it."""
    folder.mkdir(parents=True, exist_ok=True)
    played = found if found is not None else scenarios(verdicts, phase=phase)
    with (folder / "scenarios.ndjson").open("wb") as file:
        file.writelines(msgspec.json.encode(each) + b"\n" for each in played)
    wall = MONDAY + timedelta(days=days)
    with (folder / "evidence.ndjson").open("wb") as file:
        records: list[Record] = [
            PhaseEntered(at=MONDAY, phase=phase),
            MessageReached(at=MONDAY, message_id="message-1", holders=holders),
            *(judged(each) for each in played if each.verdict in ("PASS", "FAIL")),
        ]
        write_evidence(file, records, process="features", wall=wall)
    result = acceptance_result(
        target(version), REQUIREMENTS, played, phase=phase, messages=messages_reached(folder)
    )
    result = reviewed(result) if is_reviewed else result
    digests = provenance_of(target(version), folder / "evidence.ndjson")
    write_result(folder, msgspec.structs.replace(result, rests_on=digests))
    (folder / "pytest.log").write_text("1 passed in 0.01s\n")
    return folder


def write_result(folder: Path, result: AcceptanceResult) -> None:
    """Write a result with its reports, as accept would, or as a forger would."""
    encoded = msgspec.json.format(msgspec.json.encode(result), indent=1)
    (folder / "acceptance.json").write_bytes(encoded + b"\n")
    (folder / "report.html").write_text(acceptance_html(result), encoding="utf-8")
    (folder / "junit.xml").write_bytes(acceptance_junit(result))


def judged(scenario: ScenarioResult) -> ScenarioJudged:
    """Make the record that a scenario was judged in which nothing happened."""
    return ScenarioJudged(
        at=MONDAY,
        scenario=scenario.name,
        starts=MONDAY,
        records=0,
        people=(),
        crimes=(),
        left_out=(),
        steps_held=scenario.verdict == "PASS",
    )
