"""Make the result of a burst from its evidence: the same judge as everywhere, and the times.

Pure. Only messages of the burst are counted: invitations before it and one-time codes are judged,
not counted. `burst_verdict` says what the burst says of the portal.
"""

import os
import platform
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from loadtests.burst_verdict import Facts, said_of_portal
from loadtests.bursts import JOURNEYS, Burst, Journey
from loadtests.faults import FaultTimes, fault_outcomes
from loadtests.gave_out import busiest_stretch, machine_measures
from loadtests.load_series import load_series
from loadtests.pages_read import certain_pages
from loadtests.quiet_night import from_the_end, too_late_for_night
from loadtests.slo import Slo
from loadtests.stop_texts import met_on_the_way, without
from loadtests.visit_times import (
    VisitCounts,
    late_p99_seconds,
    page_measures,
    shares_of,
    stop_measures,
    visit_measures,
)
from simulator.evidence.records import (
    EventDelivered,
    EventRecorded,
    MessageAccepted,
    MessageRefused,
    Record,
    SignedIn,
)
from simulator.inputs.order import Order
from simulator.inputs.target import Target, way_of
from simulator.judge.fold import Judgement, judge
from simulator.results.load import (
    CoresSecond,
    FaultOutcome,
    LoadMeasure,
    LoadResult,
    LoadSecond,
    Machine,
    Ordered,
    Part,
)
from simulator.results.values import HarmCount
from simulator.verdicts import Finding

_CPUINFO = Path("/proc/cpuinfo")
_EVENT_TYPES = {
    "closed": "CrimeClosed",
    "deployed": "OfficerDeployed",
    "recorded": "CrimeRecorded",
}


class Played(Struct, frozen=True, kw_only=True):
    """What the run of a burst measured itself; `end` is until when the portal could send.

    `released_at` is when the quiet hours ended, None for a burst by day.

    `memory_megabytes` is what the portal held at the beginning and at the end of the burst. What
    failed before the burst was tried again; receipts were not.
    """

    counts: VisitCounts
    end: datetime
    cores_used: dict[Part, float]
    gateway_per_second_max: float
    memory_megabytes: tuple[float, float] = (0.0, 0.0)
    faults: tuple[FaultTimes, ...] = ()
    load_average: float = 0.0
    is_pinned: bool = False
    watched_seconds: float = 0.0
    looked_for_repeats_seconds: float | None = None
    database: str = ""
    versions: dict[str, str] = {}
    portal_workers: int = 1
    cores_over_time: list[CoresSecond] = []
    released_at: datetime | None = None
    rate_max: float = 0.0
    receipts_share: float = 0.0
    failed_before: dict[str, int] = {}
    receipts_sent: int = 0
    receipts_refused: dict[str, int] = {}
    database_waits: dict[str, float] = {}

    @property
    def failed_beside(self) -> dict[str, int]:
        """What failed that was no part of the burst: before it, and of its receipts."""
        return self.failed_before | self.receipts_refused


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
    journeys: tuple[Journey, ...] = JOURNEYS,
) -> LoadResult:
    """Judge a burst."""
    met = met_on_the_way(records, played.counts.stops)
    read = certain_pages(without(records, met))
    judgement = judge(order, read, correlates=True, end=played.end)
    scheduled = from_the_end(_scheduled(burst, records, journeys), played.released_at)
    crime_count = burst.crime_count if "updates" in journeys else 0
    messages = _messages(records, scheduled)
    accepted = _accepted(records, scheduled)
    due = _due(burst, scheduled, judgement)
    series, faults = _over_time(due, messages, accepted, records, played)
    counts, told = played.counts, _told(messages)
    facts = Facts(
        judgement=judgement,
        measures=_measures(scheduled, messages, accepted, played) | _over(series, faults),
        ordered=_ordered(burst, len(accepted), played, met),
        machine=_machine(played, series),
        counts=counts,
        updates=crime_count,
        updates_taken=len(accepted),
        never_taken=max(0, crime_count - len(accepted.keys() | told)),
        untold=len((accepted.keys() & due.keys()) - told),
        is_whole=len(scheduled) >= crime_count and told >= due.keys() and not _is_cut_off(counts),
        is_hollow=_is_hollow(records),
        has_answered=_has_answered(records),
        too_late=too_late_for_night(accepted.values(), played.released_at),
        data_quality=burst.data_quality,
        errors=counts.failed | _not_taken(records, scheduled) | played.failed_beside,
    )
    said = said_of_portal(facts, slos)
    return LoadResult(
        name=burst.name,
        portal=target.claims.name,
        reached=way_of(target),
        vouched_by=_vouched_by(target),
        order=order.name,
        scale=scale,
        **structs.asdict(said),
        **_counted(facts, scheduled, messages),
        ordered=facts.ordered,
        machine=facts.machine,
        series=series,
        begun_at=begun_at.isoformat(timespec="seconds"),
        seed=burst.seed,
        journeys=journeys,
        faults=faults,
        data_quality=burst.data_quality,
        looked_for_repeats_seconds=played.looked_for_repeats_seconds,
    )


def _counted(
    facts: Facts, scheduled: Mapping[str, datetime], messages: Sequence[MessageAccepted]
) -> dict[str, Any]:
    """Count what was sent and what came of it, by the names that the result has for it."""
    obligations = facts.judgement.obligations
    return {
        "events_scheduled": facts.updates,
        "events_accepted": facts.updates_taken,
        "messages": len(messages),
        "obligations": sum(each.event_id in scheduled for each in obligations),
        "visits": len(facts.counts.visits),
        "visits_failed": sum(facts.counts.failed.values()),
        "seconds": _seconds(scheduled.values(), messages),
        "harms": _harms(facts.heard),
        "failures": _failures(facts.heard),
    }


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


def _scheduled(
    burst: Burst, records: Iterable[Record], journeys: Sequence[Journey]
) -> dict[str, datetime]:
    """When each update of the burst was due, by event id; none if none was ordered."""
    if "updates" not in journeys:
        return {}
    wanted = _EVENT_TYPES[burst.update]
    return {
        each.event_id: each.at
        for each in records
        if isinstance(each, EventRecorded) and each.event_type == wanted
    }


def _told(messages: Iterable[MessageAccepted]) -> set[str]:
    return {each.reference for each in messages}


def _due(
    burst: Burst, scheduled: Mapping[str, datetime], judgement: Judgement
) -> dict[str, datetime]:
    """Choose the updates that somebody can be told of: all, unless records fail or STOP is said."""
    if not burst.data_quality and not burst.stops_share:
        return dict(scheduled)
    owed = {each.event_id for each in judgement.obligations}
    return {event_id: at for event_id, at in scheduled.items() if event_id in owed}


def _messages(
    records: Iterable[Record], scheduled: Mapping[str, datetime]
) -> list[MessageAccepted]:
    """The messages of the burst, in the order in which they came."""
    return [
        each
        for each in records
        if isinstance(each, MessageAccepted) and each.reference in scheduled
    ]


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
    played: Played,
) -> dict[LoadMeasure, float]:
    measures = visit_measures(played.counts) | page_measures(played.counts)
    measures |= stop_measures(played.counts)
    measures |= machine_measures(played.cores_over_time, os.cpu_count() or 1)
    if played.receipts_sent:
        refused = sum(played.receipts_refused.values())
        measures["receipts_refused_share"] = refused / played.receipts_sent
    first, last = played.memory_megabytes
    if first and last:
        measures["memory_growth_megabytes"] = last - first
    waits = update_to_message_seconds(scheduled, messages)
    measures |= shares_of("update_to_message", waits)
    if messages and accepted:
        last_update = max([*accepted.values(), *filter(None, [played.released_at])])
        drained = max(each.at for each in messages)
        measures["drain_seconds"] = max(0.0, (drained - last_update).total_seconds())
    return measures


def _over(series: Sequence[LoadSecond], faults: Sequence[FaultOutcome]) -> dict[LoadMeasure, float]:
    """Measure the oldest that waited, and the slowest recovery from a fault that was made good."""
    found: dict[LoadMeasure, float] = {}
    if series:
        found["oldest_max_seconds"] = max(each.oldest_seconds for each in series)
    recovered = [each.recovery_seconds for each in faults if each.recovery_seconds is not None]
    if recovered:
        found["recovery_seconds"] = max(recovered)
    return found


def _over_time(
    due: Mapping[str, datetime],
    messages: Iterable[MessageAccepted],
    accepted: Mapping[str, datetime],
    records: Iterable[Record],
    played: Played,
) -> tuple[list[LoadSecond], list[FaultOutcome]]:
    """Count second by second, and tell each fault's recovery, by the updates that can be told."""
    refused = [each.at for each in records if isinstance(each, MessageRefused)]
    told = [each for each in messages if each.reference in due]
    taken = {event_id: at for event_id, at in accepted.items() if event_id in due}
    series = load_series(due, told, taken, visits=played.counts.visits, refused=refused)
    return series, _faults(played, due, told)


def _faults(
    played: Played, scheduled: Mapping[str, datetime], messages: Iterable[MessageAccepted]
) -> list[FaultOutcome]:
    begin = min(scheduled.values(), default=None)
    if begin is None:
        return []
    told: dict[str, datetime] = {}
    for message in messages:
        told[message.reference] = min(told.get(message.reference, message.at), message.at)
    return fault_outcomes(played.faults, scheduled, told, begin)


def _ordered(
    burst: Burst,
    accepted: int,
    played: Played,
    met: Collection[str],
) -> Ordered:
    counts = played.counts
    # `sent_in_seconds` ends with the last update that was accepted.
    seconds = max(counts.sent_in_seconds, 1e-9)
    ordered = burst.closures_per_second.value
    return Ordered(
        updates_per_second_ordered=ordered,
        updates_per_second_sent=accepted / seconds if counts.sent_in_seconds else ordered,
        visits_ordered=len(counts.visits) + counts.not_made,
        visits_not_made=counts.not_made,
        late_p99_seconds=late_p99_seconds(counts),
        requests=counts.requests,
        workers=counts.workers,
        stops=len(counts.stops),
        updates_met_a_stop=len(met),
        pages_watched=len(counts.page_seconds) + counts.pages_cut_off,
        pages_cut_off=counts.pages_cut_off,
        rate_max=played.rate_max,
        receipts_share=played.receipts_share,
        held_back=counts.held_back,
    )


def _machine(played: Played, series: Sequence[LoadSecond]) -> Machine:
    return Machine(
        cores=os.cpu_count() or 1,
        cores_used=played.cores_used,
        gateway_per_second_max=played.gateway_per_second_max,
        gateway_per_second_peak=max((each.messages for each in series), default=0),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        processor=_processor(),
        load_average=played.load_average,
        pinned=played.is_pinned,
        watched_seconds=played.watched_seconds,
        database=played.database,
        versions=played.versions,
        portal_workers=played.portal_workers,
        cores_over_time=played.cores_over_time,
        busiest=busiest_stretch(played.cores_over_time),
        database_waits=played.database_waits,
    )


def _processor() -> str:
    """Name the processor, as Linux does ("" where it does not)."""
    try:
        lines = _CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    named = [each.partition(":")[2].strip() for each in lines if each.startswith("model name")]
    return named[0] if named else platform.processor()


def _vouched_by(target: Target) -> str:
    """Name who vouches for a driver of the vendor's own, "" where there is none between."""
    if not target.access.has_driver:
        return ""
    return target.claims.signatory.strip() or "nobody"


def _not_taken(records: Iterable[Record], scheduled: Mapping[str, datetime]) -> dict[str, int]:
    """Count the updates of the burst that were not taken when they were handed over, by why."""
    found: Counter[str] = Counter()
    for each in records:
        if isinstance(each, EventDelivered) and each.status != 202 and each.event_id in scheduled:
            why = f"answered {each.status}" if each.status else "not answered"
            found[f"update {why}, and delivered again"] += 1
    return dict(found)


def _has_answered(records: Iterable[Record]) -> bool:
    """Whether the portal ever took an event, or let a person in: before the burst, too."""
    return any(
        isinstance(each, SignedIn) or (isinstance(each, EventDelivered) and each.status == 202)
        for each in records
    )


def _is_cut_off(counts: VisitCounts) -> bool:
    """Whether the run ended before all of it was done, or before a watched page had its time."""
    return bool(counts.stopped or counts.pages_cut_off)


def _is_hollow(records: Iterable[Record]) -> bool:
    """Whether no message came at all: that points to wrong settings, not to the portal."""
    return not any(isinstance(each, MessageAccepted) for each in records)


def _failures(judgement: Judgement) -> list[Finding]:
    return [each for each in judgement.findings if each.kind == "FAIL"]


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
