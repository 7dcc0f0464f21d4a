"""One crime that the portal has been told of, as the latest events describe it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from reference.contract.events import (
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    CrimeAllocated,
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeRecorded,
    CrimeReopened,
    CrimeTransferred,
    CrimeUnmerged,
    MilestoneReached,
    Officer,
    OfficerDeployed,
    OfficerReplied,
    OfficerUnavailable,
    OutcomeRecorded,
)
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.text.quotations import Quotations

Gone = Literal["", "merged", "transferred", "cancelled"]


@dataclass
class KnownCrime:
    """One crime the portal has been told of.

    `statuses` are all it ever had; `known_at` is when the portal had it in its present form.
    `secrets` may stand in no message, nor may `named` as names. `gone` says how it left the
    portal, `into` the crime it was merged into, `turned_at` when it was last closed, reopened or
    moved, as recorded, and `turn_happened_at` when that happened. `over_since` has when it ended,
    each time. `merged_at` and `unmerged_at` are when it was last merged and when that was taken
    back, as recorded, and `joined_at` when the merger happened. `out_when_merged` are the victims
    who were not to be told of it then.
    """

    recorded: CrimeRecorded
    victims: dict[str, KnownVictim]
    known_at: datetime
    statuses: set[str] = field(default_factory=lambda: {"open"})
    secrets: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    replies: list[Quotations] = field(default_factory=list)
    is_over: bool = False
    is_closed: bool = False
    is_reclassified: bool = False
    gone: Gone = ""
    into: str = ""
    turned_at: datetime | None = None
    turn_happened_at: datetime | None = None
    over_since: list[datetime] = field(default_factory=list)
    classified_at: datetime | None = None
    merged_at: datetime | None = None
    joined_at: datetime | None = None
    out_when_merged: frozenset[str] = frozenset()
    unmerged_at: datetime | None = None
    _gone_at: datetime | None = None
    _last_turn: AnyEvent | None = None
    _last_decision: tuple[datetime, AnyEvent] | None = None
    _last_in_charge: AnyEvent | None = None
    _steps: list[AnyEvent] = field(default_factory=list)
    _appointments: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    _newest: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def learn(self, event: AnyEvent, said_at: datetime) -> None:
        """Take from an event what no message may say, and whether it ends the case.

        An older fact does not undo a newer one: `said_at` is when the crime system recorded it.
        """
        self.statuses |= {STATUS_AFTER[type(event)]} if type(event) in STATUS_AFTER else set()
        self.named |= set(_names_in(event))
        if subject := _subject(event):
            times = (said_at, when_happened(event, said_at))
            self._newest[subject] = max(times, self._newest.get(subject, times))
        match event:
            case CrimeAllocated(officer_in_charge=officer):
                self._last_in_charge = event
                if officer is not None:
                    self.secrets |= {officer.name, officer.collar_number}
            case OfficerUnavailable(officer=officer):
                self._last_in_charge = event
                self.secrets |= {officer.name, officer.collar_number}
            case AppointmentMade() | AppointmentChanged():
                self.secrets.add(event.place)
                self._appointments[_subject(event)] = event.starts_at, event.place
            case OfficerReplied():
                self.replies.append(Quotations(event.text))
            case OfficerDeployed() | MilestoneReached():
                self._steps.append(event)
            case CrimeMerged():
                self.into, self.merged_at, self.joined_at = event.into, said_at, event.merged_at
                self._turn(event, said_at)
            case OutcomeRecorded() | CrimeClosed() | CrimeReopened():
                if self._last_decision is None or said_at >= self._last_decision[0]:
                    self._last_decision = said_at, event
                self._turn(event, said_at)
            case CrimeTransferred() | CrimeCancelled() | CrimeUnmerged():
                self._turn(event, said_at)

    def is_stale(self, said_at: datetime) -> bool:
        """Say whether a newer closure, reopening or move is known."""
        return self.turned_at is not None and said_at < self.turned_at

    def was_unmerged_since(self, said_at: datetime) -> bool:
        """Say whether a merger of that time was taken back, as is known already."""
        return self.unmerged_at is not None and said_at <= self.unmerged_at

    def is_repeated(self, event: AnyEvent) -> bool:
        """Say whether an event only says again what is known.

        That is who has the case, how it ended, that it goes on again, when and where somebody is
        seen, or the same step. A step is the same if it happened at the same time.
        """
        match event:
            case CrimeClosed() | CrimeReopened():
                was, now = (getattr(e, "outcome", None) for e in (self._last_turn, event))
                return type(self._last_turn) is type(event) and was == now
            case CrimeAllocated():
                return _in_charge(self._last_in_charge) == _in_charge(event)
            case OutcomeRecorded():
                return self._last_turn == event
            case AppointmentChanged():
                last_said = self._appointments.get(_subject(event))
                return last_said == (event.starts_at, event.place)
            case OfficerDeployed() | MilestoneReached():
                return event in self._steps
        return False

    def is_superseded(self, event: AnyEvent, said_at: datetime) -> bool:
        """Say whether a newer fact that replaces this one is known, by either of its times.

        Another officer has the crime by now, the appointment was changed or cancelled, or the case
        has turned since a charge.
        """
        if isinstance(event, OutcomeRecorded):
            return self.is_stale(said_at)
        newest = self._newest.get(_subject(event))
        if newest is None:
            return False
        return said_at < newest[0] or when_happened(event, said_at) < newest[1]

    def is_in_doubt(self, event: AnyEvent, said_at: datetime) -> bool:
        """Say whether this event or the newest closure, reopening or move known was the last.

        It is in doubt where both were recorded at once, or the times at which they happened say
        otherwise than the times at which they were recorded.
        """
        if self.turned_at is None or self.turn_happened_at is None or self.is_stale(said_at):
            return False
        happened_at = when_happened(event, said_at)
        return said_at == self.turned_at or happened_at <= self.turn_happened_at

    def _turn(self, event: AnyEvent, said_at: datetime) -> None:
        if isinstance(event, CrimeReopened) and said_at >= (self._gone_at or said_at):
            self.gone, self._gone_at = "", None
        if isinstance(event, CrimeUnmerged):
            self.unmerged_at = max(said_at, self.unmerged_at or said_at)
            if self.into and said_at >= (self.merged_at or said_at):
                self.into = ""
                if self.gone == "merged":
                    self.gone, self._gone_at = "", None
        if self.is_stale(said_at):
            return
        if isinstance(event, CrimeUnmerged):
            self._stand_as_before(said_at, event)
            return
        self._last_turn = event
        self.turned_at, self.turn_happened_at = said_at, when_happened(event, said_at)
        is_over = not isinstance(event, CrimeReopened)
        if is_over and not self.is_over:
            self.over_since.append(said_at)
        self.is_over = is_over
        self.is_closed = isinstance(event, CrimeClosed)
        if type(event) in _GONE:
            self.gone, self._gone_at = _GONE[type(event)], said_at

    def _stand_as_before(self, said_at: datetime, event: CrimeUnmerged) -> None:
        """Let a crime stand as it would if it had never been merged."""
        decided = self._last_decision[1] if self._last_decision is not None else None
        self.turned_at, self.turn_happened_at = said_at, when_happened(event, said_at)
        self._last_turn = decided
        self.is_closed = isinstance(decided, CrimeClosed)
        self.is_over = decided is not None and not isinstance(decided, CrimeReopened)


def _names_in(event: AnyEvent) -> Iterator[str]:
    """Name the officers of an event, also without their rank, and where a crime goes."""
    match event:
        case CrimeAllocated(officer_in_charge=officer) | OfficerReplied(officer=officer):
            pass
        case OfficerUnavailable(officer=officer):
            pass
        case CrimeTransferred(to_force=name) | CrimeClosed(to_body=name):
            yield name
            return
        case _:
            return
    if officer is not None:
        yield officer.name
        yield from officer.name.split()[1:][-1:]


def _in_charge(event: AnyEvent | None) -> tuple[Officer | None, str] | None:
    if isinstance(event, CrimeAllocated):
        return event.officer_in_charge, event.team
    return None


def _subject(event: AnyEvent) -> str:
    """Name what an event is the newest fact about, in place of any older one; "" for nothing."""
    match event:
        case CrimeAllocated():
            return "officer"
        case AppointmentMade() | AppointmentChanged() | AppointmentCancelled():
            return f"appointment {event.appointment_id} of {event.person_id}"
    return ""


def when_happened(event: AnyEvent, recorded_at: datetime) -> datetime:
    """Find when a step was taken; an event with no time of its own, when it was recorded."""
    for name in event.__struct_fields__:
        if name.endswith("ed_at") or name == "unavailable_at":
            at: datetime = getattr(event, name)
            return at
    return recorded_at


#: How a case stands after an event: a charge is not a closure.
STATUS_AFTER: dict[type[AnyEvent], str] = {
    OutcomeRecorded: "charged",
    CrimeClosed: "closed",
    CrimeReopened: "open",
    CrimeTransferred: "transferred",
}
_GONE: dict[type[AnyEvent], Gone] = {
    CrimeMerged: "merged",
    CrimeTransferred: "transferred",
    CrimeCancelled: "cancelled",
}
