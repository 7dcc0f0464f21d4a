"""Portals that break one claim each: a check must find every one."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from standardwebhooks import Webhook

from reference.contract.signing import sign
from reference.portal.app import create_app
from simulator.inputs.target import rehearsal_secrets
from simulator.processes.asgi import Application

Message = MutableMapping[str, Any]
Answer = Callable[[bytes], tuple[int, bytes]]
Send = Callable[[str, str, dict[str, str], bytes], Awaitable[tuple[int, bytes]]]
SECRET = rehearsal_secrets().events
_SENT = 201, b'{"id": "8a4ad2a9-4c0c-4a3e-9b4f-3d8b8f0e2f4a"}'


def stopped_clock(*args: Any, **kwargs: Any) -> Application:
    """Give back the time it is asked to be, and stay where it is."""
    return _answering("/test-clock", _any_time, create_app(*args, **kwargs))


def frozen_clock(*args: Any, **kwargs: Any) -> Application:
    """Stay where it is once there is a crime."""
    application = create_app(*args, **kwargs)
    frozen, has_crime = _answering("/test-clock", _any_time, application), False

    async def answers(scope: Message, receive: Any, send: Any) -> None:
        nonlocal has_crime
        has_crime |= scope.get("path") == "/crime-events"
        await (frozen if has_crime else application)(scope, receive, send)

    return answers


def other_time(*args: Any, **kwargs: Any) -> Application:
    """Answer that it is always the same time."""
    same = msgspec.json.encode({"now": "2026-01-01T00:00:00Z", "next_due": None})
    return _answering("/test-clock", lambda _body: (200, same), create_app(*args, **kwargs))


def deaf_to_receipts(*args: Any, **kwargs: Any) -> Application:
    """Take receipts, and read none."""
    return _answering("/delivery-receipts", _taken, create_app(*args, **kwargs))


def refuses_receipts(*args: Any, **kwargs: Any) -> Application:
    """Have another token than was agreed."""
    return _answering("/delivery-receipts", _not_allowed, create_app(*args, **kwargs))


def deaf_to_texts(*args: Any, **kwargs: Any) -> Application:
    """Take texts, and read none."""
    return _answering("/received-texts", _taken, create_app(*args, **kwargs))


def deaf_to_strangers(*args: Any, **kwargs: Any) -> Application:
    """Thank anybody who says that a message was not for them, and do nothing."""
    return _answering("/api/not-for-me", _taken, create_app(*args, **kwargs))


def keeps_questions(*args: Any, **kwargs: Any) -> Application:
    """Take what victims write, and give it to nobody."""
    return _answering("/api/crimes/[^/]+/questions", _taken, create_app(*args, **kwargs))


def lets_nobody_in(*args: Any, **kwargs: Any) -> Application:
    """Take no one-time code for the right one."""
    return _answering("/api/sign-in/code", _not_allowed, create_app(*args, **kwargs))


def takes_no_events(*args: Any, **kwargs: Any) -> Application:
    """Have another secret than was agreed."""
    return _answering("/crime-events", _not_allowed, create_app(*args, **kwargs))


def takes_any_signature(*args: Any, **kwargs: Any) -> Application:
    """Take events from anybody who sends them."""
    return _signing_anew(lambda _headers, _body: True, *args, **kwargs)


def takes_what_is_old(*args: Any, **kwargs: Any) -> Application:
    """Look at who signed, and not at when."""

    def is_ours(headers: dict[str, str], body: bytes) -> bool:
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        by_us = Webhook(SECRET).sign(headers["webhook-id"], at, body.decode())
        return by_us == headers["webhook-signature"]

    return _signing_anew(is_ours, *args, **kwargs)


def does_it_again(*args: Any, **kwargs: Any) -> Application:
    """Take what is sent again for something new."""
    count = iter(range(1000))

    def renamed(_headers: dict[str, str], body: bytes) -> bytes:
        return re.sub(rb'"id":"(check-[^"]+)"', rb'"id":"\1-%d"' % next(count), body)

    def other_crime(headers: dict[str, str], body: bytes) -> bytes:
        return re.sub(rb"(4[34][0-9]{12})([0-9]{2})", rb"\1%02d" % (next(count) % 90), body)

    return _signing_anew(
        lambda _headers, _body: True,
        *args,
        change=lambda headers, body: other_crime(headers, renamed(headers, body)),
        **kwargs,
    )


def refuses_what_is_known(*args: Any, **kwargs: Any) -> Application:
    """Answer 409 to what it has already."""
    application = create_app(*args, **kwargs)
    known: set[bytes] = set()

    async def answer(scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != "/crime-events":
            await application(scope, receive, send)
            return
        body = (await receive())["body"]
        if body in known:
            await _reply(send, 409, b"{}")
            return
        known.add(body)
        await application(scope, _giving(body), send)

    return answer


def sends_elsewhere(*args: Any, **kwargs: Any) -> Application:
    """Send every message by a gateway of its own."""
    return _sending(_anywhere("gateway", lambda *_request: _SENT), *args, **kwargs)


def sends_no_email(*args: Any, **kwargs: Any) -> Application:
    """Claim email, and send texts alone."""

    def lost(_method: str, url: str, _body: bytes) -> tuple[int, bytes] | None:
        return _SENT if url.endswith("/email") else None

    return _sending(_anywhere("gateway", lost), *args, **kwargs)


def tells_no_crime_system(*args: Any, **kwargs: Any) -> Application:
    """Know no crime system that answers."""
    return _sending(_anywhere("crime-system", lambda *_request: (503, b"")), *args, **kwargs)


def numbers_its_messages(*args: Any, **kwargs: Any) -> Application:
    """Give each message a reference of the portal's own."""
    outbound = kwargs.pop("outbound")
    original: Send = outbound.send

    async def send(
        method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        ours = re.sub(rb'"reference":\s*"[^"]*"', b'"reference":"message-1"', body)
        return await original(method, url, headers, ours)

    return create_app(*args, outbound=_Outbound(send), **kwargs)


class _Outbound:
    connections = 1

    def __init__(self, send: Send) -> None:
        self._send = send

    async def send(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        return await self._send(method, url, headers, body)


def _anywhere(
    host: str, instead: Callable[[str, str, bytes], tuple[int, bytes] | None]
) -> Callable[[Send], Send]:
    """Let something else answer in place of a neighbour, where it does."""

    def wrap(original: Send) -> Send:
        async def send(
            method: str, url: str, headers: dict[str, str], body: bytes
        ) -> tuple[int, bytes]:
            is_meant = method == "POST" and url.startswith(f"http://{host}.")
            answer = instead(method, url, body) if is_meant else None
            return answer or await original(method, url, headers, body)

        return send

    return wrap


def _sending(wrap: Callable[[Send], Send], *args: Any, **kwargs: Any) -> Application:
    outbound = kwargs.pop("outbound")
    return create_app(*args, outbound=_Outbound(wrap(outbound.send)), **kwargs)


def _any_time(body: bytes) -> tuple[int, bytes]:
    asked = msgspec.json.decode(body)
    return 200, msgspec.json.encode({"now": asked["now"], "next_due": None})


def _answering(path: str, answer: Answer, application: Application) -> Application:
    """Answer at one path in the portal's place."""

    async def answers(scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and re.fullmatch(path, scope["path"]):
            await _reply(send, *answer((await receive())["body"]))
        else:
            await application(scope, receive, send)

    return answers


def _signing_anew(
    takes: Callable[[dict[str, str], bytes], bool],
    *args: Any,
    change: Callable[[dict[str, str], bytes], bytes] = lambda _headers, body: body,
    **kwargs: Any,
) -> Application:
    """Sign what comes, where it is taken, as the portal behind wants it."""
    clock = kwargs["security_clock"]
    application = create_app(*args, **kwargs)

    async def answer(scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == "/crime-events":
            body = (await receive())["body"]
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            if takes(headers, body):
                body = change(headers, body)
                anew = sign(SECRET, delivery_id=headers["webhook-id"], at=clock.now(), body=body)
                headers |= anew | {"content-length": str(len(body))}
            scope = {**scope, "headers": [(k.encode(), v.encode()) for k, v in headers.items()]}
            receive = _giving(body)
        await application(scope, receive, send)

    return answer


def _giving(body: bytes) -> Callable[[], Awaitable[Message]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _reply(send: Any, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _taken(_body: bytes) -> tuple[int, bytes]:
    return 202, b"{}"


def _not_allowed(_body: bytes) -> tuple[int, bytes]:
    return 401, msgspec.json.encode({"title": "Not allowed", "status": 401})
