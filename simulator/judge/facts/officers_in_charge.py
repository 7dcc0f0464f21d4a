"""Who may be given a task about a crime: the officer in charge, the team, or the court's unit.

It is worked out twice, from what the portal was told and from what the force has recorded, since a
portal may leave it to the crime system. Where facts may be read in more than one order, each
reading counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from reference.contract.events import (
    EVENT_TYPES,
    AnyEvent,
    CrimeAllocated,
    CrimeClosed,
    CrimeMerged,
    CrimeReopened,
    CrimeUnmerged,
    OfficerUnavailable,
    OutcomeRecorded,
)
from simulator.evidence.records import EventRecorded
from simulator.inputs.order import Order
from simulator.judge.facts.crime_register import CrimeRegister, Received

Standing = Literal["open", "charged", "closed"]
_Turn = OutcomeRecorded | CrimeClosed | CrimeReopened
_KEPT = (CrimeAllocated, OfficerUnavailable, OutcomeRecorded, CrimeClosed, CrimeReopened)
#: What happened in one moment may be read in either order.
MOMENT = timedelta(microseconds=1)
_KEPT_NAMES = frozenset(each.__name__ for each in _KEPT)


class Told(NamedTuple):
    """One fact, when the force recorded it, and when it was known where it counts."""

    event: AnyEvent
    recorded_at: datetime
    known_at: datetime


class _Merger(NamedTuple):
    """A merger into a crime, or into none (""): one that is taken back."""

    into: str
    recorded_at: datetime
    known_at: datetime


class Addressees(NamedTuple):
    """Who may get a task at a moment: collar numbers and queues, "" for the force's own choice.

    A question may be for those in `asked`, which is another unit after a charge; any other task may
    be for those `at_work` on the crime. `teams` are the teams that the crime may have ("" for
    none), and `standings` how the case may stand.
    """

    asked: frozenset[str]
    at_work: frozenset[str]
    teams: frozenset[str]
    standings: frozenset[Standing]


@dataclass
class OfficersInCharge:
    """The allocations, absences and turns of every crime, as told to the portal and as recorded.

    `collar_numbers` are of every officer that any event named.
    """

    order: Order
    register: CrimeRegister
    collar_numbers: set[str] = field(default_factory=set)
    _told: dict[str, list[Told]] = field(default_factory=dict)
    _recorded: dict[str, list[Told]] = field(default_factory=dict)
    _absences: dict[str, list[Told]] = field(default_factory=dict)
    _merged: dict[str, list["_Merger"]] = field(default_factory=dict)
    _merged_by_force: dict[str, list["_Merger"]] = field(default_factory=dict)

    def record(self, record: EventRecorded) -> None:
        """Write down what the force recorded."""
        if record.event_type in (CrimeMerged.__name__, CrimeUnmerged.__name__):
            event = msgspec.json.decode(record.data, type=EVENT_TYPES[record.event_type])
            _note_merger(self._merged_by_force, event, record.at, record.at)
        if record.event_type not in _KEPT_NAMES:
            return
        told = self.hear_of(record)
        self._recorded.setdefault(record.crime_reference, []).append(told)

    def hear_of(self, record: EventRecorded) -> Told:
        """Write down which officer an event of any crime names, and whether they are away."""
        event = msgspec.json.decode(record.data, type=EVENT_TYPES[record.event_type])
        told = Told(event, record.at, record.at)
        if isinstance(event, OfficerUnavailable):
            self._absences.setdefault(event.officer.collar_number, []).append(told)
        number = officer_named_in(event)
        if number:
            self.collar_numbers.add(number)
        return told

    def receive(self, received: Received) -> None:
        """Write down an event that the portal has."""
        event = received.event
        if isinstance(event, CrimeMerged | CrimeUnmerged):
            _note_merger(self._merged, event, received.recorded_at, received.received_at)
        elif isinstance(event, _KEPT):
            told = Told(event, received.recorded_at, received.received_at)
            self._told.setdefault(event.crime_reference, []).append(told)

    def had(self, crime_reference: str) -> set[str]:
        """List the officers that a crime, or what it was merged into, ever had."""
        return {
            officer_named_in(each.event)
            for reference in (crime_reference, self.register.current(crime_reference))
            for each in self._recorded.get(reference, ())
            if isinstance(each.event, CrimeAllocated)
        } - {""}

    def closed_at(self, crime_reference: str) -> tuple[datetime, ...]:
        """List when a crime was last closed: as it happened, was recorded, and became known."""
        told = self._told.get(self.register.current(crime_reference), ())
        turns = [each for each in told if isinstance(each.event, _Turn)]
        return tuple(
            at
            for each in _newest_facts(turns)
            for at in (_happened_at(each.event), each.recorded_at, each.known_at)
        )

    def last_closures(self, crime_reference: str) -> list[CrimeClosed]:
        """List the closures that may be the last of a crime: by when it happened or was told."""
        told = self._told.get(self.register.current(crime_reference), ())
        turns = [each for each in told if isinstance(each.event, _Turn)]
        newest = (each.event for each in _newest_facts(turns))
        return [each for each in newest if isinstance(each, CrimeClosed)]

    def between(self, crime_reference: str, since: datetime, until: datetime) -> Addressees:
        """Find who may get a task that is written between two moments, and raised at the second."""
        # What was written in the first moment may have been written before what changed in it.
        begins = since - MOMENT if since < until else since
        moments, returns = {begins, until}, set[datetime]()
        for reference in {crime_reference, self._current(crime_reference, until, self._merged)}:
            told, recorded = self._told.get(reference, []), self._recorded.get(reference, [])
            moments |= {each.known_at for each in (*told, *recorded)}
            returns |= self._returns(recorded)
        both = (self._merged, self._merged_by_force)
        merged_at = [
            each.known_at for mergers in both for every in mergers.values() for each in every
        ]
        views = [
            self._at(crime_reference, known_at, at)
            for at in moments.union(merged_at, returns)
            if begins <= at <= until
            # Who comes back in this moment may have the crime until what is told in it counts.
            for known_at in ({at - MOMENT, at} if at in returns else {at})
        ]
        return Addressees(
            frozenset().union(*(each.asked for each in views)),
            frozenset().union(*(each.at_work for each in views), self._own(crime_reference, until)),
            frozenset().union(*(each.teams for each in views)),
            frozenset().union(*(each.standings for each in views)),
        )

    def in_passing(self, crime_reference: str, since: datetime, until: datetime) -> set[str]:
        """Find who was put in charge and said to be away in one moment, and had it in between."""
        facts = [e for e in self._told.get(crime_reference, ()) if since <= e.known_at <= until]
        put_in_charge, away = (
            {
                (officer_named_in(each.event), each.known_at)
                for each in facts
                if type(each.event) is kind
            }
            for kind in (CrimeAllocated, OfficerUnavailable)
        )
        return {collar_number for collar_number, _at in put_in_charge & away}

    def _own(self, crime_reference: str, at: datetime) -> set[str]:
        """Find who had a crime, or the one it is merged into, whatever the portal knew by then."""
        found: set[str] = set()
        for reference in (crime_reference, self.register.current(crime_reference)):
            told, recorded = self._told.get(reference, []), self._recorded.get(reference, [])
            for facts in (told, [*told, *recorded]):
                found |= self._present(_until(facts, at), at)
        return found

    def _current(
        self, reference: str, at: datetime, merged: Mapping[str, Sequence["_Merger"]]
    ) -> str:
        """Give the reference under which a crime went on at a moment, by the mergers known.

        The portal may not have the crime that it goes on as yet; the force has.
        """
        seen = {reference}
        while known := [each for each in merged.get(reference, ()) if each.known_at <= at]:
            into = max(known, key=lambda each: each.recorded_at).into
            is_missing = merged is self._merged and into not in self.register.crimes
            if not into or into in seen or is_missing:
                break
            reference = into
            seen.add(into)
        return reference

    def _at(self, crime_reference: str, known_at: datetime, at: datetime) -> Addressees:
        """Find who may get a task at a moment, by what was known at another."""
        reference = self._current(crime_reference, known_at, self._merged)
        in_records = self._current(crime_reference, known_at, self._merged_by_force)
        told = _until(self._told.get(reference, ()), known_at)
        recorded = _until(self._recorded.get(in_records, ()), known_at)
        standings = self._standings(reference, told)
        at_work = self._present(told, at) | self._present(recorded, at)
        asked = at_work if standings != {"charged"} else set()
        crime = self.register.crimes.get(reference)
        if "charged" in standings and crime is not None:
            asked = asked | {self.order.forces[crime.recorded.force].witness_care}
        allocated = _latest([each for each in told if isinstance(each.event, CrimeAllocated)])
        teams = {each.team for each in allocated if isinstance(each, CrimeAllocated)} or {""}
        return Addressees(
            frozenset(asked), frozenset(at_work), frozenset(teams), frozenset(standings)
        )

    def _standings(self, reference: str, told: Sequence[Told]) -> set[Standing]:
        """Say how a case may stand: a closure that an officer tells first may be left out.

        So may one after a charge: a charged case is never called closed.
        """
        withheld, crime = self.order.sensitive_closures, self.register.crimes.get(reference)
        subgroup = crime.recorded.offence_subgroup if crime is not None else ""
        turns = [each for each in told if isinstance(each.event, _Turn)]
        open_ones = [
            each
            for each in turns
            if not (
                isinstance(each.event, CrimeClosed)
                and withheld.are_told_in_person(each.event.outcome, subgroup)
            )
        ]
        found: set[Standing] = set()
        for facts in (turns, open_ones):
            latest = _latest(facts)
            found |= {_STANDS[type(each)] for each in latest} or {"open"}
        never_closed = [each for each in turns if not isinstance(each.event, CrimeClosed)]
        if any(isinstance(each, OutcomeRecorded) for each in _latest(never_closed)):
            found.add("charged")
        return found

    def _present(self, facts: Sequence[Told], at: datetime) -> set[str]:
        """Find the officer in charge if at work, or the team ("" where there is neither)."""
        who: set[str] = set()
        for allocated in _newest_facts([e for e in facts if isinstance(e.event, CrimeAllocated)]):
            event = allocated.event
            assert isinstance(event, CrimeAllocated)
            officer = event.officer_in_charge
            is_there = {False}
            if officer is not None:
                is_there = self._is_there(officer.collar_number, allocated, facts, at)
            if officer is not None and True in is_there:
                who.add(officer.collar_number)
            if False in is_there:
                who.add(event.team)
        return who or {""}

    def _is_there(
        self,
        collar_number: str,
        allocated: Told,
        facts: Sequence[Told],
        at: datetime,
    ) -> set[bool]:
        """Say whether an officer is at work: both where the facts may be read either way.

        An absence counts for certain when it began after the allocation, is of the same crime and
        did not overtake the allocation on its way.
        """
        assert isinstance(allocated.event, CrimeAllocated)
        # Two allocations of one moment may be equal.
        came_after = facts[[each is allocated for each in facts].index(True) :]
        since = [
            each
            for each in came_after
            if isinstance(each.event, OfficerUnavailable)
            and each.event.officer.collar_number == collar_number
            and each.event.unavailable_at >= allocated.event.allocated_at
            and each.recorded_at >= allocated.recorded_at
        ]
        certain = [each for each in _latest(since) if isinstance(each, OfficerUnavailable)]
        found = set().union(*(_has_come_back(each, at) for each in certain)) or {True}
        others = _until(self._absences.get(collar_number, ()), at)
        told_last = max([each.recorded_at for each in since], default=allocated.recorded_at)
        for each in others:
            if isinstance(each.event, OfficerUnavailable):
                is_back = _has_come_back(each.event, at)
                # What was told last may replace what happened last.
                found |= is_back if each.recorded_at >= told_last else is_back & {False}
        return found

    def _returns(self, facts: Iterable[Told]) -> set[datetime]:
        found = (each.event for each in facts if isinstance(each.event, OfficerUnavailable))
        return {each.until for each in found if each.until is not None}


def officer_named_in(event: AnyEvent) -> str:
    """Give the collar number of the officer that an event puts in charge, or says is away."""
    if isinstance(event, OfficerUnavailable):
        return event.officer.collar_number
    if isinstance(event, CrimeAllocated) and event.officer_in_charge is not None:
        return event.officer_in_charge.collar_number
    return ""


def _note_merger(
    mergers: dict[str, list[_Merger]], event: AnyEvent, recorded_at: datetime, known_at: datetime
) -> None:
    into = event.into if isinstance(event, CrimeMerged) else ""
    mergers.setdefault(event.crime_reference, []).append(_Merger(into, recorded_at, known_at))


def _has_come_back(absence: OfficerUnavailable, at: datetime) -> set[bool]:
    """Say whether an absence is over at a moment; at its very end either is right."""
    if absence.why == "left" or absence.until is None or absence.until > at:
        return {False}
    return {True, False} if absence.until == at else {True}


def _until(facts: Iterable[Told], at: datetime) -> list[Told]:
    return [each for each in facts if each.known_at <= at]


def _latest(facts: Sequence[Told]) -> list[AnyEvent]:
    return [each.event for each in _newest_facts(facts)]


def _newest_facts(facts: Sequence[Told]) -> list[Told]:
    if not facts:
        return []
    happened = max(_happened_at(each.event) for each in facts)
    recorded = max(each.recorded_at for each in facts)
    return [
        each
        for each in facts
        if each.recorded_at == recorded or _happened_at(each.event) == happened
    ]


def _happened_at(event: AnyEvent) -> datetime:
    match event:
        case CrimeAllocated():
            return event.allocated_at
        case OfficerUnavailable():
            return event.unavailable_at
        case OutcomeRecorded():
            return event.decided_at
        case CrimeClosed():
            return event.closed_at
        case CrimeReopened():
            return event.reopened_at
    raise TypeError(f"{type(event).__name__} says nothing of who has a crime")


_STANDS: dict[type[AnyEvent], Standing] = {
    OutcomeRecorded: "charged",
    CrimeClosed: "closed",
    CrimeReopened: "open",
}
