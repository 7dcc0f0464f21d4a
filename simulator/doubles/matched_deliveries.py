"""Which recorded event an integration delivers: by what it says, as its ids are its own.

It is that of the same kind, crime and person which says the same, or else most nearly the same:
then the integration altered it, and the evidence names the fields and keeps what was delivered.

Of a thing that changed twice within minutes an integration may see only the last: the first counts
as seen with it. After that time, a change that never came is one that the integration lost.
"""

import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import UNSET, Struct, UnsetType, structs

from reference.contract.events import (
    EVENT_TYPES,
    AnyEvent,
    AppointmentChanged,
    AppointmentMade,
    CloudEvent,
    CrimeAllocated,
    CrimeCancelled,
    CrimeEvent,
    CrimeReclassified,
    CrimeRecorded,
    CrimeReopened,
    MilestoneReached,
    OfficerDeployed,
    VictimDetailsChanged,
)
from simulator.doubles.compared_events import (
    About,
    Contents,
    about,
    contents,
    contents_of_person,
    differing,
    field_names,
    is_knowable,
)
from simulator.doubles.records_now import RecordsNow
from simulator.evidence.records import (
    ChangesSeenAsOne,
    DeliveredOtherwise,
    EventDelivered,
    Record,
)
from simulator.neighbours.crime_system.problems import bad_field

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
#: The contract lets these come again: nobody is told a second time.
_TOLD_AGAIN = frozenset({CrimeRecorded.__name__, VictimDetailsChanged.__name__})
#: An appointment that was moved before it was read is one that was made.
_MADE = frozenset({AppointmentMade.__name__, AppointmentChanged.__name__})
_SAME_KINDS = dict.fromkeys(_MADE, _MADE)
_TAKEN = 202
_OPEN: Contents = {("state",): CrimeReopened.__name__}


class EarlierEvent(Struct, frozen=True, kw_only=True):
    """An event that an earlier run recorded; `is_taken` if it reached the portal or was excused.

    `corrected` is what its record said later.
    """

    event_id: str
    event: AnyEvent
    at: datetime
    is_taken: bool
    corrected: tuple[AnyEvent, ...] = ()


class _Recorded(Struct, frozen=True):
    event_id: str
    about: About
    kind: str
    says: Contents
    at: datetime


class _Match(Struct, frozen=True):
    """A recorded event, the fields in which a delivery is another, and those that were altered.

    `is_again` if the portal has it by another id, and so cannot know it again by that.
    """

    recorded: _Recorded
    differs: tuple[tuple[str, ...], ...]
    altered: tuple[tuple[str, ...], ...]
    is_again: bool = False


class MatchedDeliveries:
    """Notes what an integration delivered.

    `taken` is told of each recorded event that arrived, and by which id of the integration ("" for
    one that was seen with another). `withdraw` records that a crime was withdrawn by its deletion.
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
        self._waiting: defaultdict[About, list[_Recorded]] = defaultdict(list)
        self._excused: defaultdict[About, list[_Recorded]] = defaultdict(list)
        self._taken_of: defaultdict[About, list[_Recorded]] = defaultdict(list)
        #: By which id each recorded event came, or comes: another id is no second try of it.
        self._came_as: dict[str, str] = {}
        self._corrected: defaultdict[str, list[Contents]] = defaultdict(list)
        self._arrived_count = 0
        self._last: dict[About, _Recorded] = {}
        self._by_id: dict[str, _Recorded] = {}
        self._records = RecordsNow()
        self._known: dict[str, str] = {}
        #: The end of each crime that was deleted before anybody could read it.
        self._unread: dict[str, _Recorded] = {}
        self.withdraw: Callable[[str], str] = lambda _reference: ""

    def recorded(self, event_id: str, event: AnyEvent) -> None:
        """Expect an event that the force recorded."""
        with self._lock:
            self._expect(event_id, event, self._now())

    def corrected(self, event: AnyEvent) -> None:
        """Know what a record says by now of an event that was recorded: it may be told so."""
        with self._lock:
            key, recorded = about(event), reversed(self._by_id.values())
            if known := next((each for each in recorded if each.about == key), None):
                self._corrected[known.event_id].append(contents(event))

    def withdrawn(self, crime_reference: str) -> None:
        """Let what happened to a crime count as seen that was deleted before it could be read.

        One that had closed may be told so still, or, by who never read that, as withdrawn.
        """
        longest = timedelta(seconds=SEEN_AS_ONE_SECONDS_MAX)
        with self._lock:
            new = self._waiting[CrimeRecorded.__name__, crime_reference, ""]
            states = self._waiting["state", crime_reference, ""]
            if new and self._now() - new[0].at <= longest:
                self._excuse(self._waiting_of(crime_reference), new[0], new[0].event_id)
            elif states and states[-1].kind == CrimeCancelled.__name__:
                gone = states[-1]
                seen = [each for each in self._waiting_of(crime_reference) if each != gone]
                self._excuse(seen, gone, gone.event_id)
            else:
                self._leave_unread(crime_reference, self._now())

    def _leave_unread(self, crime_reference: str, deleted_at: datetime) -> None:
        states = self._waiting["state", crime_reference, ""]
        longest = timedelta(seconds=SEEN_AS_ONE_SECONDS_MAX)
        is_withdrawn = bool(states) and states[-1].kind == CrimeCancelled.__name__
        if states and not is_withdrawn and deleted_at - states[-1].at <= longest:
            self._unread[crime_reference] = states[-1]

    def _waiting_of(self, crime_reference: str) -> list[_Recorded]:
        return [
            each
            for key, waiting in self._waiting.items()
            if key[1] == crime_reference
            for each in waiting
        ]

    def restore(
        self,
        earlier: Iterable[EarlierEvent],
        delivered_as: dict[str, str],
        deleted: Mapping[str, datetime],
    ) -> None:
        """Know what an earlier run recorded and when, by which ids it came, and what is gone."""
        arrived = set(delivered_as.values())
        with self._lock:
            for each in earlier:
                self._corrected[each.event_id] += map(contents, each.corrected)
                if not each.is_taken:
                    self._expect(each.event_id, each.event, each.at)
                    continue
                known = self._learn(each.event_id, each.event, each.at)
                self._last[known.about] = known
                told = self._taken_of if each.event_id in arrived else self._excused
                told[known.about].append(known)
            self._known |= {as_id: event_id for as_id, event_id in delivered_as.items() if as_id}
            self._came_as |= {event_id: as_id for as_id, event_id in self._known.items()}
            for crime_reference, deleted_at in deleted.items():
                self._leave_unread(crime_reference, deleted_at)

    def arrived(self, events: Sequence[CloudEvent]) -> int:
        """Know the events of a delivery, before the portal can answer them by a message.

        Return the number of the first, of all that arrived.
        """
        for event in map(_read, events):
            if isinstance(event, CrimeCancelled):
                self._tell_withdrawn(event.crime_reference)
        with self._lock:
            for each in events:
                event = _read(each)
                found = None if event is None else self._find(each.id, event)
                if found is not None and not found.is_again:
                    self._known.setdefault(each.id, found.recorded.event_id)
                    self._came_as.setdefault(found.recorded.event_id, each.id)
            first, self._arrived_count = self._arrived_count + 1, self._arrived_count + len(events)
            return first

    def delivered(
        self,
        events: Iterable[CloudEvent],
        status: int,
        correlation_id: str,
        at: datetime,
        first: int,
    ) -> None:
        """Note what the portal answered to a delivery that arrived, for each event in it."""
        with self._lock:
            for number, each in enumerate(events, start=first):
                self._deliver(each, status, correlation_id, at, number)

    def unanswered(self, events: Iterable[CloudEvent]) -> None:
        """Know that the portal did not answer: each may come by another id."""
        with self._lock:
            for each in events:
                if known := self._by_id.get(self._known.get(each.id, "")):
                    self._release(each.id, known)

    def ours(self, reference: str) -> str:
        """Give the recorded event that an integration's id stands for; any other text as it is."""
        return self._known.get(reference, reference)

    def _tell_withdrawn(self, crime_reference: str) -> None:
        """Record that a crime was withdrawn which was deleted closed, and nobody read that."""
        with self._lock:
            closure = self._unread.pop(crime_reference, None)
        if closure is None or closure not in self._waiting[closure.about]:
            return
        before = self._waiting_of(crime_reference)
        cancelled_id = self.withdraw(crime_reference)
        with self._lock:
            self._excuse(before, closure, cancelled_id)

    def _learn(self, event_id: str, event: AnyEvent, at: datetime) -> _Recorded:
        self._records.learn(event)
        new = _Recorded(event_id, about(event), type(event).__name__, contents(event), at)
        self._by_id[event_id] = new
        if isinstance(event, CrimeRecorded):
            self._begin(event_id, event, at)
        return new

    def _expect(self, event_id: str, event: AnyEvent, at: datetime) -> None:
        new = self._learn(event_id, event, at)
        waiting = self._waiting[new.about]
        waiting.append(new)
        last = self._last.get(new.about)
        # A slip that was put right in time: what stands is what was delivered before it.
        said = last.says if last is not None else _OPEN if new.about[0] == "state" else None
        is_put_back = said is not None and _untimed(said) == _untimed(new.says)
        if is_put_back and len(waiting) > 1 and new.about[0] in _ONLY_THE_LATEST:
            self._excuse(waiting, new, last.event_id if last is not None else "")

    def _begin(self, event_id: str, crime: CrimeRecorded, at: datetime) -> None:
        """Know how a crime begins: what is put back to that in time is no news."""
        for key, says in _begun(crime):
            self._last.setdefault(key, _Recorded(event_id, key, key[0], says, at))
        allocated = (CrimeAllocated.__name__, crime.crime_reference, "")
        self._last.setdefault(allocated, _Recorded(event_id, allocated, allocated[0], {}, at))

    def _deliver(
        self, delivered: CloudEvent, status: int, correlation_id: str, at: datetime, number: int
    ) -> None:
        event = _read(delivered)
        found = None if event is None else self._find(delivered.id, event)
        is_known = found is not None and (not found.is_again or found.recorded.kind in _TOLD_AGAIN)
        event_id = found.recorded.event_id if found is not None and is_known else delivered.id
        self._note(
            EventDelivered(
                at=at,
                event_id=event_id,
                status=status,
                correlation_id=correlation_id,
                otherwise=_unfit(delivered) if event is None else _otherwise(event, found),
                delivered_id=delivered.id,
                arrived=number,
            )
        )
        if found is None or not is_known:
            return
        if status == _TAKEN:
            self._known[delivered.id] = event_id
            self._came_as[event_id] = delivered.id
            self._taken(event_id, delivered.id)
            self._arrived(found)
            if isinstance(event, CrimeRecorded):
                self._came_with_it(found.recorded, event)
        self._release(delivered.id, found.recorded)

    def _release(self, delivered_id: str, recorded: _Recorded) -> None:
        """Let what the portal has not got as it was recorded come by another id."""
        is_taken = recorded in self._taken_of[recorded.about]
        if not is_taken and self._came_as.get(recorded.event_id) == delivered_id:
            del self._came_as[recorded.event_id]

    def _find(self, delivered_id: str, event: AnyEvent) -> _Match | None:
        """Find the recorded event that a delivery is; None if the force recorded none such."""
        key, says = about(event), contents(event)
        known = self._by_id.get(self._known.get(delivered_id, ""))
        if known is not None and known.about == key:
            return self._compared(known, says)
        open_ones = [
            self._compared(each, says)
            for each in (*self._waiting[key], *self._excused[key])
            if self._came_as.get(each.event_id, delivered_id) == delivered_id
        ]
        for is_it in (_is_the_same, _is_unaltered):
            same = [each for each in open_ones if is_it(each)]
            waiting = [each for each in same if each.recorded in self._waiting[key]]
            if same:
                return (waiting or same)[-1 if key[0] in _ONLY_THE_LATEST else 0]
        waiting = [each for each in open_ones if each.recorded in self._waiting[key]]
        again = self._told_again(key, says)
        if again is not None and (not waiting or not again.altered):
            return again
        kinds = _SAME_KINDS.get(type(event).__name__, {type(event).__name__})
        nearest = [each for each in waiting if each.recorded.kind in kinds]
        return min(nearest, key=lambda each: len(each.altered), default=None)

    def _told_again(self, key: About, says: Contents) -> _Match | None:
        """Find what is told again by another id; it is harmless for some kinds."""
        if key[0] not in _TOLD_AGAIN:
            found = (self._compared(each, says) for each in reversed(self._taken_of[key]))
            same = next((each for each in found if not each.altered), None)
            return None if same is None else structs.replace(same, is_again=True)
        last = self._last.get(key)
        told = None if last is None else self._by_id[last.event_id]
        if last is None or told is None or told in self._waiting[told.about]:
            return None
        is_of_its_kind = told.about == key
        return structs.replace(self._compared(last, says), is_again=is_of_its_kind)

    def _compared(self, recorded: _Recorded, delivered: Contents) -> _Match:
        differs = differing(recorded.says, delivered, at=recorded.at)
        corrected = self._corrected.get(recorded.event_id, ())
        altered = tuple(
            path
            for path in differs
            if is_knowable(recorded.kind, path, delivered.get(path))
            and not self._records.say(recorded.about, path, delivered.get(path))
            and all(each.get(path) != delivered.get(path) for each in corrected)
        )
        return _Match(recorded, differs, altered)

    def _arrived(self, match: _Match) -> None:
        found, waiting = match.recorded, self._waiting[match.recorded.about]
        if not match.altered and found not in self._taken_of[found.about]:
            self._taken_of[found.about].append(found)
        if found not in waiting:
            return
        self._last[found.about] = found
        if found.about[0] in _ONLY_THE_LATEST:
            self._excuse(waiting[: waiting.index(found)], found, found.event_id)
        waiting.remove(found)
        if match.altered:
            # It may still come as it was recorded.
            self._excused[found.about].append(found)

    def _came_with_it(self, recorded: _Recorded, delivered: CrimeRecorded) -> None:
        """Let changes count as seen with a new crime that was read after them, and says them."""
        longest = timedelta(seconds=SEEN_AS_ONE_SECONDS_MAX)
        for key, says in _begun(delivered):
            for each in list(self._waiting[key]):
                in_time = recorded.at <= each.at <= recorded.at + longest
                if in_time and not self._compared(each, says).altered:
                    self._excuse([each], each, recorded.event_id)

    def _excuse(self, earlier: list[_Recorded], later: _Recorded, seen_as: str) -> None:
        """Let those changes count as seen with another that were followed by it in time."""
        longest = timedelta(seconds=SEEN_AS_ONE_SECONDS_MAX)
        for each in list(earlier):
            if later.at - each.at <= longest:
                self._waiting[each.about].remove(each)
                self._excused[each.about].append(each)
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


def _begun(crime: CrimeRecorded) -> Iterator[tuple[About, Contents]]:
    """Give what a crime says of its offence and its people, as a change of it would say it."""
    reference, said = crime.crime_reference, contents(crime)
    fields = CrimeReclassified.__struct_fields__
    offence = {path: value for path, value in said.items() if path[0] in fields}
    yield (CrimeReclassified.__name__, reference, ""), offence
    for each in crime.victims:
        key = (VictimDetailsChanged.__name__, reference, each.person_id)
        yield key, contents_of_person(each)


def _unfit(delivered: CloudEvent) -> DeliveredOtherwise | UnsetType:
    """Name the field in which a delivery does not fit the contract: no record has such a one."""
    kind = EVENT_TYPES.get(delivered.type)
    if kind is None:
        return UNSET
    try:
        crime = msgspec.json.decode(delivered.data, type=CrimeEvent).crime_reference
    except msgspec.DecodeError:
        crime = ""
    try:
        msgspec.json.decode(delivered.data, type=kind)
    except msgspec.DecodeError as error:
        field = re.sub(r"\[[^\]]*\]", "", bad_field(error).field or "data")
        return DeliveredOtherwise(
            event_type=delivered.type, crime_reference=crime, altered=(field,)
        )
    return UNSET


def _otherwise(event: AnyEvent, found: _Match | None) -> DeliveredOtherwise | UnsetType:
    """Keep what a delivery says, where it is not what was recorded."""
    if found is not None and not found.differs and not found.is_again:
        return UNSET
    said = DeliveredOtherwise(
        event_type=type(event).__name__, crime_reference=event.crime_reference
    )
    if found is None:
        return said
    if found.is_again:
        said = structs.replace(said, again_of=found.recorded.event_id)
    if not found.differs or (found.is_again and found.recorded.kind not in _TOLD_AGAIN):
        return said
    data = msgspec.Raw(msgspec.json.encode(event))
    return structs.replace(said, altered=field_names(found.altered), data=data)


def _is_the_same(match: _Match) -> bool:
    return not match.differs


def _is_unaltered(match: _Match) -> bool:
    return not match.altered


def _untimed(says: Contents) -> Contents:
    """What stands, whenever it began."""
    return {path: each for path, each in says.items() if not isinstance(each, datetime)}
