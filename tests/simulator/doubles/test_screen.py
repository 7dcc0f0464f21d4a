"""A mistake in an option is one sentence; the screen names every address and what to do next."""

from pathlib import Path

import pytest

from simulator.doubles.run import Running
from simulator.doubles.screen import check_listen, check_portal_url, show
from simulator.errors import BadInput

RUNNING = Running(
    gateway_url="http://127.0.0.1:8470",
    crime_system_url="http://127.0.0.1:8471",
    inspection_url="http://127.0.0.1:8472",
    control_url="http://127.0.0.1:8473",
    mail_server="127.0.0.1:8474",
    mail_login="portal",
    dynamics_url="https://127.0.0.1:8475",
    force_api_url="http://127.0.0.1:8476",
    portal_door_url="http://127.0.0.1:8477",
    marketing_cloud_url="http://127.0.0.1:8478",
    one_login_url="http://127.0.0.1:8479",
    salesforce_url="https://127.0.0.1:8480",
    salesforce_http_url="http://127.0.0.1:8481",
    authority=Path("out/neighbours/authority.pem"),
    made_up={"PORTAL_EVENTS_SECRET": "whsec_bm90LXNlY3JldA=="},
    restored=3,
)


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", "::"])  # noqa: S104
def test_other_machines_connect_only_if_they_may(address: str) -> None:
    """Anything but loopback has to be said twice."""
    with pytest.raises(BadInput, match="add --open-to-network"):
        check_listen(address, is_open=False)
    check_listen(address, is_open=True)


@pytest.mark.parametrize("address", ["", "localhost", "127.0.0.1:80", "somewhere"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """A name is no address: it could be another machine's."""
    with pytest.raises(BadInput, match="not an IP address"):
        check_listen(address, is_open=True)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://portal.example", "http://", "portal"])
def test_what_is_no_portal_is_refused(url: str) -> None:
    """A portal's address has a scheme and a host."""
    with pytest.raises(BadInput, match="not the address of a portal"):
        check_portal_url(url, has_integration=False, has_org=False)


def test_an_integration_wants_a_portal() -> None:
    """What it delivers is passed on, so that somebody must be named."""
    with pytest.raises(BadInput, match="no portal to pass on to"):
        check_portal_url("", has_integration=True, has_org=False)


def test_good_options_pass() -> None:
    """Loopback, and no portal or one by http or https, are fine: other values are refused."""
    refused = []
    for address in ("127.0.0.1", "::1", "192.0.2.1"):
        try:
            check_listen(address, is_open=False)
        except BadInput:
            refused.append(address)
    for url in ("", "http://127.0.0.1:8000", "https://portal.example", "smtp://portal.example"):
        try:
            check_portal_url(url, has_integration=False, has_org=False)
        except BadInput:
            refused.append(url)

    assert refused == ["192.0.2.1", "smtp://portal.example"]


def test_the_screen_fits_and_names_everything(capsys: pytest.CaptureFixture[str]) -> None:
    """Addresses, made-up secrets and the next step are shown within 80 columns."""
    show(RUNNING, has_portal=False)
    shown = capsys.readouterr().out

    assert all(len(line) <= 80 for line in shown.splitlines())
    for part in (
        "8470",
        "8471",
        "8472",
        "8473",
        "8474",
        "8475",
        "8476",
        "export PORTAL_EVENTS_SECRET=",
        "--portal",
    ):
        assert part in shown
    assert "3 changes of an earlier run" in shown


def test_who_has_a_portal_is_not_asked_for_one(capsys: pytest.CaptureFixture[str]) -> None:
    """Nor is an org in which the portal lives: its integration has the events."""
    show(RUNNING, has_portal=True)

    assert "No portal was named" not in capsys.readouterr().out
