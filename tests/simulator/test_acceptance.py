"""Rules of the roll-up: what scenarios say of requirements, and requirements of a portal."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.acceptance import roll_up, run_features
from simulator.errors import BadInput, SuiteError
from simulator.judge.verdicts import KINDS, Finding, Harm, Kind, worst
from simulator.proof import REFERENCE
from simulator.requirements import Requirement
from simulator.results import AcceptanceResult, ScenarioResult
from simulator.target import Access, Claims, Target
from tests.simulator.real_files import BY_URL, ROOT, spoiled

TARGET = Target(
    claims=Claims(
        name="A portal",
        version="1",
        phases=(1, 2),
        capabilities=("test_clock", "text", "email"),
        signatory="a tester",
    ),
    access=Access(application="a.portal:create_app"),
)
MUST = Requirement(
    id="MSG-01",
    sentence="The victim is told.",
    source="a test",
    basis="practice note",
    level="must",
    phase=1,
    harm="lost",
)
SHOULD = structs.replace(MUST, id="MSG-02", level="should")
#: Whatever can become of a scenario; a requirement that is met may not be owed.
OUTCOMES = tuple(kind for kind in KINDS if kind != "OMIT")


def scenario(verdict: Kind, *requirements: str, reason: str = "") -> ScenarioResult:
    """Make what a scenario came to."""
    return ScenarioResult(
        name="One",
        feature="A",
        phase=1,
        requirements=requirements or ("MSG-01",),
        verdict=verdict,
        reason=reason,
    )


def rolled(
    *scenarios: ScenarioResult,
    requirements: tuple[Requirement, ...] = (MUST,),
    phase: int = 1,
    messages: int = 1,
) -> AcceptanceResult:
    """Roll some scenarios up."""
    return roll_up(TARGET, requirements, scenarios, phase=phase, messages=messages)


@pytest.mark.parametrize("verdict", OUTCOMES)
def test_a_must_takes_its_scenarios_verdict(verdict: Kind) -> None:
    """Whatever became of its one scenario became of the requirement and of the whole."""
    result = rolled(scenario(verdict))

    assert result.requirements[0].verdict == verdict
    assert result.verdict == verdict


def test_the_worst_scenario_counts() -> None:
    """One scenario that fails makes the requirement fail, however many pass."""
    result = rolled(scenario("PASS"), scenario("FAIL"), scenario("PASS"))

    assert result.requirements[0].verdict == "FAIL"


def test_a_should_that_fails_is_a_warning() -> None:
    """What a force has not made its own is pointed out, and does not block."""
    passed, failed = scenario("PASS"), scenario("FAIL", "MSG-02")
    result = rolled(passed, failed, requirements=(MUST, SHOULD))

    assert [row.verdict for row in result.requirements] == ["PASS", "WARNING"]
    assert result.verdict == "WARNING"


def test_a_fault_of_the_suite_is_not_softened() -> None:
    """A should whose scenario broke the suite was not judged: it stays an ERROR."""
    assert rolled(scenario("ERROR", "MSG-02"), requirements=(SHOULD,)).verdict == "ERROR"


def test_a_must_that_was_not_run_is_skipped() -> None:
    """A requirement none of whose scenarios ran is not verified, which blocks an overall pass."""
    result = rolled(scenario("PASS"), requirements=(MUST, structs.replace(MUST, id="MSG-03")))

    assert result.requirements[1].verdict == "SKIP"
    assert result.requirements[1].reason
    assert result.verdict == "SKIP"


def test_a_hollow_run_is_inconclusive() -> None:
    """When no message reached anybody, nothing that passed proves anything."""
    assert rolled(scenario("PASS"), messages=0).verdict == "INCONCLUSIVE"
    warned = rolled(scenario("FAIL", "MSG-02"), requirements=(SHOULD,), messages=0)
    assert warned.verdict == "INCONCLUSIVE"


def test_a_hollow_run_still_fails() -> None:
    """A failure is a failure though no message came: that none came may be the failure."""
    assert rolled(scenario("FAIL"), messages=0).verdict == "FAIL"


@pytest.mark.parametrize(
    ("requirement", "phase", "why"),
    [
        (structs.replace(MUST, id="TWO-01", phase=3), 1, "phase 3"),
        (structs.replace(MUST, id="GATE-02", before_phase=2), 2, "phase 2 is live"),
        (structs.replace(MUST, id="INT-01", not_tested="it is the force's"), 1, "the force's"),
    ],
)
def test_what_is_not_asked_now_is_omitted(requirement: Requirement, phase: int, why: str) -> None:
    """What comes later, is over, or is not the portal's does not block, and says why."""
    result = rolled(scenario("PASS"), requirements=(MUST, requirement), phase=phase)

    assert result.requirements[1].verdict == "OMIT"
    assert why in result.requirements[1].reason
    assert result.verdict == "PASS"


def test_where_only_later_phases_are_asked_for_nothing_is_proved() -> None:
    """A run of which everything is omitted is no pass."""
    result = rolled(requirements=(structs.replace(MUST, phase=3),))

    assert result.requirements[0].verdict == "OMIT"
    assert result.verdict == "INCONCLUSIVE"


def test_an_order_of_ones_own_is_named_without_its_place() -> None:
    """A result holds no path of a machine; the suite's own orders have the same name anywhere."""
    elsewhere = structs.replace(TARGET, order="/srv/ours/two-forces.toml")

    found = [
        roll_up(target, (MUST,), [scenario("PASS")], phase=1, messages=1).order
        for target in (TARGET, elsewhere)
    ]

    assert found == ["scenarios/orders/two-forces.toml", "two-forces.toml"]


@given(verdicts=st.lists(st.sampled_from(OUTCOMES), min_size=1), seed=st.integers())
def test_order_does_not_matter(verdicts: list[Kind], seed: int) -> None:
    """Whatever the order in which scenarios ended, their requirement has the worst of them."""
    shuffled = list(verdicts)
    Random(seed).shuffle(shuffled)  # noqa: S311  no secret

    found = rolled(*(scenario(each) for each in shuffled)).requirements[0].verdict
    assert found == rolled(*(scenario(each) for each in verdicts)).requirements[0].verdict
    assert found == worst(verdicts)


@given(verdicts=st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=8))
def test_the_whole_passes_only_when_all_do(verdicts: list[Kind]) -> None:
    """The whole is a PASS exactly when every requirement is."""
    ids = [f"MSG-{number:02d}" for number in range(len(verdicts))]
    result = rolled(
        *(scenario(verdict, name) for verdict, name in zip(verdicts, ids, strict=True)),
        requirements=tuple(structs.replace(MUST, id=name) for name in ids),
    )

    assert (result.verdict == "PASS") == (set(verdicts) == {"PASS"})


def test_one_scenario_can_be_run(tmp_path: Path) -> None:
    """By name one scenario runs in a process of its own, with its requirement and its steps."""
    [result] = run_features(REFERENCE, phase=1, out=tmp_path, only="An invitation works once")

    assert (result.verdict, result.requirements) == ("PASS", ("AUTH-02",))
    assert result.steps[-1] == "Then the same link does not work again"


def test_it_runs_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is relative is from where the suite was called: target, results, and the portal too.

    The command that the result gives can be copied there.
    """
    (tmp_path / "start").write_text('#!/bin/sh\nexec "$@"\n')
    (tmp_path / "start").chmod(0o755)
    spoiled(tmp_path, BY_URL, ('"{python}"', '"./start", "{python}"'))
    monkeypatch.chdir(tmp_path)
    target = Path(BY_URL.name)

    [result] = run_features(target, phase=1, out=Path("out"), only="An invitation works once")

    assert result.verdict == "PASS", result
    assert (tmp_path / "out" / "evidence.ndjson").stat().st_size > 0
    assert f"--target {tmp_path / target} --phase 1" in result.command
    assert not (ROOT / target.name).exists()


def test_what_an_earlier_run_left_is_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Evidence and results of before are gone when the features cannot run."""
    for name in ("evidence.ndjson", "scenarios.ndjson", "pytest.log", "notes.txt"):
        (tmp_path / name).write_text("{}\n")
    monkeypatch.setattr("simulator.acceptance.FEATURES", tmp_path / "no-features")

    with pytest.raises(SuiteError, match="the features did not run"):
        run_features(REFERENCE, phase=1, out=tmp_path)

    assert not (tmp_path / "evidence.ndjson").exists()
    assert (tmp_path / "scenarios.ndjson").read_text() == ""
    assert "no-features" in (tmp_path / "pytest.log").read_text()
    assert (tmp_path / "notes.txt").read_text() == "{}\n"


def test_a_name_that_is_none_is_said(tmp_path: Path) -> None:
    """A name that no scenario of the phase has is the tester's to mend, not an empty pass."""
    with pytest.raises(BadInput, match="no scenario of that name in phase 1"):
        run_features(REFERENCE, phase=1, out=tmp_path, only="The reply reaches the victim")


def doubtful(verdict: Kind, harm: Harm = "misdirected") -> ScenarioResult:
    """Make a scenario of which the judge leaves something to a person."""
    finding = Finding(
        kind="REVIEW",
        harm=harm,
        owner="portal",
        requirement="SAFE-01",
        at=datetime(2026, 6, 1, tzinfo=UTC),
        person_id="",
        crime_reference="",
        expected="nobody else is told",
        observed="nobody but the vendor says so",
    )
    return structs.replace(scenario(verdict), findings=(finding,))


def misdirecting(level: Literal["must", "should"] = "must") -> Requirement:
    """Make a requirement that is broken where somebody else is told."""
    return structs.replace(MUST, harm="misdirected", level=level)


@pytest.mark.parametrize("verdict", ["PASS", "WARNING"])
def test_what_only_the_vendor_says_is_for_a_person_to_look_at(verdict: Kind) -> None:
    """No requirement against telling somebody else passes on the vendor's own record."""
    result = rolled(scenario("PASS"), doubtful(verdict), requirements=(misdirecting(),))

    assert result.requirements[0].verdict == result.verdict == "REVIEW"
    assert result.requirements[0].reason == "nobody but the vendor says so"


def test_a_harm_of_another_sort_is_not_doubted() -> None:
    """The vendor's record shows what was said, and when: that may pass."""
    assert rolled(doubtful("PASS")).verdict == "PASS"
    result = rolled(doubtful("PASS", harm="lost"), requirements=(misdirecting(),))
    assert result.verdict == "PASS"


@pytest.mark.parametrize("verdict", ["FAIL", "SKIP", "INCONCLUSIVE", "ERROR"])
def test_a_doubt_hides_nothing_worse(verdict: Kind) -> None:
    """What failed, or could not be verified, is what it was."""
    result = rolled(doubtful(verdict), requirements=(misdirecting(),))

    assert result.verdict == verdict


def test_a_should_that_is_doubted_is_doubted() -> None:
    """It would be a warning if it failed; nobody can say that it did not."""
    result = rolled(doubtful("PASS"), requirements=(misdirecting("should"),))

    assert result.verdict == "REVIEW"
