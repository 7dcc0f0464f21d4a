"""How the perfect portal sends: never in quiet hours, news together, within the weekly limit.

Written from the order alone; perfect_portal says what there is to send.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from reference.contract.events import Channel
from simulator.evidence.records import MessageAccepted, Record
from simulator.inputs.order import Order
from tests.simulator.judge.story import INVITATION, SUBJECT, UPDATE

WEEK = timedelta(days=7)
Notice = Literal["invitation", "update", "reply"]


@dataclass
class Sent:
    """One message: since when there was news, and until when it is in time.

    A reply may be told together with other news until `joined_by`.
    """

    record: MessageAccepted
    person_id: str
    kind: Notice
    since: datetime
    due_at: datetime
    joined_by: datetime


@dataclass
class _Waiting:
    person_id: str
    channel: Channel
    kind: Notice
    news: list[tuple[str, str]]
    since: datetime
    go_at: datetime


@dataclass
class PerfectOutbox:
    """The messages that wait and those sent; `address_of` gives a person's address."""

    order: Order
    correlates: bool
    address_of: Callable[[str, Channel], str]
    sent: list[Sent] = field(default_factory=list)
    _waiting: list[_Waiting] = field(default_factory=list)
    _counted: dict[tuple[str, Channel], list[datetime]] = field(default_factory=dict)

    def queue(
        self, person_id: str, channel: Channel, kind: Notice, news: tuple[str, str], at: datetime
    ) -> None:
        """Queue a message for the end of quiet hours and, in phase 2, an hour for more news."""
        bundles = kind == "update" and self.order.phase_at(at) >= 2
        for each in self._waiting:
            if bundles and (each.person_id, each.channel, each.kind) == (person_id, channel, kind):
                each.news.append(news)
                return
        wanted = at + timedelta(minutes=self.order.messages.bundle_minutes if bundles else 0)
        go_at = self.order.quiet_until(wanted)
        self._waiting.append(_Waiting(person_id, channel, kind, [news], at, go_at))

    def drop(self, reference: str) -> set[tuple[str, str]]:
        """Send nothing more about a crime; give the people and events of the news dropped."""
        dropped = set()
        for each in list(self._waiting):
            dropped |= {(each.person_id, event_id) for of, event_id in each.news if of == reference}
            each.news = [news for news in each.news if news[0] != reference]
            if not each.news:
                self._waiting.remove(each)
        return dropped

    def send_until(self, end: datetime) -> list[Record]:
        """Send what is due by a moment."""
        sent: list[Record] = []
        while due := [each for each in self._waiting if each.go_at <= end]:
            each = min(due, key=lambda waiting: waiting.go_at)
            held_until = self._held_until(each)
            if held_until > each.go_at:
                each.go_at = held_until
                continue
            self._waiting.remove(each)
            sent.append(self._send(each))
        return sent

    def _held_until(self, waiting: _Waiting) -> datetime:
        """Find when a message is within the weekly limit: now, or when the week is over."""
        counted = self._counted.get((waiting.person_id, waiting.channel), [])
        week = [at for at in counted if at > waiting.go_at - WEEK]
        limit = self.order.messages.per_week_max
        is_limited = waiting.kind == "update" and self.order.phase_at(waiting.go_at) >= 2
        if not is_limited or len(week) < limit:
            return waiting.go_at
        return self.order.quiet_until(week[-limit] + WEEK)

    def _send(self, waiting: _Waiting) -> MessageAccepted:
        if waiting.kind == "update":
            key = (waiting.person_id, waiting.channel)
            self._counted.setdefault(key, []).append(waiting.go_at)
        invites = waiting.kind == "invitation"
        message = MessageAccepted(
            at=waiting.go_at,
            message_id=f"message-{len(self.sent) + 1}",
            channel=waiting.channel,
            to=self.address_of(waiting.person_id, waiting.channel),
            subject=SUBJECT if waiting.channel == "email" else "",
            body=INVITATION if invites else UPDATE,
            sender="POLICE",
            reference=waiting.news[-1][1] if self.correlates else "",
            carries="invitation" if invites else "",
        )
        due_at = joined_by = self._allowed(waiting.go_at)
        if waiting.kind == "reply":
            bundled = waiting.since + timedelta(minutes=self.order.messages.bundle_minutes)
            joined_by = self._allowed(self.order.quiet_until(bundled))
        about = (waiting.person_id, waiting.kind, waiting.since)
        self.sent.append(Sent(message, *about, due_at, max(due_at, joined_by)))
        return message

    def _allowed(self, go_at: datetime) -> datetime:
        """Find until when a message that may go from `go_at` on is in time."""
        allowance = timedelta(minutes=self.order.messages.minutes_max)
        due_at = go_at + allowance
        opens = self.order.quiet_until(due_at)
        return due_at if opens == due_at else opens + allowance
