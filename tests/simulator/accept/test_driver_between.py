"""A driver may be all that there is of a portal: what was seen without it decides who must look."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec import structs

from simulator.accept.driver_between import pages_sampled, results_of_driver
from simulator.accept.requirement_verdicts import acceptance_result
from simulator.evidence.records import PageSampled
from simulator.inputs.target import Access, Target
from simulator.results.values import PagesSampled, ReviewResult, ScenarioResult
from simulator.verdicts import Kind, exit_code
from tests.simulator.accept.test_requirement_verdicts import TARGET, scenario
from tests.simulator.inputs.made_up import MUST

AT = datetime(2026, 6, 1, tzinfo=UTC)
ALONE = Access(driver="a.driver:Ours")
THERE = structs.replace(ALONE, portal_url="http://portal.test")
PUSHED = structs.replace(THERE, events_path="/crime-events")
AGREED = PageSampled(at=AT, status=200, is_page=True, agreed=4)
STAMPED = structs.replace(AGREED, stamped=True)
NO_FORM = PageSampled(at=AT, status=200, is_page=True, said="a page has no form")
REVIEW = ReviewResult(
    verdict="PASS",
    reviewer="A. Reader",
    role="tester",
    on=date(2026, 6, 2),
    note="I looked at its pages",
    evidence=(),
)


def reached(access: Access, *, two_way: bool = False) -> Target:
    """Give a target that is reached so."""
    claims = structs.replace(TARGET.claims, capabilities=("two_way",) if two_way else ())
    return structs.replace(TARGET, access=access, claims=claims)


def left(target: Target, *samples: PageSampled, phase: int = 1, **given: Any) -> PagesSampled:
    """Sum up what was seen."""
    return pages_sampled(target, samples, phase=phase, **given)


def told(target: Target, sampled: PagesSampled, *, is_whole: bool = True) -> list[ScenarioResult]:
    """Give what a run says of the driver."""
    return results_of_driver(target, (), sampled, phase=1, is_whole=is_whole)


@pytest.mark.parametrize(
    ("access", "samples", "said"),
    [
        (ALONE, [], "access.portal_url names no address"),
        (PUSHED, [], "no victim had a page that could be opened"),
        (PUSHED, [NO_FORM], "none of the 1 victims who were tried could sign in without it, in a"),
        (THERE, [AGREED], "name access.events_path"),
        (
            PUSHED,
            [AGREED, structs.replace(AGREED, differs=("4326: Closed",))],
            "without it the portal did not show what it said: 4326: Closed",
        ),
    ],
)
def test_a_portal_that_only_its_driver_has_seen_is_for_a_person(
    access: Access, samples: list[PageSampled], said: str
) -> None:
    """Every scenario may pass on a driver without a portal: that is no pass."""
    target = reached(access)
    [result] = told(target, left(target, *samples))
    whole = acceptance_result(target, [MUST], [scenario("PASS"), result], phase=1, messages=5)

    assert said in result.reason
    assert result.reason.startswith("only a tester vouches for the driver: ")
    assert (whole.verdict, exit_code(whole.verdict)) == ("REVIEW", 3)


def test_a_driver_without_a_signatory_has_nobody_to_vouch_for_it() -> None:
    """Nobody is not a name: the sentence does not say that only nobody does."""
    target = reached(PUSHED)
    unsigned = structs.replace(target, claims=structs.replace(target.claims, signatory=" "))

    [result] = told(unsigned, left(unsigned))

    assert result.reason.startswith("nobody vouches for the driver: ")


def test_from_phase_3_a_question_must_be_stamped_without_the_driver() -> None:
    """A driver can write into the crime system what the portal never wrote there."""
    target = reached(PUSHED, two_way=True)

    assert not left(target, AGREED, phase=2).left
    assert "came to the crime system with their task" in left(target, AGREED, phase=3).left
    assert not left(target, AGREED, STAMPED, phase=3).left


@pytest.mark.parametrize(
    ("access", "samples"),
    [
        (PUSHED, [NO_FORM, AGREED]),
        (THERE, [structs.replace(AGREED, fetched=True)]),
        (Access(portal_url="http://portal.test"), []),
        (Access(application="a.portal:create_app"), []),
    ],
    ids=["pushed", "it fetches", "by URL", "in process"],
)
def test_nobody_need_look_where_something_else_has_seen_it(
    access: Access, samples: list[PageSampled]
) -> None:
    """A victim's page was as the driver says, and no repeat could be hidden; or there is none."""
    target = reached(access)

    assert told(target, left(target, *samples)) == []


def test_a_run_of_few_scenarios_says_only_what_the_pages_deny() -> None:
    """It may have had no victim whose page could be opened."""
    target = reached(PUSHED)
    denied = left(target, structs.replace(AGREED, differs=("4326: Closed",)))

    assert told(target, left(target), is_whole=False) == []
    assert [each.verdict for each in told(target, denied, is_whole=False)] == ["REVIEW"]


def test_a_person_may_look_instead() -> None:
    """With a name, and what they saw: they take it for the portal's, or not."""
    target = reached(ALONE)
    failed = structs.replace(REVIEW, verdict="FAIL", note="There is no portal")

    assert told(target, left(target, review=REVIEW)) == []
    [result] = told(target, left(target, review=failed))
    assert (result.verdict, result.observed) == ("FAIL", "A. Reader: There is no portal")


def test_a_driver_that_answers_for_its_portal_fails() -> None:
    """It fails whatever else was seen, and in a run of one scenario too."""
    target = reached(PUSHED)
    seen = left(target, AGREED)
    found = results_of_driver(target, ("crimes",), seen, phase=1, is_whole=False)

    kinds: list[Kind] = [each.verdict for each in found]
    assert kinds == ["FAIL"]
    assert found[0].observed == "the driver answered crimes while its portal was stopped"


def test_what_was_seen_is_counted() -> None:
    """With the reason of the first that agreed with nothing."""
    lost = PageSampled(at=AT, status=404, is_page=False)
    sampled = left(reached(PUSHED), STAMPED, lost, NO_FORM, AGREED)

    assert sampled == PagesSampled(
        followed=4, pages=3, agreed=2, stamped=1, why_not="the answer was 404"
    )
