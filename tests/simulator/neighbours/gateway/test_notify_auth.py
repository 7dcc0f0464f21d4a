"""Who holds the key and keeps the time is let in; the others are told why, in Notify's words."""

import base64
import json
from datetime import timedelta
from uuid import uuid4

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.neighbours.gateway.notify_auth import CLOCK_SECONDS_MAX, NotifyAuth
from simulator.neighbours.gateway.notify_errors import NotifyError
from simulator.neighbours.gateway.notify_service import NotifyService
from tests.simulator.neighbours.gateway.double import API_KEY, NOW, SECRET, SERVICE_ID, token

MALFORMED = (
    "Invalid token: make sure your API token matches the example at "
    "https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header"
)
CLOCK = "Error: Your system clock must be accurate to within 30 seconds"
NOT_FOUND = "Invalid token: API key not found"


def _refusal(authorization: str) -> tuple[int, str]:
    with pytest.raises(NotifyError) as caught:
        NotifyAuth(NotifyService.of_key(API_KEY), lambda: NOW).check(authorization)
    ((error, message),) = caught.value.errors

    assert error == "AuthError"

    return caught.value.status, message


def _unsigned(header: dict[str, str], claims: object) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(each).encode()) for each in (header, claims)]
    return b".".join([*(part.rstrip(b"=") for part in parts), b""]).decode()


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_good_token_is_let_in_again_and_again(scheme: str) -> None:
    """A good token is let in, the second time from memory, however bearer is written."""
    auth = NotifyAuth(NotifyService.of_key(API_KEY), lambda: NOW)
    signed = token()

    keys = [auth.check(f"{scheme} {signed}") for _time in range(2)]

    assert [each.secret for each in keys] == [SECRET, SECRET]


@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        ("", "Unauthorized: authentication token must be provided"),
        (f"Basic {token()}", "Unauthorized: authentication bearer scheme must be used"),
        (token(), "Unauthorized: authentication bearer scheme must be used"),
    ],
)
def test_no_bearer_token_is_401(authorization: str, message: str) -> None:
    """Without a bearer token the answer is 401."""
    assert _refusal(authorization) == (401, message)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("", MALFORMED),
        ("not-a-token", MALFORMED),
        ("é.é.é", MALFORMED),
        (_unsigned({"alg": "HS256"}, [SERVICE_ID]), MALFORMED),
        (jwt.encode({"iat": 1}, SECRET), "Invalid token: iss field not provided"),
        (token(iss="not-a-uuid"), "Invalid token: service id is not the right data type"),
        (token(iss=str(uuid4())), "Invalid token: service not found"),
        (token(secret=str(uuid4())), NOT_FOUND),
        (jwt.encode({"iss": SERVICE_ID}, SECRET), NOT_FOUND),
        (
            _unsigned({"alg": "none"}, {"iss": SERVICE_ID, "iat": int(NOW.timestamp())}),
            "Invalid token: algorithm used is not HS256",
        ),
        (token(aud="another"), MALFORMED),
        (token(iat="today"), CLOCK),
        (token(iat=float("inf")), CLOCK),
        (token(iat=10**400), CLOCK),
        (token(iat=-(10**400)), CLOCK),
    ],
)
def test_bad_token_is_403_in_notifys_words(bad: str, message: str) -> None:
    """Every fault of a token is 403 with the words of Notify's code."""
    assert _refusal(f"Bearer {bad}") == (403, message)


@given(st.integers(min_value=-100_000, max_value=100_000))
def test_age_of_a_token_is_bound_both_ways(seconds: int) -> None:
    """A token is good for 30 seconds either way and no longer, remembered or not."""
    moments = [NOW, NOW + timedelta(seconds=seconds)]
    auth = NotifyAuth(NotifyService.of_key(API_KEY), lambda: moments[-1])
    for _ in range(2):
        if abs(seconds) <= CLOCK_SECONDS_MAX:
            auth.check(f"Bearer {token()}")
        else:
            with pytest.raises(NotifyError, match="system clock"):
                auth.check(f"Bearer {token()}")


def test_remembered_token_still_grows_old() -> None:
    """A token that was let in is refused when its time is over."""
    moments = [NOW]
    auth = NotifyAuth(NotifyService.of_key(API_KEY), lambda: moments[-1])
    auth.check(f"Bearer {token()}")
    moments.append(NOW + timedelta(seconds=CLOCK_SECONDS_MAX + 1))
    with pytest.raises(NotifyError, match="system clock"):
        auth.check(f"Bearer {token()}")
