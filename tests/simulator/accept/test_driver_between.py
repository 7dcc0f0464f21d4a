"""A driver may be all that there is of a portal: what was seen without it decides who must look."""

from datetime import UTC, datetime

import pytest
from msgspec import structs

from simulator.accept.driver_between import pages_sampled, results_of_driver
from simulator.accept.requirement_verdicts import acceptance_result
from simulator.evidence.records import PageSampled
from simulator.inputs.target import Access, Target
from simulator.results.values import PagesSampled, ScenarioResult
from simulator.verdicts import Kind, exit_code
from tests.simulator.accept.test_requirement_verdicts import TARGET, scenario
from tests.simulator.inputs.made_up import MUST

AT = datetime(2026, 6, 1, tzinfo=UTC)
DRIVER = Access(driver="a.driver:Ours")
NONE = PagesSampled()
SEEN = PagesSampled(followed=2, pages=1)


def reached(access: Access) -> Target:
    """Give a target that is reached so."""
    return structs.replace(TARGET, access=access)


def told(
    access: Access, sampled: PagesSampled = NONE, *, is_whole: bool = True
) -> list[ScenarioResult]:
    """Give what a run says of the driver."""
    return results_of_driver(reached(access), (), sampled, phase=1, is_whole=is_whole)


@pytest.mark.parametrize(
    ("access", "sampled", "said"),
    [
        (DRIVER, PagesSampled(), "access.portal_url names no address"),
        (
            Access(driver="a.driver:Ours", portal_url="http://portal.test"),
            PagesSampled(followed=3, why_not="the answer was 404, and no page"),
            "none of the 3 links that were followed without it led to a page (the answer was 404,",
        ),
        (
            Access(program=("node", "ours.mjs"), portal_url="http://portal.test"),
            PagesSampled(),
            "no invitation came whose link could be followed",
        ),
    ],
)
def test_a_portal_that_only_its_driver_has_seen_is_for_a_person(
    access: Access, sampled: PagesSampled, said: str
) -> None:
    """Every scenario may pass on a driver without a portal: that is no pass."""
    [result] = told(access, sampled)
    whole = acceptance_result(
        reached(access), [MUST], [scenario("PASS"), result], phase=1, messages=5
    )

    assert said in result.reason
    assert result.reason.startswith("only a tester vouches that there is a portal behind")
    assert (whole.verdict, exit_code(whole.verdict)) == ("REVIEW", 3)


@pytest.mark.parametrize(
    ("access", "sampled", "is_whole"),
    [
        (Access(driver="a.driver:Ours", portal_url="http://portal.test"), SEEN, True),
        (DRIVER, PagesSampled(), False),
        (Access(portal_url="http://portal.test"), PagesSampled(), True),
        (Access(application="a.portal:create_app"), PagesSampled(), True),
        (
            Access(
                driver="a.driver:Ours",
                portal_url="http://127.0.0.1:{port}",
                command=("serve", "{port}"),
            ),
            PagesSampled(),
            True,
        ),
    ],
    ids=["pages", "one scenario", "by URL", "in process", "it was stopped"],
)
def test_nobody_need_look_where_something_else_has_seen_it(
    access: Access,
    sampled: PagesSampled,
    is_whole: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    """Its pages were fetched, it was stopped, or there is no driver."""
    assert told(access, sampled, is_whole=is_whole) == []


def test_a_driver_that_answers_for_its_portal_fails() -> None:
    """It fails whatever else was seen, and in a run of one scenario too."""
    found = results_of_driver(reached(DRIVER), ("crimes",), SEEN, phase=1, is_whole=False)

    kinds: list[Kind] = [each.verdict for each in found]
    assert kinds == ["FAIL"]
    assert found[0].observed == "the driver answered crimes while its portal was stopped"


def test_what_was_followed_is_counted() -> None:
    """With the reason of the first that led to no page."""
    samples = [
        PageSampled(at=AT, status=200, is_page=True),
        PageSampled(at=AT, status=404, is_page=False),
        PageSampled(at=AT, status=0, is_page=False, said="no connection"),
    ]

    assert pages_sampled(samples) == PagesSampled(
        followed=3, pages=1, why_not="the answer was 404, and no page"
    )
    assert pages_sampled(samples[2:]).why_not == "no connection"
    assert pages_sampled([]) == PagesSampled()
