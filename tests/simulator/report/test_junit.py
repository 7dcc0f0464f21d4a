"""The XML for a build server parses, its counts agree, and nothing untested is a pass."""

from xml.etree import ElementTree as ET

import pytest

from simulator.report.junit import acceptance_junit, proof_junit
from simulator.verdicts import KINDS, Kind
from tests.simulator.report import samples
from tests.simulator.report.page import read_xml

_EXPECTED: dict[Kind, str] = {
    "PASS": "",
    "WARNING": "system-out",
    "FAIL": "failure",
    "ERROR": "error",
    "INCONCLUSIVE": "error",
    "SKIP": "skipped",
    "OMIT": "skipped",
    "REVIEW": "skipped",
}


def _cases(written: bytes) -> dict[str, ET.Element]:
    return {each.attrib["name"]: each for each in read_xml(written).iter("testcase")}


@pytest.mark.parametrize("kind", KINDS)
def test_each_verdict_has_its_outcome(kind: Kind) -> None:
    """FAIL is a failure, not judged is an error, and not tested is skipped."""
    scenarios = [samples.scenario(kind, 1)]
    written = acceptance_junit(samples.acceptance(scenarios=scenarios))
    case = next(read_xml(written).iter("testcase"))

    outcomes = [each.tag for each in case if each.tag != "properties"]
    assert outcomes == ([_EXPECTED[kind]] if _EXPECTED[kind] else [])


def test_counts_agree_with_the_cases() -> None:
    """There is one case a scenario, and every suite and the whole count their cases."""
    root = read_xml(acceptance_junit(samples.acceptance()))

    assert root.attrib | {"name": ""} == {
        "name": "",
        "tests": "9",
        "failures": "1",
        "errors": "2",
        "skipped": "3",
    }
    assert [suite.attrib["tests"] for suite in root] == ["8", "1"]
    for counted in ("tests", "failures", "errors", "skipped"):
        assert sum(int(suite.attrib[counted]) for suite in root) == int(root.attrib[counted])


def test_a_case_names_its_requirements_and_how_to_run_it() -> None:
    """Requirement ids are properties; a failure has step, expected, observed and command."""
    case = _cases(acceptance_junit(samples.acceptance()))["Scenario 2 <FAIL>"]
    properties = [(each.attrib["name"], each.attrib["value"]) for each in case.iter("property")]
    failure = case.find("failure")

    assert properties == [("requirement", "REQ-2")]
    assert case.attrib["classname"] == "graded_progress.feature"
    assert failure is not None
    assert failure.attrib["type"] == "FAIL"
    lines = (failure.text or "").splitlines()
    assert lines[:2] == ["Step: Then Alex is told", "Expected: one text within 15 minutes"]
    [found] = [line for line in lines if line.startswith("Findings: FAIL misdirected (portal)")]
    assert found.endswith(" (order: contact.people_per_address_max)")
    assert lines[-1].startswith("Run only this one: portal-suite accept")


def test_what_is_skipped_says_why() -> None:
    """The message has the verdict and the reason."""
    case = _cases(acceptance_junit(samples.acceptance()))["Scenario 7 <SKIP>"]
    skipped = case.find("skipped")

    assert skipped is not None
    assert skipped.attrib["message"] == "SKIP: because of SKIP"


def test_a_suite_says_what_was_judged() -> None:
    """Portal, version, order, phase and the whole verdict are the suite's properties."""
    suite = read_xml(acceptance_junit(samples.acceptance()))[0]
    properties = {
        each.attrib["name"]: each.attrib["value"] for each in suite.iterfind("properties/property")
    }

    assert properties["portal"] == "Acme <Portal>"
    assert properties["phase"] == "2"
    assert properties["verdict"] == "ERROR"


def test_hostile_text_leaves_the_xml_whole() -> None:
    """Whatever a portal sends, the file parses and shows it."""
    accepted = acceptance_junit(samples.poisoned(samples.acceptance()))
    proved = proof_junit(samples.poisoned(samples.proof()))

    assert r"\x1b[31mred" in read_xml(accepted)[0].attrib["name"]
    assert r"\ud800" in next(read_xml(proved).iter("testcase")).attrib["name"]
    assert accepted.startswith(b"<?xml version='1.0' encoding='utf-8'?>")


def test_an_acceptance_without_scenarios_has_no_cases() -> None:
    """An empty run has no cases, so nothing in it passes."""
    root = read_xml(acceptance_junit(samples.acceptance(scenarios=[])))

    assert root.attrib["tests"] == "0"
    assert not list(root)


def test_a_broken_portal_that_was_not_caught_is_a_failure() -> None:
    """A portal that was caught is a pass; one that was not is a failure with the reason."""
    root = read_xml(proof_junit(samples.proof()))
    cases = _cases(proof_junit(samples.proof()))
    failure = cases["sleeps"].find("failure")

    assert (root.attrib["tests"], root.attrib["failures"]) == ("4", "1")
    assert cases["sends_twice"].find("failure") is None
    assert failure is not None
    assert failure.attrib["message"] == "FAIL: not caught: the scenario passed"
    assert "Must be caught by: Told once" in (failure.text or "")


@pytest.mark.parametrize(
    ("verdict", "failed", "outcome"),
    [("PASS", (), None), ("FAIL", ("Told once",), "failure"), ("ERROR", (), "error")],
)
def test_the_reference_is_a_case_too(
    verdict: Kind, failed: tuple[str, ...], outcome: str | None
) -> None:
    """A failed reference fails the proof; a reference that could not be judged is an error."""
    result = samples.proof(reference_verdict=verdict, reference_failed=failed)
    case = _cases(proof_junit(result))["No scenario fails the reference"]

    found = [each for each in case if each.tag != "properties"]
    assert [each.tag for each in found] == ([outcome] if outcome else [])
    assert all(name in found[0].attrib["message"] for name in failed)
