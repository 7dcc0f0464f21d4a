"""What the doubles send goes on, whatever the portal does with it."""

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.doubles.journal import open_journal
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.kept_neighbours import KeptInbox
from simulator.doubles.to_portal import PortalSecrets, ToPortal
from simulator.neighbours.dataverse.rows import Rows
from tests.simulator.doubles.crimes import NOW, allocated
from tests.simulator.dripping import DRIPS, PATIENCE_SECONDS
from tests.simulator.drivers.strange_portals import SECRETS, on_a_socket


@pytest.mark.parametrize("talk", DRIPS)
def test_a_portal_that_drips_holds_nothing_up(
    talk: Callable[[socket.socket], None], tmp_path: Path
) -> None:
    """The event waits, and is sent again: the time for a whole answer is over."""
    journal, _entries = open_journal(tmp_path / "state")
    crime_system = KeptCrimeSystem(lambda: NOW, journal, Rows(lambda: NOW))
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
