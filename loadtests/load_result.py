"""Make the result of a burst from its evidence: the same judge as everywhere, and the times.

Pure. Only messages of the burst are counted: invitations and one-time codes are judged, not
counted.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime

from loadtests.bursts import Burst
from loadtests.locust_process import VisitCounts
from simulator.evidence.records import EventDelivered, EventRecorded, MessageAccepted, Record
from simulator.inputs.order import Order
from simulator.inputs.target import Target
from simulator.judge.fold import Judgement, judge
from simulator.results.values import HarmCount, LoadResult
from simulator.verdicts import Kind, worst


def make_load_result(
    burst: Burst,
    target: Target,
    order: Order,
    records: Sequence[Record],
    tally: VisitCounts,
    *,
    end: datetime,
) -> LoadResult:
    """Judge a burst. `end` is the time until which the portal could send."""
    judgement = judge(order, records, correlates=True, end=end)
    closures = {
        each.event_id: each.at
        for each in records
        if isinstance(each, EventRecorded) and each.event_type == "CrimeClosed"
    }
    messages = [
        each for each in records if isinstance(each, MessageAccepted) and each.reference in closures
    ]
    waits = update_to_message_seconds(closures, messages)
    p95 = percentile(waits, 0.95)
    accepted = {
        each.event_id
        for each in records
        if isinstance(each, EventDelivered) and each.status == 202 and each.event_id in closures
    }
    kinds: list[Kind] = [judgement.kind, _visits_kind(tally), _slo_kind(burst, p95)]
    if len(waits) < burst.crime_count:
        kinds.append("INCONCLUSIVE")
    # A gateway without any message points to wrong settings, not to the portal.
    is_hollow = not any(isinstance(each, MessageAccepted) for each in records)
    return LoadResult(
        name=burst.name,
        portal=target.claims.name,
        order=order.name,
        verdict="INCONCLUSIVE" if is_hollow else worst(kinds),
        events_scheduled=burst.crime_count,
        events_accepted=len(accepted),
        messages=len(messages),
        obligations=sum(each.event_id in closures for each in judgement.obligations),
        visits=tally.visits,
        visits_failed=sum(tally.failed.values()),
        update_to_message_p50_seconds=percentile(waits, 0.5),
        update_to_message_p95_seconds=p95,
        update_to_message_p99_seconds=percentile(waits, 0.99),
        update_to_message_max_seconds=percentile(waits, 1),
        slo_update_to_message_p95_seconds=(
            burst.slo.update_to_message_p95_seconds.value if burst.slo else None
        ),
        harms=_harms(judgement),
        failures=[each for each in judgement.findings if each.kind == "FAIL"],
        seconds=_seconds(closures.values(), messages),
    )


def update_to_message_seconds(
    scheduled: dict[str, datetime], messages: Iterable[MessageAccepted]
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


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Return the smallest value that at least `share` of them do not exceed (nearest rank)."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _visits_kind(tally: VisitCounts) -> Kind:
    failed = sum(tally.failed.values())
    if not failed:
        return "PASS"
    return "WARNING" if failed < tally.visits else "INCONCLUSIVE"


def _slo_kind(burst: Burst, p95: float | None) -> Kind:
    slo = burst.slo
    if slo is None or p95 is None or p95 <= slo.update_to_message_p95_seconds.value:
        return "PASS"
    return "FAIL" if slo.level == "must" else "WARNING"


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
