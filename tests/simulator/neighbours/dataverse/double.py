"""A Dataverse double with a clock that stands still, called directly, for its tests."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from simulator.neighbours.dataverse.api import dataverse_app
from simulator.neighbours.dataverse.entra import ServiceAccount
from simulator.neighbours.dataverse.limits import ServiceLimits
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.dataverse.tables import TABLES
from tests.simulator.asgi import Answer, call

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
ACCOUNT = ServiceAccount(tenant_id="a-tenant", client_id="a-client", client_secret="a-secret")
FORM = {"grant_type": "client_credentials", "client_id": "a-client", "client_secret": "a-secret"}
API = "/api/data/v9.2"


class Organisation:
    """The double, signed in to."""

    def __init__(self, limits: ServiceLimits | None = None) -> None:
        self.now = START
        self.rows = Rows(lambda: self.now)
        self.app = dataverse_app(self.rows, account=ACCOUNT, now=lambda: self.now, limits=limits)
        self._customer = ""
        self.token = self.sign_in().json["access_token"]

    def sign_in(self, tenant: str = "a-tenant", **changes: str) -> Answer:
        """Ask for a token."""
        form = {**FORM, **changes}
        body = "&".join(f"{name}={value}" for name, value in form.items()).encode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return call(self.app, "POST", f"/{tenant}/oauth2/v2.0/token", body, headers=headers)

    def ask(
        self, method: str, target: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Make one request with the token."""
        content = body if isinstance(body, bytes) else b""
        if body is not None and not isinstance(body, bytes):
            content = msgspec.json.encode(body)
        given = {"authorization": f"Bearer {self.token}", "host": "org.test", **(headers or {})}
        path = target.partition("http://org.test")[2] or f"{API}/{target}"
        return call(self.app, method, path, content, headers=given)

    def made(self, set_name: str, **values: Any) -> str:
        """Make a row; return its id."""
        if set_name == "incidents" and not any("customerid" in each for each in values):
            values |= self.of_customer
        answer = self.ask("POST", set_name, values)
        assert answer.status == 204, answer.body
        return answer.headers["odata-entityid"].rpartition("(")[2].rstrip(")")

    @property
    def of_customer(self) -> dict[str, str]:
        """Name the contact without whom no case is made."""
        if not self._customer:
            self._customer = self.rows.create(TABLES["contact"], {"lastname": "Moss"})
        return {"customerid_contact@odata.bind": f"/contacts({self._customer})"}

    def wait(self, **more: float) -> None:
        """Let time pass."""
        self.now += timedelta(**more)


def refusal(answer: Answer) -> tuple[int, str, str]:
    """The status, code and words of a refusal."""
    error = answer.json["error"]
    return answer.status, error["code"], error["message"]
