"""The OpenAPI document against the portal: every answer is documented, every promise kept."""

import asyncio
import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from reference.contract.events import CrimeTransferred
from reference.contract.identity import date_of_birth_digest
from reference.portal.storage.database import DatabaseDown
from reference.portal.storage.sqlite_database import SqliteDatabase
from reference.portal.web import requests
from tests.reference.contract.document import contents, misfit, operations, resolved
from tests.reference.portal.crimes import (
    CRIME,
    EMAIL,
    IDENTITY_KEY,
    MOBILE,
    PHASE_3,
    SAMS_WORD,
    WORD,
    alex,
    allocated,
    details,
    recorded,
    replied,
    sam,
)
from tests.reference.portal.neighbours import GATEWAY
from tests.reference.portal.scene import SECRETS, Scene, bearer
from tests.reference.portal.served import ENDLESS, ask
from tests.simulator.asgi import Answer

OPERATIONS = {(method, path): operation for method, path, operation in operations()}
Seen = set[tuple[str, str, str]]


class DocumentedScene(Scene):
    """A scene that holds every answer against the document, and remembers which came."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.seen: Seen = set()
        folder.mkdir(exist_ok=True)
        super().__init__(folder, start=PHASE_3, **changes)

    def call(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        """Send a request and check its answer."""
        return self.check(method, path, super().call(method, path, body, headers))

    def check(self, method: str, path: str, answer: Answer) -> Answer:
        """Hold one answer against the document."""
        documented = re.sub(r"/crimes/[^/]+/", "/crimes/{reference}/", path.partition("?")[0])
        response = resolved(OPERATIONS[method, documented]["responses"][str(answer.status)])
        schemas = [each["schema"] for each in contents(response)]

        assert bool(schemas) == bool(answer.body), (method, path, answer.status)
        for schema in schemas:
            assert answer.headers["content-type"] in response["content"]
            assert misfit(schema, answer.json) == "", (method, path, answer.body)

        self.seen.add((method, documented, str(answer.status)))
        return answer


@pytest.fixture
def walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Go every way through the portal, right and wrong; give the answers that came."""
    scene = DocumentedScene(tmp_path)
    _deliver(scene)
    _sign_in_wrongly(scene)
    session = scene.session(address=MOBILE)
    _wait_for_bodies(scene, session, monkeypatch)
    _lose_the_database(scene, session)
    _read_and_write(scene, session)
    by_date = DocumentedScene(tmp_path / "by date", proof="date_of_birth")
    _sign_in_by_date(by_date)
    return scene.seen | by_date.seen


def test_every_answer_is_documented_and_every_documented_answer_comes(walked: Seen) -> None:
    """Nothing is answered that vendors cannot read about, and nothing is promised in vain."""
    documented = {
        (method, path, status)
        for (method, path), operation in OPERATIONS.items()
        for status in operation["responses"]
    }
    # A portal without a test clock answers 404 there; this one has one. It ends a sign-in whose
    # address is no longer on record, so it always has where to send a code; another may not.
    of_others = {("POST", f"/api/sign-in/{each}", "409") for each in ("word", "date-of-birth")}
    assert documented - walked == {("POST", "/test-clock", "404"), *of_others}


def _deliver(scene: Scene) -> None:
    scene.call("GET", "/health")
    scene.deliver(
        recorded(alex(email=EMAIL), recorded_at=PHASE_3), allocated(at=PHASE_3), replied()
    )
    scene.post_events([])
    scene.call("POST", "/crime-events", b"[]")
    scene.post_events(b" " * 7_000_000)
    scene.receipt(scene.messages[-1], "delivered")
    receipts, clock = bearer(SECRETS.receipts), bearer(SECRETS.test_clock)
    text = msgspec.json.encode({"id": "t-1", "source_number": "447700900999", "message": "Hello"})
    scene.call("POST", "/received-texts", text, receipts)
    hooks = (
        ("/delivery-receipts", receipts),
        ("/received-texts", receipts),
        ("/test-clock", clock),
    )
    for path, token in hooks:
        scene.call("POST", path, b"{}")
        scene.call("POST", path, b"{}", token)
        scene.call("POST", path, b" " * 70_000, token)
    early = msgspec.json.encode({"now": "2026-01-01T00:00:00Z"})
    scene.call("POST", "/test-clock", early, clock)


def _sign_in_wrongly(scene: Scene) -> None:
    proofs = ("/sign-in/word", "/sign-in/date-of-birth")
    for path in ("/invitation", "/sign-in", *proofs, "/sign-in/code", "/not-for-me"):
        scene.call("POST", f"/api{path}", b"{}")
        scene.call("POST", f"/api{path}", b" " * 70_000, {"content-type": "application/json"})
    link = next(each.link for each in scene.messages if each.link)
    step = str(scene.open_invitation(link).json["step"])
    scene.open_invitation(link)
    scene.api("POST", "/sign-in", {"address": "hello"})
    for said in ("hello", "07700 900999"):
        scene.api("POST", "/not-for-me", {"address": said})
    scene.api("POST", "/not-for-me", {"token": "of no message"})
    scene.neighbours.answers[GATEWAY] = 500
    scene.prove(step)
    scene.neighbours.answers[GATEWAY] = 201
    scene.prove(step)
    code: dict[str, Any] = {"step": step, "code": "none"}
    for _ in range(6):
        scene.api("POST", "/sign-in/code", code)
    scene.prove(step)
    scene.prove("no such step", WORD)
    scene.api("POST", "/sign-in/code", {**code, "step": "no such step"})
    other = scene.begin("07700900999")
    scene.prove(other)
    scene.deliver(recorded(sam(), crime="43260000002", recorded_at=PHASE_3))
    step = str(scene.open_invitation(scene.messages[-1].link).json["step"])
    scene.deliver(details(sam(mobile_phone=""), crime="43260000002"))
    scene.prove(step, SAMS_WORD)


def _sign_in_by_date(scene: Scene) -> None:
    born = date(1980, 2, 29)
    digest, sams = (date_of_birth_digest(IDENTITY_KEY, who, born) for who in ("alex", "sam"))
    scene.deliver(recorded(alex(date_of_birth_digest=digest), recorded_at=PHASE_3))
    step = str(scene.open_invitation(scene.messages[-1].link).json["step"])

    def prove(step: str, given: str = born.isoformat()) -> None:
        scene.api("POST", "/sign-in/date-of-birth", {"step": step, "date_of_birth": given})

    scene.prove(step, WORD)
    prove(step, "1980-02-30")
    for status in (500, 201):
        scene.neighbours.answers[GATEWAY] = status
        prove(step)
    for _ in range(6):
        prove(step, "1981-02-28")
    prove("no such step")
    crime, usual = "43260000002", {"date_of_birth_digest": sams}
    scene.deliver(recorded(sam(**usual), crime=crime, recorded_at=PHASE_3))
    step = str(scene.open_invitation(scene.messages[-1].link).json["step"])
    scene.deliver(details(sam(mobile_phone="", **usual), crime=crime))
    prove(step)


def _wait_for_bodies(scene: DocumentedScene, session: str, patch: pytest.MonkeyPatch) -> None:
    """Send bodies that never end, wherever one is taken."""
    patch.setattr(requests, "BODY_SECONDS_MAX", 0.01)
    for method, path, operation in operations():
        if "requestBody" in operation:
            headers = scene.signed(b"") if path == "/crime-events" else _keys(path, session)
            target = path.replace("{reference}", CRIME)
            answer = asyncio.run(ask(scene.app, method, target, pieces=[ENDLESS], headers=headers))
            scene.check(method, target, answer)


def _lose_the_database(scene: DocumentedScene, session: str) -> None:
    """Ask for everything while the database is down."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("run", "one", "all", "transaction"):
            patch.setattr(SqliteDatabase, name, _down)
        for method, path, operation in operations():
            target = path.replace("{reference}", CRIME)
            now = msgspec.json.encode({"now": scene.now})
            body = now if path == "/test-clock" else _body_of(operation)
            headers = scene.signed(body) if path == "/crime-events" else _keys(path, session)
            scene.call(method, target, body, headers)


def _down(*_asked: object) -> None:
    raise DatabaseDown("the disk is full")


def _keys(path: str, session: str) -> dict[str, str]:
    tokens = {"/test-clock": SECRETS.test_clock}
    is_hook = path in {"/delivery-receipts", "/received-texts"}
    return bearer(SECRETS.receipts if is_hook else tokens.get(path, session))


def _body_of(operation: dict[str, Any]) -> bytes:
    """Return the first example of what an operation takes."""
    for content in contents(operation.get("requestBody", {})):
        for example in content.get("examples", {}).values():
            return msgspec.json.encode(example["value"])
    return b""


def _read_and_write(scene: Scene, session: str) -> None:
    reads = ("/crimes", f"/crimes/{CRIME}/timeline", f"/crimes/{CRIME}/conversation", "/advice?q=a")
    question = f"/crimes/{CRIME}/questions"
    for number in range(21):
        scene.api("POST", question, {"text": f"Is there any news? {number}"}, session=session)
    scene.api("POST", question, {"text": " "}, session=session)
    scene.api("POST", question, {}, session=session)
    scene.call("POST", f"/api{question}", b" " * 70_000, bearer(session))
    scene.api("POST", question, {"text": "Hello"})
    withdrawal = f"/crimes/{CRIME}/withdrawal"
    for body in ({"confirmed": True}, {"confirmed": "perhaps"}):
        scene.api("POST", withdrawal, body, session=session)
    scene.api("POST", withdrawal, {})
    scene.call("POST", f"/api{withdrawal}", b" " * 70_000, bearer(session))
    for path in reads:
        scene.api("GET", path, session=session)
        scene.api("GET", path)
    for method, path in (
        ("GET", "timeline"),
        ("GET", "conversation"),
        ("POST", "questions"),
        ("POST", "withdrawal"),
    ):
        scene.api(method, f"/crimes/none/{path}", {"text": "Hello"}, session=session)
    _choose_channels(scene, session)
    transferred = CrimeTransferred(
        crime_reference=CRIME, to_force="Kent Police", transferred_at=PHASE_3
    )
    scene.deliver(transferred)
    scene.api("POST", question, {"text": "Where is it now?"}, session=session)
    scene.api("POST", withdrawal, {}, session=session)
    scene.api("POST", "/sign-out", session=session)


def _choose_channels(scene: Scene, session: str) -> None:
    scene.api("GET", "/contact", session=session)
    scene.api("GET", "/contact")
    scene.api("PUT", "/contact", {"channels": ["email"]}, session=session)
    scene.api("PUT", "/contact", {"channels": ["email"]})
    scene.api("PUT", "/contact", {}, session=session)
    scene.api("PUT", "/contact", {"channels": "email"}, session=session)
    scene.call("PUT", "/api/contact", b" " * 70_000, bearer(session))
