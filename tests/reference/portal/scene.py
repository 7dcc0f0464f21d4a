"""One portal in this process with recording neighbours, a clock that tests move, and requests."""

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference.contract.events import AnyEvent
from reference.contract.signing import sign
from reference.operations.service import create_service
from reference.portal.settings import Secrets, settings_from
from tests.reference.portal.crimes import IDENTITY_KEY, NOON, WORD, enveloped
from tests.reference.portal.databases import Rows, Storage, T, begin_with_tables
from tests.reference.portal.neighbours import CRIME_SYSTEM, GATEWAY, Neighbours, Sent
from tests.simulator.asgi import Answer, call

HOST = "__Host-"
EVENTS_SECRET = "whsec_" + "dGVzdHMtb25seS1ldmVudHMtc2VjcmV0LTE="
SECRETS = Secrets(
    events=EVENTS_SECRET,
    receipts="receipts-token-for-tests",
    gateway="tests-00000000-0000-4000-8000-000000000001-00000000-0000-4000-8000-000000000002",
    crime_system="crime-system-token-for-tests",
    identity=IDENTITY_KEY,
    test_clock="test-clock-token-for-tests",
)
#: The token of each way in that takes one, by its path.
TOKENS = {
    "/delivery-receipts": SECRETS.receipts,
    "/received-texts": SECRETS.receipts,
    "/test-clock": SECRETS.test_clock,
}
SETTINGS: dict[str, Any] = {
    "public_url": "https://portal.example",
    "gateway_url": GATEWAY,
    "crime_system_url": CRIME_SYSTEM,
    "text_template_id": "text-template",
    "email_template_id": "email-template",
    "test_clock_start": NOON,
    "forces": {
        "thames_valley": {
            "name": "Thames Valley Police",
            "non_emergency": "101",
            "website": "https://www.thames-valley.police.example",
            "witness_care": "Thames Valley Witness Care Unit",
        },
        "hampshire": {
            "name": "Hampshire Constabulary",
            "non_emergency": "101",
            "website": "https://www.hampshire.police.example",
            "witness_care": "Hampshire Witness Care Unit",
        },
    },
    "go_live": [
        datetime(2026, month, day, tzinfo=UTC) for month, day in ((5, 18), (7, 27), (10, 12))
    ],
    "eligible_subgroups": ["Bicycle theft", "Public order offences"],
    "safeguarding_exclusions": ["domestic_abuse", "sexual"],
    "safeguarding_of_the_person": ["domestic_abuse"],
    "age_min_years": 18,
    "announcements": {
        "CrimeRecorded": {"notice": "invitation", "phase": 1},
        "OfficerDeployed": {"notice": "update", "phase": 1},
        "CrimeAllocated": {"notice": "update", "phase": 1},
        "AppointmentMade": {"notice": "update", "phase": 1},
        "AppointmentChanged": {"notice": "update", "phase": 1},
        "AppointmentCancelled": {"notice": "update", "phase": 1},
        "OutcomeRecorded": {"notice": "update", "phase": 1},
        "CrimeClosed": {"notice": "update", "phase": 1},
        "CrimeReopened": {"notice": "update", "phase": 1},
        "CrimeTransferred": {"notice": "update", "phase": 1},
        "MilestoneReached": {"notice": "update", "phase": 2},
        "OfficerReplied": {"notice": "reply", "phase": 3},
    },
    "bundle_minutes": 60,
    "per_week_max": 5,
    "still_with_us_days": 28,
    "advice_after_days": 2,
    "advice_for": {"Bicycle theft": "keep-your-bicycle-safe"},
    "invitation_days": 14,
    "code_minutes": 10,
    "attempts_max": 5,
    "session_minutes": 30,
    "session_hours_max": 12,
    "sensitive_outcomes": [5, 13],
    "sensitive_subgroups": [],
    "answer_working_days": 5,
    "working_days": 5,
    "working_days_enhanced": 1,
    "breach_hours": 72,
    "bank_holidays": [date(2026, 8, 31), date(2026, 12, 25), date(2026, 12, 28)],
    "closed_case_days": 28,
    "people_per_address_max": 4,
    "not_a_victims": ["101", "01632960101"],
    "not_for_me_per_client_max": 5,
    "not_for_me_per_hour_max": 60,
    "retention_days": 365,
    "supervisors": {
        "thames_valley": "Thames Valley Supervisors",
        "hampshire": "Hampshire Supervisors",
    },
}


class Watch:
    """The security clock: it shows what the scene's does."""

    def __init__(self, now: datetime) -> None:
        self.time = now

    def now(self) -> datetime:
        """Give the time, in UTC."""
        return self.time


METRICS_TOKEN = "metrics-token-of-tests"


class Scene:
    """A portal as it is served, with its neighbours. `changes` are to its settings.

    It keeps its rows in an SQLite file in the folder, unless a storage is given. Where neighbours
    are given it is a portal that was started again beside them, or one more worker.
    """

    def __init__(
        self,
        folder: Path,
        *,
        storage: Storage | None = None,
        neighbours: Neighbours | None = None,
        start: datetime = NOON,
        **changes: Any,
    ) -> None:
        self._storage = storage or Storage(str(folder / "portal.db"))
        self._watch = Watch(start)
        self.neighbours = neighbours or Neighbours()
        values = {
            **SETTINGS,
            "test_clock_start": start,
            "database": str(folder / "portal.db"),
            **changes,
        }
        self._prefix = HOST if values["public_url"].startswith("https:") else ""
        self._database = self._storage.open() if self._storage.is_postgres else None
        if self._database is None:
            begin_with_tables(Path(values["database"]))
        application = create_service(
            settings_from(values),
            SECRETS,
            outbound=self.neighbours,
            security_clock=self._watch,
            database=self._database,
            metrics_token=METRICS_TOKEN,
        )
        self.routes = application.routes
        self.app = self._storage.serve(as_served(application))

    def figures(self) -> Answer:
        """Read the metrics as their watcher does."""
        return self.call("GET", "/metrics", b"", bearer(METRICS_TOKEN))

    @property
    def now(self) -> datetime:
        """The time in this scene."""
        return self._watch.time

    @property
    def messages(self) -> list[Sent]:
        """Every text and email that went, oldest first."""
        return self.neighbours.messages

    def call(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        """Send any request at all."""
        named = {"x-correlation-id": "scene", **(headers or {})}
        return call(self.app, method, f"http://portal.example{path}", body, headers=named)

    def signed(self, body: bytes, *, at: datetime | None = None) -> dict[str, str]:
        """Sign a delivery as the crime system does, now unless another time is given."""
        return sign(EVENTS_SECRET, delivery_id="delivery-1", at=at or self.now, body=body)

    def post_events(self, batch: Any) -> Answer:
        """Deliver anything, well signed: bytes as they are, other values as JSON."""
        body = batch if isinstance(batch, bytes) else msgspec.json.encode(batch)
        return self.call("POST", "/crime-events", body, self.signed(body))

    def deliver(self, *events: AnyEvent | dict[str, Any]) -> None:
        """Deliver a batch that the portal must take, and let it do what is due."""
        batch = [each if isinstance(each, dict) else enveloped(each) for each in events]
        answer = self.post_events(batch)

        assert answer.status == 202, answer.body

        self.advance()

    def coming(self, *events: AnyEvent | dict[str, Any]) -> Callable[[], Awaitable[None]]:
        """Give what delivers a batch while the portal waits for a neighbour."""
        batch = [each if isinstance(each, dict) else enveloped(each) for each in events]
        body = msgspec.json.encode(batch)

        async def come() -> None:
            headers = self.signed(body)
            assert await status_of(self.app, "POST", "/crime-events", body, headers) == 202

        return come

    def advance(self, *, to: datetime | None = None, **by: float) -> datetime | None:
        """Let time pass and do what is due; answers when the next is."""
        self._watch.time = to or self.now + timedelta(**by)
        body = msgspec.json.encode({"now": self.now})
        answer = self.call("POST", "/test-clock", body, bearer(SECRETS.test_clock))

        assert answer.status == 200, answer.body

        written: str | None = answer.json["next_due"]
        next_due = None if written is None else datetime.fromisoformat(written)

        assert next_due is None or next_due > self.now, "something due was left undone"

        return next_due

    def receipt(self, sent: Sent, status: str) -> Answer:
        """Have the gateway tell what became of a message."""
        body = {
            "id": f"message-{self.neighbours.taken.index(sent) + 1}",
            "to": sent.to,
            "status": status,
            "notification_type": "sms" if "phone_number" in sent.body else "email",
        }
        return self.call(
            "POST", "/delivery-receipts", msgspec.json.encode(body), bearer(SECRETS.receipts)
        )

    def api(self, method: str, path: str, body: Any = None, *, session: str = "") -> Answer:
        """Call the victim's JSON API."""
        raw = b"" if body is None else msgspec.json.encode(body)
        headers = {"content-type": "application/json"} if raw else {}
        return self.call(method, f"/api{path}", raw, headers | (bearer(session) if session else {}))

    def page(
        self, path: str, *, cookies: dict[str, str] | None = None, method: str = "GET"
    ) -> Answer:
        """Open a page."""
        return self.call(method, path, b"", _cookie(cookies or {}, self._prefix))

    def form(
        self, path: str, *, cookies: dict[str, str] | None = None, csrf: str = "key", **fields: str
    ) -> Answer:
        """Send a form as one of the portal's own pages does, unless another `csrf` is given."""
        named = {name.removeprefix(HOST): value for name, value in (cookies or {}).items()}
        sent = {"csrf": "key", **named}
        if csrf == "key":
            csrf = form_key(**sent, step=fields.get("step", ""))
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            **_cookie(sent, self._prefix),
        }
        return self.call("POST", path, urlencode({"csrf": csrf, **fields}).encode(), headers)

    def prove(self, step: str, word: str = WORD) -> Answer:
        """Give the agreed word."""
        return self.api("POST", "/sign-in/word", {"step": step, "agreed_word": word})

    def enter_code(self, step: str, code: str) -> Answer:
        """Give a one-time code."""
        return self.api("POST", "/sign-in/code", {"step": step, "code": code})

    def last_code(self) -> str:
        """Read the last one-time code that was sent."""
        return str(re.findall(r"\b\d{6}\b", self.messages[-1].words)[0])

    def begin(self, address: str) -> str:
        """Begin to sign in by an address; answers the step."""
        return str(self.api("POST", "/sign-in", {"address": address}).json["step"])

    def open_invitation(self, token: str) -> Answer:
        """Use an invitation's link."""
        return self.api("POST", "/invitation", {"token": token})

    def session(self, *, word: str = WORD, address: str = "") -> str:
        """Sign in, by address or else by the newest invitation; answers the session."""
        if address:
            step = self.begin(address)
        else:
            token = next(each.link for each in reversed(self.messages) if each.link)
            step = str(self.open_invitation(token).json["step"])

        assert self.prove(step, word).status == 200

        return str(self.enter_code(step, self.last_code()).json["session"])

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run what waits, on the loop that the portal's database is on."""
        return self._storage.run(coroutine)

    def die(self) -> None:
        """Let go of the database as a worker does whose process ends, whatever it was doing."""
        assert self._database is not None, "a worker of PostgreSQL"
        self.run(self._database.close())

    def rows(self) -> Rows:
        """Read everything the portal has stored, by table."""
        return self._storage.rows()


#: Makes a portal with other settings, or at another time.
SceneWith = Callable[..., Scene]


def as_served(app: ASGIApp) -> ASGIApp:
    """Decode a path before the application sees it, as servers do."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "path": unquote(scope["path"])}, receive, send)

    return served


async def status_of(
    app: ASGIApp, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> int:
    """Send one request to an application that may wait, as inside a server; answers the status."""
    statuses: list[int] = []
    requests: list[Message] = [{"type": "http.request", "body": body}]

    async def receive() -> Message:
        while not requests:
            await asyncio.sleep(1)  # the caller stays, and sends nothing more
        return requests.pop()

    async def send(message: Message) -> None:
        statuses.append(message.get("status", 0))

    sent = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": sent,
    }
    await app(scope, receive, send)
    return statuses[0]


def bearer(token: str) -> dict[str, str]:
    """Headers with a token."""
    return {"authorization": f"Bearer {token}", "content-type": "application/json"}


def problem(answer: Answer) -> dict[str, Any]:
    """Check that an answer is a problem document as RFC 9457 has it, and give it."""
    document: dict[str, Any] = answer.json

    assert answer.headers["content-type"] == "application/problem+json"
    assert document["status"] == answer.status
    assert document["type"] == "about:blank"
    assert document["title"]
    assert document.keys() <= {"type", "title", "status", "detail", "field"}

    return document


def _cookie(cookies: dict[str, str], prefix: str) -> dict[str, str]:
    named = {name.removeprefix(HOST): value for name, value in cookies.items()}
    return {"cookie": "; ".join(f"{prefix}{name}={value}" for name, value in named.items())}


def form_key(*, session: str = "", csrf: str = "key", step: str = "", **_more: str) -> str:
    """Give the key of a form as the portal makes it, for a session or else a browser's cookie."""
    return sealed("form", f"{session or csrf}:{step}")


def sealed(purpose: str, words: str) -> str:
    """Seal words under the key of a purpose, derived as RFC 5869 has it."""
    first = hmac.digest(b"", IDENTITY_KEY.encode(), "sha256")
    key = hmac.digest(first, f"{purpose}\1".encode(), "sha256")
    return hmac.new(key, words.encode(), "sha256").hexdigest()[:32]
