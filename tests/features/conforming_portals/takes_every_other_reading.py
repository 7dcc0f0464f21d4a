"""Reads the order otherwise than the reference, wherever two readings are fair.

Decision 18 has them. A reply joins news that waits. Replies and invitations count towards the
weekly limit. An answer is late at the time of day of the question, and the day of asking counts. An
older crime's journey runs from phase 2's go-live. An old fact that a newer one replaced is not
announced. A choice of channels is confirmed.
"""

from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

from starlette.applications import Starlette

from reference.contract.events import AnyEvent, Channel, CrimeAllocated
from reference.portal.app import create_app as reference_app
from reference.portal.cases.conversations import Conversations
from reference.portal.cases.journeys import Journeys
from reference.portal.messages.announcer import Announcer
from reference.portal.messages.gateway import Outgoing
from reference.portal.portal import Portal
from reference.portal.rules import announcements, victims_code
from reference.portal.rules.crime_state import Crime
from reference.portal.settings import Settings
from reference.portal.storage.crimes import Victim
from reference.portal.storage.outbox import Outbox
from reference.portal.timestamps import LONDON, instant, seconds
from reference.portal.web import api

_announce_on = Announcer.announce_on
_choose = api.choose
_asked = Conversations.ask
_within = victims_code.within_working_days
_tell = Journeys.tell
_next_message = announcements.next_message
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


async def _unless_replaced(
    self: Journeys, event_id: str, crime: Crime, victim: Victim, event: AnyEvent, now: datetime
) -> None:
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


def create_app(*args: Any, **kwargs: Any) -> Starlette:
    """Build the reference with every other reading."""
    patch.object(Announcer, "announce_on", _joining).start()
    patch.object(Outbox, "capped_since", _all_since).start()
    patch.object(Conversations, "ask", _ask).start()
    patch.object(victims_code, "within_working_days", _strictly).start()
    patch.object(announcements, "next_message", _from_go_live).start()
    patch.object(Journeys, "tell", _unless_replaced).start()
    patch.object(api, "choose", _choose_and_confirm).start()
    return reference_app(*args, **kwargs)
