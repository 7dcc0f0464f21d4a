"""Standard Webhooks headers over a body: how the crime system signs what it delivers."""

from datetime import UTC, datetime

from standardwebhooks import Webhook


def sign(secret: str, *, delivery_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Headers for one delivery. A redelivery is signed afresh, under a time of its own."""
    signature = Webhook(secret).sign(delivery_id, at.astimezone(UTC), body.decode())
    return {
        "content-type": "application/cloudevents-batch+json",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }
