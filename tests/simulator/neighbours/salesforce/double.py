"""An org for tests: signed in, at a time of the test's own."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec

from simulator.neighbours.salesforce.api import salesforce_app
from simulator.neighbours.salesforce.oauth import ConnectedApp
from simulator.neighbours.salesforce.records import Records
from tests.simulator.asgi import Answer, call

APP = ConnectedApp(key="a-key", secret="a-secret-of-tests")
BEGAN = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
ROOT = "/services/data/v68.0"
TOKEN = "/services/oauth2/token"
EVENT = "/event/Crime_Update__e"


class Org:
    """The double, and a client of it."""

    def __init__(self, **more: Any) -> None:
        self.now = BEGAN
        self.records = Records(lambda: self.now)
        more.setdefault("app", APP)
        self.app = salesforce_app(self.records, now=lambda: self.now, **more)
        self.token = self.sign_in()
        self.portal_token = self.sign_in(user="portal@force.example")

    def advance(self, **passed: float) -> None:
        """Let time pass, and sign in again."""
        self.now += timedelta(**passed)
        self.token = self.sign_in()
        self.portal_token = self.sign_in(user="portal@force.example")

    def form(self, **form: str) -> Answer:
        """Ask for a token."""
        content = "&".join(f"{name}={quote(value, safe='')}" for name, value in form.items())
        return call(self.app, "POST", TOKEN, content.encode(), headers={"host": "double.test"})

    def sign_in(self, user: str = "integration@force.example") -> str:
        """Sign in by password; return the token."""
        app = {"client_id": APP.key, "client_secret": APP.secret}
        answer = self.form(grant_type="password", username=user, password=APP.secret, **app)
        return str(answer.json["access_token"])

    def ask(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, **headers: str
    ) -> Answer:
        """Make one call under the root of the API."""
        content = b"" if body is None else body
        if not isinstance(content, bytes):
            content = msgspec.json.encode(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        bearer = self.token if token is None else token
        sent = {"host": "double.test", "authorization": f"Bearer {bearer}", **named}
        return call(self.app, method, f"{ROOT}/{path}", content, headers=sent)

    def create(self, sobject: str, **values: Any) -> str:
        """Make a record; return its id."""
        answer = self.ask("POST", f"sobjects/{sobject}", values)
        assert answer.status == 201, answer.body
        return str(answer.json["id"])

    def query(self, soql: str, **headers: str) -> Answer:
        """Ask by SOQL."""
        return self.ask("GET", f"query?q={quote(soql, safe='')}", **headers)

    def rows(self, soql: str) -> list[dict[str, Any]]:
        """Ask by SOQL; return the records without what names them."""
        answer = self.query(soql)
        assert answer.status == 200, answer.body
        return [
            {name: value for name, value in each.items() if name != "attributes"}
            for each in answer.json["records"]
        ]

    def cometd(self, *messages: dict[str, Any], token: str | None = None) -> list[dict[str, Any]]:
        """Send messages of a subscriber in one request."""
        bearer = self.token if token is None else token
        headers = {"host": "double.test", "authorization": f"OAuth {bearer}"}
        content = msgspec.json.encode(messages)
        answer = call(self.app, "POST", "/cometd/68.0", content, headers=headers)
        assert answer.status == 200, answer.body
        replies: list[dict[str, Any]] = answer.json
        return replies

    def subscriber(self) -> str:
        """Shake hands; return the client's id."""
        [reply] = self.cometd({"channel": "/meta/handshake", "id": "1"})
        return str(reply["clientId"])

    def told(self, client_id: str) -> list[dict[str, Any]]:
        """What waits for a subscriber."""
        asked = {"channel": "/meta/connect", "clientId": client_id, "advice": {"timeout": 0}}
        return [each for each in self.cometd({**asked, "id": "9"}) if "data" in each]


def refusal(answer: Answer) -> tuple[int, str]:
    """The status and the code of a refusal."""
    [error] = answer.json
    return answer.status, str(error["errorCode"])
