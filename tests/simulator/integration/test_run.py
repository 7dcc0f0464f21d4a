"""An officer works in Dynamics, the victim's phone rings, and the victim's words come back."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest
import urllib3

from reference.contract.messages import Task
from simulator.doubles.run import (
    CLIENT_ID,
    TENANT_ID,
    VARIABLES,
    Running,
    Settings,
    running_doubles,
)
from simulator.errors import BadInput
from simulator.integration.run import RunningIntegration, running_integration
from simulator.processes.loopback import free_port, serving
from tests.simulator.doubles.crimes import stamp, task
from tests.simulator.doubles.test_run import _free_ports, _Portal, _until

REFERENCE = "43260000001"
SECRETS = {
    "PORTAL_EVENTS_SECRET": "whsec_bm90LWEtc2VjcmV0LW9mLWFueWJvZHk=",
    "PORTAL_CRIME_SYSTEM_TOKEN": "a token of our own",
    "INTEGRATION_CLIENT_SECRET": "a client's secret",
}


class Joined:
    """Dynamics, integration and portal, and an officer's client of Dynamics."""

    def __init__(
        self, doubles: Running, integration: RunningIntegration, portal: _Portal, folder: Path
    ) -> None:
        self.integration, self.portal = integration, portal
        self.http = urllib3.PoolManager(retries=False, ca_certs=str(folder / "authority.pem"))
        self._api = f"{doubles.dynamics_url}/api/data/v9.2"
        form = {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": os.environ[VARIABLES["dynamics"]],
        }
        token = self.http.request_encode_body(
            "POST",
            f"{doubles.dynamics_url}/{TENANT_ID}/oauth2/v2.0/token",
            fields=form,
            encode_multipart=False,
        ).json()["access_token"]
        self._headers = {"authorization": f"Bearer {token}"}

    def officer(self, method: str, target: str, **values: object) -> urllib3.BaseHTTPResponse:
        """Do something in Dynamics."""
        address = f"{self._api}/{target}"
        return self.http.request(method, address, json=values or None, headers=self._headers)

    def file(self, path: str, filed: object) -> urllib3.BaseHTTPResponse:
        """File something as the portal does."""
        headers = {
            "authorization": f"Bearer {SECRETS['PORTAL_CRIME_SYSTEM_TOKEN']}",
            "x-correlation-id": "c-1",
        }
        address = f"{self.integration.url}{path}"
        return self.http.request("POST", address, body=msgspec.json.encode(filed), headers=headers)


@pytest.fixture
def joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Joined]:
    """Everything runs on loopback, by TLS where real systems have it."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    portal, first = _Portal(), _free_ports()
    with ExitStack() as stack:
        portal_url = stack.enter_context(serving(portal.app, free_port()))
        settings = Settings(first_port=first, dynamics=tmp_path, state=tmp_path / "state.jsonl")
        doubles = stack.enter_context(running_doubles(settings))
        path = tmp_path / "map.toml"
        text = Path("scenarios/integration/dynamics.toml").read_text(encoding="utf-8")
        for old, new in (
            ("https://127.0.0.1:8475", doubles.dynamics_url),
            ("http://127.0.0.1:8000", portal_url),
            ("out/neighbours/authority.pem", str(tmp_path / "authority.pem")),
            ("poll_seconds = 2.0", "poll_seconds = 0.1"),
            ("[portal]\n", f"[portal]\nport = {free_port()}\n"),
        ):
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        integration = stack.enter_context(running_integration(path, state=tmp_path / "state.db"))
        found = Joined(doubles, integration, portal, tmp_path)
        stack.callback(found.http.clear)
        yield found


def test_what_an_officer_does_reaches_the_portal_and_its_words_come_back(joined: Joined) -> None:
    """Case in, event out; a victim's words and a task in, note and task out, each once."""
    joined.officer(
        "PATCH", "contacts(csp_personid='p-1')", lastname="Hill", mobilephone="07700900123"
    )
    bound = {"customerid_contact@odata.bind": "/contacts(csp_personid='p-1')"}
    joined.officer(
        "PATCH",
        f"incidents(ticketnumber='{REFERENCE}')",
        title="Burglary",
        csp_force="thames_valley",
        csp_offencecode="28A",
        csp_offencegroup="Burglary",
        **bound,
    )
    _until(lambda: len(joined.portal.events) == 1)
    stamped = [joined.file(f"/occurrences/{REFERENCE}/enquiry-log", stamp()) for _ in range(2)]
    other = joined.file(f"/occurrences/{REFERENCE}/enquiry-log", stamp(text="Something else"))
    asked = task()
    tasked = [joined.file("/tasks", asked) for _ in range(2)]
    nowhere = joined.file("/tasks", msgspec.structs.replace(asked, crime_reference="1", key="t-2"))
    notes = joined.officer("GET", "annotations?$expand=objectid_incident").json()["value"]
    tasks = joined.officer("GET", "tasks?$expand=regardingobjectid").json()["value"]
    shown = joined.http.request(
        "GET",
        f"{joined.integration.url}/occurrences/{REFERENCE}",
        headers={"authorization": f"Bearer {SECRETS['PORTAL_CRIME_SYSTEM_TOKEN']}"},
    ).json()

    [event] = joined.portal.events
    assert (event["type"], event["data"]["victims"][0]["family_name"]) == ("CrimeRecorded", "Hill")
    assert [each.status for each in stamped] == [201, 200]
    assert (other.status, nowhere.status) == (409, 404)
    assert [each.status for each in tasked] == [201, 200]
    assert [each["notetext"] for each in notes] == ["Is there news?"]
    assert notes[0]["objectid_incident"]["ticketnumber"] == REFERENCE
    assert [each["csp_kind"] for each in tasks] == ["victim_question"]
    assert [each["text"] for each in shown["enquiry_log"]] == ["Is there news?"]
    assert isinstance(asked, Task)


def test_a_stranger_is_refused(joined: Joined) -> None:
    """Neither to file nor to read without the portal's token."""
    for method, path in (
        ("POST", "/tasks"),
        ("POST", f"/occurrences/{REFERENCE}/enquiry-log"),
        ("GET", f"/occurrences/{REFERENCE}"),
        ("GET", "/dead-letters"),
        ("POST", "/dead-letters/replay"),
    ):
        answer = joined.http.request(method, f"{joined.integration.url}{path}", body=b"{}")
        assert (answer.status, answer.json()["field"]) == (401, "authorization")
    assert joined.http.request("GET", f"{joined.integration.url}/health").json()["status"] == "up"


def test_without_its_secrets_it_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every variable that is missing is named at once."""
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    with (
        pytest.raises(BadInput, match="INTEGRATION_CLIENT_SECRET, PORTAL_EVENTS_SECRET, PORTAL"),
        running_integration(Path("scenarios/integration/dynamics.toml"), state=None),
    ):
        pass
