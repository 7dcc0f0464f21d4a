"""A Notify double with a clock that stands still, for the tests of its faces."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import msgspec

from simulator.neighbours.gateway.inbox import Inbox
from simulator.neighbours.gateway.notify import (
    DEFAULT_TEMPLATES,
    EMAIL_TEMPLATE_ID,
    TEXT_TEMPLATE_ID,
    Templates,
    notify_app,
)
from simulator.neighbours.gateway.notify_service import NotifyService
from tests.simulator.asgi import Answer, call

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SERVICE_ID = "0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01"
SECRET = "5d0a7c4e-31fb-4c27-8f6e-7b1d9a2e4c02"
API_KEY = f"tests-{SERVICE_ID}-{SECRET}"
SMS, EMAIL, LIST = "/v2/notifications/sms", "/v2/notifications/email", "/v2/notifications"
NO_RESULT = [("NoResultFound", "No result found")]


def token(*, secret: str = SECRET, **claims: Any) -> str:
    """Sign a token as Notify's clients do, unless claims say otherwise."""
    usual = {"iss": SERVICE_ID, "iat": int(NOW.timestamp())}
    return jwt.encode({**usual, **claims}, secret, algorithm="HS256")


class Double:
    """The double and its inbox. `now` may be moved."""

    def __init__(
        self, templates: Templates = DEFAULT_TEMPLATES, *, service: NotifyService | None = None
    ) -> None:
        self.now = NOW
        self.inbox = Inbox(lambda: self.now)
        self.app = notify_app(
            self.inbox,
            service=service or NotifyService.of_key(API_KEY),
            security_now=lambda: NOW,
            templates=templates,
        )
        self._headers = {"host": "notify.test", "authorization": f"Bearer {token()}"}

    def get(self, target: str) -> Answer:
        """GET with a good token."""
        return call(self.app, "GET", target, headers=self._headers)

    def post(self, target: str, body: object) -> Answer:
        """POST with a good token; anything but bytes is sent as JSON."""
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return call(self.app, "POST", target, raw, headers=self._headers)

    def send(self, target: str, body: object, headers: Mapping[str, str]) -> Answer:
        """POST with these headers only."""
        return call(self.app, "POST", target, msgspec.json.encode(body), headers=headers)

    def wait(self, seconds: int) -> None:
        """Let world time pass."""
        self.now += timedelta(seconds=seconds)


def errors(answer: Answer) -> list[tuple[str, str]]:
    """Check the shape of an error as Notify documents it, and give its errors and messages."""
    content = answer.json

    assert content.keys() == {"status_code", "errors"}
    assert content["status_code"] == answer.status
    assert content["errors"]
    assert all(each.keys() == {"error", "message"} for each in content["errors"])

    return [(each["error"], each["message"]) for each in content["errors"]]


def text_request(
    to: str = "07700 900123", body: Any = "There is an update.", **more: Any
) -> dict[str, Any]:
    """A good request to text, unless more says otherwise."""
    return {
        "phone_number": to,
        "template_id": TEXT_TEMPLATE_ID,
        "personalisation": {"body": body},
        **more,
    }


def email_request(
    to: str = "A.Victim@Mail.Example", body: Any = "Sign in.", **more: Any
) -> dict[str, Any]:
    """A good request to email, unless more says otherwise."""
    return {
        "email_address": to,
        "template_id": EMAIL_TEMPLATE_ID,
        "personalisation": {"subject": "An update", "body": body},
        **more,
    }
