"""Reads the order otherwise than the reference, wherever two readings are fair.

Decision 18 has them. A reply joins news that waits. Replies and invitations count towards the
weekly limit. An answer is late at the time of day of the question, and the day of asking counts. An
older crime's journey runs from phase 2's go-live. An old fact that a newer one replaced is not
announced. A choice of channels is confirmed.

So has decision 49. Who may be told of a crime again is invited. What waited for the gateway is
worded as it goes: who has come in meanwhile needs no link. What a merger into an excluded crime
stopped is told once that crime goes on as another. A crime that comes after it was merged into one
to which its victim is invited needs no invitation. A session by one of two records goes on when the
one's crime is cancelled.

And decision 52: an update that waits when another force takes its crime over is not sent.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from msgspec import json, structs
from starlette.applications import Starlette

from reference.contract.events import (
    AnyEvent,
    Channel,
    CloudEvent,
    CrimeAllocated,
    CrimeMerged,
    CrimeTransferred,
    VictimRecord,
)
from reference.portal.app import create_app as reference_app
from reference.portal.cases.cases import Cases
from reference.portal.cases.conversations import Conversations
from reference.portal.cases.journeys import Journeys
from reference.portal.cases.reclassified_and_merged import Changes
from reference.portal.messages.announcer import Announcer
from reference.portal.messages.gateway import Outgoing
from reference.portal.messages.sending import Sending
from reference.portal.people.details import Details
from reference.portal.portal import Portal
from reference.portal.rules import announcements, victims_code
from reference.portal.rules.crime_state import Crime
from reference.portal.settings import Settings
from reference.portal.storage.crimes import Victim
from reference.portal.storage.outbox import Message, Outbox
from reference.portal.timestamps import LONDON, instant, seconds
from reference.portal.web import api

_announce_on = Announcer.announce_on
_choose = api.choose
_asked = Conversations.ask
_within = victims_code.within_working_days
_tell = Journeys.tell
_next_message = announcements.next_message
_change_details = Cases._change_details
_invite = Journeys.invite
_worded = Sending._worded
_merge = Changes.merge
_shut_out = Details._shut_out
_ASKING: ContextVar[bool] = ContextVar("asking", default=False)
_SATURDAY = 5
_JOIN = (
    "UPDATE outbox SET event_id = ? WHERE person_id = ? AND crime_reference = ?"
    " AND channel = ? AND notice = 'update' AND status = 'waiting' AND due_at <= ?"
)
_SENT = (
    "SELECT coalesce(sent_at, due_at) AS at FROM outbox WHERE person_id = ? AND channel = ?"
    " AND coalesce(sent_at, due_at) > ? AND status IN ('sent', 'waiting') ORDER BY at"
)
_MERGERS = "SELECT data FROM event_waiting WHERE crime_reference = ? AND type LIKE '%CrimeMerged'"
_STOPPED = (
    "SELECT person_id, channel, event_id FROM outbox WHERE crime_reference = ? AND came_by <> ''"
    " AND notice = 'update' AND held_because = 'offence not in the portal'"
)


_NOT_SENT = (
    "DELETE FROM outbox WHERE crime_reference = ? AND person_id = ?"
    " AND notice = 'update' AND status = 'waiting'"
)


async def _joining(
    self: Announcer,
    channel: Channel,
    victim: Victim,
    notice: str,
    event_id: str,
    now: datetime,
    happened_at: datetime | None = None,
) -> None:
    """Let a reply join an update that goes within the time for bundling."""
    about = (victim.person_id, victim.crime_reference, channel)
    soon = seconds(now + timedelta(minutes=self.settings.bundle_minutes))
    if notice == "reply" and await self.outbox.database.run(_JOIN, (event_id, *about, soon)):
        return
    await _announce_on(self, channel, victim, notice, event_id, now, happened_at)


async def _all_since(self: Outbox, person_id: str, channel: Channel, since: int) -> list[int]:
    rows = await self.database.all(_SENT, (person_id, channel, since))
    return [int(row[0]) for row in rows]


async def _ask(self: Conversations, *about: Any, **form: Any) -> None:
    token = _ASKING.set(True)
    try:
        await _asked(self, *about, **form)
    finally:
        _ASKING.reset(token)


def _strictly(at: datetime, days: int, settings: Settings) -> datetime:
    """Count the day of asking, and end at the time of day of the question."""
    if not _ASKING.get():
        return _within(at, days, settings)
    local = at.astimezone(LONDON)
    is_working_day = local.weekday() < _SATURDAY and local.date() not in settings.bank_holidays
    ends = _within(at, days - is_working_day, settings).astimezone(LONDON)
    last = ends.date() - timedelta(days=1)
    return datetime.combine(last, local.time(), tzinfo=LONDON).astimezone(UTC)


def _from_go_live(progress: announcements.Progress, settings: Settings) -> announcements.Due:
    phase_2 = settings.go_live[1]
    begun = max(progress.recorded_at, phase_2)
    latest = max(progress.last_news_at, phase_2)
    return _next_message(replace(progress, recorded_at=begun, last_news_at=latest), settings)


async def _tell_what_is_left(
    self: Journeys, event_id: str, crime: Crime, victim: Victim, event: AnyEvent, now: datetime
) -> None:
    """Tell no fact that a newer one replaced, and of a crime of another force now only that."""
    if isinstance(event, CrimeTransferred):
        await self.announcer.outbox.database.run(_NOT_SENT, (crime.reference, victim.person_id))
    is_old = isinstance(event, CrimeAllocated) and instant(event.allocated_at) < crime.allocated_at
    if not is_old:
        await _tell(self, event_id, crime, victim, event, now)


async def _choose_and_confirm(portal: Portal, people: list[str], channels: tuple[str, ...]) -> None:
    """Confirm a choice on each channel that is wanted, unless it changes nothing."""
    choices = portal.choices
    before = set((await choices.of(people[0])).channels)
    await _choose(portal, people, channels)
    if before == set(channels):
        return
    addresses = (await choices.of(people[0])).addresses
    force = await choices.immediate.force_of(people[0])
    name = force.name if force is not None else ""
    body = f"{name}: we have changed how we contact you, as you asked."
    await choices.immediate.gateway.send_all(
        [
            Outgoing(channel=channel, to=to, subject=f"From {name}", body=body, reference="")
            for channel, to in addresses.items()
            if channel in channels
        ]
    )


async def _invite_who_is_alike(
    self: Cases, event_id: str, record: VictimRecord, at: int, now: datetime, **how: Any
) -> None:
    """Invite by the other records of a person what their new details let be told by them."""
    crimes = self.crimes
    out = [
        (reference, person_id)
        for person_id in await self.details.flags.alike(record.person_id)
        for reference in await crimes.crimes_of(person_id)
        if await crimes.victim(reference, person_id) is None
    ]
    await _change_details(self, event_id, record, at, now, **how)
    for reference, person_id in out:
        crime, victim = await crimes.crime(reference), await crimes.victim(reference, person_id)
        if crime is not None and victim is not None:
            await self.journeys.invite(event_id, crime, victim, now)


async def _invite_but_to_what_is_part(
    self: Journeys, event_id: str, crime: Crime, victim: Victim, now: datetime, **how: Any
) -> bool:
    """Invite nobody to a crime that came late, and goes on as one to which they are invited."""
    for (data,) in await self.crimes.database.all(_MERGERS, (crime.reference,)):
        into = await self.crimes.surviving(json.decode(data).get("into", ""))
        if into is not None:
            own = await self.crimes.victim(into.reference, victim.person_id)
            if own is not None and own.invited_at is not None:
                return False
    return await _invite(self, event_id, crime, victim, now, **how)


async def _worded_as_it_goes(self: Sending, message: Message, now: datetime) -> Outgoing:
    """Send an invitation that waited as plain news to who has come in meanwhile."""
    about = (message.person_id,)
    came_in = "SELECT registered_at FROM person WHERE person_id = ? AND registered_at IS NOT NULL"
    if message.notice == "invitation" and await self.outbox.database.one(came_in, about):
        message = structs.replace(message, notice="update")
    return await _worded(self, message, now)


async def _tell_what_was_stopped(
    self: Changes,
    envelope: CloudEvent,
    crime: Crime,
    event: CrimeMerged,
    into: Crime,
    now: datetime,
) -> None:
    """Tell news of the crimes merged into one that was out, which stopped it, and now goes on."""
    stopped: Sequence[Any] = await self.crimes.database.all(_STOPPED, (crime.reference,))
    await _merge(self, envelope, crime, event, into, now)
    for person_id, channel, event_id in stopped:
        victim = await self.crimes.victim(into.reference, person_id)
        if victim is not None:
            await self.journeys.announcer.announce_on(channel, victim, "update", event_id, now)


async def _shut_out_with_all_records(self: Details, person_id: str) -> None:
    """Leave a session to who is told of a crime by another record; links of this one end."""
    alike = await self.flags.alike(person_id)
    if any([await self.crimes.newest_crime_of(each) is not None for each in alike]):
        links = "DELETE FROM invitation WHERE person_id = ?"
        if await self.crimes.newest_crime_of(person_id) is None:
            await self.crimes.database.run(links, (person_id,))
        return
    for each in (person_id, *alike):
        await _shut_out(self, each)


def create_app(*args: Any, **kwargs: Any) -> Starlette:
    """Build the reference with every other reading."""
    patch.object(Announcer, "announce_on", _joining).start()
    patch.object(Outbox, "capped_since", _all_since).start()
    patch.object(Conversations, "ask", _ask).start()
    patch.object(victims_code, "within_working_days", _strictly).start()
    patch.object(announcements, "next_message", _from_go_live).start()
    patch.object(Journeys, "tell", _tell_what_is_left).start()
    patch.object(api, "choose", _choose_and_confirm).start()
    patch.object(Cases, "_change_details", _invite_who_is_alike).start()
    patch.object(Journeys, "invite", _invite_but_to_what_is_part).start()
    patch.object(Sending, "_worded", _worded_as_it_goes).start()
    patch.object(Changes, "merge", _tell_what_was_stopped).start()
    patch.object(Details, "_shut_out", _shut_out_with_all_records).start()
    return reference_app(*args, **kwargs)
