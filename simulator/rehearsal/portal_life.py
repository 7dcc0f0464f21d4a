"""Put together what victims, officers and callers did while the portal was live: `PortalLife`."""

from collections.abc import Mapping, Sequence
from datetime import date

from simulator.judge.fold import Judgement
from simulator.rehearsal.call_comparison import ForceCalls
from simulator.rehearsal.funnel import funnel
from simulator.rehearsal.intervals import scaled
from simulator.rehearsal.journey_steps import journey_of_all, journeys_by_group
from simulator.rehearsal.late_news import late_events, told_late
from simulator.rehearsal.officer_load import tasks_by_week
from simulator.rehearsal.plan import Plan
from simulator.rehearsal.spread_of_weeks import spread_of_weeks
from simulator.rehearsal.tally import harm_counts
from simulator.rehearsal.time_to_news import time_to_news
from simulator.rehearsal.traces import Traces, read_traces
from simulator.rehearsal.victim_weeks import messages_a_week
from simulator.results.portal_life import (
    Headline,
    HourOfDay,
    OwnedHarm,
    PortalLife,
    PortalRequests,
)

_101_FIRST = ("101", "999")


def portal_life(
    plan: Plan,
    calls: Mapping[str, tuple[ForceCalls, ForceCalls]],
    weeks: Sequence[date],
    fraction: float,
    requests: PortalRequests,
    headline: Headline,
) -> PortalLife:
    """Count it all from the live portal's evidence; `weeks` ends with the day after the last."""
    _records, judgement = plan.judged["live"]
    traces = {name: _traces(plan, name) for name in plan.judged}
    live = traces["live"]
    without = {force: both[0] for force, both in calls.items()}
    return PortalLife(
        headline=headline,
        spread=spread_of_weeks(without, weeks[:-1], plan.centres),
        funnel=funnel(plan.order, live, judgement.messages, fraction),
        time_to_news=time_to_news(plan.order, judgement.code_news),
        hours=[each for force, both in calls.items() for each in _hours(force, *both)],
        messages=messages_a_week(plan.order, judgement.messages),
        per_week_max=plan.order.messages.per_week_max,
        tasks=tasks_by_week(
            live.tasks,
            weeks,
            fraction,
            plan.rollout.officers.task_minutes.value,
            plan.rollout.officers.other_task_minutes.value,
        ),
        harms=_owned(judgement, fraction),
        told_late=told_late(
            {
                name: (traces[name].event_types, judged)
                for name, (_records, judged) in plan.judged.items()
            }
        ),
        requests=requests,
        journey=journey_of_all(plan.population, plan.streams),
        journeys_by_group=journeys_by_group(plan.population, plan.streams),
    )


def _traces(plan: Plan, name: str) -> Traces:
    records, judgement = plan.judged[name]
    return read_traces(plan.order, records, late_events(judgement))


def _hours(force: str, without: ForceCalls, with_portal: ForceCalls) -> list[HourOfDay]:
    return [
        HourOfDay(
            force=force,
            line=before.line,
            hour=before.hour,
            offered_without=before.offered,
            offered_with=after.offered,
            abandoned_without=_rounded(before.abandoned_share, 5),
            abandoned_with=_rounded(after.abandoned_share, 5),
            wait_seconds_without=_rounded(before.wait_seconds_mean, 1),
            wait_seconds_with=_rounded(after.wait_seconds_mean, 1),
        )
        for line in _101_FIRST
        for before, after in zip(without.hours, with_portal.hours, strict=True)
        if before.line == line
    ]


def _owned(judgement: Judgement, fraction: float) -> list[OwnedHarm]:
    return [
        OwnedHarm(
            owner=each.owner,
            harm=each.harm,
            kind=each.kind,
            avoidable=each.avoidable,
            count=scaled(each.count, fraction),
        )
        for each in harm_counts([judgement])
    ]


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
