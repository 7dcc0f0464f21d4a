"""One cause has one fingerprint, whoever and whatever it befell; another cause has another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.inputs.requirements import read_requirements
from simulator.papers.fingerprint import causes_of, in_general
from simulator.results.blame import JUDGED
from simulator.results.values import ScenarioResult
from simulator.verdicts import Harm
from tests.simulator.papers.made_up import finding, scenario

HARMS: dict[str, Harm] = {each.id: each.harm for each in read_requirements()}


def fingerprints(*scenarios: ScenarioResult) -> set[str]:
    """Give the fingerprints of all that went wrong."""
    return {cause.fingerprint for each in scenarios for cause in causes_of(each, HARMS, HARMS)}


def stopped(expected: str, observed: str, requirement: str = "MSG-01") -> ScenarioResult:
    """Make a scenario that stopped because of this."""
    return scenario(requirement, "FAIL", expected=expected, observed=observed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Alex hears nothing", "2 messages: text: 'A'; email: 'B'"),
         ("Sam hears nothing", "1 messages: text: 'C'")),
        (("invitation by text for features-0000010, due 09:15", "nothing was sent"),
         ("invitation by text and email for features-0000771, due 10:15", "nothing was sent")),
        (("update by 9 November 2026 10:15", "sent at 9 November 2026 12:15"),
         ("update by 3 April 2027 08:00", "sent at 4 April 2027 08:00")),
        (("a message says only that there is an update", "the email has '43260000004'"),
         ("a message says only that there is an update", "the text has '43270000057': 'You'")),
        (("Alex never sees 'a tall man'", "'A tall man did it'"),
         ("Sam never sees \"Kiln Lane\"", "'See you at Kiln Lane'")),
    ],
)  # fmt: skip
def test_names_numbers_channels_and_quoted_words_are_not_the_cause(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    """The same thing going wrong for somebody else, at another time, is the same defect."""
    assert len(fingerprints(stopped(*one), stopped(*other))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Alex hears nothing", "1 messages"), ("Alex hears an update", "1 messages")),
        (("Alex can sign in", "This link has run out"), ("Alex can sign in", "Try again later")),
        (("Alex's crime is shown as open", "as closed"), ("Alex's crime is shown as open", "")),
    ],
)
def test_what_was_expected_and_how_it_was_missed_are_the_cause(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    """Another expectation, or missing it in another way, is another defect."""
    assert len(fingerprints(stopped(*one), stopped(*other))) == 2


def test_another_harm_is_another_defect() -> None:
    """What told somebody else is never waived together with what only came twice."""
    same = ("Alex hears nothing", "1 messages")

    assert len(fingerprints(stopped(*same, "SAFE-01"), stopped(*same, "ONCE-01"))) == 2
    assert len(fingerprints(judged("misdirected"), judged("duplicated"))) == 2


def judged(harm: Harm) -> ScenarioResult:
    """Make a scenario in which the judge found a harm."""
    return scenario("MSG-01", "FAIL", findings=(finding(harm),))


def test_forty_failures_of_one_cause_are_one_defect() -> None:
    """However many scenarios fall over it, whatever requirements they are of."""
    failed = [
        scenario(each, "FAIL", name=f"{each} {number}", findings=(finding(),))
        for each in ("MSG-01", "CASE-01", "SAFE-01", "TWO-01")
        for number in range(10)
    ]

    assert len(fingerprints(*failed)) == 1


def test_a_fingerprint_does_not_change_from_version_to_version() -> None:
    """Registers name defects by it for months: a change here loses their decisions."""
    assert fingerprints(judged("duplicated")) == {"D-6724170580"}
    assert fingerprints(stopped("Alex hears nothing", "2 messages: text: 'A'")) == {"D-c1cc1be391"}


def test_what_the_judge_found_goes_before_the_step() -> None:
    """A scenario that the judge failed is not counted a second time for its last step."""
    found = scenario("MSG-01", "FAIL", findings=(finding(), finding("late")))

    assert {cause.harm for cause in causes_of(found, HARMS, HARMS)} == {"duplicated", "late"}


def test_another_s_harm_beside_a_failed_step_is_two() -> None:
    """A WARNING is not why a scenario failed."""
    others = finding("lost", kind="WARNING", owner="gateway")
    causes = causes_of(scenario("MSG-01", "FAIL", findings=(others,)), HARMS, HARMS)

    assert {(each.owner, each.kind) for each in causes} == {
        ("gateway", "WARNING"),
        ("portal", "FAIL"),
    }


@pytest.mark.parametrize("verdict", ["PASS", "SKIP", "INCONCLUSIVE", "ERROR", "OMIT", "REVIEW"])
def test_what_was_not_judged_is_nobody_s_defect(verdict: str) -> None:
    """Only a FAIL has a cause: a portal that was not reached did not fail."""
    assert not causes_of(scenario("MSG-01", verdict), HARMS, HARMS)  # type: ignore[arg-type]


def test_what_a_person_must_look_at_is_no_defect_yet() -> None:
    """A finding for REVIEW is a question; the requirement stays open, nobody is blamed."""
    asked = finding("lost", kind="REVIEW")

    assert not causes_of(scenario("MSG-01", findings=(asked,)), HARMS, HARMS)


def test_a_portal_that_breaks_off_is_known_by_what_it_answered() -> None:
    """Wherever it stopped, an answer that is none is the same cause, and 404 is not 500."""

    def broken(step: str, status: int) -> ScenarioResult:
        reason = f"GET http://127.0.0.1:45{status}/api/crimes answered {status} and 385 bytes"
        return scenario(
            "CASE-01", "FAIL", expected="", observed="", failed_step=step, reason=reason
        )

    assert len(fingerprints(broken("Given Alex", 500), broken("Then Sam reads", 500))) == 1
    assert len(fingerprints(broken("Given Alex", 500), broken("Given Alex", 404))) == 2


def test_the_harm_of_a_step_is_the_worst_its_requirements_guard() -> None:
    """Where a scenario proves several, it is not the mildest that counts."""
    failed = scenario("ONCE-01", "FAIL", requirements=("ONCE-01", "SAFE-01"))

    assert [each.harm for each in causes_of(failed, HARMS, HARMS)] == ["misdirected"]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=400))
def test_any_words_have_a_general_form(words: str) -> None:
    """Whatever a portal sends, it comes to one line, and no longer than it was by much."""
    general = in_general(words)

    assert len(general) <= 15 * 400
    assert general == " ".join(general.split())


def test_a_step_that_a_harm_explains_is_no_second_defect() -> None:
    """What the judge found against the step's own requirement is why the step was not so."""
    night = finding("noise", requirement="MSG-03")
    at_a_step = scenario("MSG-03", "FAIL", findings=(night,), failed_step="Then nothing comes")
    judged = scenario("GATE-04", "FAIL", findings=(night,), failed_step=JUDGED)
    asked = ("MSG-03", "GATE-04")

    causes = [cause for each in (at_a_step, judged) for cause in causes_of(each, HARMS, asked)]

    assert len({each.fingerprint for each in causes}) == 1
    assert {id for each in causes for id in each.requirements} == {"MSG-03"}


def test_a_step_that_a_harm_does_not_explain_is_a_defect_of_its_own() -> None:
    """A stranger who was told besides hides nothing of what the portal does not do."""
    told = finding("misdirected", requirement="SAFE-01")
    at_a_step = scenario("MSG-03", "FAIL", findings=(told,), failed_step="Then nothing comes")

    causes = causes_of(at_a_step, HARMS, ("MSG-03", "SAFE-01"))

    assert [sorted(each.requirements) for each in causes] == [["SAFE-01"], ["MSG-03"]]
