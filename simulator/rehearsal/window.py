"""One phase's test weeks by themselves, at volume, with the judge on: `accept --window`.

The portal is put into the phase that is tested, as in the rollout; the crimes of those weeks go
through it with testers as their victims, and each day is summed up for who runs the test.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path

from msgspec import structs

from simulator.clock import LONDON, WorldClock
from simulator.errors import BadInput
from simulator.evidence.records import EventRecorded, QuestionAsked, Record, SignedIn, TaskRaised
from simulator.inputs.target import read_target
from simulator.judge.fold import Judgement
from simulator.rehearsal.plan import Plan, judge_portal, make_plan, midnight, seconds, start_portal
from simulator.rehearsal.rollout import Span, read_rollout
from simulator.rehearsal.tally import failures_told, harm_counts
from simulator.rehearsal.testers import FollowedCrimes, pick_crimes
from simulator.rehearsal.untried import untried
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
) -> tuple[WindowResult, list[Record]]:
    """Rehearse the weeks in which a phase is tested; gives the result and the evidence.

    `path` is the rollout whose calendar and people it takes; `fraction` of the crimes of those
    weeks are put through the portal, and never fewer than testers put in. Raises BadInput, before
    anything runs, for what the tester can mend.
    """
    target = target.absolute()
    rollout = structs.replace(
        read_rollout(path), target=str(target), order=read_target(target).order
    )
    share = rollout.fraction if fraction is None else fraction
    plan = make_plan(rollout, path, seed=seed, fraction=share)
    span = next(each for each in plan.periods if each.is_test and each.phase == phase)
    followed = _at_volume(plan, span, share)
    if not len(followed.rows):
        raise BadInput(f"{path}: no crime is recorded in {span.name}; follow a larger fraction")
    clock = WorldClock(plan.population.crimes.start)
    clock.run_to(midnight(span.starts))
    with ExitStack() as stack:
        order = plan.order.tested_in(span.phase, span.starts)
        run = start_portal(plan, span.name, order, followed, clock, stack)
        for day in _days(span):
            advance_together([run.world], midnight(day + timedelta(days=1)))
            on_day(day, (day - span.starts).days / (span.ends - span.starts).days)
        judge_portal(plan, run, clock.now)
        run.stop()
    records, judgement = plan.judged[span.name]
    return _result(plan, span, len(followed.rows), records, judgement), records


def _at_volume(plan: Plan, span: Span, fraction: float) -> FollowedCrimes:
    """Pick the crimes of these weeks that go through the portal, some with a second victim."""
    crimes = plan.population.crimes
    start, end = (seconds(day, crimes.start) for day in (span.starts, span.ends))
    recorded = crimes.seconds["CrimeRecorded"]
    there = (recorded >= start) & (recorded < end) & crimes.has_individual_victim
    weeks = (span.ends - span.starts).days / 7
    testers = plan.rollout.testers
    a_week = max(testers.crimes_per_week.value, float(there.sum()) * fraction / weeks)
    at_volume = structs.replace(
        testers, crimes_per_week=structs.replace(testers.crimes_per_week, value=a_week)
    )
    shared = plan.population.casework.shares_an_address
    return pick_crimes(span.name, there, weeks, at_volume, plan.streams, shared)


def _days(span: Span) -> list[date]:
    return [span.starts + timedelta(days=n) for n in range((span.ends - span.starts).days)]


def _result(
    plan: Plan, span: Span, followed: int, records: list[Record], judgement: Judgement
) -> WindowResult:
    not_tried = untried([(records, judgement)], phase=span.phase)
    hollow: list[Kind] = ["INCONCLUSIVE"] if not_tried else []
    return WindowResult(
        name=span.name,
        portal=f"{plan.target.claims.name} {plan.target.claims.version}",
        order=plan.order.name,
        phase=span.phase,
        seed=plan.streams.seed,
        starts=span.starts,
        ends=span.ends,
        crimes=followed,
        verdict=worst([judgement.kind, *hollow]),
        obligations=len(judgement.obligations),
        days=_summed_up(_days(span), records, judgement),
        harms=harm_counts([judgement]),
        failures=failures_told([judgement]),
        untried=not_tried,
    )


def _summed_up(
    days: Sequence[date], records: Sequence[Record], judgement: Judgement
) -> list[WindowDay]:
    """Count day by day, in London, what was done and what went wrong."""
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
