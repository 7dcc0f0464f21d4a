"""Who may use the interface, what it reads, and how it refuses."""

import pytest

from simulator.neighbours.force_api.api import BODY_BYTES_MAX
from tests.simulator.asgi import call
from tests.simulator.neighbours.force_api.double import TOKEN, ForceApi, refusal, resource

UNKNOWN = "0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01"


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer x", f"Basic {TOKEN}", "Bearer ä"])
@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/persons"),
        ("POST", "/persons"),
        ("GET", f"/persons/{UNKNOWN}"),
        ("PATCH", f"/persons/{UNKNOWN}"),
        ("POST", "/operations"),
        ("GET", "/changes"),
        ("GET", "/subscriptions"),
        ("DELETE", f"/subscriptions/{UNKNOWN}"),
        ("POST", f"/subscriptions/{UNKNOWN}/resume"),
    ],
)
def test_a_stranger_reads_and_writes_nothing(method: str, target: str, authorization: str) -> None:
    """Without the token of the service account every call but the document is refused."""
    force = ForceApi()
    answer = call(force.app, method, target, b"{}", headers={"authorization": authorization})

    assert refusal(answer) == (401, "authorization")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_document_is_open() -> None:
    """A developer reads it before they have a token."""
    answer = call(ForceApi().app, "GET", "/openapi.json", headers={})

    assert (answer.status, answer.json["openapi"]) == (200, "3.1.0")
    assert "not the interface of any product" in answer.json["info"]["description"]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b"no JSON", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 5000, "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"data": {}, "more": 1}', "application/json", 400),
        (b" " * (BODY_BYTES_MAX + 1), "application/json", 413),
        (b'{"data": null}', "application/json; charset=utf-8", 400),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(body: bytes, content_type: str, status: int) -> None:
    """The status says what kind of fault it is."""
    answer = ForceApi().ask("POST", "/persons", body, {"content-type": content_type})

    assert refusal(answer)[0] == status


def test_what_is_not_there_is_404_and_what_cannot_be_is_405() -> None:
    """Unknown ids, unknown pages, wrong methods."""
    force = ForceApi()
    wrong = force.ask("PUT", f"/persons/{force.person()}")

    assert refusal(force.ask("GET", f"/persons/{UNKNOWN}"))[0] == 404
    assert refusal(force.ask("GET", "/persons/x"))[0] == 400
    assert refusal(force.ask("GET", "/weather"))[0] == 404
    assert refusal(wrong)[0] == 405
    assert "PATCH" in wrong.headers["allow"]


def test_a_relationship_to_nothing_is_refused() -> None:
    """A crime is not of a victim who is not there; nothing is made of it."""
    force = ForceApi()
    data = resource(
        "occurrence",
        {"victim": ("person", UNKNOWN)},
        occurrenceNumber="1",
        incidentDescription="Theft",
    )

    assert refusal(force.ask("POST", "/occurrences", {"data": data})) == (404, "/data")
    assert force.ask("GET", "/occurrences").json["data"] == []


def test_a_key_is_never_anothers() -> None:
    """A record does not take over the key of another."""
    force = ForceApi()
    force.person("P-1")
    other = force.person("P-2")

    assert refusal(force.changed("persons", "person", other, personNumber="P-1")) == (409, "/data")
