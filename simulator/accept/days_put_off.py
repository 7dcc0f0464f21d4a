"""What a tester of a portal that runs already must know: which go-live days hold in the run."""

from datetime import date, datetime

from simulator.files.paths import ROOT
from simulator.inputs.order import Order, read_order
from simulator.inputs.target import Target

_LAST_PHASE = 3


def days_put_off(target: Target, *, phase: int, now: datetime) -> str:
    """Say that the next phase goes live later in a run than by the order ("" if nobody need know).

    The suite gives these days to a portal that it starts. One that runs already was configured by
    its own operator, who may have the order's own days. `now` counts only without a test clock.
    """
    if target.access.lives_with_the_run or phase >= _LAST_PHASE:
        return ""
    order = read_order(ROOT / target.order)
    has_test_clock = "test_clock" in target.claims.capabilities
    if not has_test_clock and order.phase_at(now) <= phase:
        return ""
    later, own = go_live_day(order.staying_in(phase), phase + 1), go_live_day(order, phase + 1)
    return (
        f"This run stays in phase {phase}: in it phase {phase + 1} goes live on {_told(later)}, "
        f"and not on {_told(own)}, as in {target.order}. Your portal must have the day of the run: "
        "see docs/around_a_portal.md."
    )


def go_live_day(order: Order, phase: int) -> date:
    """Give the day on which a phase goes live."""
    day: date = getattr(order.go_live, f"phase_{phase}")
    return day


def _told(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
