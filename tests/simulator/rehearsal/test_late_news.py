"""Late news of a portal is a failure only where a finding is about it."""

from simulator.judge.fold import Judgement
from simulator.rehearsal.late_news import KEPT_MAX, late_events, told_late
from simulator.verdicts import Finding
from tests.simulator.rehearsal.test_code_meter import news
from tests.simulator.rehearsal.test_tally import PHASE_2, REFERENCE, judged

FAILED = Finding(
    kind="FAIL",
    harm="late",
    owner="portal",
    requirement="MSG-02",
    at=PHASE_2,
    person_id="p",
    crime_reference=REFERENCE,
    expected="",
    observed="",
)


def _late(judgement: Judgement) -> list[tuple[bool, str]]:
    event_types = dict.fromkeys(late_events(judgement), "CrimeClosed")
    found = told_late({"live": (event_types, judgement)})
    assert {(each.portal, each.what) for each in found} <= {("live", "CrimeClosed")}
    return [(each.is_failure, each.reason[:14]) for each in found]


def test_what_the_portal_held_up_is_a_failure_if_a_finding_says_so() -> None:
    """Without one the order let it wait."""
    late = [news(late="portal")]

    assert _late(judged(code_news=late, findings=[FAILED])) == [(True, "it is one of t")]
    assert _late(judged(code_news=late)) == [(False, "no finding is ")]


def test_what_waited_for_an_address_is_no_failure() -> None:
    """Also where the same victim was told late of something else."""
    late = [news(late="contact data")]

    assert _late(judged(code_news=late, findings=[FAILED])) == [(False, "the force had ")]


def test_what_others_held_up_is_not_listed() -> None:
    """Nor is what was told in time."""
    assert _late(judged(code_news=[news(), news(late="force"), news(late="gateway")])) == []


def test_the_first_are_listed_failures_before_the_rest() -> None:
    """A long list is cut, and no failure is cut for an excuse."""
    late = [*[news(late="contact data")] * KEPT_MAX, news(late="portal")]
    found = _late(judged(code_news=late, findings=[FAILED]))

    assert len(found) == KEPT_MAX
    assert found[0][0]
