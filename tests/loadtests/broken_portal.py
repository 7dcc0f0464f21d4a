"""The reference with a faulty line to its gateway: of ten updates it loses one and repeats one.

Another repeats one in ten some seconds later. Another only answers one delivery later than anybody
waits, another tells every victim by text and never shows the news on the page, one takes every STOP
and sends on, and one sends by night. One grows with every delivery, and one sends nothing while its
clock is behind what it has been. Some refuse now and then from the start, take no receipts, or keep
two requests in a hundred waiting.

Started as a process by a target's command; only messages that answer a closure are touched.
"""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs
from starlette.applications import Starlette

from reference.operations.environment import read_configuration
from reference.operations.http_outbound import HttpOutbound
from reference.operations.service import create_service
from reference.portal.errors import NeighbourDown
from simulator.processes.asgi import Application

_ONE_OF = 10
#: Names the file of `notes_when_it_is_asked`.
WHEN_ASKED = "BROKEN_PORTAL_WHEN_ASKED"
#: Longer than the target of the tests lets anybody wait.
_LATE_SECONDS = 3.0
#: The limit for a visit is five seconds, and it asks twice.
_SLOW_SECONDS = 3.0
#: A sign-in has three steps, and must not take half a minute.
_SIGN_IN_STEP_SECONDS = 11.0
#: The slowest sign-in of a thousand may take six.
_HELD_SECONDS = 7.0
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class FaultyOutbound(HttpOutbound):
    """Believes that a lost message was sent."""

    def __init__(self) -> None:
        super().__init__()
        self._updates = 0

    async def send(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Send once, twice or not at all."""
        if b"-burst-" not in body:
            return await super().send(method, url, headers, body)
        self._updates += 1
        if self._updates % _ONE_OF == 1:
            return 201, b'{"id": "00000000-0000-4000-8000-%012d"}' % self._updates
        if self._updates % _ONE_OF == 2:
            await super().send(method, url, headers, body)
        return await super().send(method, url, headers, body)


def create_app() -> Starlette:
    """Build it from the environment, as the reference is."""
    given = read_configuration()
    return create_service(given.settings, given.secrets, outbound=FaultyOutbound())


class RepeatsLater(HttpOutbound):
    """Sends one update in ten again when all is over, as a queue does that nobody confirmed to."""

    def __init__(self) -> None:
        super().__init__()
        self._updates = 0
        self._later: set[asyncio.Task[tuple[int, bytes]]] = set()

    async def send(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Send now, and perhaps again in a while."""
        if b"-burst-" in body:
            self._updates += 1
            if self._updates % _ONE_OF == 0:
                task = asyncio.create_task(self._again(method, url, headers, body))
                self._later.add(task)
                task.add_done_callback(self._later.discard)
        return await super().send(method, url, headers, body)

    async def _again(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        await asyncio.sleep(_LATE_SECONDS)
        return await super().send(method, url, headers, body)


def repeats_later() -> Starlette:
    """Tell some twice, the second time when everybody has been told."""
    given = read_configuration()
    return create_service(given.settings, given.secrets, outbound=RepeatsLater())


def answers_late() -> Application:
    """Take the first delivery of closures, and answer it later than anybody waits."""
    application = create_app_that_works()
    is_first = [True]

    async def late(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/crime-events":
            await application(scope, receive, send)
            return
        answer: list[Message] = []
        body = b""

        async def keep(message: Message) -> None:
            answer.append(message)

        async def read() -> Message:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            return message

        await application(scope, read, keep)
        if b"CrimeClosed" in body and is_first:
            is_first.clear()
            await asyncio.sleep(_LATE_SECONDS)
        for message in answer:
            await send(message)

    return late


def shows_no_news() -> Application:
    """Leave out of every timeline that the crime was closed; all else is as in the reference."""
    application = create_app_that_works()

    async def without_news(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith("/timeline"):
            await application(scope, receive, send)
            return
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await application(scope, receive, keep)
        start, *rest = answer
        shown = msgspec.json.decode(b"".join(each.get("body", b"") for each in rest))
        if "timeline" in shown:
            entries = shown["timeline"]
            shown["timeline"] = [each for each in entries if each["kind"] != "CrimeClosed"]
        body = msgspec.json.encode(shown)
        others = [each for each in start["headers"] if each[0] != b"content-length"]
        start["headers"] = [*others, (b"content-length", b"%d" % len(body))]
        await send(start)
        await send({"type": "http.response.body", "body": body})

    return without_news


def ignores_stop() -> Application:
    """Answer each text that is sent back as if it had been taken, and take none."""
    application = create_app_that_works()

    async def deaf(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/received-texts":
            await application(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return deaf


class WaitsForItsClock(HttpOutbound):
    """Keeps the latest time of day that it has seen, and sends nothing before that."""

    def __init__(self) -> None:
        super().__init__()
        self._latest = 0.0

    async def send(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Send, unless it was later before."""
        if time.time() < self._latest - 1:
            raise NeighbourDown("it is not time yet")
        self._latest = max(self._latest, time.time())
        return await super().send(method, url, headers, body)


def waits_for_its_clock() -> Starlette:
    """Mistake a clock that was put right for the past."""
    given = read_configuration()
    return create_service(given.settings, given.secrets, outbound=WaitsForItsClock())


def grows() -> Application:
    """Keep twenty megabytes of each delivery."""
    application = create_app_that_works()
    kept: list[bytes] = []

    async def hoarding(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/crime-events":
            kept.append(b"x" * 20_000_000)
        await application(scope, receive, send)

    return hoarding


def sends_by_night() -> Starlette:
    """Know of no quiet hours."""
    given = read_configuration()
    settings = structs.replace(given.settings, quiet_from=None, quiet_until=None)
    return create_service(settings, given.secrets)


def shows_everybody_one_page() -> Application:
    """Keep the first timeline in a cache by its address without the reference: all get that one."""
    return _cached(lambda _path: "timeline")


def shows_old_pages() -> Application:
    """Keep each crime's timeline in a cache for good, as it was when it was first asked for."""
    return _cached(lambda path: path)


def _cached(key: Callable[[str], str]) -> Application:
    """Answer every timeline that was asked for by the same key as the first one."""
    application = create_app_that_works()
    kept: dict[str, list[Message]] = {}

    async def cached(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith("/timeline"):
            await application(scope, receive, send)
            return
        if key(scope["path"]) not in kept:
            answer: list[Message] = []

            async def keep(message: Message) -> None:
                answer.append(message)

            await application(scope, receive, keep)
            kept.setdefault(key(scope["path"]), answer)
        for message in kept[key(scope["path"])]:
            await send(dict(message))

    return cached


def lets_in_slowly() -> Application:
    """Take long over each step of a sign-in, from the second delivery on: that is of the burst."""
    application = create_app_that_works()
    delivered: list[bool] = []

    async def slow(scope: Message, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path == "/crime-events":
            delivered.append(True)
        if path.startswith("/api/sign-in") and len(delivered) > 1:
            await asyncio.sleep(_SIGN_IN_STEP_SECONDS)
        await application(scope, receive, send)

    return slow


def refuses_now_and_then() -> Application:
    """Answer 503 to every fifth request of the API, and to the first delivery."""
    return _answering(lambda path, number: 503 if _is_fifth(path, number) else 0)


def takes_no_crimes() -> Application:
    """Answer 503 to every delivery."""
    return _answering(lambda path, _number: 503 if path == "/crime-events" else 0)


def takes_no_receipts() -> Application:
    """Answer 500 to every second receipt."""
    return _answering(
        lambda path, number: 500 if path == "/delivery-receipts" and number % 2 else 0
    )


def _is_fifth(path: str, number: int) -> bool:
    return (path.startswith("/api/") and number % 5 == 0) or (
        path == "/crime-events" and number == 0
    )


def _answering(status_for: Callable[[str, int], int]) -> Application:
    """Answer with a status of its own, by the path and how often that was asked before."""
    application = create_app_that_works()
    asked: Counter[str] = Counter()

    async def refusing(scope: Message, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        status = status_for(path, asked[path])
        asked[path] += 1
        if not status:
            await application(scope, receive, send)
            return
        while (await receive()).get("more_body"):
            pass
        headers = [(b"content-type", b"application/problem+json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        body = b'{"type": "about:blank", "title": "Busy", "status": %d}' % status
        await send({"type": "http.response.body", "body": body})

    return refusing


def keeps_a_few_waiting() -> Application:
    """Take seven seconds over one sign-in in forty, and do all else at once."""
    application = create_app_that_works()
    begun: list[None] = []

    async def slow(scope: Message, receive: Receive, send: Send) -> None:
        if scope.get("path", "") == "/api/sign-in":
            begun.append(None)
            if len(begun) % 40 == 20:
                await asyncio.sleep(_HELD_SECONDS)
        await application(scope, receive, send)

    return slow


def answers_slowly() -> Application:
    """Take seconds over each page that a visitor asks for, and do the rest at once."""
    application = create_app_that_works()

    async def slow(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/crimes"):
            await asyncio.sleep(_SLOW_SECONDS)
        await application(scope, receive, send)

    return slow


def notes_when_it_is_asked() -> Application:
    """Write down when each request came, into the file that the environment names."""
    application = create_app_that_works()
    path = Path(os.environ[WHEN_ASKED])

    async def noting(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            with path.open("a", encoding="utf-8") as file:
                file.write(f"{time.time():.3f} {scope['path'].split('/')[1]}\n")
        await application(scope, receive, send)

    return noting


def create_app_that_works() -> Starlette:
    """Build the reference as it is."""
    given = read_configuration()
    return create_service(given.settings, given.secrets)
