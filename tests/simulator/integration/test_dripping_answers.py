"""Neither a portal nor a force's system that sends a byte now and then holds the integration up."""

import socket
import time
from collections.abc import Callable

import pytest

from simulator.integration.dataverse_system import DataverseSystem
from simulator.integration.force_api_system import ForceApiSystem
from simulator.integration.map_file import DataverseSource, ForceApiSource
from simulator.integration.portal_delivery import PortalDelivery
from simulator.integration.source import SourceUnreachable
from tests.simulator.dripping import DRIPS, PATIENCE_SECONDS
from tests.simulator.drivers.strange_portals import NOW, SECRETS, on_a_socket

Talk = Callable[[socket.socket], None]


@pytest.mark.parametrize("talk", DRIPS)
def test_a_portal_that_drips_gave_no_answer(talk: Talk) -> None:
    """So the events are delivered again, and the dead letter says why."""
    with on_a_socket(talk) as url:
        portal = PortalDelivery(
            url, secret=SECRETS.events, now=lambda: NOW, wait_seconds_max=PATIENCE_SECONDS
        )
        begun = time.monotonic()
        status, said = portal.deliver([b"{}"], correlation_id="c-1")
        took = time.monotonic() - begun
        portal.close()

    assert took < 5 * PATIENCE_SECONDS
    assert status is None
    assert "0.2 s" in said


@pytest.mark.parametrize("talk", DRIPS)
@pytest.mark.parametrize("name", ["Dataverse", "the force's API"])
def test_a_system_of_the_force_that_drips_is_unreachable(name: str, talk: Talk) -> None:
    """It is read again later, from where the last reading stopped."""
    with on_a_socket(talk) as url:
        system = _system(name, url)
        begun = time.monotonic()
        with pytest.raises(SourceUnreachable, match=f"{name}: TimeoutError"):
            list(system.readings(tuple(system.tables), lambda _stream: ""))
        took = time.monotonic() - begun
        system.close()

    assert took < 5 * PATIENCE_SECONDS


def _system(name: str, url: str) -> DataverseSystem | ForceApiSystem:
    usual = {"wait_seconds_max": PATIENCE_SECONDS}
    if name == "Dataverse":
        source = DataverseSource(url=url, tenant_id="tenant", client_id="client")
        return DataverseSystem(source, "secret", **usual)
    return ForceApiSystem(ForceApiSource(url=url), "token", **usual)
