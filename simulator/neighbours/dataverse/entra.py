"""Entra's token endpoint: how a service account signs in to Dataverse.

Clients name themselves in the form, as Microsoft's own does, or by Basic authentication. Source:
Microsoft's documentation of the client credentials flow, learn.microsoft.com
"""

import base64
import binascii
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.processes.request_body import BodyTooLarge, read_body

TOKEN_SECONDS = 3599
_TOKENS_KEPT_MAX = 10_000
_BODY_BYTES_MAX = 16 * 1024


class ServiceAccount(Struct, frozen=True, kw_only=True):
    """The one account that may sign in."""

    tenant_id: str
    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        return f"ServiceAccount(client_id={self.client_id!r})"


class Entra:
    """Gives tokens to the account, and knows those that it gave."""

    def __init__(self, account: ServiceAccount, now: Callable[[], datetime]) -> None:
        self._account = account
        self._now = now
        self._tokens: dict[str, datetime] = {}

    @property
    def routes(self) -> list[Route]:
        """The addresses under the authority."""
        return [
            Route(
                "/{tenant}/v2.0/.well-known/openid-configuration",
                self._configuration,
                methods=["GET"],
            ),
            Route("/{tenant}/oauth2/v2.0/token", self._token, methods=["POST"]),
            Route("/{tenant}/oauth2/token", self._token, methods=["POST"]),
        ]

    def is_known(self, authorization: str) -> bool:
        """Say whether a header holds a token that was given and has not run out."""
        scheme, _, token = authorization.partition(" ")
        ends_at = self._tokens.get(token)
        return scheme.lower() == "bearer" and ends_at is not None and self._now() < ends_at

    async def _configuration(self, request: Request) -> Response:
        authority = f"{request.url.scheme}://{request.url.netloc}/{request.path_params['tenant']}"
        return JSONResponse(
            {
                "issuer": f"{authority}/v2.0",
                "token_endpoint": f"{authority}/oauth2/v2.0/token",
                "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
                "jwks_uri": f"{authority}/discovery/v2.0/keys",
                "response_types_supported": ["code", "id_token"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def _token(self, request: Request) -> Response:
        try:
            body = await read_body(request, bytes_max=_BODY_BYTES_MAX)
        except BodyTooLarge:
            return _refused(400, "invalid_request", "AADSTS90014: The request is too large.")
        form = {name: values[-1] for name, values in parse_qs(body.decode("latin-1")).items()}
        if form.get("grant_type") != "client_credentials":
            words = "AADSTS70003: The app requested an unsupported grant type."
            return _refused(400, "unsupported_grant_type", words)
        client_id, secret = _credentials(request.headers.get("authorization", ""), form)
        account = self._account
        if client_id != account.client_id or request.path_params["tenant"] != account.tenant_id:
            words = f"AADSTS700016: Application with identifier '{client_id[:60]}' was not found."
            return _refused(400, "unauthorized_client", words)
        if not hmac.compare_digest(secret.encode(), account.client_secret.encode()):
            words = "AADSTS7000215: Invalid client secret provided."
            return _refused(401, "invalid_client", words)
        return JSONResponse(
            {
                "token_type": "Bearer",
                "expires_in": TOKEN_SECONDS,
                "ext_expires_in": TOKEN_SECONDS,
                "access_token": self._new_token(),
            }
        )

    def _new_token(self) -> str:
        now = self._now()
        if len(self._tokens) >= _TOKENS_KEPT_MAX:
            self._tokens = {token: at for token, at in self._tokens.items() if at > now}
        token = token_urlsafe(48)
        self._tokens[token] = now + timedelta(seconds=TOKEN_SECONDS)
        return token


def _credentials(authorization: str, form: dict[str, Any]) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(encoded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return name, secret
    return str(form.get("client_id", "")), str(form.get("client_secret", ""))


def _refused(status: int, error: str, words: str) -> Response:
    content = {"error": error, "error_description": words}
    return JSONResponse(content, status)
