"""A web page in the tester's browser can neither read the doubles nor change a verdict."""

from pathlib import Path

import pytest
import urllib3
from starlette.responses import PlainTextResponse

from simulator.doubles.guard import Guard
from simulator.doubles.run import Settings, running_doubles
from simulator.neighbours.force_api.fields import OUR_FIELDS
from tests.simulator.asgi import call
from tests.simulator.doubles.test_run import _free_ports

JSON = {"content-type": "application/json", "content-length": "2"}


def _status(method: str, path: str = "/events", **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    guard = Guard(PlainTextResponse("taken"), other_bodies=("/token",))
    return call(guard, method, path, b"{}", headers={"host": "127.0.0.1:8473", **named}).status


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8473", "10.0.0.1", "127.0.0.1.evil.example", "["]
)
def test_a_request_for_another_host_is_refused(host: str) -> None:
    """A name that a stranger points at loopback is not ours (DNS rebinding)."""
    assert _status("GET", host=host) == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8473", "localhost:8473", "[::1]:8473", "127.8.9.1"])
def test_every_name_of_loopback_is_ours(host: str) -> None:
    """A portal reaches the doubles by any of them."""
    assert _status("GET", host=host) == 200


def test_where_other_machines_may_connect_any_name_may_be_ours() -> None:
    """They know this machine by names that it does not know; every call there wants a secret."""
    guard = Guard(PlainTextResponse("taken"), any_host=True)

    assert call(guard, "GET", "/", headers={"host": "doubles.test"}).status == 200
    foreign = {"host": "doubles.test", "origin": "http://evil.example"}
    assert call(guard, "GET", "/", headers=foreign).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_a_page_of_another_site_is_refused(headers: dict[str, str]) -> None:
    """Whatever it asks, and however."""
    assert _status("GET", **headers) == 403
    assert _status("PUT", **headers, **JSON) == 403


def test_a_double_s_own_page_may_ask() -> None:
    """And so may who types its address."""
    own = {"origin": "http://127.0.0.1:8473", "sec_fetch_site": "same-origin"}

    assert _status("PUT", **own, **JSON) == 200
    assert _status("GET", sec_fetch_site="none") == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"]
)
def test_a_body_of_a_kind_that_needs_no_leave_is_refused(kind: str) -> None:
    """A page may send these to any host without asking the browser; only forms are let be."""
    assert _status("POST", content_type=kind, content_length="2") == 415
    assert _status("POST", content_type=kind, transfer_encoding="chunked") == 415
    assert _status("POST", "/oauth2/token", content_type=kind, content_length="2") == 200


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/cloudevents+json"]
)
def test_json_of_any_kind_is_taken(kind: str) -> None:
    """Envelopes too; and so is a request without a body."""
    assert _status("POST", content_type=kind, content_length="2") == 200
    assert _status("POST", content_length="0") == 200


def test_every_double_has_the_guard(tmp_path: Path) -> None:
    """The inspection and the control interface too: they hold codes, and the switches."""
    settings = Settings(first_port=_free_ports(), force_api=OUR_FIELDS, salesforce=tmp_path)
    foreign = {"host": "evil.example"}
    with running_doubles(settings) as running, urllib3.PoolManager(retries=False) as http:
        for url in (
            running.gateway_url,
            running.crime_system_url,
            running.inspection_url,
            running.control_url,
            running.force_api_url,
            running.salesforce_http_url,
        ):
            assert http.request("GET", f"{url}/openapi.json", headers=foreign).status == 403, url
            form = {"content-type": "text/plain"}
            assert http.request("POST", url, body="{}", headers=form).status == 415, url
        logged = {
            each["status"] for each in http.request("GET", f"{running.control_url}/requests").json()
        }

    assert logged == {403, 415}


def test_a_browser_may_be_sent_to_a_page_that_is_for_that() -> None:
    """One Login's sign-in: by going there, and not by a request of a script."""
    guard = Guard(PlainTextResponse("taken"), pages=("/authorize",))
    sent = {"host": "127.0.0.1:8479", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}

    def status(path: str, **other: str) -> int:
        return call(guard, "GET", path, headers={**sent, **other}).status

    assert status("/authorize") == 200
    assert status("/config") == 403
    assert status("/authorize", **{"sec-fetch-mode": "cors"}) == 403
    assert status("/authorize", host="evil.example") == 403
