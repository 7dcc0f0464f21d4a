"""One cause has one fingerprint, whatever names and numbers vary; another cause has another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.inputs.requirements import read_requirements
from simulator.report.causes import causes_of, generalised
from simulator.results.attribution import JUDGE_STEP
from simulator.results.values import ScenarioResult
from simulator.verdicts import Harm
from tests.examples import examples
from tests.simulator.papers.made_up import finding, scenario

HARMS: dict[str, Harm] = {each.id: each.harm for each in read_requirements()}


def fingerprints(*scenarios: ScenarioResult) -> set[str]:
    """Give the fingerprints of all causes."""
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
        (("the appointment is shown on Saturday 6 April 2030 at 09:00", "2 is on Thursday 12 May"),
         ("the appointment is shown on Friday 12 May 2028 at 10:00", "3 is on Monday 1 June")),
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
    """The same fault for another person, at another time, is the same defect."""
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
    """Another expectation, or another way of missing it, is another defect."""
    assert len(fingerprints(stopped(*one), stopped(*other))) == 2


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (("update by text for e-1, due 18 May 09:15 London time", "nothing was sent"),
         ("update by text for e-1, due 09:15", "nothing was sent")),
        (("nothing in quiet hours", "a text at 22:15 London time"),
         ("nothing in quiet hours", "a text at 21:15 UTC")),
        (("update by 9 November 10:15 London time", "sent at 9 November 12:15 London time"),
         ("update by 9 November 10:15", "sent at 9 November 12:15")),
        (("one message for each piece of news",
          "a text that answers nothing new: its reference is 'e-1'; no news was due then"),
         ("one message for each piece of news", "a text that answers nothing new")),
        (("update by text for e-1, due 09:15",
          "nothing was sent: what came since then has the reference 'e-2'"),
         ("update by text for e-1, due 09:15", "nothing was sent")),
    ],
)  # fmt: skip
def test_a_fault_that_is_told_better_is_the_defect_of_before(
    now: tuple[str, str], before: tuple[str, str]
) -> None:
    """A register of before the time zone and the references were told still fits."""
    assert len(fingerprints(stopped(*now), stopped(*before))) == 1


def test_another_harm_is_another_defect() -> None:
    """A misdirected message is never waived together with a duplicate."""
    same = ("Alex hears nothing", "1 messages")

    assert len(fingerprints(stopped(*same, "SAFE-01"), stopped(*same, "ONCE-01"))) == 2
    assert len(fingerprints(judged("misdirected"), judged("duplicated"))) == 2


def judged(harm: Harm) -> ScenarioResult:
    """Make a scenario in which the judge found a harm."""
    return scenario("MSG-01", "FAIL", findings=(finding(harm),))


def test_forty_failures_of_one_cause_are_one_defect() -> None:
    """It is one defect however many scenarios and requirements it affects."""
    failed = [
        scenario(each, "FAIL", name=f"{each} {number}", findings=(finding(),))
        for each in ("MSG-01", "CASE-01", "SAFE-01", "TWO-01")
        for number in range(10)
    ]

    assert len(fingerprints(*failed)) == 1


def test_a_fingerprint_does_not_change_from_version_to_version() -> None:
    """Registers refer to defects by fingerprint for months; a change loses their decisions."""
    assert fingerprints(judged("duplicated")) == {"D-5e2757917c"}
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
def test_a_scenario_that_was_not_judged_is_no_defect(verdict: str) -> None:
    """Only a FAIL has a cause: a portal that could not be reached did not fail."""
    assert not causes_of(scenario("MSG-01", verdict), HARMS, HARMS)  # type: ignore[arg-type]


def test_a_finding_for_review_is_no_defect_yet() -> None:
    """It is a question: the requirement stays open, and nobody owns a defect."""
    asked = finding("lost", kind="REVIEW")

    assert not causes_of(scenario("MSG-01", findings=(asked,)), HARMS, HARMS)


def test_a_portal_that_breaks_off_is_known_by_what_it_answered() -> None:
    """One invalid answer is one cause at any step, but 404 and 500 are two causes."""

    def broken(step: str, status: int) -> ScenarioResult:
        reason = f"GET http://127.0.0.1:45{status}/api/crimes answered {status} and 385 bytes"
        return scenario(
            "CASE-01", "FAIL", expected="", observed="", failed_step=step, reason=reason
        )

    assert len(fingerprints(broken("Given Alex", 500), broken("Then Sam reads", 500))) == 1
    assert len(fingerprints(broken("Given Alex", 500), broken("Given Alex", 404))) == 2


def test_the_harm_of_a_step_is_the_worst_its_requirements_guard() -> None:
    """If a scenario proves several requirements, the worst harm counts."""
    failed = scenario("ONCE-01", "FAIL", requirements=("ONCE-01", "SAFE-01"))

    assert [each.harm for each in causes_of(failed, HARMS, HARMS)] == ["misdirected"]


@settings(max_examples=examples(50), deadline=None)
@given(st.text(max_size=400))
def test_any_words_have_a_general_form(words: str) -> None:
    """Any text becomes one line that is hardly longer than before."""
    general = generalised(words)

    assert len(general) <= 15 * 400
    assert general == " ".join(general.split())


def test_a_step_that_a_harm_explains_is_no_second_defect() -> None:
    """A finding against the step's own requirement explains why the step failed."""
    night = finding("noise", requirement="MSG-03")
    at_a_step = scenario("MSG-03", "FAIL", findings=(night,), failed_step="Then nothing comes")
    judged = scenario("GATE-04", "FAIL", findings=(night,), failed_step=JUDGE_STEP)
    asked = ("MSG-03", "GATE-04")

    causes = [cause for each in (at_a_step, judged) for cause in causes_of(each, HARMS, asked)]

    assert len({each.fingerprint for each in causes}) == 1
    assert {id for each in causes for id in each.requirements} == {"MSG-03"}


def test_a_step_that_a_harm_does_not_explain_is_a_defect_of_its_own() -> None:
    """A misdirected message does not hide that the portal left out something else."""
    told = finding("misdirected", requirement="SAFE-01")
    at_a_step = scenario("MSG-03", "FAIL", findings=(told,), failed_step="Then nothing comes")

    causes = causes_of(at_a_step, HARMS, ("MSG-03", "SAFE-01"))

    assert [sorted(each.requirements) for each in causes] == [["SAFE-01"], ["MSG-03"]]
