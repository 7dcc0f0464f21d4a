"""A portal that runs already may have the order's own days: the run says which days hold."""

from datetime import timedelta

import pytest
from msgspec import structs

from simulator.accept.days_put_off import days_put_off
from simulator.inputs.capabilities import Capability
from simulator.inputs.target import Access, Target
from tests.simulator.accept.test_requirement_verdicts import TARGET
from tests.simulator.worlds import TWO_FORCES

RUNS_ALREADY = Access(portal_url="http://portal.test")
BEFORE = TWO_FORCES.go_live_at(1) + timedelta(days=1)


def reached(access: Access, *capabilities: Capability) -> Target:
    """Give a target that is reached so, and claims these."""
    claims = structs.replace(TARGET.claims, capabilities=capabilities)
    return structs.replace(TARGET, access=access, claims=claims)


def test_the_day_of_the_run_is_told_beside_the_order_s_own() -> None:
    """On a test clock a run of phase 1 goes past it."""
    told = days_put_off(reached(RUNS_ALREADY, "test_clock"), phase=1, now=BEFORE)

    assert told.startswith("This run stays in phase 1: in it phase 2 goes live on 24 July 2036, ")
    assert "and not on 27 July 2026, as in scenarios/orders/two-forces.toml" in told


@pytest.mark.parametrize(
    ("access", "phase"),
    [
        (Access(application="a.portal:create_app"), 1),
        (Access(portal_url="http://127.0.0.1:{port}", command=("serve", "{port}")), 1),
        (RUNS_ALREADY, 3),
    ],
)
def test_nobody_need_know_where_the_suite_gives_the_days(access: Access, phase: int) -> None:
    """It starts the portal with them; and in phase 3 nothing is put off."""
    assert days_put_off(reached(access, "test_clock"), phase=phase, now=BEFORE) == ""


def test_without_a_test_clock_only_today_counts() -> None:
    """The next phase is live today by the order, or it is not."""
    target = reached(RUNS_ALREADY, "text")

    assert days_put_off(target, phase=1, now=BEFORE) == ""
    assert days_put_off(target, phase=1, now=TWO_FORCES.go_live_at(2)) != ""
