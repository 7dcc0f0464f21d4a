"""What the force's system pushes: it says that something changed, and the feed says what.

A push alone is never believed to be all: after it, the integration reads on from its cursor. So a
push that is lost or comes twice loses and doubles nothing.
"""

import hmac
from collections.abc import Mapping
from typing import Any, Protocol

import msgspec
from msgspec import Struct
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from simulator.neighbours.dataverse.tables import TABLES


class NotGenuine(Exception):
    """A push that the force's system did not send: says what is missing."""


class Told(Struct, frozen=True, kw_only=True):
    """A row that changed, and the correlation id of the change."""

    table: str
    row_id: str
    correlation_id: str


class Pushes(Protocol):
    """How one kind of system signs what it pushes."""

    def read(self, headers: Mapping[str, str], code: str, body: bytes) -> list[Told]:
        """Read a push; raises NotGenuine, or ValueError for what cannot be read."""


class DataversePushes:
    """Webhooks of Dataverse: an agreed key, in the address or a header, and no signature."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def read(self, headers: Mapping[str, str], code: str, body: bytes) -> list[Told]:
        """Read a RemoteExecutionContext; above 256 KB it names its row all the same."""
        given = (code or headers.get("code", "")).encode()
        if not hmac.compare_digest(given, self._key):
            raise NotGenuine("the key of the webhook")
        context = msgspec.json.decode(body, type=dict[str, Any])
        table, row_id = context.get("PrimaryEntityName"), context.get("PrimaryEntityId")
        if not isinstance(table, str) or table not in TABLES or not isinstance(row_id, str):
            return []
        return [
            Told(
                table=table,
                row_id=row_id,
                correlation_id=str(context.get("CorrelationId", ""))[:64],
            )
        ]


class ForceApiPushes:
    """Pushes of the force's own API: signed by Standard Webhooks. The feed names the cause too."""

    def __init__(self, secret: str) -> None:
        self._webhook = Webhook(secret)

    def read(self, headers: Mapping[str, str], code: str, body: bytes) -> list[Told]:  # noqa: ARG002
        """Check the signature and read the events."""
        try:
            self._webhook.verify(body.decode(), dict(headers))
        except (WebhookVerificationError, UnicodeDecodeError):
            raise NotGenuine("the signature") from None
        return []
