"""Queues announcements, in the transaction of their cause; `sending.py` sends them.

A message that is still waiting already says what another of its kind would say: the newer event
joins it. Neither bundling nor the weekly limit holds news back past the Victims' Code's deadline,
which counts from when it happened.
"""

from dataclasses import dataclass
from datetime import datetime

from reference.contract.events import Channel, VictimRecord
from reference.portal.rules import contact_details, message_limits, quiet_hours, victims_code
from reference.portal.settings import Settings
from reference.portal.storage.crimes import Victim
from reference.portal.storage.outbox import Outbox
from reference.portal.timestamps import moment, seconds

_CAPPED = ("update", "advice", "still_with_us")


@dataclass(frozen=True, slots=True)
class Announcer:
    """Queues each notice on the victim's channels, at the time it may go."""

    outbox: Outbox
    settings: Settings

    async def announce(
        self,
        victim: Victim,
        notice: str,
        event_id: str,
        now: datetime,
        happened_at: datetime | None = None,
    ) -> None:
        """Queue a notice about one crime on every channel that reaches the victim."""
        for channel in victim.addresses:
            await self.announce_on(channel, victim, notice, event_id, now, happened_at)

    async def announce_on(
        self,
        channel: Channel,
        victim: Victim,
        notice: str,
        event_id: str,
        now: datetime,
        happened_at: datetime | None = None,
    ) -> None:
        """Queue a notice on one channel, paced from phase 2 on.

        What it tells happened now, if at no other time.
        """
        since = min(happened_at or now, now)
        reference, person_id = victim.crime_reference, victim.person_id
        due_at, held_because = now, ""
        is_paced = notice in _CAPPED and self.settings.phase_at(now) >= 2
        if is_paced:
            due_at, held_because = await self._paced(victim, notice, channel, now, since)
        goes_at = seconds(quiet_hours.send_at(due_at, self.settings))
        by = goes_at if is_paced else 2**62
        if not await self.outbox.join_waiting(
            *(reference, person_id, notice, channel, event_id), by, seconds(since)
        ):
            await self.outbox.add(
                reference=reference,
                person_id=person_id,
                notice=notice,
                channel=channel,
                event_id=event_id,
                due_at=goes_at,
                held_because=held_because,
                happened_at=seconds(since),
            )
        if is_paced and held_because and notice == "update":
            await self.put_off(person_id, channel, now, victim.record)

    async def overtake(
        self, reference: str, person_id: str, now: datetime, *, is_over: bool = True
    ) -> None:
        """Cancel the automatic messages that news of a crime overtakes; others use their places."""
        if await self.outbox.overtake(reference, person_id, is_over=is_over):
            await self.use_free_places(person_id, now)

    async def use_free_places(self, person_id: str, now: datetime) -> None:
        """Place anew what the weekly limit holds back: news never later, as others go or do not."""
        phase = self.settings.phase_at(now)
        for channel in contact_details.CHANNELS:
            since = seconds(now - message_limits.WEEK)
            held_back = await self.outbox.held_back(person_id, channel)
            taken = await self.outbox.capped_since(person_id, channel, since) if held_back else []
            for each in held_back:
                taken.remove(each.due_at)
            for each in held_back:  # what comes later takes no place from what waits longer
                capped = message_limits.cap_until(now, [*map(moment, taken)], phase, self.settings)
                goes_at = seconds(quiet_hours.send_at(capped, self.settings))
                place = min(goes_at, each.due_at) if each.notice == "update" else goes_at
                await self.outbox.send_at(each.id, place)
                taken.append(place)

    async def put_off(
        self, person_id: str, channel: Channel, now: datetime, record: VictimRecord | None = None
    ) -> None:
        """Let messages wait longer for a place in the week, as one went late or above its limit.

        With the person's `record` news waits too, also that which had a place, until it must be
        told.
        """
        phase, since = self.settings.phase_at(now), seconds(now - message_limits.WEEK)
        is_forced = record is not None
        for each in await self.outbox.held_back(person_id, channel, or_counted=is_forced):
            until = None
            if each.notice == "update":
                if record is None:
                    continue
                until = victims_code.told_by(moment(each.happened_at), record, self.settings)
            sent = await self.outbox.capped_since(person_id, channel, since)
            sent.remove(each.due_at)
            before = [moment(at) for at in sent if at <= each.due_at]
            capped = message_limits.cap_until(moment(each.due_at), before, phase, self.settings)
            wanted = capped if until is None else min(capped, until)
            goes_at = seconds(quiet_hours.send_at(wanted, self.settings))
            await self.outbox.send_at(each.id, max(each.due_at, goes_at))

    async def _paced(
        self, victim: Victim, notice: str, channel: Channel, now: datetime, since: datetime
    ) -> tuple[datetime, str]:
        phase = self.settings.phase_at(now)
        due_at = message_limits.bundle_until(now, phase, self.settings)
        week = seconds(now - message_limits.WEEK)
        sent = map(moment, await self.outbox.capped_since(victim.person_id, channel, week))
        goes_at = message_limits.cap_until(due_at, [*sent], phase, self.settings)
        held_because = "weekly limit" if goes_at > due_at else ""
        if notice == "update":  # an automatic message tells no news
            told_by = victims_code.told_by(since, victim.record, self.settings)
            goes_at = max(now, min(goes_at, told_by))
        return goes_at, held_because
