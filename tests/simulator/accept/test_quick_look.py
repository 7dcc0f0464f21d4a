"""A quick look: it covers each phase and each harm, and is never a pass."""

from pathlib import Path

import pytest

from simulator.accept.quick_look import as_quick_look
from simulator.inputs.requirements import read_requirements
from simulator.inputs.target import read_target
from simulator.inputs.written_scenarios import QUICK, is_run_in, read_written
from simulator.report.decisions import acceptance_decision
from simulator.report.junit import acceptance_junit
from simulator.report.shortfalls import not_tested
from simulator.results.values import AcceptanceResult
from simulator.verdicts import KINDS, Kind
from tests.simulator.accept.test_requirement_verdicts import rolled, scenario
from tests.simulator.command_line import portal_suite, portal_suite_apart
from tests.simulator.real_files import TARGET, spoiled

CLAIMED = read_target(TARGET).claims.capabilities
WRITTEN = read_written()
HARMS = {each.id: each.harm for each in read_requirements()}
Capsys = pytest.CaptureFixture[str]


def looked(*verdicts: Kind, phase: int = 1) -> AcceptanceResult:
    """Make the quick look of a phase, with scenarios of these verdicts."""
    return as_quick_look(rolled(*map(scenario, verdicts), phase=phase), CLAIMED)


def test_each_harm_is_covered() -> None:
    """For each harm, the quick look has a scenario that could find it."""
    quick = [each for each in WRITTEN if QUICK in each.tags]

    touched = {HARMS[id] for each in quick for id in each.requirements}

    assert touched == set(HARMS.values())
    assert 10 <= len({each.name for each in quick}) <= 15


@pytest.mark.parametrize("phase", [1, 2, 3])
def test_each_phase_is_covered(phase: int) -> None:
    """A quick look has scenarios of its phase, and of the later phases that must not be live."""
    quick = [
        each for each in WRITTEN if QUICK in each.tags and is_run_in(phase, each.tags, each.phase)
    ]

    assert {each.phase for each in quick if each.before_phase is None} == set(range(1, phase + 1))
    assert any(each.before_phase for each in quick) == (phase < 3)


@pytest.mark.parametrize("kind", [each for each in KINDS if each != "OMIT"])
def test_it_is_never_a_pass(kind: Kind) -> None:
    """Without a failure it is inconclusive; a failure stays a failure."""
    is_good = kind in ("PASS", "WARNING")

    assert looked("PASS", kind).verdict == ("INCONCLUSIVE" if is_good else kind)


def test_what_was_left_out_is_listed() -> None:
    """The decision gives the numbers run and left out; the table lists their requirements."""
    result = looked("PASS", "FAIL")
    left = sum(len(each.scenarios) for each in result.left_out)

    decision = acceptance_decision(result)

    assert decision.startswith("FAIL: quick look: in phase 1, ")
    assert f"passed 1 of 2 scenarios; {left} others were not run" in decision
    assert "not a verdict" in decision
    told = [each for each in not_tested(result) if "not run in a quick look" in each.reason]
    assert [each.what for each in told] == [each.feature for each in result.left_out]
    assert all(each.blocks and each.requirements for each in told)
    assert acceptance_junit(result).count(b'type="SKIP"') == left


def test_what_is_not_claimed_is_not_left_out() -> None:
    """A scenario that a whole run would not judge is not missing from a quick look."""
    whole = {name for each in looked("PASS").left_out for name in each.scenarios}
    less = as_quick_look(rolled(scenario("PASS")), ())

    missing = whole - {name for each in less.left_out for name in each.scenarios}

    assert "STOP ends texts" in missing
    assert "No victim gets more messages than the weekly limit" not in whole  # it is of phase 2


def test_a_quick_look_at_the_reference(tmp_path: Path, capsys: Capsys) -> None:
    """A few scenarios of every phase run, and the portal is not accepted."""
    said = portal_suite(capsys, "accept", "--target", TARGET, "--quick", "--out", tmp_path)

    assert said.code == 3, said.words
    assert "INCONCLUSIVE: quick look: in phase 3, Reference portal" in said.out


@pytest.mark.proof
def test_a_failure_in_a_quick_look_counts(tmp_path: Path) -> None:
    """A portal that sends everything twice fails."""
    broken = "fixtures.broken_portals.sending:sends_twice"
    path = spoiled(tmp_path, TARGET, ("reference.portal.app:create_app", broken))

    # It patches the process it runs in, so that it runs in one of its own.
    said = portal_suite_apart(
        "accept", "--target", path, "--phase", "1", "--quick", "--out", tmp_path / "out"
    )

    assert said.code == 1, said.words
    assert "FAIL: quick look: in phase 1" in said.out


def test_one_or_a_few(tmp_path: Path, capsys: Capsys) -> None:
    """--only and --quick exclude each other."""
    said = portal_suite(
        capsys, "accept", "--target", TARGET, "--quick", "--only", "x", "--out", tmp_path
    )

    assert said.misuse == "--only and --quick: give one of them"
