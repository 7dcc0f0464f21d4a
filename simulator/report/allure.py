"""An acceptance as Allure results, one file a scenario."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import uuid4

from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import (
    Label,
    Parameter,
    Status,
    StatusDetails,
    TestResult,
    TestStepResult,
)
from allure_commons.types import LabelType

from simulator.legible import legible, on_one_line
from simulator.results.values import AcceptanceResult, ScenarioResult
from simulator.verdicts import Kind

#: Allure has no other statuses. What could not be judged is never shown as passed.
_STATUS: dict[Kind, str] = {
    "PASS": Status.PASSED,
    "WARNING": Status.PASSED,
    "FAIL": Status.FAILED,
    "SKIP": Status.SKIPPED,
    "OMIT": Status.SKIPPED,
    "REVIEW": Status.UNKNOWN,
    "INCONCLUSIVE": Status.BROKEN,
    "ERROR": Status.BROKEN,
}


def write_allure(result: AcceptanceResult, folder: Path) -> None:
    """Write one result a scenario into `folder`, beside the results of earlier runs."""
    untyped: Any = AllureFileLogger
    logger = untyped(folder)
    for each in result.scenarios:
        logger.report_result(_result(result, each))


def _result(result: AcceptanceResult, scenario: ScenarioResult) -> TestResult:
    # The same scenario against the same portal keeps one history over all runs.
    known = scenario.id or f"{scenario.feature}: {scenario.name}"
    identity = f"{result.portal}: phase {result.phase}: {known}"
    history = hashlib.sha256(identity.encode("utf-8", "backslashreplace")).hexdigest()[:32]
    details = " ".join(
        words
        for words in (
            f"Expected: {scenario.expected}." if scenario.expected else "",
            f"Observed: {scenario.observed}." if scenario.observed else "",
            scenario.reason,
        )
        if words
    )
    return TestResult(
        uuid=str(uuid4()),
        historyId=history,
        testCaseId=history,
        name=on_one_line(scenario.label),
        fullName=on_one_line(f"{scenario.feature}: {scenario.name}"),
        status=_STATUS[scenario.verdict],
        statusDetails=StatusDetails(message=legible(details)) if details else None,
        description=legible(scenario.command),
        stage="finished",
        steps=[
            TestStepResult(name=on_one_line(step), status=_step_status(scenario, step))
            for step in scenario.steps
        ],
        labels=[
            Label(name=LabelType.FEATURE, value=on_one_line(scenario.feature)),
            Label(name=LabelType.EPIC, value=f"Phase {scenario.phase}"),
            *(Label(name=LabelType.TAG, value=on_one_line(each)) for each in scenario.requirements),
        ],
        parameters=[
            Parameter(name="portal", value=on_one_line(f"{result.portal} {result.portal_version}")),
            Parameter(name="verdict", value=scenario.verdict),
        ],
    )


def _step_status(scenario: ScenarioResult, step: str) -> str:
    return _STATUS[scenario.verdict] if step == scenario.failed_step else Status.PASSED
