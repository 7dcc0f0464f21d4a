"""The org's token endpoint: client credentials, JWT bearer, password, an app's code, and refresh.

Source: Salesforce's OAuth flows, help.salesforce.com. Clients send the expiry of a JWT as a number
or as text, and name salesforce.com as its audience: both are taken.
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import TypeVar
from urllib.parse import parse_qs, quote, urlsplit

import jwt
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from simulator.neighbours.salesforce.records import INTEGRATION_USER, ORG_ID, PORTAL_USER
from simulator.processes.loopback import is_loopback
from simulator.processes.request_body import BodyTooLarge, read_body

SESSION_SECONDS = 7_200
CODE_SECONDS = 900
AUDIENCES = ("https://login.salesforce.com", "https://test.salesforce.com")
#: To whom the administrator has not opened the app.
NOT_APPROVED = "other@force.example"
USERS = {"integration@force.example": INTEGRATION_USER, "portal@force.example": PORTAL_USER}
_KEPT_MAX = 10_000
_BODY_BYTES_MAX = 16 * 1024
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"

T = TypeVar("T")


class ConnectedApp(Struct, frozen=True, kw_only=True):
    """The one app that may sign in; `public_key` is the PEM of who signs its JWTs, "" for none."""

    key: str
    secret: str
    public_key: str = ""
    has_run_as_user: bool = True

    def __repr__(self) -> str:
        return f"ConnectedApp(key={self.key!r})"


class Session(Struct, frozen=True, kw_only=True):
    """Who signed in, and until when."""

    user: str
    ends_at: datetime

    @property
    def is_portal(self) -> bool:
        """Whether it sees only what is published."""
        return self.user == PORTAL_USER


class _Refused(Exception):
    def __init__(self, error: str, words: str) -> None:
        super().__init__(error)
        self.response = JSONResponse({"error": error, "error_description": words}, 400)


class OAuth:
    """Gives tokens, and knows those that it gave."""

    def __init__(self, app: ConnectedApp, now: Callable[[], datetime]) -> None:
        self._app = app
        self._now = now
        self._sessions: dict[str, Session] = {}
        self._codes: dict[str, Session] = {}
        self._refresh: dict[str, str] = {}
        self._flows: Mapping[str, Callable[[Mapping[str, str], str], tuple[str, bool]]] = {
            "client_credentials": self._client_credentials,
            "password": self._password,
            "authorization_code": self._authorization_code,
            "refresh_token": self._refresh_token,
            _JWT_BEARER: self._jwt_bearer,
        }

    @property
    def routes(self) -> list[Route]:
        """The addresses of signing in and out."""
        return [
            Route("/services/oauth2/token", self._token, methods=["POST"]),
            Route("/services/oauth2/authorize", self._authorize, methods=["GET"]),
            Route("/services/oauth2/revoke", self._revoke, methods=["POST"]),
        ]

    def session(self, authorization: str) -> Session | None:
        """Find the session of a header; CometD's Faye says OAuth where others say Bearer."""
        scheme, _, token = authorization.partition(" ")
        found = self._sessions.get(token) if scheme.lower() in {"bearer", "oauth"} else None
        return found if found is not None and self._now() < found.ends_at else None

    async def _token(self, request: Request) -> Response:
        try:
            form = await _form(request)
            flow = self._flows.get(form.get("grant_type", ""), _no_flow)
            user, can_refresh = flow(form, request.headers.get("authorization", ""))
        except _Refused as refused:
            return refused.response
        return JSONResponse(self._answer(request, user, can_refresh=can_refresh))

    async def _authorize(self, request: Request) -> Response:
        """Give a code at once, as if the user had agreed: to an address of this machine alone."""
        asked = request.query_params
        back = asked.get("redirect_uri", "")
        try:
            is_here = is_loopback(urlsplit(back).hostname or "")
        except ValueError:
            is_here = False
        if asked.get("client_id") != self._app.key or asked.get("response_type") != "code":
            return _Refused("invalid_client_id", "client identifier invalid").response
        if not is_here:
            words = "redirect_uri must match configuration"
            return _Refused("redirect_uri_mismatch", words).response
        code = token_urlsafe(32)
        ends_at = self._now() + timedelta(seconds=CODE_SECONDS)
        _keep(self._codes, code, Session(user=INTEGRATION_USER, ends_at=ends_at))
        state = f"&state={quote(asked['state'], safe='')}" if "state" in asked else ""
        return RedirectResponse(f"{back}{'&' if '?' in back else '?'}code={code}{state}", 302)

    async def _revoke(self, request: Request) -> Response:
        try:
            token = (await _form(request)).get("token", "")
        except _Refused as refused:
            return refused.response
        if self._sessions.pop(token, None) is None and self._refresh.pop(token, None) is None:
            return _Refused("unsupported_token_type", "this token type is not supported").response
        return Response(status_code=200)

    def _client_credentials(self, form: Mapping[str, str], authorization: str) -> tuple[str, bool]:
        self._check_client(form, authorization)
        if not self._app.has_run_as_user:
            raise _Refused("invalid_grant", "no client credentials user enabled")
        return INTEGRATION_USER, False

    def _password(self, form: Mapping[str, str], authorization: str) -> tuple[str, bool]:
        self._check_client(form, authorization)
        _check_approved(form.get("username"))
        user = USERS.get(form.get("username", ""))
        if user is None or not _same(form.get("password", ""), self._app.secret):
            raise _Refused("invalid_grant", "authentication failure")
        return user, False

    def _authorization_code(self, form: Mapping[str, str], authorization: str) -> tuple[str, bool]:
        self._check_client(form, authorization)
        found = self._codes.pop(form.get("code", ""), None)
        if found is None or found.ends_at <= self._now():
            raise _Refused("invalid_grant", "expired authorization code")
        return found.user, True

    def _refresh_token(self, form: Mapping[str, str], authorization: str) -> tuple[str, bool]:
        self._check_client(form, authorization)
        user = self._refresh.get(form.get("refresh_token", ""))
        if user is None:
            raise _Refused("invalid_grant", "expired access/refresh token")
        return user, False

    def _jwt_bearer(self, form: Mapping[str, str], _authorization: str) -> tuple[str, bool]:
        try:
            claims = jwt.decode(
                form.get("assertion", ""),
                self._app.public_key,
                algorithms=["RS256"],
                options={"verify_exp": False, "verify_aud": False, "verify_iat": False},
            )
            ends_at = datetime.fromtimestamp(float(str(claims.get("exp"))), UTC)
        except (jwt.PyJWTError, ValueError, OverflowError, OSError):
            raise _Refused("invalid_grant", "invalid assertion") from None
        if claims.get("iss") != self._app.key:
            raise _Refused("invalid_client_id", "client identifier invalid")
        if claims.get("aud") not in AUDIENCES:
            raise _Refused("invalid_grant", "audience is invalid")
        if ends_at <= self._now():
            raise _Refused("invalid_grant", "invalid assertion")
        _check_approved(claims.get("sub"))
        user = USERS.get(str(claims.get("sub")))
        if user is None:
            raise _Refused("invalid_grant", "user hasn't approved this consumer")
        return user, False

    def _check_client(self, form: Mapping[str, str], authorization: str) -> None:
        """Know the app, by Basic authentication or by the form; raises _Refused."""
        key, secret = form.get("client_id", ""), form.get("client_secret", "")
        scheme, _, encoded = authorization.partition(" ")
        if scheme.lower() == "basic":
            try:
                key, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
            except (binascii.Error, ValueError):
                raise _Refused("invalid_client", "invalid client credentials") from None
        if not _same(key, self._app.key):
            raise _Refused("invalid_client_id", "client identifier invalid")
        if not _same(secret, self._app.secret):
            raise _Refused("invalid_client", "invalid client credentials")

    def _answer(self, request: Request, user: str, *, can_refresh: bool) -> dict[str, str]:
        url, now = f"{request.url.scheme}://{request.url.netloc}", self._now()
        token = f"{ORG_ID[:15]}!{token_urlsafe(48)}"
        ends_at = now + timedelta(seconds=SESSION_SECONDS)
        _keep(self._sessions, token, Session(user=user, ends_at=ends_at))
        identity, issued = f"{url}/id/{ORG_ID}/{user}", str(int(now.timestamp() * 1000))
        signed = hmac.new(self._app.secret.encode(), f"{identity}{issued}".encode(), sha256)
        answer = {
            "access_token": token,
            "instance_url": url,
            "id": identity,
            "token_type": "Bearer",
            "issued_at": issued,
            "signature": base64.b64encode(signed.digest()).decode(),
            "scope": "api refresh_token" if can_refresh else "api",
        }
        if can_refresh:
            answer["refresh_token"] = token_urlsafe(48)
            _keep(self._refresh, answer["refresh_token"], user)
        return answer


def _keep(kept: dict[str, T], name: str, value: T) -> None:
    """Keep a token; the oldest goes when there are too many."""
    if len(kept) >= _KEPT_MAX:
        del kept[next(iter(kept))]
    kept[name] = value


def _check_approved(name: object) -> None:
    if name == NOT_APPROVED:
        raise _Refused("invalid_app_access", "user is not admin approved to access this app")


def _no_flow(_form: Mapping[str, str], _authorization: str) -> tuple[str, bool]:
    raise _Refused("unsupported_grant_type", "grant type not supported")


def _same(given: str, right: str) -> bool:
    return bool(right) and hmac.compare_digest(given.encode(), right.encode())


async def _form(request: Request) -> dict[str, str]:
    try:
        body = await read_body(request, bytes_max=_BODY_BYTES_MAX)
        text = body.decode()
        return {name: values[-1] for name, values in parse_qs(text).items()}
    except (BodyTooLarge, ValueError):
        raise _Refused("invalid_request", "the request cannot be read") from None
