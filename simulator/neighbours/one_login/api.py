"""One Login as an ASGI application: the endpoints of its simulator, with its configuration."""

from urllib.parse import parse_qsl

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from simulator.neighbours.one_login.provider import (
    CLAIMS,
    InvalidRequest,
    Provider,
    Refused,
    did_of,
)
from simulator.neighbours.one_login.settings import Configuration
from simulator.processes.request_body import BodyTooLarge, read_body

BODY_BYTES_MAX = 65_536
QUERY_CHARACTERS_MAX = 16_384
FIELDS_MAX = 100


def one_login_app(provider: Provider, *, token: str = "") -> Starlette:
    """Make the provider; with a token, its configuration wants that as a bearer token."""
    face = _Face(provider, token)
    get = ["GET"]
    app = Starlette(
        routes=[
            Route("/authorize", face.authorise, methods=get),
            Route("/token", face.tokens, methods=["POST"]),
            Route("/userinfo", face.user_info, methods=get),
            Route("/logout", face.log_out, methods=get),
            Route("/trustmark", face.trustmark, methods=get),
            Route("/config", face.config, methods=["GET", "POST"]),
            Route("/.well-known/openid-configuration", face.discovery, methods=get),
            Route("/.well-known/jwks.json", face.keys, methods=get),
            Route("/.well-known/did.json", face.identity_keys, methods=get),
        ],
        exception_handlers={
            InvalidRequest: _invalid,
            Refused: _refuse,
            BodyTooLarge: _too_large,
            HTTPException: _no_such_page,
        },
    )
    app.router.redirect_slashes = False
    return app


def failed(status: int) -> Response:
    """Answer as a One Login that fails, or that is asked too often."""
    error = "temporarily_unavailable" if status in {429, 503} else "server_error"
    return _json({"error": error, "error_description": "Try again later"}, status)


class _Face:
    def __init__(self, provider: Provider, token: str) -> None:
        self._provider = provider
        self._token = token

    async def authorise(self, request: Request) -> Response:
        return RedirectResponse(self._provider.authorise(_once(_query(request))), 302)

    async def tokens(self, request: Request) -> Response:
        body = await read_body(request, bytes_max=BODY_BYTES_MAX)
        form = _once(_pairs(body.decode("utf-8", "replace")))
        headers = {"cache-control": "no-store"}
        return _json(self._provider.tokens(form, _root(request)), headers=headers)

    async def user_info(self, request: Request) -> Response:
        given = request.headers.get("authorization", "")
        found = self._provider.user_info(given, _root(request))
        if found is not None:
            return _json(found)
        why = ' error="invalid_token", error_description="Invalid access token"' if given else ""
        return Response(status_code=401, headers={"www-authenticate": f"Bearer{why}"})

    async def log_out(self, request: Request) -> Response:
        url = self._provider.signed_out(_once(_query(request)))
        return RedirectResponse(url, 302) if url else PlainTextResponse("You have signed out")

    async def trustmark(self, request: Request) -> Response:
        root = _root(request)
        return _json({"idp": f"{root}/", "trustmark_provider": f"{root}/", "C": ["Cl", "Cl.Cm"]})

    async def config(self, request: Request) -> Response:
        if self._token and request.headers.get("authorization") != f"Bearer {self._token}":
            raise Refused("invalid_token", "Give the token in PORTAL_DOUBLES_TOKEN", 401)
        if request.method == "POST":
            body = await read_body(request, bytes_max=BODY_BYTES_MAX)
            try:
                self._provider.configuration = msgspec.json.decode(body, type=Configuration)
            except (msgspec.DecodeError, RecursionError) as error:
                raise Refused("invalid_request", str(error)[:300]) from None
        return _json(self._provider.configuration)

    async def discovery(self, request: Request) -> Response:
        root = _root(request)
        named = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "userinfo_endpoint": "userinfo",
            "end_session_endpoint": "logout",
            "jwks_uri": ".well-known/jwks.json",
            "trustmarks": "trustmark",
        }
        algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
        user = ["sub", "email", "email_verified", "phone_number", "phone_number_verified"]
        return _json(
            {
                "issuer": f"{root}/",
                **{name: f"{root}/{path}" for name, path in named.items()},
                "scopes_supported": ["openid", "email", "phone"],
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_post"],
                "token_endpoint_auth_signing_alg_values_supported": algorithms,
                "ui_locales_supported": ["en", "cy"],
                "request_parameter_supported": True,
                "request_uri_parameter_supported": False,
                "subject_types_supported": ["public", "pairwise"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "claim_types_supported": ["normal"],
                "claims_supported": [*user, *sorted(CLAIMS)],
            }
        )

    async def keys(self, _request: Request) -> Response:
        return _json({"keys": [self._provider.signer.jwk]})

    async def identity_keys(self, request: Request) -> Response:
        name = did_of(_root(request))
        key = {
            "type": "JsonWebKey",
            "id": f"{name}#identity",
            "controller": name,
            "publicKeyJwk": self._provider.identity_signer.jwk,
        }
        return _json({"id": name, "assertionMethod": [key]})


def _root(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', 'localhost')}"


def _query(request: Request) -> list[tuple[str, str]]:
    if len(request.url.query) > QUERY_CHARACTERS_MAX:
        raise InvalidRequest
    return _pairs(request.url.query)


def _pairs(words: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(words, keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except ValueError:
        raise InvalidRequest from None


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Take each field once: one that comes twice is no request; raises InvalidRequest."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidRequest
    return found


def _json(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = msgspec.json.encode(content)
    return Response(body, status, headers=headers, media_type="application/json")


async def _invalid(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("Invalid Request", 400)


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return _json(error.body, error.status)


async def _too_large(_request: Request, _error: Exception) -> Response:
    return _json({"error": "invalid_request", "error_description": "Too large"}, 413)


async def _no_such_page(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse(error.detail, error.status_code, headers=error.headers)
