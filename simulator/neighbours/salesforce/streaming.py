"""CometD by long polling: how subscribers are told of events, with replay.

Every reply echoes the `id` of its message, errors too; a subscription is answered before the held
`/meta/connect`. Sources: Streaming API Developer Guide, developer.salesforce.com; Bayeux protocol.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from secrets import token_urlsafe
from threading import RLock
from typing import Any

from msgspec import Struct

from simulator.neighbours.salesforce.events import ALL_KEPT, NEW_ONLY, Event, Events, is_on

MESSAGES_MAX = 100
CLIENTS_MAX = 1_000
CHANNELS_MAX = 100
QUEUED_MAX = 2_000
CONNECT_SECONDS_MAX = 110.0
#: Who does not come back in this time is forgotten, as documented.
AWAY_SECONDS_MAX = 40.0
_ADVICE = {"interval": 0, "timeout": int(CONNECT_SECONDS_MAX * 1000), "reconnect": "retry"}

Message = dict[str, Any]


class _Client(Struct, kw_only=True):
    seen_at: datetime
    channels: set[str]
    queue: list[tuple[str, Event]]
    wake: Callable[[], None]
    has_connected: bool = False


class _Held:
    """A connect that waits; it may be ended from any thread, and its server may have gone."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def end(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.ended.set)


class Streaming:
    """All subscribers; servers in several threads may stand before it."""

    def __init__(self, events: Events, now: Callable[[], datetime]) -> None:
        self._events = events
        self._now = now
        self._lock = RLock()
        self._clients: dict[str, _Client] = {}
        events.on_event.append(self._deliver)

    async def answer(
        self, messages: list[Message], *, is_known: bool, is_portal: bool = False, seconds: float
    ) -> list[Message]:
        """Answer the messages of one request; a connect among them waits for events."""
        replies: list[Message] = []
        waiting: Message | None = None
        for message in messages[:MESSAGES_MAX]:
            channel = message.get("channel")
            if channel == "/meta/connect" and is_known and self._client(message) is not None:
                waiting = message
            else:
                with self._lock:
                    replies.append(self._reply(message, is_known=is_known, is_portal=is_portal))
        if waiting is None:
            return replies
        # What else came with it must not wait: the client would not know that it has subscribed.
        client_id = str(waiting["clientId"])
        held = 0.0 if replies or _timeout(waiting) == 0 else min(seconds, CONNECT_SECONDS_MAX)
        events = await self._events_for(client_id, held)
        told = [{"channel": channel, "data": each.data} for channel, each in events]
        connected = _said(waiting, successful=True, clientId=client_id, advice=_ADVICE)
        return [*replies, connected, *told]

    def _client(self, message: Message) -> _Client | None:
        with self._lock:
            return self._clients.get(str(message.get("clientId")))

    def _reply(self, message: Message, *, is_known: bool, is_portal: bool) -> Message:
        if message.get("channel") == "/meta/handshake":
            return self._handshake(message, is_known=is_known)
        if not is_known:
            advice = {"reconnect": "none", "interval": 0}
            return _failed(message, "401::Authentication invalid", advice=advice)
        client = self._client(message)
        if client is None:
            advice = {"reconnect": "handshake", "interval": 500}
            return _failed(message, "403::Unknown client", advice=advice)
        client.seen_at = self._now()
        return self._of_client(message, client, is_portal=is_portal)

    def _of_client(self, message: Message, client: _Client, *, is_portal: bool) -> Message:
        match message.get("channel"):
            case "/meta/subscribe":
                return self._subscribe(message, client, is_portal=is_portal)
            case "/meta/unsubscribe":
                client.channels.difference_update(_channels(message))
                return _said(message, successful=True, subscription=message.get("subscription"))
            case "/meta/disconnect":
                self._clients.pop(str(message["clientId"]), None)
                client.wake()
                return _said(message, successful=True)
        words = f"400::Channel {str(message.get('channel'))[:100]} cannot be published to"
        return _failed(message, words)

    def _handshake(self, message: Message, *, is_known: bool) -> Message:
        if not is_known:
            reason = {"failureReason": "401::Authentication invalid"}
            return _failed(
                message,
                "403::Handshake denied",
                ext={"sfdc": reason, "replay": True},
                advice={"reconnect": "none"},
            )
        self._forget()
        client_id = token_urlsafe(24)
        if len(self._clients) < CLIENTS_MAX:
            self._clients[client_id] = _Client(
                seen_at=self._now(), channels=set(), queue=[], wake=_nobody
            )
        return _said(
            message,
            successful=True,
            clientId=client_id,
            version="1.0",
            minimumVersion="1.0",
            supportedConnectionTypes=["long-polling"],
            ext={"replay": True, "payload.format": True},
        )

    def _subscribe(self, message: Message, client: _Client, *, is_portal: bool) -> Message:
        given = message.get("ext")
        replay = given.get("replay") if isinstance(given, dict) else None
        for channel in _channels(message):
            wanted = replay.get(channel, NEW_ONLY) if isinstance(replay, dict) else NEW_ONLY
            if not self._events.has(channel):
                words = (
                    f"The channel you requested to subscribe to does not exist {{{channel[:200]}}}"
                )
                return self._not_subscribed(message, f"400::{words}")
            if is_portal:
                words = f"403:denied_by_security_policy:create_denied {channel[:200]}"
                return self._not_subscribed(message, words)
            kept = self._events.after(channel, wanted) if isinstance(wanted, int) else None
            if kept is None or len(client.channels) >= CHANNELS_MAX:
                words = (
                    f"The replayId {{{str(wanted)[:40]}}} you provided was invalid. Please provide "
                    f"a valid ID, {ALL_KEPT} to replay all events, or {NEW_ONLY} to replay only "
                    "new events."
                )
                return self._not_subscribed(message, f"400::{words}")
            client.channels.add(channel)
            client.queue = [*client.queue, *((channel, each) for each in kept)][-QUEUED_MAX:]
        if client.queue:
            client.wake()
        return _said(message, successful=True, subscription=message.get("subscription"))

    def _not_subscribed(self, message: Message, words: str) -> Message:
        return _failed(message, words, subscription=message.get("subscription"))

    def _deliver(self, event: Event) -> None:
        with self._lock:
            for client in self._clients.values():
                told = [(each, event) for each in client.channels if is_on(event.channel, each)]
                if told:
                    client.queue = [*client.queue, *told][-QUEUED_MAX:]
                    client.wake()

    async def _events_for(self, client_id: str, seconds: float) -> list[tuple[str, Event]]:
        """Give what waits for a client, and wait for it if nothing does."""
        with self._lock:
            client = self._clients.get(client_id)
            if client is None:
                return []
            client.seen_at = self._now()
            # The first is answered at once: a client wants to know that it is connected.
            waits = not client.queue and seconds > 0 and client.has_connected
            client.has_connected = True
            held = _Held() if waits else None
            if held is not None:
                # A connect that is held already ends: there is one for each client.
                client.wake()
                client.wake = held.end
        if held is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(held.ended.wait(), seconds)
        with self._lock:
            client.seen_at = self._now()
            if held is not None and client.wake == held.end:
                client.wake = _nobody
            queue, client.queue = client.queue, []
            return queue

    def _forget(self) -> None:
        away = self._now() - timedelta(seconds=AWAY_SECONDS_MAX)
        for client_id, client in list(self._clients.items()):
            if client.wake is _nobody and client.seen_at < away:
                del self._clients[client_id]


def _nobody() -> None:
    """Wake nobody: no connect is held."""


def _channels(message: Message) -> list[str]:
    given = message.get("subscription")
    return [str(each) for each in given][:CHANNELS_MAX] if isinstance(given, list) else [str(given)]


def _timeout(message: Message) -> Any:
    advice = message.get("advice")
    return advice.get("timeout") if isinstance(advice, dict) else None


def _said(message: Message, **members: Any) -> Message:
    named = {"channel": message.get("channel"), **members}
    return named | ({"id": message["id"]} if "id" in message else {})


def _failed(message: Message, error: str, **members: Any) -> Message:
    return _said(message, successful=False, error=error, **members)
