"""What leaves for the message gateway: GOV.UK Notify v2 requests that its own rules accept."""

import uuid

import jwt
import pytest

from tests.reference.portal.crimes import EMAIL, MOBILE, alex, deployed, enveloped, recorded
from tests.reference.portal.neighbours import GATEWAY
from tests.reference.portal.scene import SECRETS, Scene

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


def test_no_word_of_a_secret_leaves(scene: Scene) -> None:
    """Neither the keys nor the agreed word are in anything that is sent."""
    scene.deliver(recorded(alex(email="N/A")))
    scene.session()
    sent = repr([(each.url, each.body) for each in scene.neighbours.tried])

    assert not any(
        secret in sent
        for secret in (KEY, SECRETS.identity, SECRETS.events, SECRETS.crime_system, "kingfisher")
    )
