"""What a failure counts against: the requirements of a step, and the one that a harm breaks."""

from simulator.results.blame import JUDGED, blamed, stopped_at_a_step
from simulator.verdicts import Kind
from tests.simulator.accept.test_roll_up import harmed, scenario

ASKED = ("MSG-01", "MSG-03")


def test_a_harm_alone_counts_against_its_own_requirement() -> None:
    """The steps of the scenario passed: what they prove is not in doubt."""
    assert blamed(harmed("MSG-01"), ASKED) == {"MSG-03"}


def test_a_step_counts_against_the_tags_and_a_harm_besides() -> None:
    """Both are so."""
    assert blamed(harmed("MSG-01", failed_step="Then ..."), ASKED) == {"MSG-01", "MSG-03"}


def test_a_harm_of_no_requirement_that_is_asked_counts_against_the_tags() -> None:
    """It must count somewhere."""
    assert blamed(harmed("MSG-01", against="NONE-01"), ASKED) == {"MSG-01"}


def test_what_did_not_fail_counts_against_nothing() -> None:
    """Passed, or not verified: no requirement is broken by it."""
    kinds: tuple[Kind, ...] = ("PASS", "SKIP", "OMIT", "ERROR")
    assert not any(blamed(scenario(kind), ASKED) for kind in kinds)


def test_a_scenario_that_the_judge_failed_stopped_at_no_step() -> None:
    """Only the judge's own sentence stands there."""
    assert harmed().failed_step == JUDGED
    assert not stopped_at_a_step(harmed())
    assert stopped_at_a_step(scenario("FAIL"))
