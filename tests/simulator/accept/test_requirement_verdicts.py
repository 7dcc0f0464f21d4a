"""The verdict on each requirement from its scenarios, and on the portal from its requirements."""

from datetime import UTC, datetime
from random import Random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.accept.requirement_verdicts import acceptance_result
from simulator.accept.unclaimed_scenarios import results_of_unclaimed
from simulator.errors import COULD_NOT_JUDGE
from simulator.inputs.requirements import Requirement, read_requirements
from simulator.inputs.target import Access, Claims, Target
from simulator.inputs.written_scenarios import read_written
from simulator.results.attribution import CRITICAL, JUDGE_STEP
from simulator.results.values import AcceptanceResult, ScenarioResult
from simulator.verdicts import KINDS, Finding, Harm, Kind, Owner, exit_code, worst
from tests.simulator.inputs.made_up import MUST

TARGET = Target(
    claims=Claims(
        name="A portal",
        version="1",
        phases=(1, 2),
        capabilities=("test_clock", "text", "email"),
        signatory="a tester",
    ),
    access=Access(application="a.portal:create_app"),
    order="scenarios/orders/two-forces.toml",
)
SHOULD = structs.replace(MUST, id="MSG-02", level="should")
#: Whatever can become of a scenario; a requirement that is met may not be owed.
OUTCOMES = tuple(kind for kind in KINDS if kind != "OMIT")


def scenario(verdict: Kind, *requirements: str, reason: str = "") -> ScenarioResult:
    """Make the result of a scenario."""
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
    """Work out the result of these scenarios."""
    return acceptance_result(TARGET, requirements, scenarios, phase=phase, messages=messages)


@pytest.mark.parametrize("verdict", OUTCOMES)
def test_a_must_takes_its_scenarios_verdict(verdict: Kind) -> None:
    """The verdict of its one scenario is the verdict of the requirement and of the whole."""
    result = rolled(scenario(verdict))

    assert result.requirements[0].verdict == verdict
    assert result.verdict == verdict


def test_the_worst_scenario_counts() -> None:
    """One scenario that fails makes the requirement fail, however many pass."""
    result = rolled(scenario("PASS"), scenario("FAIL"), scenario("PASS"))

    assert result.requirements[0].verdict == "FAIL"


def test_a_should_that_fails_is_a_warning() -> None:
    """A should that is not met is a warning and does not block."""
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
    """If no message reached anyone, no pass counts."""
    assert rolled(scenario("PASS"), messages=0).verdict == "INCONCLUSIVE"
    warned = rolled(scenario("FAIL", "MSG-02"), requirements=(SHOULD,), messages=0)
    assert warned.verdict == "INCONCLUSIVE"


def test_a_hollow_run_still_fails() -> None:
    """A failure counts without a message: the missing message may be the failure."""
    assert rolled(scenario("FAIL"), messages=0).verdict == "FAIL"


@pytest.mark.parametrize(
    ("requirement", "phase", "why"),
    [
        (structs.replace(MUST, id="TWO-01", phase=3), 1, "phase 3"),
        (structs.replace(MUST, id="GATE-02", before_phase=2), 2, "phase 2 is live"),
        (structs.replace(MUST, id="INT-01", not_tested="it is the force's"), 1, "the force's"),
    ],
)
def test_what_is_not_required_now_is_omitted(
    requirement: Requirement, phase: int, why: str
) -> None:
    """A requirement of another phase, or not testable, does not block and gives the reason."""
    result = rolled(scenario("PASS"), requirements=(MUST, requirement), phase=phase)

    assert result.requirements[1].verdict == "OMIT"
    assert why in result.requirements[1].reason
    assert result.verdict == "PASS"


def test_a_run_with_only_later_requirements_proves_nothing() -> None:
    """A run with everything omitted is no pass."""
    result = rolled(requirements=(structs.replace(MUST, phase=3),))

    assert result.requirements[0].verdict == "OMIT"
    assert result.verdict == "INCONCLUSIVE"


def test_a_tester_s_own_order_is_named_without_its_folder() -> None:
    """A result holds no path of a machine; the suite's own orders have the same name anywhere."""
    elsewhere = structs.replace(TARGET, order="/srv/ours/two-forces.toml")

    found = [
        acceptance_result(target, (MUST,), [scenario("PASS")], phase=1, messages=1).order
        for target in (TARGET, elsewhere)
    ]

    assert found == ["scenarios/orders/two-forces.toml", "two-forces.toml"]


@given(verdicts=st.lists(st.sampled_from(OUTCOMES), min_size=1), seed=st.integers())
def test_order_does_not_matter(verdicts: list[Kind], seed: int) -> None:
    """The order in which scenarios end does not matter: the worst counts."""
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


def doubtful(verdict: Kind, harm: Harm = "misdirected") -> ScenarioResult:
    """Make a scenario in which the judge leaves something for REVIEW."""
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
    """Make a requirement against misdirected messages."""
    return structs.replace(MUST, harm="misdirected", level=level)


@pytest.mark.parametrize("verdict", ["PASS", "WARNING"])
def test_the_vendor_s_own_record_is_for_review(verdict: Kind) -> None:
    """No requirement against misdirection passes by the vendor's own record alone."""
    result = rolled(scenario("PASS"), doubtful(verdict), requirements=(misdirecting(),))

    assert result.requirements[0].verdict == result.verdict == "REVIEW"
    assert result.requirements[0].reason == "nobody but the vendor says so"


def test_another_harm_is_not_for_review() -> None:
    """The vendor's record shows what was sent and when, so that may pass."""
    assert rolled(doubtful("PASS")).verdict == "PASS"
    result = rolled(doubtful("PASS", harm="lost"), requirements=(misdirecting(),))
    assert result.verdict == "PASS"


@pytest.mark.parametrize("verdict", ["FAIL", "SKIP", "INCONCLUSIVE", "ERROR"])
def test_a_review_hides_nothing_worse(verdict: Kind) -> None:
    """A failure, or what could not be verified, stays so."""
    result = rolled(doubtful(verdict), requirements=(misdirecting(),))

    assert result.verdict == verdict


def test_a_should_can_be_for_review() -> None:
    """It would be a warning if it failed, and nobody knows that it did not."""
    result = rolled(doubtful("PASS"), requirements=(misdirecting("should"),))

    assert result.verdict == "REVIEW"


def harmed(
    *requirements: str,
    harm: Harm = "noise",
    against: str = "MSG-03",
    failed_step: str = JUDGE_STEP,
) -> ScenarioResult:
    """Make a scenario in which the judge found a harm of the portal's."""
    [doubt] = doubtful("FAIL", harm).findings
    found = structs.replace(doubt, kind="FAIL", requirement=against)
    failed = scenario("FAIL", *requirements)
    return structs.replace(failed, failed_step=failed_step, findings=(found,))


def verdicts(result: AcceptanceResult) -> list[Kind]:
    """List the verdicts of the requirements, in their order."""
    return [each.verdict for each in result.requirements]


AT_NIGHT = structs.replace(MUST, id="MSG-03")


def test_a_harm_counts_against_the_requirement_that_it_breaks() -> None:
    """The scenario's own requirement does not fail, and is not met if no scenario of it passed."""
    result = rolled(harmed("MSG-01"), requirements=(MUST, AT_NIGHT))

    assert verdicts(result) == ["WARNING", "FAIL"]
    assert result.requirements[0].reason == (
        "its own steps held, but each of its scenarios failed of another requirement: MSG-03"
    )


def test_a_requirement_with_a_scenario_that_passed_is_met() -> None:
    """One scenario that passed shows it, although another failed of another requirement."""
    passed = structs.replace(harmed("MSG-01"), verdict="PASS", findings=(), failed_step="")
    result = rolled(harmed("MSG-01"), passed, requirements=(MUST, AT_NIGHT))

    assert verdicts(result) == ["PASS", "FAIL"]


def test_a_harm_is_not_softened_by_the_scenario_it_was_found_in() -> None:
    """A must broken in the scenario of a should is not met."""
    result = rolled(harmed("MSG-02"), requirements=(SHOULD, AT_NIGHT))

    assert verdicts(result) == ["WARNING", "FAIL"]
    assert result.verdict == "FAIL"


def test_a_step_that_failed_counts_beside_a_harm() -> None:
    """A failed step and a harm against another requirement both count."""
    result = rolled(harmed("MSG-01", failed_step="Then ..."), requirements=(MUST, AT_NIGHT))

    assert verdicts(result) == ["FAIL", "FAIL"]


@pytest.mark.parametrize("phase", [1, 3])
def test_a_harm_against_what_is_not_asked_counts_by_the_tags(phase: int) -> None:
    """It is not lost if its requirement is unknown, or has no verdict in this phase."""
    later = structs.replace(AT_NIGHT, id="MSG-09" if phase == 1 else "MSG-03", phase=phase)

    assert rolled(harmed("MSG-01"), requirements=(MUST, later)).verdict == "FAIL"


@pytest.mark.parametrize("harm", CRITICAL)
def test_a_critical_harm_fails_the_whole(harm: Harm) -> None:
    """It fails at any level of the requirement, because it cannot be taken back."""
    should = structs.replace(AT_NIGHT, level="should")
    result = rolled(harmed("MSG-01", harm=harm), requirements=(MUST, should))

    assert verdicts(result) == ["WARNING", "FAIL"]
    assert result.verdict == "FAIL"


@pytest.mark.parametrize("owner", ["contact data", "force"])
def test_a_harm_by_another_owner_fails_nothing(owner: Owner) -> None:
    """A message to a number that the force has wrong is not the portal's fault."""
    [found] = harmed("MSG-01", harm="misdirected").findings
    others = structs.replace(found, kind="WARNING", owner=owner)

    assert rolled(structs.replace(scenario("PASS"), findings=(others,))).verdict == "PASS"


NOT_CLAIMED = structs.replace(scenario("OMIT", reason="not claimed: received_texts"), name="STOP")


def test_a_requirement_met_in_part_is_no_pass() -> None:
    """The row says which scenarios were left out and why, and the whole is a WARNING."""
    result = rolled(scenario("PASS"), NOT_CLAIMED)

    assert (verdicts(result), result.verdict) == (["WARNING"], "WARNING")
    assert result.requirements[0].is_in_part
    assert result.requirements[0].reason == "in part, without: 'STOP' (not claimed: received_texts)"


def test_what_is_not_claimed_at_all_is_omitted() -> None:
    """It was not judged, the row says what the portal does not claim, and no pass hides a must."""
    other = structs.replace(MUST, id="MSG-04")
    result = rolled(NOT_CLAIMED, scenario("PASS", "MSG-04"), requirements=(MUST, other))

    assert (verdicts(result), result.verdict) == (["OMIT", "PASS"], "SKIP")
    assert result.requirements[0].reason == "not claimed: received_texts"
    assert result.requirements[0].awaits == "a claim"


def test_a_portal_that_claims_almost_nothing_does_not_pass() -> None:
    """However well it does what it is asked, the musts that it does not claim were not asked."""
    claimed = ("test_clock", "two_way", "text", "email")
    left = results_of_unclaimed(3, claimed)
    not_run = {each.id for each in left}
    played = [
        structs.replace(scenario("PASS", *each.requirements), id=each.id)
        for each in read_written()
        if each.id not in not_run and each.requirements
    ]

    result = acceptance_result(TARGET, read_requirements(), [*played, *left], phase=3, messages=1)

    unclaimed = [each.id for each in result.requirements if each.is_unclaimed_must]
    assert (result.verdict, exit_code(result.verdict)) == ("SKIP", COULD_NOT_JUDGE)
    assert {"NOTME-01", "INT-08", "REL-02"} <= {*unclaimed}


def test_a_should_that_is_not_claimed_blocks_nothing() -> None:
    """Only a must of the phase has to be claimed."""
    wish = structs.replace(MUST, level="should")
    other = structs.replace(MUST, id="MSG-04")

    result = rolled(NOT_CLAIMED, scenario("PASS", "MSG-04"), requirements=(wish, other))

    assert (verdicts(result), result.verdict) == (["OMIT", "PASS"], "PASS")


def test_a_must_of_a_later_phase_need_not_be_claimed() -> None:
    """Phase 1 is passed without any claim that only phase 2 asks for."""
    later = structs.replace(MUST, id="MSG-04", phase=2)
    unclaimed = structs.replace(NOT_CLAIMED, requirements=("MSG-04",))

    result = rolled(scenario("PASS"), unclaimed, requirements=(MUST, later))

    assert (verdicts(result), result.verdict) == (["PASS", "OMIT"], "PASS")


def test_a_claim_left_out_hides_no_failure() -> None:
    """A portal that fails one must and does not claim another has failed."""
    other = structs.replace(MUST, id="MSG-04")

    result = rolled(NOT_CLAIMED, scenario("FAIL", "MSG-04"), requirements=(MUST, other))

    assert result.verdict == "FAIL"


def test_a_requirement_in_part_hides_no_failure() -> None:
    """A scenario that was left out does not hide a failure."""
    assert rolled(scenario("FAIL"), NOT_CLAIMED).verdict == "FAIL"
    assert rolled(scenario("SKIP", reason="too long"), NOT_CLAIMED).verdict == "SKIP"


@pytest.mark.parametrize("verdict", ["FAIL", "REVIEW"])
def test_a_failure_of_no_requirement_fails_the_whole(verdict: Kind) -> None:
    """A driver that answers for its portal breaks no requirement, and is not accepted."""
    cheat = structs.replace(scenario(verdict), requirements=())

    assert rolled(scenario("PASS"), cheat).verdict == verdict


@pytest.mark.parametrize(
    ("access", "driver"),
    [
        (Access(application="a:b"), ""),
        (Access(driver="a:B"), "vouched for"),
        (Access(program=("x",)), "vouched for"),
        (
            Access(driver="a:B", portal_url="http://127.0.0.1:{port}", command=("x",)),
            "tried",
        ),
    ],
)
def test_a_result_says_whether_a_driver_stood_between(access: Access, driver: str) -> None:
    """Only one before a portal that the suite starts can be tried while that is stopped."""
    target = structs.replace(TARGET, access=access)

    result = acceptance_result(target, (MUST,), [scenario("PASS")], phase=1, messages=1)

    assert result.driver == driver
