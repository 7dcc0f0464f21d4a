"""Authentication of the Notify double: a JSON Web Token, signed with the secret of an API key.

Source of the checks, their order and their words: GOV.UK Notify's published API code,
github.com/alphagov/notifications-api (app/authentication/auth.py), and its Python client.
"""

import math
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import jwt

from simulator.neighbours.gateway.notify_errors import NotifyError, auth_error
from simulator.neighbours.gateway.notify_service import ApiKey, NotifyService

CLOCK_SECONDS_MAX = 30

_MALFORMED = (
    "Invalid token: make sure your API token matches the example at "
    "https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header"
)
_CLOCK = "Error: Your system clock must be accurate to within 30 seconds"
_TOKENS_KEPT_MAX = 1024


class NotifyAuth:
    """Checks tokens against the keys of one service."""

    def __init__(self, service: NotifyService, security_now: Callable[[], datetime]) -> None:
        self._service = service
        self._now = security_now
        # A client may use a token for several requests: only its age changes between them.
        self._verified = lru_cache(maxsize=_TOKENS_KEPT_MAX)(self._verify)

    def check(self, authorization: str) -> ApiKey:
        """Check an Authorization header, return its key; raises NotifyError in Notify's words."""
        if not authorization:
            raise auth_error(401, "Unauthorized: authentication token must be provided")
        if authorization[:7].title() != "Bearer ":
            raise auth_error(401, "Unauthorized: authentication bearer scheme must be used")
        key, issued_at = self._verified(authorization[7:])
        if abs(int(self._now().timestamp()) - issued_at) > CLOCK_SECONDS_MAX:
            raise auth_error(403, _CLOCK)
        return key

    def _verify(self, token: str) -> tuple[ApiKey, int]:
        """Check everything about a token but its age; return its key, and when it was issued."""
        self._check_service(_issuer(token))
        key, claims = self._signed_by(token)
        if "iat" not in claims:
            # Notify answers a token without iat as if it were signed with another key.
            raise _not_found()
        issued_at = claims["iat"]
        # A whole number may have any number of digits: it is not turned into a float.
        if isinstance(issued_at, int):
            return key, issued_at
        if not isinstance(issued_at, float) or not math.isfinite(issued_at):
            raise auth_error(403, _CLOCK)
        return key, int(issued_at)

    def _check_service(self, issuer: object) -> None:
        try:
            service = UUID(issuer) if isinstance(issuer, str) else None
        except ValueError:
            service = None
        if service is None:
            raise auth_error(403, "Invalid token: service id is not the right data type")
        if str(service) != self._service.id:
            raise auth_error(403, "Invalid token: service not found")
        if not self._service.keys:
            raise auth_error(403, "Invalid token: service has no API keys")
        if self._service.is_archived:
            raise auth_error(403, "Invalid token: service is archived")

    def _signed_by(self, token: str) -> tuple[ApiKey, dict[str, Any]]:
        """Find the key that a token is signed with, and read its claims; raises NotifyError."""
        for key in self._service.keys:
            claims = _signed_claims(token, key.secret)
            if claims is not None:
                if key.is_revoked:
                    raise auth_error(403, "Invalid token: API key revoked")
                return key, claims
        raise _not_found()


def _not_found() -> NotifyError:
    return auth_error(403, "Invalid token: API key not found")


def _signed_claims(token: str, secret: str) -> dict[str, Any] | None:
    """Read the claims of a token; None if it was signed with another secret."""
    try:
        return jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            # PyJWT would use the time of day, not the given clock.
            options={"verify_iat": False, "verify_exp": False, "verify_nbf": False},
        )
    except jwt.DecodeError:
        return None
    except jwt.InvalidAlgorithmError:
        raise auth_error(403, "Invalid token: algorithm used is not HS256") from None
    except jwt.InvalidTokenError:
        raise auth_error(403, _MALFORMED) from None


def _issuer(token: str) -> object:
    """Read who a token says it is from, unchecked."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False}, algorithms=["HS256"])
    except (jwt.InvalidTokenError, RecursionError):
        raise auth_error(403, _MALFORMED) from None
    if "iss" not in claims:
        raise auth_error(403, "Invalid token: iss field not provided")
    return claims["iss"]
