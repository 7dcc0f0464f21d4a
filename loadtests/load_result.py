"""Make the result of a burst from its evidence: the same judge as everywhere, and the times.

Pure. Only messages of the burst are counted: invitations before it and one-time codes are judged,
not counted. If the generator or our gateway was the limit, the result says nothing of the portal.
"""

import os
import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from loadtests.bursts import Burst
from loadtests.slo import Slo, outcomes
from loadtests.visit_times import VisitCounts, late_p99_seconds, percentile, visit_measures
from simulator.evidence.records import EventDelivered, EventRecorded, MessageAccepted, Record
from simulator.inputs.order import Order
from simulator.inputs.target import Target
from simulator.judge.fold import Judgement, judge
from simulator.results.load import LoadMeasure, LoadResult, LoadSecond, Machine, Ordered, Part
from simulator.results.values import HarmCount
from simulator.verdicts import Kind, worst

#: A generator that begins 1 in 100 things later than this did not keep to its schedule.
LATE_SECONDS_MAX = 1.0
#: Of the visits, so many may find no visitor free.
NOT_MADE_SHARE_MAX = 0.01
#: A portal that sends faster than this share of what our gateway takes may have waited for it.
GATEWAY_SHARE_MAX = 0.8

_EVENT_TYPES = {
    "closed": "CrimeClosed",
    "deployed": "OfficerDeployed",
    "recorded": "CrimeRecorded",
}
_SHARES: tuple[tuple[float, LoadMeasure], ...] = (
    (0.5, "update_to_message_p50_seconds"),
    (0.95, "update_to_message_p95_seconds"),
    (0.99, "update_to_message_p99_seconds"),
    (1.0, "update_to_message_max_seconds"),
)


class Played(Struct, frozen=True, kw_only=True):
    """What the run of a burst measured itself; `end` is until when the portal could send."""

    counts: VisitCounts
    end: datetime
    cores_used: dict[Part, float]
    gateway_per_second_max: float


def make_load_result(
    burst: Burst,
    target: Target,
    order: Order,
    records: Sequence[Record],
    played: Played,
    *,
    slos: Sequence[Slo],
    begun_at: datetime,
    scale: float = 1.0,
) -> LoadResult:
    """Judge a burst."""
    judgement = judge(order, records, correlates=True, end=played.end)
    scheduled = _scheduled(burst, records)
    messages = [
        each
        for each in records
        if isinstance(each, MessageAccepted) and each.reference in scheduled
    ]
    accepted = _accepted(records, scheduled)
    measures = _measures(scheduled, messages, accepted, played.counts)
    found = outcomes(slos, measures)
    series = _series(scheduled, messages, accepted, played.counts)
    ordered = _ordered(burst, scheduled, played.counts)
    machine = _machine(played, series)
    limited_by = _limited_by(ordered, machine)
    kinds: list[Kind] = [judgement.kind, *(each.verdict for each in found)]
    if len({each.reference for each in messages}) < burst.crime_count or limited_by:
        kinds.append("INCONCLUSIVE")
    # A gateway without any message points to wrong settings, not to the portal.
    is_hollow = not any(isinstance(each, MessageAccepted) for each in records)
    failed = played.counts.failed
    return LoadResult(
        name=burst.name,
        portal=target.claims.name,
        order=order.name,
        verdict="INCONCLUSIVE" if is_hollow else worst(kinds),
        scale=scale,
        events_scheduled=burst.crime_count,
        events_accepted=len(accepted),
        messages=len(messages),
        obligations=sum(each.event_id in scheduled for each in judgement.obligations),
        visits=len(played.counts.visits),
        visits_failed=sum(failed.values()),
        measures=measures,
        slos=found,
        ordered=ordered,
        machine=machine,
        limited_by=limited_by,
        errors=failed,
        series=series,
        harms=_harms(judgement),
        failures=[each for each in judgement.findings if each.kind == "FAIL"],
        seconds=_seconds(scheduled.values(), messages),
        begun_at=begun_at.isoformat(timespec="seconds"),
    )


def update_to_message_seconds(
    scheduled: Mapping[str, datetime], messages: Iterable[MessageAccepted]
) -> list[float]:
    """Return the seconds from each update, by event id, to its first message; shortest first.

    An update without a message is left out: it is judged, not timed.
    """
    first: dict[str, datetime] = {}
    for message in messages:
        if message.reference in scheduled:
            known = first.get(message.reference, message.at)
            first[message.reference] = min(known, message.at)
    return sorted((at - scheduled[key]).total_seconds() for key, at in first.items())


def _scheduled(burst: Burst, records: Iterable[Record]) -> dict[str, datetime]:
    """When each update of the burst was due, by event id."""
    wanted = _EVENT_TYPES[burst.update]
    return {
        each.event_id: each.at
        for each in records
        if isinstance(each, EventRecorded) and each.event_type == wanted
    }


def _accepted(records: Iterable[Record], scheduled: Mapping[str, datetime]) -> dict[str, datetime]:
    """When the portal first had each update."""
    found: dict[str, datetime] = {}
    for each in records:
        if isinstance(each, EventDelivered) and each.status == 202 and each.event_id in scheduled:
            found.setdefault(each.event_id, each.at)
    return found


def _measures(
    scheduled: Mapping[str, datetime],
    messages: Sequence[MessageAccepted],
    accepted: Mapping[str, datetime],
    counts: VisitCounts,
) -> dict[LoadMeasure, float]:
    measures = visit_measures(counts)
    waits = update_to_message_seconds(scheduled, messages)
    for share, name in _SHARES:
        value = percentile(waits, share)
        if value is not None:
            measures[name] = value
    if messages and accepted:
        last_update = max(accepted.values())
        drained = max(each.at for each in messages)
        measures["drain_seconds"] = max(0.0, (drained - last_update).total_seconds())
    return measures


def _series(
    scheduled: Mapping[str, datetime],
    messages: Iterable[MessageAccepted],
    accepted: Mapping[str, datetime],
    counts: VisitCounts,
) -> list[LoadSecond]:
    """Count second by second, from the first update that was due."""
    begin = min(scheduled.values(), default=None)
    if begin is None:
        return []
    taken = Counter(_second(at, begin) for at in accepted.values())
    first: dict[str, MessageAccepted] = {}
    sent: Counter[int] = Counter()
    for message in messages:
        sent[_second(message.at, begin)] += 1
        first.setdefault(message.reference, message)
    answered = Counter(_second(each.at, begin) for each in first.values())
    slowest: dict[int, float] = {}
    for reference, message in first.items():
        second = _second(message.at, begin)
        wait = (message.at - scheduled[reference]).total_seconds()
        slowest[second] = max(slowest.get(second, 0.0), wait)
    begun = Counter(int(each.due_seconds) for each in counts.visits)
    failed = Counter(int(each.due_seconds) for each in counts.visits if each.failed)
    last = max([0, *taken, *sent, *begun])
    series, backlog = [], 0
    for second in range(last + 1):
        backlog += taken[second] - answered[second]
        series.append(
            LoadSecond(
                second=second,
                updates_accepted=taken[second],
                messages=sent[second],
                backlog=max(0, backlog),
                visits_begun=begun[second],
                visits_failed=failed[second],
                update_to_message_max_seconds=slowest.get(second, 0.0),
            )
        )
    return series


def _second(at: datetime, begin: datetime) -> int:
    return max(0, int((at - begin).total_seconds()))


def _ordered(burst: Burst, scheduled: Mapping[str, datetime], counts: VisitCounts) -> Ordered:
    seconds = max(counts.sent_in_seconds, 1e-9)
    ordered = burst.closures_per_second.value
    return Ordered(
        updates_per_second_ordered=ordered,
        updates_per_second_sent=len(scheduled) / seconds if counts.sent_in_seconds else ordered,
        visits_ordered=len(counts.visits) + counts.not_made,
        visits_not_made=counts.not_made,
        late_p99_seconds=late_p99_seconds(counts),
    )


def _machine(played: Played, series: Sequence[LoadSecond]) -> Machine:
    return Machine(
        cores=os.cpu_count() or 1,
        cores_used=played.cores_used,
        gateway_per_second_max=played.gateway_per_second_max,
        gateway_per_second_peak=max((each.messages for each in series), default=0),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
    )


def _limited_by(ordered: Ordered, machine: Machine) -> str:
    """Name what kept the burst from showing the portal, "" for nothing."""
    if ordered.late_p99_seconds > LATE_SECONDS_MAX:
        return (
            f"the generator: 1 in 100 was begun {ordered.late_p99_seconds:.1f} s late or more "
            f"({LATE_SECONDS_MAX:g} s allowed)"
        )
    if ordered.visits_not_made > NOT_MADE_SHARE_MAX * ordered.visits_ordered:
        return (
            f"the generator: {ordered.visits_not_made:,} of {ordered.visits_ordered:,} visits "
            "found no visitor free; give more visitors"
        )
    ceiling = machine.gateway_per_second_max
    if ceiling and machine.gateway_per_second_peak > GATEWAY_SHARE_MAX * ceiling:
        return (
            f"our gateway: {machine.gateway_per_second_peak:,} messages in a second, of "
            f"{ceiling:,.0f} that it takes"
        )
    return ""


def _harms(judgement: Judgement) -> list[HarmCount]:
    return [
        HarmCount(kind=kind, harm=harm, owner=owner, avoidable=avoidable, count=number)  # type: ignore[arg-type]
        for (kind, harm, owner, avoidable), number in sorted(judgement.count().items())
    ]


def _seconds(scheduled: Iterable[datetime], messages: Sequence[MessageAccepted]) -> float:
    """Return the seconds from the first update to the last message."""
    first = min(scheduled, default=None)
    last = max((each.at for each in messages), default=None)
    return (last - first).total_seconds() if first and last else 0.0
