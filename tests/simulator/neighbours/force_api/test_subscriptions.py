"""Each change is pushed in order, signed, until the receiver has it or is given up."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from standardwebhooks import Webhook

from simulator.neighbours.force_api.subscriptions import TRIES_MAX
from tests.simulator.neighbours.force_api.double import ForceApi, refusal

URL = "http://127.0.0.1:9000/source-events"


def _subscribed(force: ForceApi, *types: str) -> dict[str, Any]:
    data = {"type": "subscription", "attributes": {"url": URL, "types": list(types)}}
    answer = force.ask("POST", "/subscriptions", {"data": data})
    assert answer.status == 201, answer.body
    found: dict[str, Any] = answer.json["data"]
    return found


def test_a_change_is_pushed_signed() -> None:
    """The receiver checks the signature with the secret that was shown once."""
    force = ForceApi()
    force.person("before")
    made = _subscribed(force)
    person = force.person()
    [push] = force.subscriptions.due()
    secret = made["attributes"]["secret"]
    [event] = msgspec.json.decode(push.body)
    shown = force.ask("GET", f"/subscriptions/{made['id']}").json["data"]["attributes"]

    signed = {**push.headers, "webhook-timestamp": push.headers["webhook-timestamp"]}
    assert (
        Webhook(secret).sign(signed["webhook-id"], force.now, push.body.decode())
        == signed["webhook-signature"]
    )
    assert (event["type"], event["subject"], push.url) == ("person.created", person, URL)
    assert "secret" not in shown
    assert shown["state"] == "active"


def test_every_change_is_pushed_by_itself_and_in_order() -> None:
    """Unlike the feed, a push does not make two changes one; the next waits for the first."""
    force = ForceApi()
    _subscribed(force, "person.updated")
    person = force.person()
    for surname in ("Hil", "Hill-Moss"):
        force.changed("persons", "person", person, surname=surname)
    pushed = []
    while due := force.subscriptions.due():
        [push] = due
        pushed.append(msgspec.json.decode(push.body)[0]["data"]["attributes"]["surname"])
        force.subscriptions.answered(push, 204)

    assert pushed == ["Hil", "Hill-Moss"]


@pytest.mark.parametrize("status", [None, 429, 500, 302, 404])
def test_a_receiver_that_fails_is_tried_again_with_growing_pauses(status: int | None) -> None:
    """The same change comes again, after 1, 2 and 4 seconds."""
    force = ForceApi()
    _subscribed(force)
    force.person()
    pauses = []
    for _ in range(3):
        [push] = force.subscriptions.due()
        failed_at = force.now
        force.subscriptions.answered(push, status)
        while not force.subscriptions.due():
            force.wait(seconds=0.5)
        pauses.append(force.now - failed_at)

    assert pauses == [timedelta(seconds=each) for each in (1, 2, 4)]


@pytest.mark.parametrize(("status", "tries"), [(410, 1), (500, TRIES_MAX)])
def test_a_receiver_that_is_given_up_goes_on_where_it_stopped(status: int, tries: int) -> None:
    """It is suspended, which is shown; when it is resumed nothing has been lost."""
    force = ForceApi()
    made = _subscribed(force)
    person = force.person()
    for _ in range(tries):
        [push] = force.subscriptions.due()
        force.subscriptions.answered(push, status)
        force.wait(minutes=10)
    suspended = force.ask("GET", f"/subscriptions/{made['id']}").json["data"]["attributes"]
    nothing = force.subscriptions.due()
    resumed = force.ask("POST", f"/subscriptions/{made['id']}/resume")
    [push] = force.subscriptions.due()

    assert (suspended["state"], suspended["lastAnswer"]) == ("suspended", str(status))
    assert nothing == []
    assert resumed.json["data"]["attributes"]["state"] == "active"
    assert msgspec.json.decode(push.body)[0]["subject"] == person


def test_a_subscription_ends() -> None:
    """Nothing more is pushed, and it is not there any more."""
    force = ForceApi()
    made = _subscribed(force)
    force.person()
    [push] = force.subscriptions.due()
    ended = force.ask("DELETE", f"/subscriptions/{made['id']}")
    force.subscriptions.answered(push, 200)

    assert ended.status == 204
    assert force.subscriptions.due() == []
    assert force.ask("GET", "/subscriptions").json == {"data": []}
    assert refusal(force.ask("GET", f"/subscriptions/{made['id']}"))[0] == 404


@pytest.mark.parametrize(
    ("url", "types", "place"),
    [
        ("ftp://127.0.0.1/x", [], "url"),
        ("http://", [], "url"),
        ("http://[", [], "url"),
        (7, [], "url"),
        ("http://portal.example/x", [], "url"),
        ("http://127.0.0.1/" + "x" * 2000, [], "url"),
        (URL, ["weather.created"], "types"),
        (URL, "person.created", "types"),
    ],
)
def test_a_subscription_that_cannot_be_is_refused(url: Any, types: Any, place: str) -> None:
    """Changes go to this machine only, and the types are those that there are."""
    data = {"type": "subscription", "attributes": {"url": url, "types": types}}
    answer = ForceApi().ask("POST", "/subscriptions", {"data": data})

    assert refusal(answer) == (422, f"/data/attributes/{place}")


def test_there_are_so_many_subscriptions_and_no_more() -> None:
    """The twenty-first is refused."""
    force = ForceApi()
    for _ in range(20):
        _subscribed(force)
    data = {"type": "subscription", "attributes": {"url": URL}}

    assert refusal(force.ask("POST", "/subscriptions", {"data": data}))[0] == 409
