"""A failure counts against the requirements of its step, and the one that a harm breaks."""

from simulator.results.attribution import JUDGE_STEP, failed_at_own_step, requirements_failed
from simulator.verdicts import Kind
from tests.simulator.accept.test_requirement_verdicts import harmed, scenario

ASKED = ("MSG-01", "MSG-03")


def test_a_harm_alone_counts_against_its_own_requirement() -> None:
    """All steps of the scenario passed, so the requirements they prove are not in doubt."""
    assert requirements_failed(harmed("MSG-01"), ASKED) == {"MSG-03"}


def test_a_step_counts_against_the_tags_and_a_harm_against_its_own() -> None:
    """A failed step counts against the tags, and a harm against its own requirement."""
    assert requirements_failed(harmed("MSG-01", failed_step="Then ..."), ASKED) == {
        "MSG-01",
        "MSG-03",
    }


def test_a_harm_of_no_requirement_that_is_asked_counts_against_the_tags() -> None:
    """It counts against the scenario's own requirements, so it is never lost."""
    assert requirements_failed(harmed("MSG-01", against="NONE-01"), ASKED) == {"MSG-01"}


def test_what_did_not_fail_counts_against_nothing() -> None:
    """A scenario that passed or was not verified breaks no requirement."""
    kinds: tuple[Kind, ...] = ("PASS", "SKIP", "OMIT", "ERROR")
    assert not any(requirements_failed(scenario(kind), ASKED) for kind in kinds)


def test_a_scenario_that_the_judge_failed_stopped_at_no_step() -> None:
    """It failed at the judge's step, which is not one of its own."""
    assert harmed().failed_step == JUDGE_STEP
    assert not failed_at_own_step(harmed())
    assert failed_at_own_step(scenario("FAIL"))
