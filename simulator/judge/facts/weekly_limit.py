"""The weekly limit: which messages count in it, and when it has room for one more."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from reference.contract.events import Channel
from simulator.inputs.order import Order
from simulator.judge.facts.deadlines import day_of, due

CHANNELS: tuple[Channel, ...] = ("text", "email")
#: A person and a channel.
Key = tuple[str, Channel]


@dataclass
class WeeklyLimit:
    """The messages of each person and channel that count, and those that only may."""

    order: Order
    _counted: dict[Key, list[datetime]] = field(default_factory=dict)
    _may_count: dict[Key, list[datetime]] = field(default_factory=dict)
    _joined: dict[str, set[str]] = field(default_factory=dict)
    #: What `_notices_to` has worked out, until another message goes to a person.
    _notices: dict[str, list[datetime]] = field(default_factory=dict)

    def sent(
        self, person_id: str, channel: Channel, at: datetime, *, is_counted: bool = True
    ) -> None:
        """Write down a message that counts towards the weekly limit, or one that only may count.

        Replies and invitations may count: they are never one too many, but they are reason enough
        to hold back what comes after them.
        """
        key = (person_id, channel)
        self._notices.pop(person_id, None)
        self._may_count.setdefault(key, []).append(at)
        if is_counted:
            self._counted.setdefault(key, []).append(at)

    def lost(self, person_id: str, channel: Channel, at: datetime) -> None:
        """Count a message no more that the gateway says did not arrive; a portal may count it."""
        counted = self._counted.get((person_id, channel), [])
        if at in counted:
            counted.remove(at)

    def begin_anew(self, person_id: str) -> None:
        """Count no message to the person who was told until now: the limit is for a person."""
        for channel in CHANNELS:
            self._counted.pop((person_id, channel), None)

    def join(self, one: str, other: str) -> None:
        """Let what went to either of two records count for both: they were merged."""
        self._joined.setdefault(one, {one}).add(other)
        self._joined.setdefault(other, {other}).add(one)

    def was_sent_at(self, person_id: str, channel: Channel, at: datetime) -> bool:
        """Say whether a message that counts, or may count, went to a person at this moment."""
        return at in self._may_count.get((person_id, channel), ())

    def sent_before(self, person_id: str, channel: Channel, at: datetime) -> int:
        """Say how many messages count towards the weekly limit in the week up to `at`."""
        return len(self.counted(person_id, channel, at))

    def counted(self, person_id: str, channel: Channel, at: datetime) -> list[datetime]:
        """List when the messages went that count in the week up to `at`, oldest first."""
        sent = self._counted.get((person_id, channel), [])
        return sorted(each for each in sent if at < self.order.counts_until(each))

    def limited_until(self, person_id: str, channel: Channel, at: datetime) -> datetime:
        """Find until when the weekly limit would have delayed the last message, sent at `at`."""
        counts_until = self.order.counts_until
        sent = self._may_count.get((person_id, channel), [])[:-1]
        before = [each for each in sent if each <= at < counts_until(each)]
        if not self.order.messages.fill_a_week(len(before)):
            return at
        return counts_until(before[-self.order.messages.per_week_max])

    def has_room(
        self, person_id: str, at: datetime, waited: Collection[datetime], by: datetime | None = None
    ) -> datetime:
        """Find the first time from `at` on when the weekly limit has room for one more message.

        A message that waited too may go first, until the room is taken `by`: so may one of older
        news that goes later, at the times `waited`. One that goes by two channels at once counts
        once; where the channel changes, a portal may count both. So it may what went to a record
        that was merged with the person's.
        """
        records = self._joined.get(person_id, {person_id})
        sent = sorted(each for record in records for each in self._notices_to(record))
        taken_by, counts_until = by or at, self.order.counts_until
        while True:
            still_count = sent[bisect_right(sent, at, key=counts_until) :]
            counted = [each for each in still_count if each <= taken_by or each in waited]
            if not self.order.messages.fill_a_week(len(counted)):
                return at
            at = counts_until(counted[-self.order.messages.per_week_max])
            taken_by = due(self.order, at, "reply")

    def planned_by(self, person_id: str, at: datetime) -> datetime:
        """Find by when a message that a day asks for goes: by its end, or when a week has room.

        Until the day ends another message may take the place.
        """
        room_at = self.has_room(person_id, at, (), day_of(at)[1])
        return due(self.order, day_of(room_at)[1], "update")

    def _notices_to(self, person_id: str) -> list[datetime]:
        """List when something went to a person, once for what went by two channels together."""
        if person_id not in self._notices:
            by_text, by_email = (Counter(self._may_count.get((person_id, e), ())) for e in CHANNELS)
            self._notices[person_id] = list((by_text | by_email).elements())
        return self._notices[person_id]
