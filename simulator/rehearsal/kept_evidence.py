"""Which evidence of a rehearsal is kept: all about people who were harmed, and about a few others.

The whole log is large and repetitive. The counts in the result include all of it.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from reference.contract.events import VictimRecord
from simulator.evidence.records import (
    ChangesSeenAsOne,
    EventDelivered,
    EventRecorded,
    MessageAccepted,
    MessageReached,
    PersonKnown,
    ReceiptSent,
    Record,
    VictimRefused,
)
from simulator.judge.fold import Judgement

OTHERS_MAX = 200


def select_evidence(records: Sequence[Record], judgement: Judgement) -> Iterator[Record]:
    """Give everything about people who were harmed, and about the first few others."""
    harmed = {each.person_id for each in judgement.findings} - {""}
    people = [each.person_id for each in records if isinstance(each, PersonKnown)]
    others = [each for each in people if each not in harmed][:OTHERS_MAX]
    wanted = harmed.union(others, _sharing_with_the_refused(records))
    wanted |= _recorded_twice(records, wanted)
    crimes = {each.crime_reference for each in judgement.findings} - {""}
    crimes |= _crimes_of(records, wanted)
    events = {
        each.event_id
        for each in records
        if isinstance(each, EventRecorded) and each.crime_reference in crimes
    }
    # A code names no event. A misdirected one is identified by its time and address.
    astray = {
        (each.at, each.address)
        for each in judgement.messages
        if each.kind == "one_time_code" and each.fate == "misdirected"
    }
    named = events | crimes
    messages = {
        each.message_id
        for each in records
        if isinstance(each, MessageAccepted)
        and (each.reference in named or (each.at, each.to) in astray)
    }
    wanted |= _strangers_at(records, messages)
    return (each for each in records if _is_about(each, wanted, crimes, events, messages))


def victim_ids(event: EventRecorded) -> set[str]:
    """Give the victims that an event names, if any."""
    return {each.person_id for each in msgspec.json.decode(event.data, type=_Victims).victims}


class _Victims(msgspec.Struct, frozen=True):
    victims: tuple[VictimRecord, ...] = ()


def _strangers_at(records: Sequence[Record], messages: set[str]) -> set[str]:
    """Find the strangers who hold the addresses that these messages went to."""
    addresses = {
        each.to
        for each in records
        if isinstance(each, MessageAccepted) and each.message_id in messages
    }
    return {
        each.person_id
        for each in records
        if isinstance(each, PersonKnown)
        and each.role == "stranger"
        and addresses.intersection((each.mobile_phone, each.email))
    }


def _sharing_with_the_refused(records: Sequence[Record]) -> set[str]:
    """Find the people who share an address with a victim who was refused."""
    addresses = {each.address for each in records if isinstance(each, VictimRefused)} - {""}
    return {
        each.person_id
        for each in records
        if isinstance(each, PersonKnown) and addresses.intersection((each.mobile_phone, each.email))
    }


def _recorded_twice(records: Sequence[Record], people: set[str]) -> set[str]:
    """Find the other records of these people."""
    pairs = [
        {each.person_id, each.same_as}
        for each in records
        if isinstance(each, PersonKnown) and each.same_as
    ]
    return {each for pair in pairs if pair & people for each in pair}


def _crimes_of(records: Iterable[Record], people: set[str]) -> set[str]:
    found = set()
    for each in records:
        person_id = getattr(each, "person_id", "")
        if person_id in people:
            found.add(getattr(each, "crime_reference", ""))
        elif isinstance(each, EventRecorded) and people.intersection(victim_ids(each)):
            found.add(each.crime_reference)
    return found - {""}


def _is_about(
    record: Record, people: set[str], crimes: set[str], events: set[str], messages: set[str]
) -> bool:
    if isinstance(record, EventRecorded | EventDelivered | ChangesSeenAsOne):
        return record.event_id in events
    if isinstance(record, MessageAccepted | MessageReached | ReceiptSent):
        return record.message_id in messages
    reference = getattr(record, "crime_reference", "")
    person_id = getattr(record, "person_id", "")
    if reference or person_id:
        return reference in crimes or person_id in people
    return True
