"""A token is given for the package's secret alone, lasts eighteen minutes, and has scopes."""

import pytest

from tests.simulator.neighbours.marketing_cloud.double import EMAIL, SMS, MarketingCloud


def test_a_token_is_answered_as_recorded() -> None:
    """The keys are those of a real answer (sfmc-devtools, auth.json); addresses end in a slash."""
    answer = MarketingCloud().asked_token(account_id=7206754)

    assert answer.status == 200
    assert answer.json.keys() == {
        "access_token",
        "token_type",
        "expires_in",
        "scope",
        "soap_instance_url",
        "rest_instance_url",
    }
    assert answer.json["expires_in"] == 1079
    assert answer.json["rest_instance_url"] == "http://double.test/"


@pytest.mark.parametrize("path", ["/v2/token", "/https://mcx.auth.marketingcloudapis.com/v2/token"])
def test_any_path_that_ends_in_the_tokens_gives_one(path: str) -> None:
    """sfmc-sdk lets itself be pointed here only with its own address behind ours."""
    assert MarketingCloud().asked_token(path, account_id="7206754").status == 200


def test_a_wrong_secret_is_refused_as_recorded() -> None:
    """sfmc-devtools recorded this answer."""
    answer = MarketingCloud().asked_token(client_secret="another")

    assert answer.status == 401
    assert answer.json == {
        "error": "invalid_client",
        "error_description": "Client authentication failed. Make sure that the client ID and "
        "client secret are valid and that the package is installed and enabled.",
        "error_uri": "https://developer.salesforce.com/docs",
    }


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_id": None}, "invalid_request"),
        ({"scope": "sms_send everything"}, "invalid_scope"),
    ],
)
def test_a_wrong_request_is_refused(more: dict[str, str], error: str) -> None:
    """The errors are those of OAuth 2."""
    answer = MarketingCloud().asked_token(**more)

    assert (answer.status, answer.json["error"]) == (400, error)


def test_an_old_token_is_refused_as_recorded() -> None:
    """sfmc-devtools recorded this answer; it is another shape than an error of messaging."""
    cloud = MarketingCloud()
    assert cloud.send("k-1").status == 202
    cloud.wait(seconds=1080)

    answer = cloud.send("k-2")

    assert answer.status == 401
    assert answer.json == {
        "documentation": "https://developer.salesforce.com/docs/atlas.en-us.mc-apis.meta/mc-apis/"
        "error-handling.htm",
        "errorcode": 0,
        "message": "Not Authorized",
    }


def test_a_token_does_what_its_scope_says() -> None:
    """One for texts sends no email."""
    cloud = MarketingCloud()
    cloud.token = cloud.new_token(scope="sms_send")

    assert cloud.send("k-1").status == 202
    assert cloud.send("k-2", "alex@example.com", channel=EMAIL).status == 403
    assert cloud.ask("GET", f"{SMS}/definitions").status == 403


def test_definitions_have_codes_of_their_own_for_it() -> None:
    """Salesforce publishes two for `/definitions`; which stands where is our reading."""
    cloud = MarketingCloud()
    no_scope = cloud.new_token(scope="sms_send")

    nobody = cloud.ask("GET", f"{SMS}/definitions", authorization="")
    other = cloud.ask("GET", f"{SMS}/definitions", token=no_scope)

    assert (nobody.status, nobody.json["errorcode"]) == (401, 40001)
    assert (other.status, other.json["errorcode"]) == (403, 40000)
