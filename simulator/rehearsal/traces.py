"""What a portal's evidence says of people, tasks and some events, read in one pass.

A year of all crimes has millions of records in a file: to read them once more takes minutes.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from reference.contract.events import CrimeRecorded
from simulator.clock import LONDON
from simulator.evidence.records import EventRecorded, QuestionAsked, Record, SignedIn, TaskRaised
from simulator.inputs.order import Order


class RecordedVictim(NamedTuple):
    """A victim of a crime, when it was recorded, and whether the order has them told."""

    recorded_at: datetime
    person_id: str
    is_eligible: bool


@dataclass
class Traces:
    """Victims by crime, how often each person signed in, who asked, and tasks by London day.

    `event_types` has the events that were asked for.
    """

    victims: list[RecordedVictim] = field(default_factory=list)
    signed_in: Counter[str] = field(default_factory=Counter)
    asked: set[str] = field(default_factory=set)
    tasks: Counter[tuple[date, str]] = field(default_factory=Counter)
    event_types: dict[str, str] = field(default_factory=dict)


def read_traces(order: Order, records: Iterable[Record], event_ids: Collection[str] = ()) -> Traces:
    """Read the evidence; `event_ids` are those of which the type is wanted."""
    found = Traces()
    for each in records:
        if isinstance(each, EventRecorded):
            if each.event_id in event_ids:
                found.event_types[each.event_id] = each.event_type
            if each.event_type == "CrimeRecorded":
                _note_victims(found, order, each)
        elif isinstance(each, SignedIn):
            found.signed_in[each.person_id] += 1
        elif isinstance(each, QuestionAsked):
            found.asked.add(each.person_id)
        elif isinstance(each, TaskRaised):
            found.tasks[each.at.astimezone(LONDON).date(), each.task_kind] += 1
    return found


def _note_victims(found: Traces, order: Order, event: EventRecorded) -> None:
    crime = msgspec.json.decode(event.data, type=CrimeRecorded)
    for victim in crime.victims:
        is_eligible = not order.exclusion(crime, victim.person_id)
        found.victims.append(RecordedVictim(crime.recorded_at, victim.person_id, is_eligible))
