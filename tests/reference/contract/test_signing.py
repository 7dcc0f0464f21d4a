"""Signing: the headers are Standard Webhooks', and any change is seen by its own library."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from freezegun import freeze_time
from standardwebhooks import Webhook, WebhookVerificationError

from reference.contract.signing import sign

SECRET = "whsec_" + "dGVzdHMtb25seS1ldmVudHMtc2VjcmV0LTE="
OTHER = "whsec_" + "YW5vdGhlci1zZWNyZXQtZm9yLXRlc3RzLW9ubHk="
NOW = datetime(2026, 6, 3, 11, 0, tzinfo=UTC)
BODY = '[{"naïve": "’"}]'.encode()


@freeze_time(NOW)
def test_the_library_of_the_standard_takes_the_signature() -> None:
    """What is signed here can be checked by anyone who knows Standard Webhooks."""
    headers = sign(SECRET, delivery_id="delivery-1", at=NOW, body=BODY)

    assert Webhook(SECRET).verify(BODY.decode(), headers) == [{"naïve": "’"}]


@freeze_time(NOW)
@pytest.mark.parametrize(
    ("secret", "body", "changes"),
    [
        (OTHER, BODY, {}),
        (SECRET, BODY + b" ", {}),
        (SECRET, BODY, {"webhook-id": "delivery-2"}),
        (SECRET, BODY, {"webhook-timestamp": str(int(NOW.timestamp()) + 1)}),
    ],
)
def test_any_change_is_seen(secret: str, body: bytes, changes: dict[str, str]) -> None:
    """Another key, body, delivery or time does not have this signature."""
    headers = sign(SECRET, delivery_id="delivery-1", at=NOW, body=BODY)

    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.decode(), {**headers, **changes})


@freeze_time(NOW + timedelta(minutes=6))
def test_a_signature_grows_stale() -> None:
    """A delivery that someone kept is refused later, so each is signed afresh."""
    headers = sign(SECRET, delivery_id="delivery-1", at=NOW, body=BODY)

    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY.decode(), headers)


def test_the_time_zone_of_the_signer_does_not_matter() -> None:
    """The same moment said in summer time has the same signature."""
    in_london = NOW.astimezone(timezone(timedelta(hours=1)))

    assert sign(SECRET, delivery_id="1", at=NOW, body=BODY) == sign(
        SECRET, delivery_id="1", at=in_london, body=BODY
    )
