"""An officer works in Dynamics, the victim's phone rings, and the victim's words come back."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

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
from simulator.neighbours.force_api.fields import OUR_FIELDS
from simulator.processes.loopback import free_port, serving
from tests.simulator.doubles.crimes import stamp, task
from tests.simulator.doubles.test_run import _free_ports, _Portal, _until

REFERENCE = "43260000001"
SECRETS = {
    "PORTAL_EVENTS_SECRET": "whsec_bm90LWEtc2VjcmV0LW9mLWFueWJvZHk=",
    "PORTAL_CRIME_SYSTEM_TOKEN": "a token of our own",
    "INTEGRATION_CLIENT_SECRET": "a client's secret",
    "INTEGRATION_TESTER_TOKEN": "a tester's token",
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
        pytest.raises(
            BadInput, match="INTEGRATION_CLIENT_SECRET, PORTAL_CRIME_SYSTEM_TOKEN, PORTAL"
        ),
        running_integration(Path("scenarios/integration/dynamics.toml"), state=None),
    ):
        pass


def _read_to(integration: RunningIntegration) -> list[str]:
    """Give how far the people and the crimes have been read."""
    return [integration.store.cursor(each) for each in ("contact", "incident")]


class JoinedByForceApi:
    """The force's own API, integration and portal, and an officer's client of the API."""

    def __init__(self, doubles: Running, integration: RunningIntegration, portal: _Portal) -> None:
        self.integration, self.portal, self._doubles = integration, portal, doubles
        self.http = urllib3.PoolManager(retries=False)

    def officer(self, method: str, target: str, data: object = None) -> Any:
        """Do something in the force's records."""
        headers = {
            "authorization": f"Bearer {os.environ['FORCE_API_TOKEN']}",
            "content-type": "application/vnd.api+json",
            "x-correlation-id": "officer-7",
        }
        return self.http.request(
            method,
            f"{self._doubles.force_api_url}{target}",
            body=None if data is None else msgspec.json.encode({"data": data}),
            headers=headers,
        ).json()

    def ask(
        self, method: str, path: str, body: object = None, of: str = "PORTAL_CRIME_SYSTEM_TOKEN"
    ) -> urllib3.BaseHTTPResponse:
        """Ask the integration something, as the portal does or a tester."""
        return self.http.request(
            method,
            f"{self.integration.url}{path}",
            body=None if body is None else msgspec.json.encode(body),
            headers={"authorization": f"Bearer {SECRETS[of]}"},
        )


@pytest.fixture
def by_force_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[JoinedByForceApi]:
    """The feed is read once in ten minutes: what comes sooner was pushed."""
    for name, value in {**SECRETS, "FORCE_API_TOKEN": "a token of an account"}.items():
        monkeypatch.setenv(name, value)
    portal, first = _Portal(), _free_ports()
    with ExitStack() as stack:
        portal_url = stack.enter_context(serving(portal.app, free_port()))
        settings = Settings(first_port=first, force_api=OUR_FIELDS)
        doubles = stack.enter_context(running_doubles(settings))
        path = tmp_path / "map.toml"
        text = Path("scenarios/integration/force_api.toml").read_text(encoding="utf-8")
        for old, new in (
            ("http://127.0.0.1:8476", doubles.force_api_url),
            ("http://127.0.0.1:8000", portal_url),
            ("poll_seconds = 5.0", "poll_seconds = 600.0"),
            ("[portal]\n", f"[portal]\nport = {free_port()}\n"),
        ):
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        integration = stack.enter_context(running_integration(path, state=tmp_path / "state.db"))
        found = JoinedByForceApi(doubles, integration, portal)
        stack.callback(found.http.clear)
        yield found


def records_a_burglary(joined: JoinedByForceApi) -> None:
    """Have an officer write down themselves, a victim, and a burglary that links both."""
    officer = joined.officer(
        "POST",
        "/officers",
        {"type": "officer", "attributes": {"collarNumber": "1234", "name": "PC Moss"}},
    )["data"]
    person = joined.officer(
        "POST",
        "/persons",
        {
            "type": "person",
            "attributes": {
                "personNumber": "P-1",
                "surname": "Hill",
                "personalTelephone": "07700 900123",
                "safeToContact": "yes",
            },
        },
    )["data"]
    links = {
        "victim": {"data": {"type": "person", "id": person["id"]}},
        "officerInCharge": {"data": {"type": "officer", "id": officer["id"]}},
    }
    attributes = {
        "occurrenceNumber": REFERENCE,
        "incidentDescription": "Burglary",
        "forceIdentifier": "thames_valley",
        "offenceCode": "28A",
        "offenceGroup": "Burglary",
    }
    joined.officer(
        "POST",
        "/occurrences",
        {"type": "occurrence", "attributes": attributes, "relationships": links},
    )


def test_what_an_officer_does_in_the_forces_own_api_is_pushed_to_the_portal(
    by_force_api: JoinedByForceApi,
) -> None:
    """Its cause goes with it; what the portal files is in the records, and who is in charge."""
    joined = by_force_api
    records_a_burglary(joined)
    _until(lambda: len(joined.portal.events) == 2)
    filed = [
        joined.ask("POST", f"/occurrences/{REFERENCE}/enquiry-log", stamp()).status
        for _ in range(2)
    ]
    tasked = joined.ask("POST", "/tasks", task()).status
    shown = joined.ask("GET", f"/occurrences/{REFERENCE}").json()
    tasks = joined.officer("GET", "/tasks?filter[status]=open&include=occurrence")
    of = "INTEGRATION_TESTER_TOKEN"
    plan = joined.ask("PUT", "/faults", {"dropped_share": 0.5}, of)
    wrong = joined.ask("PUT", "/faults", {"dropped_share": 2}, of)
    stranger = joined.http.request("POST", f"{joined.integration.url}/source-events", body=b"[]")

    assert [each["type"] for each in joined.portal.events] == ["CrimeRecorded", "CrimeAllocated"]
    assert {each["x-correlation-id"] for each in joined.portal.headers} == {"officer-7"}
    assert joined.portal.events[0]["data"]["victims"][0]["mobile_phone"] == "07700 900123"
    assert (filed, tasked) == ([201, 200], 201)
    assert shown["officer_in_charge"] == {"name": "PC Moss", "collar_number": "1234"}
    assert [each["text"] for each in shown["enquiry_log"]] == ["Is there news?"]
    assert tasks["data"][0]["attributes"]["taskKind"] == "victim_question"
    assert tasks["included"][0]["attributes"]["occurrenceNumber"] == REFERENCE
    assert (plan.status, plan.json()["dropped_share"]) == (200, 0.5)
    assert (wrong.status, wrong.json()["field"]) == (400, "dropped_share")
    assert stranger.status == 401


def test_a_webhook_of_dynamics_is_heard_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change is read in seconds, not in ten minutes, and its cause goes with it."""
    for name, value in {**SECRETS, "INTEGRATION_WEBHOOK_KEY": "a-webhook-key"}.items():
        monkeypatch.setenv(name, value)
    portal, port = _Portal(), free_port()
    with ExitStack() as stack:
        portal_url = stack.enter_context(serving(portal.app, free_port()))
        settings = Settings(
            first_port=_free_ports(),
            dynamics=tmp_path,
            webhook_url=f"http://127.0.0.1:{port}/source-events",
        )
        doubles = stack.enter_context(running_doubles(settings))
        path = tmp_path / "map.toml"
        text = Path("scenarios/integration/dynamics.toml").read_text(encoding="utf-8")
        webhook = 'webhook_variable = "INTEGRATION_WEBHOOK_KEY"\npoll_seconds = 600.0'
        for old, new in (
            ("https://127.0.0.1:8475", doubles.dynamics_url),
            ("http://127.0.0.1:8000", portal_url),
            ("out/neighbours/authority.pem", str(tmp_path / "authority.pem")),
            ("poll_seconds = 2.0", webhook),
            ("[portal]\n", f"[portal]\nport = {port}\n"),
        ):
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        integration = stack.enter_context(running_integration(path, state=None))
        joined = Joined(doubles, integration, portal, tmp_path)
        stack.callback(joined.http.clear)
        # No reading is under way when the crime is recorded: its own webhook names its cause.
        _until(lambda: all(_read_to(integration)))
        before = _read_to(integration)
        joined.officer("PATCH", "contacts(csp_personid='p-1')", lastname="Hill")
        _until(lambda: not set(before) & set(_read_to(integration)))
        joined.officer(
            "PATCH",
            f"incidents(ticketnumber='{REFERENCE}')",
            title="Burglary",
            csp_force="thames_valley",
            csp_offencecode="28A",
            csp_offencegroup="Burglary",
            **{"customerid_contact@odata.bind": "/contacts(csp_personid='p-1')"},
        )
        _until(lambda: len(portal.events) == 1)
        calls = joined.http.request("GET", f"{doubles.control_url}/webhooks").json()["last_calls"]
        stranger = joined.http.request("POST", f"{integration.url}/source-events?code=x")
        unread = joined.http.request(
            "POST", f"{integration.url}/source-events?code=a-webhook-key", body=b"{"
        )

    assert {each["status"] for each in calls} == {202}
    assert len(portal.headers[0]["x-correlation-id"]) == 36
    assert portal.headers[0]["x-correlation-id"] != portal.events[0]["id"]
    assert (stranger.status, unread.status) == (401, 400)
