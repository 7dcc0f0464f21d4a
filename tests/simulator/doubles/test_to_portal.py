"""What the doubles send goes on, whatever the portal does with it."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.doubles.journal import open_journal
from simulator.doubles.kept_neighbours import KeptCrimeSystem, KeptInbox
from simulator.doubles.to_portal import PortalSecrets, ToPortal
from tests.simulator.doubles.crimes import NOW, allocated
from tests.simulator.drivers.strange_portals import SECRETS, on_a_socket

PATIENCE_SECONDS = 0.2


def drips_a_body(connection: socket.socket) -> None:
    """Take the event, and send the body of the answer a byte at a time, without end."""
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 202 Accepted\r\ncontent-length: 1000000\r\n\r\n")
    _drip(connection)


def drips_headers(connection: socket.socket) -> None:
    """Do so before the status line is whole."""
    connection.recv(65_536)
    _drip(connection)


def _drip(connection: socket.socket) -> None:
    while True:
        time.sleep(PATIENCE_SECONDS / 2)
        connection.sendall(b"H")


@pytest.mark.parametrize("talk", [drips_a_body, drips_headers])
def test_a_portal_that_drips_holds_nothing_up(
    talk: Callable[[socket.socket], None], tmp_path: Path
) -> None:
    """The event waits, and is sent again: the time for a whole answer is over."""
    journal, _entries = open_journal(tmp_path / "state")
    crime_system = KeptCrimeSystem(lambda: NOW, journal)
    crime_system.record(allocated())
    with on_a_socket(talk) as url:
        sending = ToPortal(
            url,
            PortalSecrets(events=SECRETS.events, receipts=SECRETS.receipts),
            KeptInbox(lambda: NOW, journal),
            crime_system,
            now=lambda: NOW,
            wait_seconds_max=PATIENCE_SECONDS,
        )
        begun = time.monotonic()
        sending.send_due()
        took = time.monotonic() - begun
    journal.close()

    assert took < 5 * PATIENCE_SECONDS
    assert len(crime_system.untaken) == 1
    assert sending.set_aside == []
