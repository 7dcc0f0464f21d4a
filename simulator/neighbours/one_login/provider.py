"""What One Login decides: whether a request may begin a sign-in, and which tokens a code is worth.

Order and words of the refusals are those of GOV.UK One Login's own simulator
(github.com/govuk-one-login/simulator); an empty `error_description` has none there.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import jwt
import msgspec
from msgspec import Struct

from simulator.neighbours.one_login.settings import Client, Configuration, Person
from simulator.neighbours.one_login.signing import Signer

ID_TOKEN_SECONDS, ACCESS_TOKEN_SECONDS, CORE_IDENTITY_SECONDS = 120, 180, 86_400
#: Codes that wait to be used; older ones are forgotten.
CODES_MAX = 10_000
CORE_IDENTITY = "https://vocab.account.gov.uk/v1/coreIdentityJWT"
CLAIMS = frozenset(
    f"https://vocab.account.gov.uk/v1/{each}"
    for each in ("coreIdentityJWT", "address", "passport", "drivingPermit", "returnCode")
)
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_NOT_SIGNED = "Invalid signature in private_key_jwt"


class InvalidRequest(Exception):
    """A request that cannot be answered by sending the browser back."""


class Refused(Exception):
    """A token that is not given: status, error and description."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"error": error, "error_description": description}


class _SentBack(Exception):
    """A refusal that the browser takes back to the relying party."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


class _Code(Struct, frozen=True, kw_only=True):
    """What a code is worth, once."""

    redirect_uri: str
    nonce: str
    scopes: list[str]
    claims: list[str]
    trust: str
    challenge: str
    person: Person


class Provider:
    """One Login for one relying party; `configuration` may be replaced at any time."""

    def __init__(self, client: Client, now: Callable[[], datetime]) -> None:
        self.client = client
        self.configuration = Configuration()
        self.signer, self.identity_signer = Signer(), Signer()
        self._now = now
        self._codes: dict[str, _Code] = {}

    def authorise(self, asked: Mapping[str, str]) -> str:
        """Sign the person in; return where the browser goes. Raises InvalidRequest."""
        given = self._with_request_object(asked)
        redirect_uri = given.get("redirect_uri", "")
        if given.get("client_id") != self.client.client_id:
            raise InvalidRequest
        if redirect_uri not in self.client.redirect_urls:
            raise InvalidRequest
        state = given.get("state", "")
        try:
            answer = {"code": self._code(given, redirect_uri), "state": state}
        except _SentBack as refused:
            answer = {"error": refused.error, "error_description": refused.description}
            answer |= {"state": state} if state else {}
        return f"{redirect_uri}?{urlencode(answer)}"

    def tokens(self, form: Mapping[str, str], root: str) -> dict[str, Any]:
        """Change a code for tokens; raises Refused."""
        if not form.get("grant_type"):
            raise Refused("invalid_request", "Request is missing grant_type parameter")
        if form["grant_type"] != "authorization_code":
            raise Refused("unsupported_grant_type", "Unsupported grant type")
        for name in ("redirect_uri", "code"):
            if not form.get(name):
                raise Refused("invalid_request", f"Request is missing {name} parameter")
        self._authenticate(form, root)
        code = self._codes.pop(form["code"], None)
        if code is None or code.redirect_uri != form["redirect_uri"]:
            raise Refused("invalid_grant", "Invalid grant")
        if code.challenge and not hmac.compare_digest(
            _half(form.get("code_verifier", ""), whole=True), code.challenge
        ):
            raise Refused("invalid_grant", "PKCE code verification failed")
        access = self._access_token(code, root)
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": ACCESS_TOKEN_SECONDS,
            "id_token": self._id_token(code, access, root),
        }

    def user_info(self, authorization: str, root: str) -> dict[str, Any] | None:
        """Tell who has an access token; None for one that is not ours, or too old."""
        scheme, _, token = authorization.partition(" ")
        claims = self.signer.claims(token) if scheme == "Bearer" else None
        if claims is None or claims.get("exp", 0) < self._seconds():
            return None
        person = msgspec.convert(claims["person"], Person)
        found: dict[str, Any] = {"sub": person.sub}
        if "email" in claims["scope"]:
            found |= {"email": person.email, "email_verified": person.email_verified}
        if "phone" in claims["scope"]:
            number = {"phone_number": person.phone_number}
            found |= {**number, "phone_number_verified": person.phone_number_verified}
        if CORE_IDENTITY in claims["claims"]:
            found[CORE_IDENTITY] = self._core_identity(person, root)
        return found

    def signed_out(self, asked: Mapping[str, str]) -> str:
        """Give where a browser goes that has signed out; "" for nowhere."""
        url = asked.get("post_logout_redirect_uri", "")
        if self.signer.claims(asked.get("id_token_hint", "")) is None:
            return ""
        if url not in self.client.post_logout_redirect_urls:
            return ""
        state = asked.get("state", "")
        return f"{url}?{urlencode({'state': state})}" if state else url

    def _with_request_object(self, asked: Mapping[str, str]) -> Mapping[str, str]:
        """Take what a signed request object says; raises InvalidRequest."""
        signed = asked.get("request")
        if not signed:
            return asked
        try:
            claims = jwt.decode(
                signed, self.client.public_key, algorithms=_RSA, options={"verify_aud": False}
            )
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            raise InvalidRequest from None
        if claims.get("iss") != self.client.client_id:
            raise InvalidRequest
        return {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in claims.items()
        }

    def _code(self, given: Mapping[str, str], redirect_uri: str) -> str:
        if not given.get("state"):
            raise _SentBack("invalid_request", "Request is missing state parameter")
        if given.get("request_uri"):
            raise _SentBack("request_uri_not_supported", "Request URI parameter not supported")
        if given.get("response_type") != "code":
            raise _SentBack("unsupported_response_type", "Unsupported response type")
        scopes = given.get("scope", "").split()
        if "openid" not in scopes or not {*scopes} <= {*self.client.scopes}:
            raise _SentBack("invalid_scope", "Invalid, unknown or malformed scope")
        claims = self._claims(given.get("claims", ""))
        if not given.get("nonce"):
            raise _SentBack("invalid_request", "Request is missing nonce parameter")
        trust, proves = self._trust(given.get("vtr", ""))
        faults = self.configuration.error_configuration.authorise_errors
        if "ACCESS_DENIED" in faults:
            words = "Access denied by resource owner or authorization server"
            raise _SentBack("access_denied", words)
        if "TEMPORARILY_UNAVAILABLE" in faults:
            words = "The authorization server is temporarily unavailable"
            raise _SentBack("temporarily_unavailable", words)
        if given.get("code_challenge") and given.get("code_challenge_method") != "S256":
            raise _SentBack("invalid_request", "Invalid value for code_challenge_method parameter.")
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(
            redirect_uri=redirect_uri,
            nonce=given["nonce"],
            scopes=scopes,
            claims=claims if proves else [],
            trust=trust,
            challenge=given.get("code_challenge", ""),
            person=self.configuration.response_configuration,
        )
        if len(self._codes) > CODES_MAX:
            del self._codes[next(iter(self._codes))]
        return code

    def _claims(self, words: str) -> list[str]:
        if not words:
            return []
        try:
            wanted = json.loads(words).get("userinfo") or {}
            names = list(wanted.keys())
        except (ValueError, AttributeError, RecursionError):
            raise _SentBack("invalid_request", "Invalid Request") from None
        if not {*names} <= CLAIMS:
            raise _SentBack("invalid_request", "Request contains invalid claims")
        return names

    def _trust(self, words: str) -> tuple[str, bool]:
        """Read `vtr`: the credential trust, and whether identity is to be proved."""
        try:
            vectors = json.loads(words) if words else ["Cl.Cm"]
            read = [_vector(each) for each in vectors]
            levels = {level for _, level in read if level}
            is_mixed = bool(levels) and not all(level for _, level in read)
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise _SentBack("invalid_request", "Request vtr not valid") from None
        proves = bool(levels - {"P0"})
        if not read or is_mixed or (proves and not self.client.proves_identity):
            raise _SentBack("invalid_request", "Request vtr not valid")
        return read[0][0], proves

    def _authenticate(self, form: Mapping[str, str], root: str) -> None:
        """Check who asks for tokens; raises Refused."""
        if self.client.client_secret:
            given = (form.get("client_id", ""), form.get("client_secret", ""))
            known = (self.client.client_id, self.client.client_secret)
            if not hmac.compare_digest(repr(given).encode(), repr(known).encode()):
                raise Refused("invalid_client", "Invalid client secret")
            return
        if not form.get("client_assertion_type") or not form.get("client_assertion"):
            raise Refused("invalid_request", "Invalid token authentication method used")
        if form["client_assertion_type"] != _ASSERTION:
            raise Refused("invalid_request", "Invalid private_key_jwt")
        claims = _unverified(form["client_assertion"])
        if form.get("client_id", claims["sub"]) != claims["sub"]:
            raise Refused("invalid_request", "Invalid private_key_jwt")
        if claims["sub"] != self.client.client_id:
            raise Refused("invalid_client", "Client authentication failed", 401)
        if self._seconds() > claims["exp"]:
            raise Refused("invalid_grant", "private_key_jwt has expired")
        audience = claims["aud"]
        audiences = audience if isinstance(audience, list) else [audience]
        if not audiences or any(each != f"{root}/token" for each in audiences):
            raise Refused("invalid_client", _NOT_SIGNED)
        if claims["iss"] != claims["sub"]:
            raise Refused("invalid_client", _NOT_SIGNED)
        try:
            jwt.decode(
                form["client_assertion"],
                self.client.public_key,
                algorithms=_RSA,
                # The time is that of the double, not of the library.
                options={"verify_aud": False, "verify_exp": False, "verify_iat": False},
            )
        except (jwt.InvalidTokenError, ValueError):
            raise Refused("invalid_client", _NOT_SIGNED) from None

    def _access_token(self, code: _Code, root: str) -> str:
        at = self._seconds()
        return self.signer.signed(
            {
                "iss": f"{root}/",
                "sub": code.person.sub,
                "client_id": self.client.client_id,
                "scope": code.scopes,
                "claims": code.claims,
                "person": msgspec.to_builtins(code.person),
                "iat": at,
                "exp": at + ACCESS_TOKEN_SECONDS,
                "jti": str(uuid4()),
            }
        )

    def _id_token(self, code: _Code, access: str, root: str) -> str:
        faults, at = self.configuration.error_configuration.id_token_errors, self._seconds()
        if "TOKEN_EXPIRED" in faults:
            at -= 2 * ID_TOKEN_SECONDS
        if "TOKEN_NOT_VALID_YET" in faults:
            at += 86_400
        other = "Cl" if code.trust == "Cl.Cm" else "Cl.Cm"
        claims = {
            "iss": "https://elsewhere.example/" if "INVALID_ISS" in faults else f"{root}/",
            "sub": code.person.sub,
            "aud": "another-client" if "INVALID_AUD" in faults else self.client.client_id,
            "iat": at,
            "exp": at + ID_TOKEN_SECONDS,
            "nonce": "another-nonce" if "NONCE_NOT_MATCHING" in faults else code.nonce,
            "vot": other if "INCORRECT_VOT" in faults else code.trust,
            "vtm": f"{root}/trustmark",
            "at_hash": _half(access),
            "sid": str(uuid4()),
            "auth_time": at,
        }
        return self.signer.signed(claims, faults)

    def _core_identity(self, person: Person, root: str) -> str:
        faults, at = self.configuration.error_configuration.core_identity_errors, self._seconds()
        ends = -CORE_IDENTITY_SECONDS if "TOKEN_EXPIRED" in faults else CORE_IDENTITY_SECONDS
        parts = [
            {"type": "GivenName", "value": person.given_name},
            {"type": "FamilyName", "value": person.family_name},
        ]
        subject = {"name": [{"nameParts": parts}], "birthDate": [{"value": person.birth_date}]}
        claims = {
            "iss": "https://elsewhere.example/" if "INVALID_ISS" in faults else f"{root}/",
            "sub": "another-person" if "INCORRECT_SUB" in faults else person.sub,
            "aud": "another-client" if "INVALID_AUD" in faults else self.client.client_id,
            "nbf": at,
            "iat": at,
            "exp": at + ends,
            "vot": "P2",
            "vtm": f"{root}/trustmark",
            "vc": {
                "type": ["VerifiableCredential", "IdentityCheckCredential"],
                "credentialSubject": subject,
            },
        }
        return self.identity_signer.signed(claims, faults, f"{did_of(root)}#identity")

    def _seconds(self) -> int:
        return int(self._now().timestamp())


def did_of(root: str) -> str:
    """Name who signs identities, as its document does."""
    return f"did:web:{root.partition('://')[2].replace(':', '%3A')}"


def _vector(words: str) -> tuple[str, str]:
    """Read one vector of trust: credential trust, and level of confidence ("" for none)."""
    parts = words.split(".")
    levels = [each for each in parts if each.startswith("P")]
    trust = ".".join(sorted(each for each in parts if not each.startswith("P")))
    level = levels[0] if levels else ""
    is_known = trust in {"Cl", "Cl.Cm"} and level in {"", "P0", "P1", "P2", "P3"}
    if not is_known or len(levels) > 1 or (level not in {"", "P0"} and trust != "Cl.Cm"):
        raise ValueError(words)
    return trust, level


def _unverified(assertion: str) -> dict[str, Any]:
    """Read what an assertion says before its signature is checked; raises Refused."""
    try:
        claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
        is_known = jwt.get_unverified_header(assertion).get("alg") in _RSA
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        raise Refused("invalid_request", "Invalid private_key_jwt") from None
    names = all(isinstance(claims.get(each), str) for each in ("iss", "sub"))
    has_time = isinstance(claims.get("exp"), int | float)
    if not (is_known and names and has_time and claims.get("aud")):
        raise Refused("invalid_request", "Invalid private_key_jwt")
    return claims


def _half(words: str, *, whole: bool = False) -> str:
    """Hash as OpenID does: the left half of SHA-256, or the whole for PKCE."""
    digest = hashlib.sha256(words.encode()).digest()
    return base64.urlsafe_b64encode(digest if whole else digest[:16]).decode().rstrip("=")
