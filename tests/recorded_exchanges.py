"""What a client asked a double and was answered, as data, to be asked again without the client.

Tokens, ids and times differ in each run: a request is asked again with the ids of the new run, and
an answer is compared by status and by the keys and types of its JSON.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from simulator.processes.asgi import Application

_Message = MutableMapping[str, Any]


#: Headers that change what a request means, and no secrets but those of tests.
KEPT_HEADERS = ("prefer", "if-match", "if-none-match", "accept-language", "sforce-query-options")


class Exchange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request and its answer; `body` and `answer` are JSON, None if they are not.

    Then `text` and `answer_text` hold what they are: a form, a batch, a schema.
    """

    method: str
    target: str
    content_type: str
    body: Any
    status: int
    answer: Any
    headers: dict[str, str] = {}
    text: str = ""
    answer_text: str = ""
    #: The address of the row that Dataverse made, which stands in a header.
    made: str = ""


class Recorder:
    """An ASGI application in front of a double that notes every exchange."""

    def __init__(self, application: Application) -> None:
        self.exchanges: list[Exchange] = []
        self._application = application

    async def __call__(
        self,
        scope: _Message,
        receive: Callable[[], Awaitable[_Message]],
        send: Callable[[_Message], Awaitable[None]],
    ) -> None:
        """Pass one exchange on, and note it."""
        asked, answered, status, made = b"", b"", 0, ""

        async def noted_receive() -> _Message:
            nonlocal asked
            message = await receive()
            asked += message.get("body", b"")
            return message

        async def noted_send(message: _Message) -> None:
            nonlocal answered, status, made
            if message["type"] == "http.response.start":
                status = message["status"]
                named = {name.lower(): value for name, value in message["headers"]}
                made = named.get(b"odata-entityid", b"").decode()
            answered += message.get("body", b"")
            await send(message)

        await self._application(scope, noted_receive, noted_send)
        query = scope["query_string"].decode()
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        kept = {name: headers[name] for name in KEPT_HEADERS if name in headers}
        if headers.get("authorization", "").startswith("Basic "):
            kept["authorization"] = headers["authorization"]
        body, answer = _json(asked), _json(answered)
        if isinstance(answer, dict) and "access_token" in answer:
            answer["access_token"] = "a token"
        self.exchanges.append(
            Exchange(
                method=scope["method"],
                target=scope["path"] + (f"?{query}" if query else ""),
                content_type=headers.get("content-type", ""),
                body=body,
                status=status,
                answer=answer,
                headers=kept,
                text="" if body is not None else asked.decode("utf-8", "replace"),
                made=made,
                answer_text="" if answer is not None else answered.decode("utf-8", "replace"),
            )
        )


def exchanges_json(exchanges: Iterable[Exchange], *, on: date) -> str:
    """Write exchanges with the day of the run."""
    content = {"recorded_on": on.isoformat(), "exchanges": msgspec.to_builtins(list(exchanges))}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def replayed_answers(
    exchanges: Iterable[dict[str, Any]],
    ask: Callable[[dict[str, Any], str, bytes], tuple[int, Any]],
) -> Iterator[tuple[dict[str, Any], tuple[int, Any]]]:
    """Ask again what was asked; give each exchange with its new answer, a status and JSON.

    An id of an earlier answer is replaced by the one that now stands in its place.
    """
    new_ids: dict[str, str] = {}
    for exchange in exchanges:
        target = _with_new(exchange["target"], new_ids)
        body = exchange["body"]
        content = b"" if body is None else _with_new(json.dumps(body), new_ids).encode()
        answered = ask(exchange, target, content)
        _learn(exchange["answer"], answered[1], new_ids)
        yield exchange, answered


def _learn(old: Any, new: Any, new_ids: dict[str, str]) -> None:
    """Note which new id stands in the place of which old one."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() & new.keys():
            if key in {"id", "ID"} and isinstance(old[key], str):
                new_ids[old[key]] = new[key]
            _learn(old[key], new[key], new_ids)
    elif isinstance(old, list) and isinstance(new, list):
        for one, other in zip(old, new, strict=False):
            _learn(one, other, new_ids)


def _with_new(text: str, new_ids: dict[str, str]) -> str:
    for old, new in new_ids.items():
        text = text.replace(old, new)
    return text


def shape(answer: Any) -> Any:
    """The keys and types of a JSON value; a list has the shape of its first element."""
    if isinstance(answer, dict):
        return {key: shape(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [shape(answer[0])] if answer else []
    return type(answer).__name__


def _json(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None
