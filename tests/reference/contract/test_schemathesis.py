"""The portal against its document, by Schemathesis: no 5xx and no answer that is not declared.

Each operation has a portal of its own, so that what one ends (a session, a contact, a crime) is
there for the next, and a run is the same whatever ran before it.
"""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path

import msgspec
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference.contract.identity import date_of_birth_digest
from tests.reference.contract.document import DOCUMENT, operations
from tests.reference.contract.sweep import sweep
from tests.reference.portal.crimes import (
    EMAIL,
    IDENTITY_KEY,
    PHASE_3,
    alex,
    allocated,
    recorded,
    replied,
)
from tests.reference.portal.scene import SECRETS, Scene

# An event has many forms: to try each field of each takes longer than all else, in `make proof`.
MANY_FORMS = "/crime-events"
OPERATIONS = [
    *((method, path, path != MANY_FORMS) for method, path, _ in operations()),
    pytest.param("POST", MANY_FORMS, True, marks=[pytest.mark.proof, pytest.mark.slow(seconds=25)]),
]
# What a sweep must have met, so that it is known to have come past every door.
GOES_WELL = {200, 201, 202, 204}
OPEN = {"/health", "/api/sign-out"}
STEPS = {
    "/api/invitation": {200, 400, 410},
    "/api/sign-in/word": {200, 400, 403, 410},
    "/api/sign-in/date-of-birth": {200, 400, 410, 422},
    "/api/sign-in/code": {200, 400, 403, 410},
}
Mend = Callable[[Message], Message]


@pytest.fixture
def path() -> str:
    """No operation in particular, unless a test has one as a parameter."""
    return ""


@pytest.fixture
def scene(tmp_path: Path, path: str) -> Scene:
    """A portal in phase 3 with the victim, crime and proof of the document's own examples."""
    proof = "date_of_birth" if path == "/api/sign-in/date-of-birth" else "agreed_word"
    made = Scene(tmp_path, start=PHASE_3, proof=proof)
    digest = date_of_birth_digest(IDENTITY_KEY, "alex", date(1980, 2, 29))
    victim = alex(email=EMAIL, date_of_birth_digest=digest)
    made.deliver(recorded(victim, recorded_at=PHASE_3), allocated(at=PHASE_3), replied())
    return made


@pytest.mark.parametrize(("method", "path", "tries_each_field"), OPERATIONS)
def test_the_portal_answers_as_the_document_says(
    scene: Scene,
    method: str,
    path: str,
    tries_each_field: bool,  # noqa: FBT001
) -> None:
    """With good and bad data, and with and without what opens the door.

    What is random would never find a step, a word or a code: the sweep is given them.
    """
    faults, seen = sweep(DOCUMENT, scene, method, path, tries_each_field=tries_each_field)

    assert faults == []
    assert seen.keys() & GOES_WELL, seen
    assert path in OPEN or seen.keys() & {400, 401}, seen
    assert STEPS.get(path, set()) <= seen.keys()


def test_every_step_is_an_operation() -> None:
    """What the sweep above must have met is about paths that are there."""
    assert STEPS.keys() <= {path for _method, path, _operation in operations()}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/api/contact", "422"),
        ("POST", "/api/invitation", "410"),
        ("POST", "/api/sign-in/word", "403"),
        ("GET", "/api/crimes/{reference}/timeline", "404"),
    ],
)
def test_an_answer_that_is_not_declared_is_found(
    scene: Scene, method: str, path: str, status: str
) -> None:
    """A document with one response taken out no longer fits the portal."""
    document = deepcopy(DOCUMENT)
    del document["paths"][path][method.lower()]["responses"][status]
    faults, _ = sweep(document, scene, method, path)

    assert any("status_code_conformance" in each and status in each for each in faults)


def broken(message: Message) -> Message:
    """Answer 500."""
    return {**message, "status": 500} if "status" in message else message


def with_more(message: Message) -> Message:
    """Answer with a field that nobody was told of."""
    if not message.get("body", b"").startswith(b"{"):
        return (
            {**message, "headers": _without(message, "content-length")}
            if ("status" in message)
            else message
        )
    document = msgspec.json.decode(message["body"])
    return {**message, "body": msgspec.json.encode({**document, "suspect": "Robin Hale"})}


def without_a_field(message: Message) -> Message:
    """Answer without what was promised."""
    if "status" in message:
        return {**message, "headers": _without(message, "content-length")}
    return {**message, "body": b"{}"}


def as_text(message: Message) -> Message:
    """Answer in another media type."""
    if "status" not in message:
        return message
    plain = (b"content-type", b"text/plain")
    return {**message, "headers": [*_without(message, "content-type"), plain]}


def without_allow(message: Message) -> Message:
    """Answer a wrong method without saying which is right."""
    if "status" not in message:
        return message
    return {**message, "headers": _without(message, "allow")}


@pytest.mark.parametrize(
    ("spoil", "check"),
    [
        (broken, "not_a_server_error"),
        (with_more, "response_schema_conformance"),
        (without_a_field, "response_schema_conformance"),
        (as_text, "content_type_conformance"),
        (without_allow, "unsupported_method"),
    ],
)
def test_an_answer_that_is_wrong_is_found(scene: Scene, spoil: Mend, check: str) -> None:
    """A portal with one fault in the answers of one route is caught by the check it names."""
    faults, _ = sweep(DOCUMENT, scene, "GET", "/api/crimes", spoiled(scene.app, spoil))

    assert {each.split(": ")[1] for each in faults} >= {check}


def test_a_door_that_is_open_is_found(scene: Scene) -> None:
    """A portal that takes a receipt from anyone is caught."""
    faults, _ = sweep(DOCUMENT, scene, "POST", "/delivery-receipts", open_to_all(scene.app))

    assert any("ignored_auth" in each for each in faults)


def test_bad_data_that_is_taken_is_found(scene: Scene) -> None:
    """A portal that says yes to anything is caught."""

    def yes(message: Message) -> Message:
        return {**message, "status": 201} if message.get("status") == 400 else message

    path = "/api/crimes/{reference}/questions"
    faults, _ = sweep(DOCUMENT, scene, "POST", path, spoiled(scene.app, yes))

    assert any("negative_data_rejection" in each for each in faults)


def spoiled(app: ASGIApp, spoil: Mend) -> ASGIApp:
    """Stand before a portal and change what it answers."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        async def spoiled_send(message: Message) -> None:
            await send(spoil(message))

        await app(scope, receive, spoiled_send)

    return served


def open_to_all(app: ASGIApp) -> ASGIApp:
    """Stand before a portal and let everyone in."""
    token = (b"authorization", f"Bearer {SECRETS.receipts}".encode())

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [each for each in scope["headers"] if each[0] != b"authorization"]
        await app({**scope, "headers": [*headers, token]}, receive, send)

    return served


def _without(message: Message, name: str) -> list[tuple[bytes, bytes]]:
    return [each for each in message["headers"] if each[0] != name.encode()]
