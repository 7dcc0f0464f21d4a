"""What each victim should hear: opened when the portal has the event, met when they are told.

Due times come from the order: quiet hours, bundling and the weekly limit all move them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from reference.contract.events import Channel
from simulator.inputs.order import Order
from simulator.judge.facts.outages import Outages

_CHANNELS: tuple[Channel, ...] = ("text", "email")
WEEK = timedelta(days=7)
_NOT_YET = datetime.max.replace(tzinfo=UTC)
Announces = Literal["invitation", "update", "reply"]
Key = tuple[str, Channel]


@dataclass
class Obligation:
    """One thing one victim should be told on one channel."""

    person_id: str
    crime_reference: str
    channel: Channel
    announces: Announces
    event_id: str
    received_at: datetime
    due_at: datetime
    told_at: datetime | None = None
    is_answered: bool = False
    is_void: bool = False
    is_owed: bool = True
    no_later_than: datetime | None = None


@dataclass
class Flag:
    """A victim whose details cannot be used: somebody at the force must be asked to look."""

    person_id: str
    crime_reference: str
    reason: str
    due_at: datetime
    raised_at: datetime | None = None


@dataclass
class Ledger:
    """All obligations of a run, by victim and channel."""

    order: Order
    opened: list[Obligation] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    _open: dict[Key, list[Obligation]] = field(default_factory=dict)
    _sent: dict[Key, list[datetime]] = field(default_factory=dict)
    _flag_of: dict[str, Flag] = field(default_factory=dict)
    _asked_at: dict[str, datetime] = field(default_factory=dict)
    _owed: dict[tuple[str, Channel, str], Announces] = field(default_factory=dict)
    _released: dict[str, str] = field(default_factory=dict)
    #: When no message could be sent at all.
    outages: Outages = field(init=False)

    def __post_init__(self) -> None:
        """Let what waits for the gateway keep quiet hours."""
        self.outages = Outages(self.order, opens=self.order.quiet_until)

    def owe(
        self,
        person_id: str,
        crime_reference: str,
        channel: Channel,
        announces: Announces,
        event_id: str,
        received_at: datetime,
        *,
        is_owed: bool = True,
        no_later_than: datetime | None = None,
    ) -> None:
        """Open an obligation, due as the order says; what is not owed may be told all the same.

        The weekly limit holds nothing back longer than until `no_later_than`.
        """
        due_at = due(self.order, received_at, announces)
        obligation = Obligation(
            person_id,
            crime_reference,
            channel,
            announces,
            event_id,
            received_at,
            due_at,
            is_owed=is_owed,
            no_later_than=no_later_than,
        )
        self.opened.append(obligation)
        self._owed[person_id, channel, event_id] = announces
        self._open.setdefault((person_id, channel), []).append(obligation)

    def release(self, event_id: str, by_event_id: str) -> None:
        """Take a message that names what released some news as one that names the news."""
        self._released[by_event_id] = event_id

    def news_of(self, event_id: str) -> str:
        """Give the event whose news a message tells that names this one."""
        return self._released.get(event_id, event_id)

    def is_waited_for(
        self, person_id: str, channel: Channel, event_id: str, *, invites: bool
    ) -> bool:
        """Say whether somebody waits for news of an event; where none is named, for any such."""
        waiting = [each for each in self.open_for(person_id, channel) if not each.is_answered]
        if event_id:
            return any(each.event_id == self.news_of(event_id) for each in waiting)
        return any((each.announces == "invitation") == invites for each in waiting)

    def flag(self, person_id: str, crime_reference: str, reason: str, due_at: datetime) -> None:
        """Owe a look at a person's details, unless one is owed already.

        Whoever was asked and has changed nothing since need not be asked again.
        """
        known = self._flag_of.get(person_id)
        if known is None or known.raised_at is not None:
            asked_at = self._asked_at.get(person_id)
            flag = Flag(person_id, crime_reference, reason, due_at, asked_at)
            self._flag_of[person_id] = flag
            self.flags.append(flag)

    def raise_flag(self, person_id: str, at: datetime) -> None:
        """Note that the force was asked to look at a person's details."""
        self._asked_at[person_id] = at
        known = self._flag_of.get(person_id)
        if known is not None and known.raised_at is None:
            known.raised_at = at

    def reached_anyway(self, person_id: str, channel: Channel, at: datetime) -> None:
        """Note that a person was told although their details are in the wrong place."""
        known = self._flag_of.get(person_id)
        if known is not None and known.raised_at is None and known.reason.startswith(channel):
            known.raised_at = at

    def details_changed(self, person_id: str) -> None:
        """Note that whoever was asked to look has done so."""
        self._asked_at.pop(person_id, None)

    def open_for(self, person_id: str, channel: Channel) -> list[Obligation]:
        """List what a victim has not been told on a channel, or not been answered for."""
        return self._open.get((person_id, channel), [])

    def announced_by(self, person_id: str, channel: Channel, event_id: str) -> Announces | None:
        """Say what an event was ever to be announced by to a victim, if at all."""
        return self._owed.get((person_id, channel, event_id))

    def forget(self, person_id: str, crime_reference: str, at: datetime) -> None:
        """Owe a person nothing more about a crime: from now on they must not be written to of it.

        What was overdue by then is lost all the same.
        """
        for channel in _CHANNELS:
            kept = []
            for obligation in self._open.pop((person_id, channel), []):
                if obligation.crime_reference == crime_reference:
                    is_overdue = self.allowed_until(obligation) < at
                    obligation.is_void = obligation.told_at is None and not is_overdue
                else:
                    kept.append(obligation)
            self._open[person_id, channel] = kept

    def excuse(self, person_id: str, channel: Channel) -> None:
        """Owe nothing of what is open on a channel; it may be told all the same."""
        for obligation in self._open.get((person_id, channel), []):
            if obligation.told_at is None:
                obligation.is_owed = False

    def close_channel(self, person_id: str, channel: Channel) -> None:
        """Owe nothing more on a channel that does not work."""
        for obligation in self._open.pop((person_id, channel), []):
            obligation.is_void = obligation.told_at is None

    def move(
        self, person_id: str, bounced: Channel, channel: Channel, sent_at: datetime, at: datetime
    ) -> None:
        """Let what was not told by a channel that bounced be told by another; it is not owed."""
        for each in list(self.opened):
            if (each.person_id, each.channel) == (person_id, bounced) and each.told_at in (
                None,
                sent_at,
            ):
                about = (each.crime_reference, channel, each.announces, each.event_id)
                self.owe(person_id, *about, at, is_owed=False)

    def tell(
        self, person_id: str, channel: Channel, told: Sequence[Obligation], at: datetime
    ) -> None:
        """Note that a message told a victim of some of what was open on a channel."""
        for obligation in told:
            obligation.told_at = obligation.told_at or at
        key = (person_id, channel)
        self._open[key] = [
            each for each in self._open.get(key, []) if not (each.told_at and each.is_answered)
        ]

    def count_sent(self, person_id: str, channel: Channel, at: datetime) -> int:
        """Count a message towards the weekly limit; answers how many the last week then has."""
        sent = self._sent.setdefault((person_id, channel), [])
        sent.append(at)
        return sum(each > at - WEEK for each in sent)

    def held_until(self, person_id: str, channel: Channel, at: datetime) -> datetime:
        """Find until when the weekly limit would have held back the message sent at a moment."""
        sent = self._sent.get((person_id, channel), [])
        before = [each for each in sent if at - WEEK < each < at]
        limit = self.order.messages.per_week_max
        return before[-limit] + WEEK if len(before) >= limit else at

    def oldest_told(self, person_id: str, channel: Channel, at: datetime) -> datetime | None:
        """Find when the portal had the oldest of what a message at a moment told somebody."""
        received = [
            each.received_at
            for each in self.opened
            if (each.person_id, each.channel, each.told_at) == (person_id, channel, at)
        ]
        return min(received, default=None)

    def allowed_until(self, obligation: Obligation) -> datetime:
        """Find when an obligation is late: not while no message can be sent, nor soon after it."""
        allowed = self._allowed_by_limit(obligation)
        return self.outages.put_off(obligation.received_at, allowed) or _NOT_YET

    def _allowed_by_limit(self, obligation: Obligation) -> datetime:
        """Find until when it may wait, given the weekly limit at the time it fell due."""
        sent = self._sent.get((obligation.person_id, obligation.channel), [])
        before = [each for each in sent if obligation.due_at - WEEK < each <= obligation.due_at]
        limit = self.order.messages.per_week_max
        phase = self.order.phase_at(obligation.due_at)
        if phase < 2 or obligation.announces != "update" or len(before) < limit:
            return obligation.due_at
        allowed = due(self.order, before[-limit] + WEEK, "reply")
        if obligation.no_later_than is None:
            return allowed
        return max(obligation.due_at, min(allowed, obligation.no_later_than))


def due(order: Order, received_at: datetime, announces: Announces) -> datetime:
    """Find when a message about something received now is due at the gateway."""
    wanted = received_at
    if announces == "update" and order.phase_at(received_at) >= 2:
        wanted += timedelta(minutes=order.messages.bundle_minutes)
    allowance = timedelta(minutes=order.messages.minutes_max)
    due_at = order.quiet_until(wanted) + allowance
    may_go_at = order.quiet_until(due_at)
    return due_at if may_go_at == due_at else may_go_at + allowance


def untold(obligations: Sequence[Obligation], ledger: Ledger, end: datetime) -> list[Obligation]:
    """List what nobody was told though it was due by the end."""
    return [
        each
        for each in obligations
        if each.told_at is None
        and each.is_owed
        and not each.is_void
        and ledger.allowed_until(each) <= end
    ]
