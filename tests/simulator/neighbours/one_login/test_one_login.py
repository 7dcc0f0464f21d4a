"""One Login signs a person in for a client with a key, refuses, and errs as it is told.

The words are those of GOV.UK One Login's own simulator (github.com/govuk-one-login/simulator).
"""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from simulator.files import checked_toml
from simulator.files.paths import ROOT
from simulator.neighbours.one_login.api import one_login_app
from simulator.neighbours.one_login.provider import CORE_IDENTITY, Provider
from simulator.neighbours.one_login.settings import Client
from tests.simulator.asgi import Answer, call

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOST = "double.test"
ROOT_URL = f"http://{HOST}"
BACK = "http://localhost:8000/callback"
KEY = rsa.generate_private_key(65537, 2048)
PUBLIC = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class OneLogin:
    """The double, and its client."""

    def __init__(self, **more: Any) -> None:
        self.now = NOW
        usual: dict[str, Any] = {
            "client_id": "portal",
            "public_key": PUBLIC,
            "redirect_urls": [BACK],
            "post_logout_redirect_urls": ("http://localhost:8000/",),
            "proves_identity": True,
        }
        self.provider = Provider(Client(**{**usual, **more}), lambda: self.now)
        self.app = one_login_app(self.provider)

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> Answer:
        """Make one request."""
        return call(self.app, method, target, body, headers={"host": HOST, **headers})

    def authorise(self, **more: Any) -> Answer:
        """Send a browser."""
        usual = {
            "client_id": "portal",
            "redirect_uri": BACK,
            "response_type": "code",
            "scope": "openid email phone",
            "state": "s-1",
            "nonce": "n-1",
        }
        asked = {name: each for name, each in {**usual, **more}.items() if each is not None}
        return self.ask("GET", f"/authorize?{urlencode(asked)}")

    def back(self, **more: Any) -> dict[str, str]:
        """Send a browser; return what it comes back with."""
        answer = self.authorise(**more)
        assert answer.status == 302, answer.body
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    def assertion(self, key: Any = KEY, algorithm: str = "RS256", **claims: Any) -> str:
        """Sign as a client does."""
        usual = {
            "iss": "portal",
            "sub": "portal",
            "aud": f"{ROOT_URL}/token",
            "exp": int(self.now.timestamp()) + 300,
            "jti": "j-1",
        }
        whole = {name: each for name, each in {**usual, **claims}.items() if each is not None}
        return jwt.encode(whole, key, algorithm)

    def token(self, **more: Any) -> Answer:
        """Change a new code for tokens."""
        usual = {
            "grant_type": "authorization_code",
            "redirect_uri": BACK,
            "client_assertion_type": ASSERTION,
            "client_assertion": self.assertion(),
        }
        whole = {**usual, **({} if "code" in more else {"code": self.back()["code"]}), **more}
        form = {name: each for name, each in whole.items() if each is not None}
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self.ask("POST", "/token", urlencode(form).encode(), **kind)

    def configure(self, **errors: list[str]) -> Answer:
        """Switch faults on."""
        return self.ask("POST", "/config", json.dumps({"errorConfiguration": errors}).encode())

    def claims(self, id_token: str) -> dict[str, Any]:
        """Read an id token with the published key; raises jwt's errors."""
        [key] = self.ask("GET", "/.well-known/jwks.json").json["keys"]
        found: dict[str, Any] = jwt.decode(
            id_token,
            jwt.PyJWK(key).key,
            algorithms=["ES256"],
            options={"verify_exp": False, "verify_iat": False, "verify_aud": False},
        )
        return found


def test_a_person_is_signed_in() -> None:
    """The id token is ES256, names client, nonce and trust, and lasts two minutes."""
    login = OneLogin()
    answer = login.token()

    tokens = answer.json
    claims = login.claims(tokens["id_token"])
    info = login.ask("GET", "/userinfo", authorization=f"Bearer {tokens['access_token']}").json

    assert (answer.status, tokens["token_type"], tokens["expires_in"]) == (200, "Bearer", 180)
    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).decode().rstrip("=")
    expected = {"iss": f"{ROOT_URL}/", "aud": "portal", "nonce": "n-1", "vot": "Cl.Cm"}
    assert claims.items() >= expected.items()
    assert claims["exp"] - claims["iat"] == 120
    assert claims["sub"] == info["sub"]
    assert info["sub"].startswith("urn:fdc:gov.uk:2022:")
    assert info["email_verified"]
    assert info["phone_number"] == "07700900123"


def test_discovery_names_what_there_is() -> None:
    """Each endpoint is there; the issuer ends in a slash, as One Login's does."""
    login = OneLogin()
    found = login.ask("GET", "/.well-known/openid-configuration").json

    assert found["issuer"] == f"{ROOT_URL}/"
    assert "private_key_jwt" in found["token_endpoint_auth_methods_supported"]
    assert found["id_token_signing_alg_values_supported"] == ["ES256"]
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        method = "POST" if name == "token_endpoint" else "GET"
        assert login.ask(method, urlsplit(found[name]).path).status != 404
    assert login.ask("GET", "/trustmark").status == 200


@pytest.mark.parametrize(
    ("more", "error", "description"),
    [
        ({"state": None}, "invalid_request", "Request is missing state parameter"),
        ({"nonce": None}, "invalid_request", "Request is missing nonce parameter"),
        ({"vtr": '["Cm"]'}, "invalid_request", "Request vtr not valid"),
        ({"vtr": '["Cl.P2"]'}, "invalid_request", "Request vtr not valid"),
        ({"vtr": '["Cl.Cm","Cl.Cm.P2"]'}, "invalid_request", "Request vtr not valid"),
        ({"vtr": "[1]"}, "invalid_request", "Request vtr not valid"),
        ({"vtr": "{"}, "invalid_request", "Request vtr not valid"),
        ({"scope": "openid address"}, "invalid_scope", "Invalid, unknown or malformed scope"),
        ({"response_type": "token"}, "unsupported_response_type", "Unsupported response type"),
        (
            {"request_uri": "https://a.example"},
            "request_uri_not_supported",
            "Request URI parameter not supported",
        ),
        (
            {"claims": '{"userinfo":{"age":null}}'},
            "invalid_request",
            "Request contains invalid claims",
        ),
    ],
)
def test_a_wrong_request_comes_back_with_why(
    more: dict[str, Any], error: str, description: str
) -> None:
    """The browser goes back to the portal, with the state if there was one."""
    back = OneLogin().back(**more)

    assert (back["error"], back["error_description"]) == (error, description)
    assert back.get("state") == (None if "state" in more else "s-1")


@pytest.mark.parametrize(
    "more", [{"client_id": "another"}, {"redirect_uri": "https://evil.example/"}, {"client_id": ""}]
)
def test_a_stranger_is_sent_nowhere(more: dict[str, str]) -> None:
    """No browser is sent to an address that nobody registered."""
    answer = OneLogin().authorise(**more)

    assert (answer.status, answer.body) == (400, b"Invalid Request")


def test_a_field_that_comes_twice_or_too_long_is_no_request() -> None:
    """At most 16,384 characters and 100 fields."""
    login = OneLogin()
    for query in ("client_id=portal&client_id=portal", "a=" + "b" * 16_384, "a&" * 200):
        assert login.ask("GET", f"/authorize?{query}").status == 400
    assert login.ask("POST", "/token", b"a" * 65_537).status == 413


@pytest.mark.parametrize(
    ("more", "status", "error", "description"),
    [
        (
            {"grant_type": None},
            400,
            "invalid_request",
            "Request is missing grant_type parameter",
        ),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", "Unsupported grant type"),
        (
            {"redirect_uri": None},
            400,
            "invalid_request",
            "Request is missing redirect_uri parameter",
        ),
        ({"code": None}, 400, "invalid_request", "Request is missing code parameter"),
        ({"code": "guessed"}, 400, "invalid_grant", "Invalid grant"),
        ({"redirect_uri": "http://localhost/"}, 400, "invalid_grant", "Invalid grant"),
        (
            {"client_assertion": None},
            400,
            "invalid_request",
            "Invalid token authentication method used",
        ),
        (
            {"client_assertion_type": "jwt"},
            400,
            "invalid_request",
            "Invalid private_key_jwt",
        ),
        ({"client_assertion": "a.b.c"}, 400, "invalid_request", "Invalid private_key_jwt"),
        ({"client_id": "another"}, 400, "invalid_request", "Invalid private_key_jwt"),
    ],
)
def test_a_wrong_form_gets_no_token(
    more: dict[str, Any], status: int, error: str, description: str
) -> None:
    """Each in the words of the simulator."""
    answer = OneLogin().token(**more)

    assert answer.status == status
    assert answer.json == {"error": error, "error_description": description}


@pytest.mark.parametrize(
    ("claims", "status", "error"),
    [
        ({"iss": "another", "sub": "another"}, 401, "invalid_client"),
        ({"iss": "another"}, 400, "invalid_client"),
        ({"aud": "https://elsewhere.example/token"}, 400, "invalid_client"),
        ({"aud": []}, 400, "invalid_request"),
        ({"exp": int(NOW.timestamp()) - 1}, 400, "invalid_grant"),
        ({"exp": None}, 400, "invalid_request"),
        ({"key": rsa.generate_private_key(65537, 2048)}, 400, "invalid_client"),
        ({"key": "a" * 64, "algorithm": "HS256"}, 400, "invalid_request"),
    ],
)
def test_a_wrong_assertion_gets_no_token(claims: Any, status: int, error: str) -> None:
    """Who signs, for whom, until when, with which key: all count."""
    login = OneLogin()

    answer = login.token(client_assertion=login.assertion(**claims))

    assert (answer.status, answer.json["error"]) == (status, error)


def test_a_code_serves_once() -> None:
    """A second use is an invalid grant."""
    login = OneLogin()
    code = login.back()["code"]

    assert [login.token(code=code).status for _ in range(2)] == [200, 400]


def test_pkce_wants_the_word_behind_the_challenge() -> None:
    """S256, and nothing else."""
    login = OneLogin()
    digest = hashlib.sha256(b"word").digest()
    asked = {
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    codes = [login.back(**asked)["code"] for _ in range(2)]

    assert login.token(code=codes[0], code_verifier="guess").json["error"] == "invalid_grant"
    assert login.token(code=codes[1], code_verifier="word").status == 200
    assert (
        login.back(code_challenge="x", code_challenge_method="plain")["error"] == "invalid_request"
    )


def test_a_client_with_a_secret_may_post_it() -> None:
    """For authentication alone, as documented."""
    login = OneLogin(client_secret="a-secret", public_key="", proves_identity=False)
    form: dict[str, Any] = {"client_assertion": None, "client_assertion_type": None}
    known = {**form, "client_id": "portal", "client_secret": "a-secret"}

    assert login.token(**known).status == 200
    wrong = login.token(**{**known, "client_secret": "another"})
    assert (wrong.status, wrong.json["error"]) == (400, "invalid_client")
    assert login.back(vtr='["Cl.Cm.P2"]')["error_description"] == "Request vtr not valid"


def test_a_signed_request_object_says_what_is_asked() -> None:
    """One that another key signed is none."""
    login = OneLogin()
    asked = {
        "iss": "portal",
        "client_id": "portal",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "openid",
        "state": "s-2",
        "nonce": "n-2",
        "vtr": ["Cl"],
    }
    back = login.back(request=jwt.encode(asked, KEY, "RS256"))
    other = jwt.encode(asked, rsa.generate_private_key(65537, 2048), "RS256")

    assert back["state"] == "s-2"
    assert login.claims(login.token(code=back["code"]).json["id_token"])["vot"] == "Cl"
    assert login.authorise(request=other).status == 400


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("INVALID_ISS", lambda claims: claims["iss"] != f"{ROOT_URL}/"),
        ("INVALID_AUD", lambda claims: claims["aud"] != "portal"),
        ("TOKEN_EXPIRED", lambda claims: claims["exp"] < NOW.timestamp()),
        ("TOKEN_NOT_VALID_YET", lambda claims: claims["iat"] > NOW.timestamp()),
        ("NONCE_NOT_MATCHING", lambda claims: claims["nonce"] != "n-1"),
        ("INCORRECT_VOT", lambda claims: claims["vot"] != "Cl.Cm"),
    ],
)
def test_an_id_token_is_wrong_as_it_is_told(fault: str, check: Any) -> None:
    """One thing is wrong, and the signature is right."""
    login = OneLogin()
    right = check(login.claims(login.token().json["id_token"]))
    assert login.configure(idTokenErrors=[fault]).status == 200

    assert (right, check(login.claims(login.token().json["id_token"]))) == (False, True)


@pytest.mark.parametrize("fault", ["INVALID_ALG_HEADER", "INVALID_SIGNATURE"])
def test_a_signature_is_wrong_as_it_is_told(fault: str) -> None:
    """A client that checks it finds out."""
    login = OneLogin()
    login.configure(idTokenErrors=[fault])

    with pytest.raises(jwt.InvalidTokenError):
        login.claims(login.token().json["id_token"])


@pytest.mark.parametrize(
    ("fault", "error"),
    [("ACCESS_DENIED", "access_denied"), ("TEMPORARILY_UNAVAILABLE", "temporarily_unavailable")],
)
def test_nobody_is_signed_in_as_it_is_told(fault: str, error: str) -> None:
    """Until the faults are replaced."""
    login = OneLogin()
    login.configure(authoriseErrors=[fault])

    assert login.back()["error"] == error
    login.configure()
    assert "code" in login.back()


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("", lambda claims: claims["vot"] == "P2" and claims["aud"] == "portal"),
        ("INVALID_ISS", lambda claims: claims["iss"] != f"{ROOT_URL}/"),
        ("INVALID_AUD", lambda claims: claims["aud"] != "portal"),
        ("INCORRECT_SUB", lambda claims: not claims["sub"].startswith("urn:")),
        ("TOKEN_EXPIRED", lambda claims: claims["exp"] < NOW.timestamp()),
        ("INVALID_ALG_HEADER", None),
        ("INVALID_SIGNATURE", None),
    ],
)
def test_who_somebody_is_is_signed_by_another_key(fault: str, check: Any) -> None:
    """That of the DID document, asked for by a claim and P2."""
    login = OneLogin()
    login.configure(coreIdentityErrors=[fault] if fault else [])
    asked = {"vtr": '["Cl.Cm.P2"]', "claims": json.dumps({"userinfo": {CORE_IDENTITY: None}})}
    access = login.token(code=login.back(**asked)["code"]).json["access_token"]
    info = login.ask("GET", "/userinfo", authorization=f"Bearer {access}").json
    [method] = login.ask("GET", "/.well-known/did.json").json["assertionMethod"]

    def read() -> dict[str, Any]:
        options: Any = dict.fromkeys(
            ("verify_aud", "verify_exp", "verify_iat", "verify_nbf"), False
        )
        key = jwt.PyJWK(method["publicKeyJwk"]).key
        found: dict[str, Any] = jwt.decode(info[CORE_IDENTITY], key, ["ES256"], options=options)
        return found

    assert jwt.get_unverified_header(info[CORE_IDENTITY])["kid"] == method["id"]
    if check is None:
        with pytest.raises(jwt.InvalidTokenError):
            read()
    else:
        assert check(read())


def test_who_is_not_asked_about_is_not_told() -> None:
    """Without P2 no identity, without the scopes no address, without a token nothing."""
    login = OneLogin()
    asked = {"scope": "openid", "claims": json.dumps({"userinfo": {CORE_IDENTITY: None}})}
    access = login.token(code=login.back(**asked)["code"]).json["access_token"]

    assert login.ask("GET", "/userinfo", authorization=f"Bearer {access}").json.keys() == {"sub"}
    login.now += timedelta(seconds=181)
    for said in (f"Bearer {access}", "Bearer guessed", ""):
        answer = login.ask("GET", "/userinfo", authorization=said)
        assert (answer.status, answer.body) == (401, b"")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_signing_out_goes_to_a_registered_address() -> None:
    """With a token of ours, and the state; any other stays here."""
    login = OneLogin()
    hint = login.token().json["id_token"]
    asked = {"post_logout_redirect_uri": "http://localhost:8000/", "state": "s"}

    there = login.ask("GET", f"/logout?{urlencode({**asked, 'id_token_hint': hint})}")
    assert (there.status, there.headers["location"]) == (302, "http://localhost:8000/?state=s")
    wrong = {**asked, "id_token_hint": hint, "post_logout_redirect_uri": "https://evil.example/"}
    for other in (asked, wrong):
        assert login.ask("GET", f"/logout?{urlencode(other)}").status == 200


def test_the_configuration_is_checked_and_may_want_a_token() -> None:
    """An unknown fault is refused; where other machines may connect, so is a stranger."""
    login = OneLogin()
    assert login.configure(idTokenErrors=["OTHER"]).status == 400
    assert login.ask("POST", "/config", b"{").status == 400
    person = {
        "responseConfiguration": {"sub": "urn:fdc:gov.uk:2022:sam", "email": "sam@example.com"}
    }
    assert login.ask("POST", "/config", json.dumps(person).encode()).status == 200
    assert login.claims(login.token().json["id_token"])["sub"] == "urn:fdc:gov.uk:2022:sam"
    shown = login.ask("GET", "/config").json
    assert shown["responseConfiguration"]["email"] == "sam@example.com"

    closed = one_login_app(login.provider, token="t")
    assert call(closed, "GET", "/config", headers={"host": HOST}).status == 401
    headers = {"host": HOST, "authorization": "Bearer t"}
    assert call(closed, "GET", "/config", headers=headers).status == 200


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_request_breaks_it(vtr: str, claims: str) -> None:
    """Whatever is asked is answered: no 5xx."""
    login = _SHARED
    assert login.authorise(vtr=vtr, claims=claims).status in {302, 400}
    assert login.token(code=vtr or "x", client_assertion=claims or "x").status == 400
    assert login.ask("GET", "/userinfo", authorization="Bearer " + vtr.encode().hex()).status == 401


_SHARED = OneLogin()


def test_the_example_of_a_client_can_be_read() -> None:
    """The file that the page names."""
    client = checked_toml.read(ROOT / "scenarios" / "neighbours" / "one-login.toml", Client)

    assert client.public_key.strip().startswith("-----BEGIN PUBLIC KEY-----")
    assert "public_key" not in repr(client)
    assert msgspec.to_builtins(client)["client_id"] == "portal-of-the-force"
