"""A case that an officer records in Dynamics makes the victim's phone ring, through real parts.

Dynamics, integration, the reference portal in a process of its own, and Notify: nothing is replaced
but the force and the phone.
"""

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import urllib3
from msgspec import structs

from simulator.clock import wall_now
from simulator.doubles.run import VARIABLES, Settings, running_doubles
from simulator.inputs.order import GoLive, Order, read_order
from simulator.inputs.target import SecretValues, read_target
from simulator.integration.run import running_integration
from simulator.processes.loopback import free_port
from simulator.serve.portal import running_portal
from tests.simulator.doubles.test_run import _free_ports, _Portal, _until
from tests.simulator.integration.test_run import Joined

ORDER = Path("scenarios/orders/burst.toml")
TARGET = Path("scenarios/targets/reference-for-load.toml")
KEY = "phone-0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01-5d0a7c4e-31fb-4c27-8f6e-7b1d9a2e4c02"
VALUES = SecretValues(
    events="whsec_bm90LWEtc2VjcmV0LW9mLWFueWJvZHk=",
    receipts="receipts-of-a-test-that-nobody-uses",
    gateway=KEY,
    crime_system="crime-system-of-a-test-nobody-uses",
    identity="identity-of-a-test-that-nobody-uses",
    test_clock="clock-of-a-test-that-nobody-uses-it",
)
NAMED = {
    VARIABLES["gateway"]: KEY,
    VARIABLES["events"]: VALUES.events,
    VARIABLES["receipts"]: VALUES.receipts,
    VARIABLES["crime_system"]: VALUES.crime_system,
    VARIABLES["dynamics"]: "a client's secret",
}


def in_phase_1() -> Order:
    """Read the order for bursts, with phase 1 live and the others yet to come."""
    today = wall_now().date()
    live = GoLive(
        phase_1=today - timedelta(days=90),
        phase_2=today + timedelta(days=60),
        phase_3=today + timedelta(days=90),
    )
    return structs.replace(read_order(ORDER), go_live=live)


def mapped(folder: Path, first: int, *, portal_port: int, integration_port: int) -> Path:
    """Write the shipped map of Dynamics for the doubles and the portal of this test."""
    path = folder / "map.toml"
    text = Path("scenarios/integration/dynamics.toml").read_text(encoding="utf-8")
    for old, new in (
        ("https://127.0.0.1:8475", f"https://127.0.0.1:{first + 5}"),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{portal_port}"),
        ("out/neighbours/authority.pem", str(folder / "authority.pem")),
        ("poll_seconds = 2.0", "poll_seconds = 0.1"),
        ("[portal]\n", f"[portal]\nport = {integration_port}\n"),
    ):
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path


def records_a_burglary(officer: Joined) -> None:
    """Have an officer write down a victim with a phone, and the burglary they reported."""
    victim = {"firstname": "Sam", "lastname": "Hill", "mobilephone": "07700 900123"}
    officer.officer("PATCH", "contacts(csp_personid='p-1')", csp_safetocontact=1, **victim)
    officer.officer(
        "PATCH",
        "incidents(ticketnumber='43260000001')",
        title="Burglary in a dwelling",
        csp_force="thames_valley",
        csp_offencecode="28A",
        csp_offencegroup="Residential burglary",
        **{"customerid_contact@odata.bind": "/contacts(csp_personid='p-1')"},
    )


@pytest.mark.slow(seconds=8)
def test_a_case_in_dynamics_makes_the_victims_phone_ring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text goes to the number in the contact, and says only that there is something to see."""
    for name, value in NAMED.items():
        monkeypatch.setenv(name, value)
    first, portal_port, integration_port = _free_ports(), free_port(), free_port()
    path = mapped(tmp_path, first, portal_port=portal_port, integration_port=integration_port)
    with ExitStack() as stack:
        doubles = stack.enter_context(
            running_doubles(Settings(first_port=first, dynamics=tmp_path))
        )
        stack.enter_context(
            running_portal(
                portal_port,
                read_target(TARGET),
                in_phase_1(),
                secrets=VALUES,
                gateway_url=doubles.gateway_url,
                crime_system_url=f"http://127.0.0.1:{integration_port}",
            )
        )
        integration = stack.enter_context(running_integration(path, state=tmp_path / "state.db"))
        officer = Joined(doubles, integration, _Portal(), tmp_path)
        stack.callback(officer.http.clear)
        records_a_burglary(officer)
        _until(lambda: any(integration.store.counts()[each] for each in ("delivered", "dead")))
        assert integration.store.letters() == []
        http = stack.enter_context(urllib3.PoolManager(retries=False))
        found = http.request(
            "GET", f"{doubles.inspection_url}/api/v1/wait?query=recipient:07700900123&seconds=20"
        ).json()
        links = http.request(
            "GET", f"{doubles.inspection_url}/api/v1/message/{found['ID']}/links"
        ).json()

    assert found["To"][0]["Address"] == "07700900123"
    assert links
    assert "urglary" not in found["Text"]
