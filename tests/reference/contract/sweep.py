"""Schemathesis sent over a portal: one operation, with what opens its door; return what is wrong.

The document is held to the letter: an answer may have no field that it does not name.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any

import msgspec
import schemathesis
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from starlette.types import ASGIApp

from reference.contract.signing import sign
from tests.reference.portal.crimes import MOBILE
from tests.reference.portal.scene import EVENTS_SECRET, SETTINGS, TOKENS, Scene

SEED = 20260603
EXAMPLES = 25
CHARACTERS_MAX = 200
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)
# What fits the document is also taken. Elsewhere it depends on what there is: a step, a crime.
CHECKS_OF_HOOKS = (*CHECKS, "positive_data_acceptance")
HOOKS = {"/crime-events", "/delivery-receipts", "/received-texts"}
# Rules that the document has in words, for a schema cannot say them.
IN_WORDS = (
    *(b"the year is", b"more than a day ahead", b"has a NUL character", b"has a line end"),
    b"got `float`",
)
Seen = Counter[int]
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")


def sweep(
    document: dict[str, Any],
    scene: Scene,
    method: str,
    path: str,
    app: ASGIApp | None = None,
    *,
    tries_each_field: bool = True,
) -> tuple[list[str], Seen]:
    """Try one operation of a scene's portal with good and bad data; return faults and statuses.

    `app` stands before the portal, where one is given. With `tries_each_field` each field has every
    value at the edge of what it may be, beside the drawn examples.
    """
    config = _config(path, tries_each_field=tries_each_field)
    schema = schemathesis.openapi.from_dict(_to_the_letter(document), config=config)
    schema.app = app or scene.app
    schema.auth.set_from_requests(Credentials(scene))
    faults: list[str] = []
    seen = Seen()
    for event in from_schema(schema.include(method=method, path=path)).execute():
        if isinstance(event, events.NonFatalError):
            faults.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif isinstance(event, events.ScenarioFinished):
            faults.extend(_faults(event))
            answers = event.recorder.interactions.values()
            seen.update(each.response.status_code for each in answers if each.response)
    return faults, seen


class Credentials(AuthBase):
    """Puts on each request what its caller would have: a signature, a token, a session, a step."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._session = ""
        self._turn = 0
        self._ways: dict[str, Callable[[dict[str, Any]], None]] = {
            "/api/invitation": self._with_invitation,
            "/api/sign-in/word": self._with_step,
            "/api/sign-in/date-of-birth": self._with_step,
            "/api/sign-in/code": self._with_code,
            "/test-clock": self._with_time,
        }

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Complete a request that is ready to go."""
        path = request.path_url.partition("?")[0]
        if path == "/crime-events":
            self._sign(request)
        elif path in TOKENS:
            request.headers["authorization"] = f"Bearer {TOKENS[path]}"
        if path in self._ways:
            self._complete(request, self._ways[path])
        elif path.startswith("/api/") and path not in {"/api/sign-in", "/api/not-for-me"}:
            request.headers["authorization"] = f"Bearer {self._live_session()}"
        return request

    def _sign(self, request: PreparedRequest) -> None:
        """Sign a delivery, unless its other headers are what is wrong with it."""
        delivery, stamped = _header(request, "webhook-id"), _header(request, "webhook-timestamp")
        try:
            body = _body(request)
            body.decode()
        except UnicodeDecodeError:
            return
        if delivery and re.fullmatch("[0-9]{1,11}", stamped):
            signed = sign(EVENTS_SECRET, delivery_id=delivery, at=self._scene.now, body=body)
            del signed["content-type"]
            request.headers.update(signed)

    def _live_session(self) -> str:
        if self._scene.api("GET", "/contact", session=self._session).status == 401:
            self._session = self._scene.session(address=MOBILE)
        return self._session

    def _complete(self, request: PreparedRequest, way: Callable[[dict[str, Any]], None]) -> None:
        """Have two of three well-formed bodies name what there is; the rest what there is not."""
        try:
            body = msgspec.json.decode(_body(request))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return
        fits = isinstance(body, dict) and all(
            isinstance(each, str) and len(each) <= CHARACTERS_MAX for each in body.values()
        )
        if fits:
            self._turn += 1
            if self._turn % 3:
                way(body)
                request.prepare_body(msgspec.json.encode(body), None)

    def _with_invitation(self, body: dict[str, Any]) -> None:
        if "token" in body:
            body["token"] = next(each.link for each in self._scene.messages if each.link)

    def _with_time(self, body: dict[str, Any]) -> None:
        if _MOMENT.match(body.get("now", "")):
            body["now"] = self._scene.now + timedelta(minutes=self._turn)

    def _with_step(self, body: dict[str, Any]) -> None:
        if "step" in body:
            body["step"] = self._scene.begin(MOBILE)

    def _with_code(self, body: dict[str, Any]) -> None:
        if "step" in body:
            body["step"] = self._scene.begin(MOBILE)
            if self._scene.prove(body["step"]).status == 200 and self._turn % 2 and "code" in body:
                body["code"] = self._scene.last_code()


def _config(path: str, *, tries_each_field: bool) -> SchemathesisConfig:
    checks = CHECKS_OF_HOOKS if path in HOOKS else CHECKS
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "workers": 1,
            "continue-on-failure": True,
            "cache": {"enabled": False},
            "generation": {
                "mode": "all",
                "max-examples": EXAMPLES,
                "deterministic": True,
                "database": "none",
            },
            "phases": {"coverage": {"enabled": tries_each_field}},
            "checks": {"enabled": False, **{each: {"enabled": True} for each in checks}},
        }
    )


def _faults(event: events.ScenarioFinished) -> Iterator[str]:
    for case_id, checks in event.recorder.checks.items():
        answer = event.recorder.interactions[case_id].response
        is_said = answer is not None and any(each in answer.content for each in IN_WORDS)
        for check in checks:
            if is_said and check.name == "positive_data_acceptance":
                continue
            if check.failure_info is not None:
                failure = check.failure_info.failure
                yield f"{event.recorder.label}: {check.name}: {failure.title}: {failure.message}"


def _to_the_letter(document: dict[str, Any]) -> dict[str, Any]:
    """Copy a document whose answers have no more fields than it names, and events known forces."""
    strict = deepcopy(document)
    schemas = strict["components"]["schemas"]
    schemas["CrimeRecorded"]["properties"]["force"] = {"enum": sorted(SETTINGS["forces"])}
    answers = [strict["components"]["responses"]]
    answers += [
        operation["responses"]
        for item in strict["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
    ]
    waiting = _named(answers)
    answered: set[str] = set()
    while waiting:
        name = waiting.pop()
        answered.add(name)
        waiting |= _named(schemas[name]) - answered
    for name in answered:
        _close(schemas[name])
    return strict


def _named(value: Any) -> set[str]:
    return set(re.findall(r"#/components/schemas/(\w+)", repr(value)))


def _close(schema: dict[str, Any]) -> None:
    if "properties" in schema:
        schema["additionalProperties"] = False
        for each in schema["properties"].values():
            _close(each)


def _header(request: PreparedRequest, name: str) -> str:
    value = request.headers.get(name, "")
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _body(request: PreparedRequest) -> bytes:
    body = request.body or b""
    assert isinstance(body, str | bytes)
    return body.encode() if isinstance(body, str) else body
