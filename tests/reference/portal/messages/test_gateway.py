"""What leaves for the message gateway: GOV.UK Notify v2 requests that its own rules accept."""

import asyncio
import uuid
from pathlib import Path
from typing import Any

import jwt
import pytest

from reference.portal.clock import SystemClock
from reference.portal.messages import gateway
from reference.portal.messages.gateway import Gateway, Outgoing, RateLimited
from reference.portal.observer import Observer
from reference.portal.settings import settings_from
from tests.reference.portal.crimes import (
    EMAIL,
    MOBILE,
    alex,
    closed,
    deployed,
    enveloped,
    recorded,
)
from tests.reference.portal.log_lines import log_lines
from tests.reference.portal.neighbours import GATEWAY, notify_says
from tests.reference.portal.scene import SECRETS, SETTINGS, Scene

SERVICE, KEY = SECRETS.gateway[-73:-37], SECRETS.gateway[-36:]


def test_a_text_and_an_email_as_notify_has_them(scene: Scene) -> None:
    """Each channel has its own address, template and fields, and a text has no subject."""
    scene.deliver(enveloped(recorded(alex(email=EMAIL)), id="event-of-this-test"))
    text, email = sorted(scene.messages, key=lambda sent: "email_address" in sent.body)

    assert text.url == f"{GATEWAY}/v2/notifications/sms"
    assert text.body["phone_number"] == MOBILE
    assert text.body["template_id"] == "text-template"
    assert text.body["reference"] == "event-of-this-test"
    assert text.body["personalisation"].keys() == {"body"}
    assert email.url == f"{GATEWAY}/v2/notifications/email"
    assert email.body["email_address"] == EMAIL
    assert email.body["template_id"] == "email-template"
    assert email.body["personalisation"].keys() == {"subject", "body"}


def test_each_request_is_signed_with_the_service_s_key(scene: Scene) -> None:
    """The token is Notify's: the service as issuer, the time of now, signed with the secret."""
    scene.deliver(recorded())
    scheme, token = scene.messages[0].headers["authorization"].split()
    claims = jwt.decode(
        token, KEY, ["HS256"], options={"verify_iat": False, "require": ["iss", "iat"]}
    )

    assert scheme == "Bearer"
    assert str(uuid.UUID(SERVICE)) == SERVICE
    assert claims == {"iss": SERVICE, "iat": int(scene.now.timestamp())}


@pytest.mark.parametrize("seconds", [0, 5, 29, 31, 3600])
def test_a_token_is_never_older_than_the_gateway_allows(scene: Scene, seconds: int) -> None:
    """Notify allows 30 seconds between the stamp and its own clock."""
    scene.deliver(recorded())
    scene.advance(seconds=seconds)
    scene.deliver(deployed())
    token = scene.messages[-1].headers["authorization"].split()[1]
    stamped = jwt.decode(token, options={"verify_signature": False})["iat"]

    assert 0 <= scene.now.timestamp() - stamped < 30


@pytest.mark.parametrize("reply", [b"", b"<html>", b"{}", b'{"id": 7}', b"\xff"])
def test_an_answer_that_is_nonsense_is_a_gateway_in_trouble(scene: Scene, reply: bytes) -> None:
    """One odd answer neither stops the portal's other work nor loses the message."""
    scene.neighbours.reply = reply
    scene.deliver(recorded())
    scene.neighbours.reply = None
    scene.advance(hours=1)
    scene.deliver(deployed())

    sent = [row[8] for row in scene.rows()["outbox"]]

    assert sent == ["sent", "sent"]


NOT_OURS = [
    ("ValidationError", "phone_number Not enough digits"),
    ("ValidationError", "email_address Not a valid email address"),
    ("InvalidPhoneError", "Not a UK mobile number"),
    ("InvalidEmailError", "Not a valid email address"),
]
OURS = [
    ("BadRequestError", "Can’t send to this recipient using a team-only API key"),
    ("BadRequestError", "Template not found"),
    ("BadRequestError", "Missing personalisation: phone_number"),
    ("ValidationError", "template_id is not a valid UUID"),
    ("ValidationError", "Additional properties are not allowed (phone_number was unexpected)"),
    ("AuthError", "Invalid token: API key not found"),
    ("", ""),
]


@pytest.mark.parametrize(("error", "message"), NOT_OURS)
def test_only_what_is_said_of_the_address_stops_it(scene: Scene, error: str, message: str) -> None:
    """Notify names the field or the kind of error: that one address will never do."""
    scene.neighbours.answers[GATEWAY] = 400
    scene.neighbours.reply = notify_says(error, message)
    scene.deliver(recorded())
    [row] = scene.rows()["address_stopped"]

    assert row == (MOBILE, "refused")


@pytest.mark.parametrize("status", [400, 403])
@pytest.mark.parametrize(("error", "message"), OURS)
def test_a_gateway_that_refuses_us_stops_no_victim_s_address(
    tmp_path: Path, status: int, error: str, message: str
) -> None:
    """A wrong key or template is mended within the day, and then each is told what is new."""
    scene = Scene(tmp_path)
    scene.neighbours.answers[GATEWAY] = status
    scene.neighbours.reply = notify_says(error, message) if error else b"<html>"
    scene.deliver(recorded())
    scene.neighbours.answers[GATEWAY] = 201
    scene.neighbours.reply = None
    scene.deliver(closed())
    scene.advance(hours=2)

    assert [each.to for each in scene.messages] == [MOBILE, MOBILE]
    assert scene.rows()["address_stopped"] == []
    assert scene.neighbours.tasks == []


def test_what_is_refused_for_a_day_is_told_by_a_person(scene: Scene) -> None:
    """Nobody put the key right: each victim's officer is asked to tell them, and none is lost."""
    scene.neighbours.answers[GATEWAY] = 403
    scene.deliver(recorded())
    for _ in range(40):
        scene.advance(hours=1)

    assert [each["kind"] for each in scene.neighbours.tasks] == ["not_sent"]
    assert scene.rows()["address_stopped"] == []


def test_that_the_gateway_refuses_us_is_an_error_in_the_log(scene: Scene) -> None:
    """An operator reads how many it hit and what the gateway calls it, and of nobody."""
    scene.neighbours.answers[GATEWAY] = 400
    scene.neighbours.reply = notify_says("BadRequestError", f"Cannot send to {MOBILE}")
    with log_lines() as lines:
        scene.deliver(recorded())
    [said] = lines.events("gateway_refused_us")

    assert (said["level"], said["count"]) == ("ERROR", 1)
    assert (said["status"], said["result"]) == (400, "BadRequestError")
    assert MOBILE not in str(lines.said)


def test_no_word_of_a_secret_leaves(scene: Scene) -> None:
    """Neither the keys nor the agreed word are in anything that is sent."""
    scene.deliver(recorded(alex(email="N/A")))
    scene.session()
    sent = repr([(each.url, each.body) for each in scene.neighbours.tried])

    assert not any(
        secret in sent
        for secret in (KEY, SECRETS.identity, SECRETS.events, SECRETS.crime_system, "kingfisher")
    )


async def _through_a_limit(limit: int, count: int) -> tuple[list[Any], Gateway]:
    """Send messages through a gateway that takes so many of them."""
    taken = 0

    class Limited:
        connections = 32

        async def send(
            self, _method: str, _url: str, _headers: dict[str, str], _body: bytes
        ) -> tuple[int, bytes]:
            nonlocal taken
            taken += 1
            if taken > limit:
                return 429, b'{"errors":[{"error":"RateLimitError","message":"Exceeded"}]}'
            return 201, b'{"id":"%d"}' % taken

    gateway = Gateway(
        Limited(), SECRETS.gateway, SystemClock(), Observer(), settings_from(SETTINGS)
    )
    message = Outgoing(channel="text", to=MOBILE, subject="", body="News", reference="event")
    return await gateway.send_all([message] * count), gateway


@pytest.mark.parametrize(("limit", "count", "waits"), [(3, 5, True), (0, 5, False), (9, 5, False)])
def test_a_limit_that_lets_some_through_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
    limit: int,
    count: int,
    waits: bool,  # noqa: FBT001
) -> None:
    """The next messages wait a second; where nothing goes through, or everything, they do not."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def twice() -> list[Any]:
        results, again = await _through_a_limit(limit, count)
        monkeypatch.setattr(asyncio, "sleep", sleep)
        await again.send_all([])
        return results

    results = asyncio.run(twice())

    assert sum(isinstance(each, RateLimited) for each in results) == max(0, count - limit)
    assert waited == ([gateway.LIMITED_SECONDS] if waits else [])
