"""Waiting for messages: long enough for missing ones and for duplicates, and no longer."""

import threading
import time

import pytest

from loadtests.arrivals import Arrivals, Patience
from simulator.clock import wall_now
from simulator.errors import SuiteError
from simulator.neighbours.gateway.inbox import Inbox

PATIENCE = Patience(recovery=0.6, silence=0.4, quiet=0.1)
OWED = {"e1": "a@example.com", "e2": "b@example.com"}


def arrivals_at(inbox: Inbox, *, stop: threading.Event | None = None) -> Arrivals:
    """Wait for what is due."""
    return Arrivals(inbox, OWED, patience=PATIENCE, stop=stop or threading.Event())


def send(inbox: Inbox, event: str, to: str) -> None:
    """Make a message arrive."""
    inbox.accept(
        channel="email",
        to=to,
        to_given=to,
        subject="",
        body="There is news.",
        sender="Police",
        reference=event,
        template_id="template",
    )


def test_it_waits_for_the_last_message_due() -> None:
    """A message that comes late but in time is not lost."""
    inbox = Inbox(wall_now)
    send(inbox, "e1", OWED["e1"])
    threading.Timer(0.2, send, (inbox, "e2", OWED["e2"])).start()
    arrivals = arrivals_at(inbox)
    arrivals.settle()

    assert arrivals.came == list(OWED.items())


def test_a_missing_message_is_given_up() -> None:
    """The wait ends after a silence."""
    inbox = Inbox(wall_now)
    send(inbox, "e1", OWED["e1"])
    arrivals = arrivals_at(inbox)
    arrivals.settle()

    assert arrivals.came == [("e1", OWED["e1"])]


def test_after_a_crash_it_waits_for_duplicates() -> None:
    """All may have come, but a duplicate may follow within the recovery time."""
    inbox = Inbox(wall_now)
    for event, to in OWED.items():
        send(inbox, event, to)
    arrivals = arrivals_at(inbox)
    arrivals.note_break()
    threading.Timer(0.3, send, (inbox, "e1", OWED["e1"])).start()
    began = time.monotonic()
    arrivals.settle()

    assert time.monotonic() - began >= PATIENCE.silence
    assert arrivals.came == [*OWED.items(), ("e1", OWED["e1"])]


def test_a_stopped_wait_reports_no_loss() -> None:
    """It ends at once with an error, not as after a silence."""
    stop = threading.Event()
    stop.set()

    with pytest.raises(SuiteError, match="nothing is proved"):
        arrivals_at(Inbox(wall_now), stop=stop).settle()
