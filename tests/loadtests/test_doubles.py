"""The handsets have the code and link that a visitor needs, and the evidence does not."""

import threading
from datetime import timedelta
from urllib.parse import quote

import urllib3

from loadtests.doubles import Beginning, Handsets, handsets_app
from simulator.clock import wall_now
from simulator.inputs.target import Patterns
from simulator.neighbours.gateway.inbox import Accepted
from simulator.processes.loopback import free_port, serving

LINK = "http://127.0.0.1:8080/invitation/s3cr3t-token"


def send(handsets: Handsets, body: str, *, reference: str = "") -> Accepted:
    """Make the gateway accept a text."""
    return handsets.accept(
        channel="text",
        to="07700900123",
        to_given="07700 900123",
        subject="",
        body=body,
        sender="Police",
        reference=reference,
        template_id="template",
    )


def test_a_code_is_found_by_its_telephone() -> None:
    """The newest code at an address is found, but none from before the request."""
    handsets, before = Handsets(Patterns()), wall_now()
    send(handsets, "Your code is 111111.")
    message = send(handsets, "Your code is 222222.")

    assert handsets.code("07700900123", before) == "222222"
    assert not handsets.code("07700900123", message.accepted_at + timedelta(seconds=1))
    assert not handsets.code("07700900124", before)


def test_a_link_is_found_by_its_event() -> None:
    """If a telephone is shared, the reference shows whose invitation it is."""
    handsets = Handsets(Patterns())
    send(handsets, f"Sign in at {LINK}", reference="event-1")

    assert handsets.links == {"event-1": LINK}


def test_evidence_holds_neither_code_nor_link() -> None:
    """The code or link is struck out of the evidence, which says what it was."""
    handsets = Handsets(Patterns())
    invitation = handsets.as_evidence(send(handsets, f"Sign in at {LINK}"))
    code = handsets.as_evidence(send(handsets, "Your code is 222222."))
    update = handsets.as_evidence(send(handsets, "There is news.", reference="event-2"))

    assert (invitation.carries, code.carries, update.carries) == ("invitation", "one_time_code", "")
    assert "s3cr3t" not in invitation.body
    assert "222222" not in code.body
    assert (update.body, update.reference) == ("There is news.", "event-2")


def test_a_question_for_a_code_waits_for_it() -> None:
    """A visitor asks once, and has the code as soon as it comes; the beginning is taken too."""
    handsets, beginning, at = Handsets(Patterns()), Beginning(), wall_now()
    threading.Timer(0.2, send, (handsets, "Your code is 333333.")).start()
    assert not beginning.wait(0)
    with serving(handsets_app(handsets, beginning), free_port()) as url:
        since = quote(at.isoformat())
        answer = urllib3.request("GET", f"{url}/codes/07700900123?since={since}")
        urllib3.request("GET", f"{url}/begin?at={since}")

    assert answer.data == b"333333"
    assert beginning.wait(0)
    assert beginning.at == at
