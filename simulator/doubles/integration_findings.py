"""What an integration did to the events that it carried, each as a finding against it.

It altered one, brought one that nobody recorded, one twice by two ids, or one after a later one.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import UNSET

from reference.contract.events import EVENT_TYPES
from simulator.clock import in_london
from simulator.doubles.compared_events import contents
from simulator.doubles.delivered_contents import Altered, altered_deliveries
from simulator.doubles.matched_deliveries import SEEN_AS_ONE_SECONDS_MAX
from simulator.evidence.records import EventDelivered, EventRecorded, MessageAccepted, Record
from simulator.judge.findings import warning
from simulator.verdicts import Finding, Harm

_TAKEN = 202
_ADDRESSES = frozenset({"mobile_phone", "other_phone", "email"})
_ENDS = frozenset({"CrimeClosed", "CrimeCancelled"})
#: Of the crime's own record: an integration that reads its end has read these.
_BEFORE_AN_END = frozenset(
    {"OfficerDeployed", "CrimeAllocated", "MilestoneReached", "OutcomeRecorded"}
)


def integration_findings(records: Sequence[Record]) -> list[Finding]:
    """List what an integration did wrong on the way, by what came to the portal's door."""
    recorded = {each.event_id: each for each in records if isinstance(each, EventRecorded)}
    deliveries = [each for each in records if isinstance(each, EventDelivered)]
    sent = [each for each in records if isinstance(each, MessageAccepted)]
    return [
        *(_was_altered(each, recorded, sent) for each in altered_deliveries(records)),
        *map(_never_recorded, filter(_fits, made_up_deliveries(records))),
        *_told_again(deliveries, recorded),
        *_out_of_order(deliveries, recorded),
    ]


def made_up_deliveries(records: Sequence[Record]) -> list[EventDelivered]:
    """List what an integration told the portal, and the force never recorded, or only once."""
    known = {each.event_id for each in records if isinstance(each, EventRecorded)}
    return [
        each
        for each in records
        if isinstance(each, EventDelivered) and each.status == _TAKEN and each.event_id not in known
    ]


def _was_altered(
    delivery: Altered, recorded: Mapping[str, EventRecorded], sent: Sequence[MessageAccepted]
) -> Finding:
    """Name the fields, and say whether a number or a mailbox came in that may be a stranger's."""
    said = delivery.said
    harm: Harm = "lost"
    observed = f"{said.event_type} was delivered with another value in {', '.join(said.altered)}"
    if others := _other_addresses(delivery, recorded):
        harm = "misdirected"
        count = sum(each.at >= delivery.at and each.to.lower() in others for each in sent)
        observed += f": it may be a stranger's, and {count:,} messages went there"
    if not delivery.is_taken:
        observed += "; the portal did not take it"
    return _finding(delivery.at, harm, said.crime_reference, observed)


def _other_addresses(delivery: Altered, recorded: Mapping[str, EventRecorded]) -> set[str]:
    """Give the numbers and mailboxes of a delivery that the record does not have there."""
    event = recorded.get(delivery.event_id)
    if event is None:
        return set()
    told = _addresses(delivery.said.event_type, delivery.said.data)
    return {each for _path, each in told - _addresses(event.event_type, event.data)}


def _addresses(event_type: str, data: msgspec.Raw) -> set[tuple[tuple[str, ...], Any]]:
    said = contents(msgspec.json.decode(data, type=EVENT_TYPES[event_type]))
    return {(path, value) for path, value in said.items() if path[-1] in _ADDRESSES}


def _fits(delivered: EventDelivered) -> bool:
    """Say whether a delivery fits the contract: if not, its field is named already."""
    return delivered.otherwise is UNSET or not delivered.otherwise.altered


def _never_recorded(delivered: EventDelivered) -> Finding:
    said = delivered.otherwise
    kind, crime = ("an event", "") if said is UNSET else (said.event_type, said.crime_reference)
    if said is not UNSET and said.again_of:
        observed = f"{kind} {said.again_of} was delivered again by another id, {delivered.event_id}"
        return _finding(delivered.at, "duplicated", crime, observed)
    observed = f"{kind} {delivered.event_id} says something else, or the same by another id"
    return _finding(delivered.at, "noise", crime, observed)


def _told_again(
    deliveries: Sequence[EventDelivered], recorded: Mapping[str, EventRecorded]
) -> Iterator[Finding]:
    """Name what came by two ids and may: every portal must know it again by what it says."""
    for each in deliveries:
        said, event = each.otherwise, recorded.get(each.event_id)
        if each.status == _TAKEN and event is not None and said is not UNSET and said.again_of:
            observed = (
                f"{event.event_type} {each.event_id} was delivered again by another id, "
                f"{each.delivered_id}; the contract allows it"
            )
            yield _finding(each.at, "noise", event.crime_reference, observed, avoidable=False)


def _out_of_order(
    deliveries: Sequence[EventDelivered], recorded: Mapping[str, EventRecorded]
) -> Iterator[Finding]:
    """Name each event that came after one of its crime that the force recorded later.

    One that the portal did not take at first came in its order: it could only be sent again.
    """
    first: dict[str, EventDelivered] = {}
    tried: dict[str, int] = {}
    for each in deliveries:
        if each.arrived and each.event_id in recorded:
            tried[each.event_id] = min(each.arrived, tried.get(each.event_id, each.arrived))
            if each.status == _TAKEN:
                first.setdefault(each.event_id, each)
    of_crime: defaultdict[str, list[EventRecorded]] = defaultdict(list)
    for event_id in first:
        of_crime[recorded[event_id].crime_reference].append(recorded[event_id])
    for events in of_crime.values():
        for event in events:
            later = (
                other
                for other in events
                if first[other.event_id].arrived < tried[event.event_id]
                and _comes_after(event, other)
            )
            if (overtook := next(later, None)) is not None:
                observed = (
                    f"{event.event_type} recorded at {in_london(event.at)} was delivered after "
                    f"{overtook.event_type} recorded at {in_london(overtook.at)}"
                )
                at = first[event.event_id].at
                yield _finding(at, "out of order", event.crime_reference, observed)


def _comes_after(event: EventRecorded, other: EventRecorded) -> bool:
    """Say whether another event was recorded so much later that nobody could read it first."""
    if event.event_type in _BEFORE_AN_END and other.event_type in _ENDS:
        return other.at > event.at
    return other.at - event.at > timedelta(seconds=SEEN_AS_ONE_SECONDS_MAX)


def _finding(
    at: datetime, harm: Harm, crime_reference: str, observed: str, *, avoidable: bool = True
) -> Finding:
    expected = "what the portal is told is what the force recorded, once and in its order"
    return warning(
        harm,
        "INT-01",
        "integration",
        None,
        expected,
        observed,
        at=at,
        crime_reference=crime_reference,
        avoidable=avoidable,
    )
