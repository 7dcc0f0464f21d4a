# ruff: noqa: E501  each refusal stands on one line
"""An app signs in by each flow, and who may not is told why in OAuth's own words.

The errors: Paragon's and Striim's troubleshooting pages, and issues of simple-salesforce.
"""

import base64
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from msgspec import structs

from simulator.processes.certificates import signing_key
from tests.simulator.asgi import call
from tests.simulator.neighbours.salesforce.double import APP, BEGAN, TOKEN, Org

KEYS = {"client_id": APP.key, "client_secret": APP.secret}
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
USER = "integration@force.example"


def test_client_credentials_are_taken_by_basic_and_by_form() -> None:
    """simple-salesforce sends the one, jsforce the other; the id ends as jsforce reads it."""
    org = Org()
    by_form = org.form(grant_type="client_credentials", **KEYS).json
    basic = base64.b64encode(f"{APP.key}:{APP.secret}".encode()).decode()
    headers = {"host": "double.test", "authorization": f"Basic {basic}"}
    by_basic = call(org.app, "POST", TOKEN, b"grant_type=client_credentials", headers=headers)

    assert by_basic.status == 200
    assert by_form["token_type"] == "Bearer"
    assert by_form["id"].split("/")[-2].startswith("00D")
    assert by_form["id"].split("/")[-1].startswith("005")
    assert "refresh_token" not in by_form
    assert org.ask("GET", "limits", token=by_form["access_token"]).status == 200


@pytest.mark.parametrize(
    ("form", "error", "words"),
    [
        ({"grant_type": "x"}, "unsupported_grant_type", "grant type not supported"),
        ({"client_secret": "x"}, "invalid_client", "invalid client credentials"),
        ({"client_id": "x"}, "invalid_client_id", "client identifier invalid"),
        ({"grant_type": "password", "username": USER, "password": "x"}, "invalid_grant", "authentication failure"),
        ({"grant_type": "password", "username": "other@force.example", "password": APP.secret}, "invalid_app_access", "user is not admin approved to access this app"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_grant", "expired authorization code"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant", "expired access/refresh token"),
        ({"grant_type": JWT_BEARER, "assertion": "x"}, "invalid_grant", "invalid assertion"),
    ],
)  # fmt: skip
def test_who_may_not_sign_in_is_told_why(form: dict[str, str], error: str, words: str) -> None:
    """An object, where the REST API has an array."""
    answer = Org().form(**{"grant_type": "client_credentials", **KEYS, **form})

    assert answer.status == 400
    assert answer.json == {"error": error, "error_description": words}


def test_an_app_without_a_user_to_run_as_has_no_client_credentials() -> None:
    """Stack Exchange and Paragon quote the words."""
    org = Org(app=structs.replace(APP, has_run_as_user=False))

    assert org.form(grant_type="client_credentials", **KEYS).json == {
        "error": "invalid_grant",
        "error_description": "no client credentials user enabled",
    }


def test_a_jwt_is_taken_with_its_end_as_number_or_text(tmp_path: Any) -> None:
    """simple-salesforce sends text; the audience keeps salesforce's own name."""
    key = tmp_path / "app.key"
    org = Org(app=structs.replace(APP, public_key=signing_key(key)))
    ends = BEGAN.timestamp() + 60

    def ask(by: Any = key.read_text(), **claims: Any) -> Any:  # noqa: B008
        usual = {"iss": APP.key, "sub": USER, "aud": "https://login.salesforce.com", "exp": ends}
        assertion = jwt.encode({**usual, **claims}, by, algorithm="RS256")
        return org.form(grant_type=JWT_BEARER, assertion=assertion).json

    assert "access_token" in ask()
    assert "access_token" in ask(exp=str(int(ends)), aud="https://test.salesforce.com")
    stranger = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    for claims, words in (
        ({"by": stranger}, "invalid assertion"),
        ({"exp": BEGAN.timestamp() - 1}, "invalid assertion"),
        ({"aud": "https://127.0.0.1"}, "audience is invalid"),
        ({"sub": "other@force.example"}, "user is not admin approved to access this app"),
        ({"sub": "nobody@force.example"}, "user hasn't approved this consumer"),
        ({"iss": "x"}, "client identifier invalid"),
    ):
        assert ask(**claims)["error_description"] == words


def test_a_code_gives_a_refresh_token_which_gives_new_ones() -> None:
    """Until it is revoked; a code is used once, and goes to this machine alone."""
    org = Org()
    asked = (
        f"/services/oauth2/authorize?response_type=code&client_id={APP.key}&state=s&redirect_uri="
    )

    def begun(back: str) -> Any:
        return call(org.app, "GET", asked + back, headers={})

    assert begun("https://evil.example/").json["error"] == "redirect_uri_mismatch"
    location = begun("http://127.0.0.1/back").headers["location"]
    code = location.partition("code=")[2].partition("&")[0]
    assert location.endswith("&state=s")
    given = org.form(grant_type="authorization_code", code=code, **KEYS).json
    assert org.form(grant_type="authorization_code", code=code, **KEYS).status == 400
    again = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"], **KEYS}
    assert org.ask("GET", "limits", token=org.form(**again).json["access_token"]).status == 200
    token = f"token={given['refresh_token']}".encode()
    assert call(org.app, "POST", "/services/oauth2/revoke", token, headers={}).status == 200
    assert org.form(**again).status == 400
