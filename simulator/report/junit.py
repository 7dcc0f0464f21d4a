"""An acceptance or a proof as JUnit XML for a build server: one test case a scenario.

A FAIL is a failure. What could not be judged is an error. What was not tested, or waits for a
person, is skipped with its reason. Neither is ever a pass.
"""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from simulator.legible import legible, on_one_line
from simulator.report.amounts import several
from simulator.report.defect_facts import also_facts, defect_facts
from simulator.results.exploration import AlsoSeen, ExplorationResult
from simulator.results.values import AcceptanceResult, ProofResult, ProofRow, ScenarioResult
from simulator.verdicts import Kind

_OUTCOMES: dict[Kind, str] = {
    "FAIL": "failure",
    "ERROR": "error",
    "INCONCLUSIVE": "error",
    "SKIP": "skipped",
    "OMIT": "skipped",
    "REVIEW": "skipped",
}


def acceptance_junit(result: AcceptanceResult) -> bytes:
    """Write an acceptance as XML in UTF-8, one suite a feature; a WARNING passes with a note."""
    root = ET.Element("testsuites", name=on_one_line(f"Acceptance of {result.portal}"))
    for feature in dict.fromkeys(each.feature for each in result.scenarios):
        suite = ET.SubElement(root, "testsuite", name=on_one_line(feature))
        _add_properties(
            suite,
            [
                ("portal", result.portal),
                ("portal_version", result.portal_version),
                ("order", result.order),
                ("phase", str(result.phase)),
                ("reached", result.reached),
                ("verdict", result.verdict),
            ],
        )
        for each in result.scenarios:
            if each.feature == feature:
                _add_scenario(suite, each)
    for left in result.left_out:
        suite = ET.SubElement(root, "testsuite", name=on_one_line(f"{left.feature}, not run"))
        for name in left.scenarios:
            case = _add_case(suite, name, left.feature, ())
            _add_outcome(case, "SKIP", "not run in a quick look", "")
    return _written(root)


def proof_junit(result: ProofResult) -> bytes:
    """Write a proof as XML in UTF-8: one test case a broken portal, and one for the reference."""
    root = ET.Element("testsuites", name="Proof of the suite")
    suite = ET.SubElement(root, "testsuite", name="Broken portals")
    _add_properties(suite, [("verdict", result.verdict)])
    for row in result.rows:
        _add_broken_portal(suite, row)
    case = _add_case(suite, "No scenario fails the reference", "reference", ())
    failed = "; ".join(result.reference_failed)
    kind: Kind = "FAIL" if result.reference_failed else result.reference_verdict
    _add_outcome(case, kind, failed or f"the reference is {kind}", failed)
    return _written(root)


def exploration_junit(result: ExplorationResult) -> bytes:
    """Write an exploration as XML in UTF-8: a test case a defect, and one for all stories."""
    root = ET.Element("testsuites", name=on_one_line(f"Exploring {result.portal}"))
    suite = ET.SubElement(root, "testsuite", name="Stories")
    _add_properties(
        suite,
        [
            ("portal", result.portal),
            ("portal_version", result.portal_version),
            ("order", result.order),
            ("phase", str(result.phase)),
            ("reached", result.reached),
            ("seed", str(result.seed)),
            ("stories", str(result.stories)),
            ("verdict", result.verdict),
        ],
    )
    for each in result.defects:
        case = _add_case(suite, each.expected, "stories", each.requirements)
        said = "\n".join(f"{name}: {legible(words)}" for name, words in defect_facts(each))
        happened = "\n".join(map(legible, each.timeline))
        text = "\n\n".join(filter(None, (said, legible(each.feature), happened)))
        _add_outcome(case, each.verdict, each.observed, text)
        for other in each.also:
            if other.differs:
                _add_also_with(suite, other, each.verdict)
    case = _add_case(suite, "Stories could be judged", "stories", ())
    kind: Kind = "PASS" if result.defects else result.verdict
    said = result.not_replayed or result.stopped
    stories = several(result.stories, "story", "stories")
    played = f"{stories}, {several(result.messages, 'message')}"
    _add_outcome(case, kind, f"{played}; {said}" if said else played, "")
    return _written(root)


def _add_also_with(suite: ET.Element, each: AlsoSeen, verdict: Kind) -> None:
    """Add a case for the kind of event with which the same is wrong: it may be another mistake."""
    case = _add_case(suite, each.expected, "stories", filter(None, (each.requirement,)))
    said = "\n".join(f"{name}: {legible(words)}" for name, words in also_facts(each))
    _add_outcome(case, verdict, each.observed, said)


def _add_scenario(suite: ET.Element, scenario: ScenarioResult) -> None:
    case = _add_case(suite, scenario.label, scenario.feature, scenario.requirements)
    message = scenario.observed or scenario.reason or scenario.failed_step or scenario.verdict
    if scenario.verdict in ("SKIP", "OMIT", "REVIEW"):
        message = scenario.reason or scenario.observed or "no reason was given"
    found = [
        f"{each.kind} {each.harm} ({each.owner}): expected {each.expected}; "
        f"observed {each.observed}{f' ({each.rests_on})' if each.rests_on else ''}"
        f"{f'; readings: {each.readings_named}' if each.readings else ''}"
        for each in scenario.findings
    ]
    details = {
        "Step": scenario.failed_step,
        "Expected": scenario.expected,
        "Observed": scenario.observed,
        "Reason": scenario.reason,
        "Findings": "\n".join(found),
        "Requirements": ", ".join(scenario.requirements),
        "Run only this one": scenario.command,
    }
    text = "\n".join(f"{name}: {legible(words)}" for name, words in details.items() if words)
    _add_outcome(case, scenario.verdict, message, text)


def _add_broken_portal(suite: ET.Element, row: ProofRow) -> None:
    case = _add_case(suite, row.label, "broken_portals", (row.requirement,))
    details = {
        "What is wrong with it": row.wrong,
        "Must be caught by": f"{row.must_be_caught_by_id} {row.must_be_caught_by}".strip(),
        "Why": row.reason,
        "Also failed": "; ".join(row.also_failed),
    }
    text = "\n".join(f"{name}: {legible(words)}" for name, words in details.items() if words)
    _add_outcome(case, "PASS" if row.caught else "FAIL", f"not caught: {row.reason}", text)


def _add_case(suite: ET.Element, name: str, place: str, requirements: Iterable[str]) -> ET.Element:
    case = ET.SubElement(suite, "testcase", name=on_one_line(name), classname=on_one_line(place))
    _add_properties(case, [("requirement", each) for each in requirements])
    return case


def _add_properties(parent: ET.Element, properties: list[tuple[str, str]]) -> None:
    if not properties:
        return
    listed = ET.SubElement(parent, "properties")
    for name, value in properties:
        ET.SubElement(listed, "property", name=name, value=on_one_line(value))


def _add_outcome(case: ET.Element, kind: Kind, message: str, text: str) -> None:
    """Add the outcome of a case: nothing for a PASS, and the output of the case for a WARNING."""
    if kind == "WARNING":
        ET.SubElement(case, "system-out").text = f"WARNING: {text or legible(message)}"
    elif kind in _OUTCOMES:
        words = on_one_line(f"{kind}: {message}")
        outcome = ET.SubElement(case, _OUTCOMES[kind], message=words, type=kind)
        outcome.text = text or None


def _written(root: ET.Element) -> bytes:
    """Count the test cases of each suite and of the whole, and write the XML."""
    for element in (*root.iter("testsuite"), root):
        element.set("tests", str(len(list(element.iter("testcase")))))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped",) * 2):
            element.set(attribute, str(len(list(element.iter(tag)))))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
