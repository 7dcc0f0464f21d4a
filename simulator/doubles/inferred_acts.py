"""What victims did on a portal's pages, as far as it shows outside: nobody watches them there.

A code is sent to who begins to sign in; words that the portal files were written by a victim who is
signed in. So a portal that sends or files what nobody asked for is not seen by this evidence, and
the judgement says so. A tester who plays a victim says when they signed in, and what they asked.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from reference.contract.events import (
    EVENT_TYPES,
    CrimeRecorded,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.doubles.people_named import PeopleNamed
from simulator.evidence.records import (
    EventRecorded,
    MessageAccepted,
    QuestionAsked,
    Record,
    SignedIn,
    SigningIn,
    Stamped,
)

_JUST = timedelta(microseconds=1)


def with_inferred_acts(records: Sequence[Record]) -> tuple[list[Record], set[str]]:
    """Add what victims must have done; give also who got a code, and may have signed in or not."""
    found: list[tuple[datetime, int, Record]] = [
        (each.at, number, each) for number, each in enumerate(records)
    ]
    unsure: dict[str, datetime] = {}
    holders: dict[str, str] = {}
    said = Counter(_words(each) for each in records if isinstance(each, QuestionAsked))
    for number, record in enumerate(records):
        for victim in _written_down(record):
            for address in filter(None, (victim.mobile_phone, victim.other_phone, victim.email)):
                holders[_plain(address)] = victim.person_id
        found.extend((act.at, number, act) for act in _acts(record, unsure, holders, said))
    # Stable: what was inferred from a record, and is of the same moment, comes after the others.
    found.sort(key=lambda each: each[0])
    return [record for _at, _number, record in found], set(unsure)


def without_unknown_people(
    records: Sequence[Record],
) -> tuple[list[Record], list[QuestionAsked]]:
    """Leave out, and give, the questions of whom nobody recorded in that crime."""
    people = PeopleNamed()
    for each in records:
        if isinstance(each, EventRecorded):
            people.learn(msgspec.json.decode(each.data, type=EVENT_TYPES[each.event_type]))
    unknown = [
        each
        for each in records
        if isinstance(each, QuestionAsked)
        and not people.are_in(each.crime_reference, each.person_id)
    ]
    left_out = set(map(id, unknown))
    return [each for each in records if id(each) not in left_out], unknown


def _acts(
    record: Record,
    unsure: dict[str, datetime],
    holders: dict[str, str],
    said: Counter[tuple[str, str]],
) -> Iterator[Record]:
    match record:
        case MessageAccepted(carries="one_time_code"):
            if person_id := holders.get(_plain(record.to)):
                unsure[person_id] = record.at
                yield SigningIn(at=record.at - _JUST, person_id=person_id)
        case SignedIn():
            unsure.pop(record.person_id, None)
        case Stamped():
            written_at = min(record.written_at or record.at, record.at) - _JUST
            code_at = unsure.pop(record.person_id, None)
            if code_at is not None:
                yield SignedIn(at=code_at + _JUST, person_id=record.person_id)
            if said[_words(record)]:
                said[_words(record)] -= 1
                return
            yield QuestionAsked(
                at=written_at,
                person_id=record.person_id,
                crime_reference=record.crime_reference,
                text=record.text,
            )


def _words(record: QuestionAsked | Stamped) -> tuple[str, str]:
    return record.person_id, record.text


def _written_down(record: Record) -> tuple[VictimRecord, ...]:
    if not isinstance(record, EventRecorded):
        return ()
    event = msgspec.json.decode(record.data, type=EVENT_TYPES[record.event_type])
    if isinstance(event, CrimeRecorded):
        return event.victims
    return (event.victim,) if isinstance(event, VictimDetailsChanged) else ()


def _plain(address: str) -> str:
    """An address as the gateway writes it."""
    if "@" in address:
        return address.strip().lower()
    digits = "".join(each for each in address if each.isdigit())
    return f"0{digits.removeprefix('44')}" if digits.startswith("44") else digits
