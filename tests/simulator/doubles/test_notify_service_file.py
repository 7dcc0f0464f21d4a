"""Every answer that Notify documents can be met: the service is a file."""

import os
from pathlib import Path
from typing import Any

import jwt
import msgspec
import pytest
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from simulator.doubles.notify_service_file import read_service
from simulator.doubles.run import VARIABLES, Settings, running_doubles
from simulator.errors import BadInput
from simulator.neighbours.gateway.inbox import Inbox
from simulator.neighbours.gateway.notify import TEXT_TEMPLATE_ID, notify_app
from tests.simulator.asgi import call
from tests.simulator.doubles.test_run import _free_ports
from tests.simulator.neighbours.gateway.double import API_KEY, EMAIL, NOW, SECRET, SERVICE_ID, SMS

OURS = Path("scenarios/neighbours/notify-service.toml")
TEAM = "5d0a7c4e-31fb-4c27-8f6e-7b1d9a2e4c03"
TEAM_KEY = '[[keys]]\nkind = "team"\nvariable = "A_TEAM_KEY"\n'
TEXT = {"phone_number": "07700900456", "template_id": TEXT_TEMPLATE_ID}
GONE = "6d1a1c1e-2b52-4f0b-9c57-3d2f3a9b7e12"
ARCHIVED = f"""
[[templates]]
id = "{GONE}"
channel = "text"
name = "Gone"
content = "Hello"
is_deleted = true
"""
LETTER = {"reference": "r", "content": "JVBERi0xLjQK"}
LETTERS = "/v2/notifications/letter"


class _Service:
    """A service that a file describes, and requests with one of its keys."""

    def __init__(self, path: Path, text: str, *, has_limits: bool = False) -> None:
        file = path / "service.toml"
        file.write_text(text, encoding="utf-8")
        service, templates, self.made_up = read_service(file, API_KEY, has_limits=has_limits)
        self._app = notify_app(
            Inbox(lambda: NOW), service=service, security_now=lambda: NOW, templates=templates
        )

    def post(self, target: str, secret: str = SECRET, **values: Any) -> tuple[int, str, str]:
        """Send, and give the status, the first error and its message."""
        claims = {"iss": SERVICE_ID, "iat": int(NOW.timestamp())}
        headers = {"authorization": f"Bearer {jwt.encode(claims, secret, algorithm='HS256')}"}
        answer = call(self._app, "POST", target, msgspec.json.encode(values), headers=headers)
        errors = answer.json.get("errors", [{"error": "", "message": ""}])
        return answer.status, errors[0]["error"], errors[0]["message"]


@pytest.mark.parametrize(
    ("file", "target", "secret", "sent", "status", "error", "message"),
    [
        ('live_key = "none"', SMS, SECRET, {}, 403, "AuthError", "service has no API keys"),
        ("is_archived = true", SMS, SECRET, {}, 403, "AuthError", "service is archived"),
        ('live_key = "revoked"', SMS, SECRET, {}, 403, "AuthError", "API key revoked"),
        ("", SMS, TEAM, {}, 403, "AuthError", "API key not found"),
        ("is_in_trial = true", SMS, SECRET, {}, 400, "BadRequestError", "is in trial mode – see"),
        ("is_in_trial = true", LETTERS, SECRET, LETTER, 403, "BadRequestError", "in trial mode"),
        (TEAM_KEY, SMS, TEAM, {}, 400, "BadRequestError", "using a team-only API key"),
        (TEAM_KEY, LETTERS, TEAM, LETTER, 403, "BadRequestError", "with a team api key"),
        (ARCHIVED, SMS, SECRET, {"template_id": GONE}, 400, "BadRequestError", "been deleted"),
        ("", SMS, SECRET, {"template_id": GONE}, 400, "BadRequestError", "Template not found"),
        (
            "senders = []",
            SMS,
            SECRET,
            {"sms_sender_id": TEAM},
            400,
            "BadRequestError",
            f"sms_sender_id {TEAM} does not exist in database for service id {SERVICE_ID}",
        ),
        ("sends_texts = false", SMS, SECRET, {}, 400, "BadRequestError", "to send text messages"),
        (
            "sends_letters = false",
            LETTERS,
            SECRET,
            LETTER,
            400,
            "BadRequestError",
            "Service is not allowed to send letters",
        ),
        (
            "[limits]\nletters_a_day_max = 1",
            LETTERS,
            SECRET,
            {**LETTER, "twice": True},
            429,
            "TooManyRequestsError",
            "Exceeded send limits (letter: 1) for today",
        ),
    ],
)
def test_every_documented_refusal_can_be_met(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    target: str,
    secret: str,
    sent: dict[str, Any],
    status: int,
    error: str,
    message: str,
) -> None:
    """In Notify's words, and with its status."""
    monkeypatch.setenv("A_TEAM_KEY", f"team-{SERVICE_ID}-{TEAM}")
    service = _Service(tmp_path, file)
    values = {**TEXT, "personalisation": {"body": "There is an update."}} if target == SMS else {}
    values |= sent
    if values.pop("twice", False):
        service.post(target, secret, **values)
    answered = service.post(target, secret, **values)

    assert answered[:2] == (status, error)
    assert message in answered[2]


def test_emails_may_be_off(tmp_path: Path) -> None:
    """A service that may not send emails is told so."""
    service = _Service(tmp_path, "sends_emails = false")
    body = {"email_address": "alex@example.com", "template_id": TEXT_TEMPLATE_ID}

    assert service.post(EMAIL, **body) == (
        400,
        "BadRequestError",
        "Service is not allowed to send emails",
    )


def test_a_rate_and_a_day_may_be_small(tmp_path: Path) -> None:
    """A portal meets both limits in a handful of requests."""
    rate = "Exceeded rate limit for key type LIVE of 3 requests per 60 seconds"
    day = "Exceeded send limits (sms: 1) for today"
    words: dict[str, Any] = {"personalisation": {"body": "There is an update."}}
    for limit, message in (("requests_a_minute_max = 3", rate), ("texts_a_day_max = 1", day)):
        service = _Service(tmp_path, f"[limits]\n{limit}")
        answers = [service.post(SMS, **TEXT, **words) for _ in range(3)]
        assert answers[0][0] == 201
        assert (answers[2][0], answers[2][2]) == (429, message)


def test_a_service_in_trial_sends_fifty_a_day(tmp_path: Path) -> None:
    """To its guest list, however its numbers are written."""
    service = _Service(tmp_path, 'is_in_trial = true\nguest_list = ["+44 7700 900456"]')
    words: dict[str, Any] = {"personalisation": {"body": "There is an update."}}
    statuses = [service.post(SMS, **TEXT, **words)[0] for _ in range(51)]

    assert statuses == [201] * 50 + [429]


def test_the_suites_own_service_runs_with_notifys_own_client() -> None:
    """Its team key reaches the guest list alone; its test key reaches nobody."""
    settings = Settings(first_port=_free_ports(), notify_service=OURS)
    with running_doubles(settings) as running:

        def send(variable: str, number: str) -> Any:
            client = NotificationsAPIClient(  # type: ignore[no-untyped-call]
                running.made_up[variable], base_url=running.gateway_url
            )
            client.request_session.trust_env = False
            with client.request_session:
                return client.send_sms_notification(  # type: ignore[no-untyped-call]
                    number, TEXT_TEMPLATE_ID, personalisation={"body": "There is an update."}
                )

        for variable, number in (
            ("PORTAL_GATEWAY_TEAM_KEY", "07700900456"),
            (VARIABLES["gateway"], "07700900456"),
        ):
            with pytest.raises(HTTPError, match="Can’t send to this recipient"):
                send(variable, number)
        to_guest = send("PORTAL_GATEWAY_TEAM_KEY", "07700900123")
        tested = send("PORTAL_GATEWAY_TEST_KEY", "07700900456")

    assert to_guest["id"] != tested["id"]
    assert "PORTAL_GATEWAY_TEAM_KEY" not in os.environ


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("is_in_trail = true", "is_in_trail: no such key; did you mean 'is_in_trial'"),
        ('guest_list = ["nobody"]', "guest_list: 'nobody': "),
        ('[[keys]]\nkind = "team"\nvariable = "PATH"', "variable: PATH holds no other key of the"),
        ('[[keys]]\nkind = "chief"\nvariable = "A_KEY"', r"keys\[0\].kind"),
        ('[[templates]]\nid = "1"', r"templates\[0\]"),
    ],
)
def test_a_mistake_in_a_service_is_named(tmp_path: Path, text: str, said: str) -> None:
    """File, field and what may stand there."""
    with pytest.raises(BadInput, match=said):
        _Service(tmp_path, text)
