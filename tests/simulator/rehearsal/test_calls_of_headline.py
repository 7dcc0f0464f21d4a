"""The calls of the headline: by force, with an interval that knows who was followed."""

import pytest

from simulator.contact_centre.service_level import ServiceLevel
from simulator.judge.fold import Judgement
from simulator.rehearsal.call_comparison import ForceCalls
from simulator.rehearsal.headline import headline
from simulator.rehearsal.intervals import t_quantile
from simulator.results.portal_life import FewerCalls
from tests.simulator.report import samples

WEEKS = 13


def offered(calls: int) -> ForceCalls:
    """Give thirteen weeks with so many calls to 101 in each, and one to 999."""
    levels = [
        ServiceLevel(
            from_seconds=0.0,
            to_seconds=1.0,
            line=line,
            offered=count,
            redials=0,
            answered=count,
            abandoned=0,
            abandoned_share=0.0,
            wait_seconds_mean=1.0,
            answered_in_target_share=1.0,
        )
        for _week in range(WEEKS)
        for line, count in (("999", 1), ("101", calls))
    ]
    return ForceCalls(levels=levels, update_calls=[0] * WEEKS)


def fewer(saved_error: float) -> FewerCalls:
    """Sum up a force that gets 8,000 calls a week, and 7,900 with the portal."""
    [found] = headline(
        samples.rehearsal().periods[-1],
        {"hampshire": (offered(8_000), offered(7_900))},
        range(WEEKS),
        Judgement(findings=[], obligations=[], flags=[], messages=[]),
        None,
        0.02,
        saved_errors={"hampshire": saved_error},
    ).forces
    return found


def test_weeks_that_are_alike_are_as_exact_as_the_sample() -> None:
    """All weeks have the same followed victims, whose error is that of the whole sum."""
    exact, rough = fewer(0.0), fewer(100.0)

    assert exact.fewer == rough.fewer == 100 * WEEKS
    assert exact.low == exact.high == exact.fewer
    assert rough.high - rough.fewer == pytest.approx(100 * t_quantile(WEEKS - 1), abs=0.1)
