"""When each phase may go live: once its test has passed and the force's data are right.

Before a rehearsal's calendar begins, if the rollout asks for it. A phase that waits moves the ones
after it, so the calendar is laid out again with the later days.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from typing import Protocol

import numpy as np
from msgspec import structs

from simulator.clock import WorldClock
from simulator.inputs.order import GoLive
from simulator.population.faults.kinds import Group
from simulator.population.recorded import NO_FAULT
from simulator.rehearsal.plan import Plan, london_midnight, seconds_until
from simulator.rehearsal.portal_run import judge_portal, start_portal
from simulator.results.values import GoLiveDelay
from simulator.world.world import advance_together

_PHASES = (1, 2, 3)
_CONTACT: tuple[Group, ...] = ("moved", "mobile", "email")


class PlanForDays(Protocol):
    """Lays out the calendar for other go-live days; None for those of the order."""

    def __call__(self, go_live: GoLive | None) -> Plan:
        """Make the plan; raises BadInput."""
        ...


def plan_when_ready(
    make: PlanForDays, on_phase: Callable[[int], None] = lambda _phase: None
) -> tuple[Plan, list[GoLiveDelay]]:
    """Lay out the calendar, and move each phase that is not ready; say which moved and why.

    `on_phase` is called with each phase before its test is run.
    """
    plan = make(None)
    delays: list[GoLiveDelay] = []
    gates = plan.rollout.go_live_gates
    if gates is None:
        return plan, delays
    for phase in _PHASES:
        weeks, share = _weeks_until_right(plan, phase)
        if weeks:
            why = (
                f"more than {gates.wrong_details_max.value:.1%} of new records had wrong contact "
                f"details, and {share:.1%} when it went live"
            )
            plan = _moved(plan, make, phase, weeks, why, delays)
        on_phase(phase)
        failed = _failed_in_test(plan, phase)
        if failed:
            why = f"its test had {failed} failures, to be mended and tested again"
            weeks = round(gates.weeks_after_failed_test.value)
            plan = _moved(plan, make, phase, weeks, why, delays)
    return plan, delays


def _moved(
    plan: Plan, make: PlanForDays, phase: int, weeks: int, why: str, delays: list[GoLiveDelay]
) -> Plan:
    """Move a phase and those after it by so many weeks."""
    days: dict[str, date] = structs.asdict(plan.order.go_live)
    later = {
        name: day + timedelta(weeks=weeks * (int(name[-1]) >= phase)) for name, day in days.items()
    }
    delays.append(
        GoLiveDelay(
            phase=phase, from_day=days[f"phase_{phase}"], to_day=later[f"phase_{phase}"], why=why
        )
    )
    return make(GoLive(**later))


def _weeks_until_right(plan: Plan, phase: int) -> tuple[int, float]:
    """Find how many weeks a phase waits until new records are right, and how wrong they are then.

    After the most weeks that the rollout allows it goes live all the same.
    """
    gates = plan.rollout.go_live_gates
    assert gates is not None
    most, share = round(gates.weeks_max.value), 0.0
    for weeks in range(most + 1):
        day = _go_live(plan, phase) + timedelta(weeks=weeks)
        share = _wrong_share(plan, day, round(gates.measured_weeks.value))
        if share <= gates.wrong_details_max.value:
            return weeks, share
    return most, share


def _go_live(plan: Plan, phase: int) -> date:
    day: date = getattr(plan.order.go_live, f"phase_{phase}")
    return day


def _wrong_share(plan: Plan, day: date, weeks: int) -> float:
    """Give the share of victims recorded in the weeks before a day with wrong contact details."""
    crimes, recorded = plan.population.crimes, plan.population.casework.recorded
    first, last = (
        seconds_until(each, crimes.start) for each in (day - timedelta(weeks=weeks), day)
    )
    at = crimes.seconds["CrimeRecorded"]
    here = crimes.has_individual_victim & (at >= first) & (at < last)
    wrong = np.zeros(len(at), dtype=np.bool_)
    for group in _CONTACT:
        wrong |= recorded.kinds[group] != NO_FAULT
    return float(wrong[here].mean()) if here.any() else 0.0


def _failed_in_test(plan: Plan, phase: int) -> int:
    """Run the test of a phase alone; count what fails it, 0 if it passes."""
    span = next(each for each in plan.periods if each.is_test and each.phase == phase)
    clock = WorldClock(plan.population.crimes.start)
    clock.run_to(london_midnight(span.starts))
    order = plan.order.tested_in(phase, span.starts)
    with ExitStack() as stack:
        tested = plan.tested[span.name]
        run = start_portal(plan, span.name, order, tested, clock, stack)
        advance_together([run.world], london_midnight(span.ends))
        judge_portal(plan, span.name, order, run.records, clock.now)
        run.stop()
    # The calendar runs it again, on its own clock.
    _records, judgement = plan.judged.pop(span.name)
    return sum(each.kind == "FAIL" for each in judgement.findings)
