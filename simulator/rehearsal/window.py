"""The test weeks of one phase alone, at volume and judged: `accept --window`.

The portal is put into the phase under test, as in the rollout. The crimes of those weeks go through
it with testers as their victims, and each day is summed up for the test manager.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import get_args

import msgspec
from msgspec import structs

from reference.contract.events import EVENT_TYPES, Milestone, MilestoneReached
from simulator.clock import LONDON, WorldClock
from simulator.errors import BadInput
from simulator.evidence.records import EventRecorded, QuestionAsked, Record, SignedIn, TaskRaised
from simulator.inputs.target import read_target
from simulator.judge.fold import Judgement
from simulator.rehearsal.activity_gaps import activity_gaps
from simulator.rehearsal.plan import Plan, london_midnight, make_plan, seconds_until
from simulator.rehearsal.portal_run import judge_portal, start_portal
from simulator.rehearsal.rollout import Span, read_rollout
from simulator.rehearsal.tally import code_count, first_failures, harm_counts
from simulator.rehearsal.tester_crimes import FollowedCrimes, pick_crimes
from simulator.results.window import WindowDay, WindowResult
from simulator.verdicts import Kind, worst
from simulator.world.world import advance_together


def rehearse_window(
    path: Path,
    *,
    target: Path,
    phase: int,
    seed: int,
    fraction: float | None = None,
    on_day: Callable[[date, float], None] = lambda _day, _share: None,
) -> tuple[WindowResult, Sequence[Record]]:
    """Rehearse the weeks in which a phase is tested; return the result and the evidence.

    `path` is the rollout with the calendar and the people. `fraction` of the crimes of those weeks
    go through the portal, and never fewer than testers put in. Raises BadInput for what the tester
    can correct, before anything runs.
    """
    target = target.absolute()
    # Acceptance keeps to drama numbers, wherever its portal is.
    rollout = structs.replace(
        read_rollout(path), target=str(target), order=read_target(target).order, numbers="drama"
    )
    share = rollout.fraction if fraction is None else fraction
    plan = make_plan(rollout, path, seed=seed, fraction=share)
    span = next(each for each in plan.periods if each.is_test and each.phase == phase)
    followed = _at_volume(plan, span, share)
    if not len(followed.rows):
        raise BadInput(f"{path}: {span.name} has no crime; set a larger fraction")
    clock = WorldClock(plan.population.crimes.start)
    clock.run_to(london_midnight(span.starts))
    with ExitStack() as stack:
        order = plan.order.tested_in(span.phase, span.starts)
        run = start_portal(plan, span.name, order, followed, clock, stack)
        for day in _days(span):
            advance_together([run.world], london_midnight(day + timedelta(days=1)))
            on_day(day, (day - span.starts).days / (span.ends - span.starts).days)
        judge_portal(plan, span.name, order, run.records, clock.now)
        run.stop()
    records, judgement = plan.judged[span.name]
    return _result(plan, span, len(followed.rows), records, judgement), records


def _at_volume(plan: Plan, span: Span, fraction: float) -> FollowedCrimes:
    """Pick the crimes of these weeks that go through the portal, some with a second victim."""
    crimes = plan.population.crimes
    start, end = (seconds_until(day, crimes.start) for day in (span.starts, span.ends))
    recorded = crimes.seconds["CrimeRecorded"]
    there = (recorded >= start) & (recorded < end) & crimes.has_individual_victim
    weeks = (span.ends - span.starts).days / 7
    testers = plan.rollout.testers
    a_week = max(testers.crimes_a_week, float(there.sum()) * fraction / weeks)
    at_volume = structs.replace(
        testers,
        people=structs.replace(testers.people, value=1),
        crimes_a_week_each=structs.replace(testers.crimes_a_week_each, value=a_week),
    )
    shared = plan.population.casework.shares_an_address
    return pick_crimes(span.name, there, weeks, at_volume, plan.streams, shared)


def _days(span: Span) -> list[date]:
    return [span.starts + timedelta(days=n) for n in range((span.ends - span.starts).days)]


def _result(
    plan: Plan, span: Span, followed: int, records: Sequence[Record], judgement: Judgement
) -> WindowResult:
    gaps = activity_gaps([(records, judgement)], phase=span.phase)
    inconclusive: list[Kind] = ["INCONCLUSIVE"] if gaps else []
    return WindowResult(
        name=span.name,
        portal=f"{plan.target.claims.name} {plan.target.claims.version}",
        order=plan.order.name,
        phase=span.phase,
        seed=plan.streams.seed,
        starts=span.starts,
        ends=span.ends,
        crimes=followed,
        verdict=worst([judgement.kind, *inconclusive]),
        obligations=len(judgement.obligations),
        days=_by_days(_days(span), records, judgement),
        harms=harm_counts([judgement]),
        failures=first_failures([judgement]),
        untried=gaps,
        tried=dict(sorted(_tried(records).items())),
        not_tried=sorted(each for each in _KINDS if not _tried(records)[each]),
        victims_code=code_count([judgement]),
    )


def _tried(records: Sequence[Record]) -> Counter[str]:
    """Count the events that were recorded, milestones by their name."""
    events = [each for each in records if isinstance(each, EventRecorded)]
    return Counter(
        milestone_in_words(msgspec.json.decode(each.data, type=MilestoneReached).milestone)
        if each.event_type == "MilestoneReached"
        else each.event_type
        for each in events
    )


def milestone_in_words(milestone: str) -> str:
    """Name a milestone among the kinds of events."""
    return f"MilestoneReached: {milestone.replace('_', ' ')}"


_KINDS = (
    *(each for each in EVENT_TYPES if each != "MilestoneReached"),
    *(milestone_in_words(each) for each in get_args(Milestone)),
)


def _by_days(
    days: Sequence[date], records: Sequence[Record], judgement: Judgement
) -> list[WindowDay]:
    """Count what was done and what went wrong on each London day."""
    done = {
        name: _by_day(each.at for each in records if isinstance(each, kind))
        for name, kind in _COUNTED.items()
    }
    messages = judgement.messages
    done["messages"] = _by_day(each.at for each in messages)
    done["not_reached"] = _by_day(each.at for each in messages if each.fate != "reached")
    done["failures"] = _by_day(each.at for each in judgement.findings if each.kind == "FAIL")
    return [
        WindowDay(day=day, **{name: count[day] for name, count in done.items()}) for day in days
    ]


def _by_day(moments: Iterable[datetime]) -> Counter[date]:
    return Counter(each.astimezone(LONDON).date() for each in moments)


_COUNTED: dict[str, type[Record]] = {
    "updates": EventRecorded,
    "sign_ins": SignedIn,
    "questions": QuestionAsked,
    "tasks": TaskRaised,
}
