"""Tokens of Marketing Cloud: client credentials, twenty minutes each, with scopes.

Source: developer.salesforce.com, access-token-s2s; the refusal of a wrong secret is as recorded in
Accenture's sfmc-devtools.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from starlette.responses import Response

from simulator.neighbours.gateway.notify_service import parts_of_key
from simulator.neighbours.marketing_cloud.errors import NotAuthorised, as_json
from simulator.neighbours.marketing_cloud.types import TokenRequest

LIFETIME_SECONDS = 1080
TOKENS_MAX = 10_000
_NOTIFICATION_SCOPES = frozenset(
    f"event_notification_{what}_{act}"
    for what in ("callback", "subscription")
    for act in ("create", "read", "update", "delete")
)
SCOPES = _NOTIFICATION_SCOPES | {
    f"{channel}_{act}" for channel in ("sms", "email") for act in ("read", "write", "send")
}
_NOT_KNOWN = (
    "Client authentication failed. Make sure that the client ID and client secret are valid and "
    "that the package is installed and enabled."
)


class Package(Struct, frozen=True, kw_only=True):
    """An installed package: by what a portal gets its tokens."""

    client_id: str
    client_secret: str

    @classmethod
    def of_key(cls, api_key: str) -> "Package":
        """Give the package of a portal that was given a key of Notify: its service and secret."""
        client_id, client_secret = parts_of_key(api_key)
        return cls(client_id=client_id, client_secret=client_secret)

    def __repr__(self) -> str:
        return f"Package(client_id={self.client_id!r})"


class Tokens:
    """Gives tokens to a package, and knows them again."""

    def __init__(self, package: Package, now: Callable[[], datetime]) -> None:
        self._package = package
        self.now = now
        self._known: dict[str, tuple[datetime, frozenset[str]]] = {}

    def give(self, body: bytes, root: str) -> Response:
        """Answer a request for a token."""
        try:
            asked = msgspec.json.decode(body, type=TokenRequest)
        except (msgspec.DecodeError, RecursionError):
            return _refused(400, "invalid_request", "Give grant_type, client_id and client_secret.")
        if asked.grant_type != "client_credentials":
            why = "The grant type is not supported by the authorization server."
            return _refused(400, "unsupported_grant_type", why)
        own = self._package
        pairs = ((asked.client_id, own.client_id), (asked.client_secret, own.client_secret))
        if not all(hmac.compare_digest(given.encode(), known.encode()) for given, known in pairs):
            return _refused(401, "invalid_client", _NOT_KNOWN)
        scopes = frozenset((asked.scope or "").split()) or SCOPES
        if not scopes <= SCOPES:
            return _refused(400, "invalid_scope", "The requested scope is not one of the package.")
        return as_json(200, self._made(scopes, root))

    def check(self, authorization: str, scope: str) -> None:
        """Check a header and what it may do; raises NotAuthorised."""
        scheme, _, token = authorization.partition(" ")
        known = self._known.get(token)
        if scheme.lower() != "bearer" or known is None or known[0] <= self.now():
            raise NotAuthorised
        if scope not in known[1]:
            raise NotAuthorised(403)

    def _made(self, scopes: frozenset[str], root: str) -> dict[str, Any]:
        now = self.now()
        if len(self._known) >= TOKENS_MAX:
            self._known = {each: held for each, held in self._known.items() if held[0] > now}
        token = secrets.token_urlsafe(48)
        self._known[token] = (now + timedelta(seconds=LIFETIME_SECONDS), scopes)
        while len(self._known) > TOKENS_MAX:
            del self._known[next(iter(self._known))]
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": LIFETIME_SECONDS - 1,
            "scope": " ".join(sorted(scopes)),
            "soap_instance_url": f"{root}/",
            "rest_instance_url": f"{root}/",
        }


def _refused(status: int, error: str, why: str) -> Response:
    uri = "https://developer.salesforce.com/docs"
    return as_json(status, {"error": error, "error_description": why, "error_uri": uri})
