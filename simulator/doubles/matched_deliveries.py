"""Which recorded event an integration delivers: by what it says, as its ids are its own.

Of a thing that changed twice within minutes an integration may see only the last: the first counts
as seen with it. After that time, a change that never came is one that the integration lost.
"""

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from reference.contract.events import (
    EVENT_TYPES,
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    CloudEvent,
    CrimeAllocated,
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeRecorded,
    CrimeReopened,
    MilestoneReached,
    OfficerDeployed,
    OfficerReplied,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.evidence.records import ChangesSeenAsOne, EventDelivered, Record

#: So long a change may wait for a correction, and be read with it.
SEEN_AS_ONE_SECONDS_MAX = 300
#: Of these a record keeps only what stands now.
_ONLY_THE_LATEST = frozenset(
    each.__name__
    for each in (
        CrimeRecorded,
        CrimeAllocated,
        CrimeReclassified,
        MilestoneReached,
        VictimDetailsChanged,
        OfficerDeployed,
    )
) | {"state", "appointment"}
#: One state of a record: a closure may be taken back before it was ever read.
_STATES = (CrimeClosed, CrimeCancelled, CrimeReopened)
#: So is an appointment, whatever an integration calls it: a victim sees one officer at a time.
_APPOINTMENTS = (AppointmentMade, AppointmentChanged, AppointmentCancelled)
#: The contract lets these come again: nobody is told a second time.
_TOLD_AGAIN = frozenset({CrimeRecorded.__name__, VictimDetailsChanged.__name__})
_TAKEN = 202
_OPEN = "open"
_About: TypeAlias = tuple[str, str, str]


class _Recorded(Struct, frozen=True):
    event_id: str
    says: Any
    at: datetime


class MatchedDeliveries:
    """Notes what an integration delivered.

    `taken` is told of each recorded event that arrived, and by which id of the integration ("" for
    one that was seen with another).
    """

    def __init__(
        self,
        note: Callable[[Record], None],
        taken: Callable[[str, str], None],
        now: Callable[[], datetime],
    ) -> None:
        self._note = note
        self._taken = taken
        self._now = now
        self._lock = threading.Lock()
        self._waiting: defaultdict[_About, list[_Recorded]] = defaultdict(list)
        self._excused: defaultdict[_About, list[_Recorded]] = defaultdict(list)
        self._last: dict[_About, _Recorded] = {}
        self._known: dict[str, str] = {}

    def recorded(self, event_id: str, event: AnyEvent) -> None:
        """Expect an event that the force recorded."""
        with self._lock:
            self._expect(event_id, event)

    def restore(self, recorded: Mapping[str, AnyEvent], delivered_as: Mapping[str, str]) -> None:
        """Know what an earlier run recorded, and by which ids an integration delivered it."""
        arrived = set(delivered_as.values())
        with self._lock:
            for event_id, event in recorded.items():
                if event_id in arrived:
                    self._last[_about(event)] = _Recorded(event_id, _says(event), self._now())
                else:
                    self._expect(event_id, event)
            self._known |= {as_id: event_id for as_id, event_id in delivered_as.items() if as_id}

    def delivered(
        self, events: Iterable[CloudEvent], status: int, correlation_id: str, at: datetime
    ) -> None:
        """Note what the portal answered to a delivery, for each event in it."""
        with self._lock:
            for each in events:
                self._deliver(each, status, correlation_id, at)

    def name(self, events: Iterable[CloudEvent]) -> None:
        """Know the events of a delivery, before the portal can answer them by a message."""
        with self._lock:
            for each in events:
                ours = self._match(each)
                if ours != each.id:
                    self._known.setdefault(each.id, ours)

    def ours(self, reference: str) -> str:
        """Give the recorded event that an integration's id stands for; any other text as it is."""
        return self._known.get(reference, reference)

    def _expect(self, event_id: str, event: AnyEvent) -> None:
        about, new = _about(event), _Recorded(event_id, _says(event), self._now())
        waiting = self._waiting[about]
        waiting.append(new)
        if isinstance(event, CrimeRecorded):
            self._begin(event_id, event)
        last = self._last.get(about)
        # A slip that was put right in time: what stands is what was delivered before it.
        said = last.says if last is not None else _OPEN if about[0] == "state" else None
        if said == new.says and len(waiting) > 1 and about[0] in _ONLY_THE_LATEST:
            self._excuse(about, waiting, new, last.event_id if last is not None else "")

    def _begin(self, event_id: str, crime: CrimeRecorded) -> None:
        """Know how a crime begins: what is put back to that in time is no news."""
        reference = crime.crime_reference
        for about, says in (
            ((CrimeReclassified.__name__, reference, ""), crime.offence_code),
            ((CrimeAllocated.__name__, reference, ""), ("", "")),
            *(
                ((VictimDetailsChanged.__name__, reference, each.person_id), _reached_by(each))
                for each in crime.victims
            ),
        ):
            self._last.setdefault(about, _Recorded(event_id, says, self._now()))

    def _deliver(
        self, delivered: CloudEvent, status: int, correlation_id: str, at: datetime
    ) -> None:
        ours = self._known.get(delivered.id) or self._match(delivered)
        self._note(
            EventDelivered(at=at, event_id=ours, status=status, correlation_id=correlation_id)
        )
        if status == _TAKEN and ours != delivered.id:
            self._taken(ours, delivered.id)
            self._arrived(delivered, ours)

    def _match(self, delivered: CloudEvent) -> str:
        """Find the recorded event; the delivery's own id if the force recorded none such."""
        event = _read(delivered)
        if event is None:
            return delivered.id
        about, says = _about(event), _says(event)
        for found in (self._waiting[about], self._excused[about]):
            same = [each for each in found if each.says == says]
            if same:
                return same[-1 if about[0] in _ONLY_THE_LATEST else 0].event_id
        last = self._last.get(about)
        # Told again by another id, which no portal can know again: harmless only for these.
        is_same = last is not None and last.says == says and about[0] in _TOLD_AGAIN
        return last.event_id if last is not None and is_same else delivered.id

    def _arrived(self, delivered: CloudEvent, event_id: str) -> None:
        event = _read(delivered)
        if event is None:
            return
        about = _about(event)
        waiting = self._waiting[about]
        found = next((each for each in waiting if each.event_id == event_id), None)
        if found is None:
            return
        self._last[about] = found
        if about[0] in _ONLY_THE_LATEST:
            earlier = waiting[: waiting.index(found)]
            self._excuse(about, earlier, found, event_id)
        waiting.remove(found)

    def _excuse(
        self, about: _About, earlier: list[_Recorded], later: _Recorded, seen_as: str
    ) -> None:
        """Let those changes count as seen with another that were followed by it in time."""
        longest = timedelta(seconds=SEEN_AS_ONE_SECONDS_MAX)
        for each in list(earlier):
            if later.at - each.at <= longest:
                self._waiting[about].remove(each)
                self._excused[about].append(each)
                self._taken(each.event_id, "")
                self._note(
                    ChangesSeenAsOne(at=self._now(), event_id=each.event_id, seen_as=seen_as)
                )


def _read(delivered: CloudEvent) -> AnyEvent | None:
    kind = EVENT_TYPES.get(delivered.type)
    try:
        return None if kind is None else msgspec.json.decode(delivered.data, type=kind)
    except msgspec.DecodeError:
        return None


def _about(event: AnyEvent) -> _About:
    """The thing that an event is about: kind, crime and, where it is about one, person."""
    person_id = event.victim.person_id if isinstance(event, VictimDetailsChanged) else ""
    kind = "state" if isinstance(event, _STATES) else type(event).__name__
    if isinstance(event, _APPOINTMENTS):
        kind, person_id = "appointment", event.person_id
    return kind, event.crime_reference, person_id


def _says(event: AnyEvent) -> Any:
    """What an event tells a victim, or decides whom it reaches; times and ids may differ."""
    said: Any = ""
    match event:
        case CrimeRecorded():
            said = sorted(map(_reached_by, event.victims))
        case VictimDetailsChanged():
            said = _reached_by(event.victim)
        case CrimeAllocated():
            officer = event.officer_in_charge
            said = (officer.collar_number if officer else "", event.team)
        case MilestoneReached():
            said = event.milestone
        case CrimeClosed():
            said = str(event.outcome)
        case CrimeReopened():
            said = _OPEN
        case CrimeCancelled() | AppointmentCancelled():
            said = "cancelled"
        case CrimeMerged():
            said = event.into
        case CrimeReclassified():
            said = event.offence_code
        case AppointmentMade() | AppointmentChanged():
            said = (event.starts_at.timestamp(), event.place)
        case OfficerReplied():
            said = (event.person_id, event.text)
    return said


def _reached_by(victim: VictimRecord) -> tuple[str, ...]:
    safe = "" if victim.safe_to_contact is None else str(victim.safe_to_contact)
    return (victim.person_id, _digits(victim.mobile_phone), victim.email.lower(), safe)


def _digits(number: str) -> str:
    """A number as it is dialled at home: an integration may write it otherwise."""
    return re.sub(r"^(?:00)?44", "0", re.sub(r"\D", "", number))
