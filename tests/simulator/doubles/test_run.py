"""A team's own portal, clients and scripts use the running doubles; a kill loses nothing."""

import dataclasses
import os
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
import urllib3
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.events import (
    AnyEvent,
    CrimeMerged,
    IncidentClosed,
    IncidentReported,
    VictimRecord,
)
from simulator.doubles import run
from simulator.doubles.run import CONSUMER_KEY, PORTS, VARIABLES, Running, Settings, running_doubles
from simulator.doubles.settings import TOKEN_CHARACTERS_MIN, secrets_of
from simulator.errors import BadInput
from simulator.evidence.files import read_evidence
from simulator.evidence.records import EventDelivered, RecordIncomplete
from simulator.neighbours.force_api.fields import OUR_FIELDS
from simulator.neighbours.gateway.notify_templates import EMAIL_TEMPLATE_ID, TEXT_TEMPLATE_ID
from simulator.processes.loopback import free_port, serving
from tests.simulator.doubles.crimes import NOW, allocated, as_posted, recorded, stamp, task

START_SECONDS_MAX = 30.0
CALLED_BACK = {"/complaints", "/returned-letters"}


class _Portal:
    """A portal that answers each event with the next status, and remembers what it was sent."""

    def __init__(self, *statuses: int) -> None:
        self._statuses = list(statuses)
        self.events: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.callbacks: list[tuple[str, Any, str]] = []
        self.app = Starlette(
            routes=[
                Route("/crime-events", self._events, methods=["POST"]),
                Route("/delivery-receipts", self._callback, methods=["POST"]),
                Route("/received-texts", self._callback, methods=["POST"]),
                Route("/complaints", self._callback, methods=["POST"]),
                Route("/returned-letters", self._callback, methods=["POST"]),
            ]
        )

    async def _events(self, request: Request) -> Response:
        status = self._statuses.pop(0) if self._statuses else 202
        if status == 202:
            self.events += await request.json()
            self.headers.append(dict(request.headers))
        return Response(b"no", status)

    async def _callback(self, request: Request) -> Response:
        said = request.headers.get("authorization", "")
        self.callbacks.append((request.url.path, await request.json(), said))
        return Response(status_code=204)


JSON = {"content-type": "application/json"}


def _free_ports() -> int:
    """Find a first port with free ones after it."""
    while True:
        first = free_port()
        with ExitStack() as stack, suppress(OSError):
            for port in range(first, first + PORTS):
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
            return first


@pytest.fixture
def http() -> Iterator[urllib3.PoolManager]:
    """A client of the interfaces."""
    with urllib3.PoolManager(retries=False) as pool:
        yield pool


def _until(is_true: Any) -> None:
    end = time.monotonic() + START_SECONDS_MAX
    while not is_true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def _post(http: urllib3.PoolManager, running: Running, path: str, body: Any) -> Any:
    return http.request("POST", f"{running.control_url}{path}", json=body)


def test_an_event_reaches_the_portal_signed_and_in_order(http: urllib3.PoolManager) -> None:
    """Events go to the portal by the contract, again after a failure, and never out of order."""
    portal = _Portal(503, 202, 202, 422)
    with (
        serving(portal.app, free_port()) as url,
        running_doubles(Settings(first_port=_free_ports(), portal_url=url)) as running,
    ):
        for event in (recorded(), *map(allocated, "ABC")):
            answer = _post(http, running, "/events", as_posted(event))
            assert answer.status == 201
        events_url = f"{running.control_url}/events"
        # The portal has the last before its answer is written down here.
        _until(lambda: http.request("GET", events_url).json()["waiting"] == [])
        shown = http.request("GET", events_url).json()

    assert [each["data"].get("team") for each in portal.events] == [None, "A", "C"]
    assert [each["sequence"] for each in portal.events] == ["0000001", "0000002", "0000004"]
    assert portal.headers[0]["webhook-signature"].startswith("v1,")
    assert shown["waiting"] == []
    assert [each["status"] for each in shown["set_aside"]] == [422]


#: The id of a text sender that no service has.
NOBODYS = "0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a09"


def test_notifys_own_client_and_smtp_fill_one_inbox(http: urllib3.PoolManager) -> None:
    """Whatever way a message was sent, it is shown; its receipt comes with the agreed token."""
    portal = _Portal()
    with (
        serving(portal.app, free_port()) as url,
        running_doubles(Settings(first_port=_free_ports(), portal_url=url)) as running,
    ):
        client = NotificationsAPIClient(  # type: ignore[no-untyped-call]
            running.made_up[VARIABLES["gateway"]], base_url=running.gateway_url
        )
        client.request_session.trust_env = False
        with client.request_session:
            text = client.send_sms_notification(  # type: ignore[no-untyped-call]
                "07700 900123", TEXT_TEMPLATE_ID, personalisation={"body": "There is an update."}
            )
            with pytest.raises(HTTPError, match=f"sms_sender_id {NOBODYS} does not exist"):
                client.send_sms_notification(  # type: ignore[no-untyped-call]
                    "07700 900123", TEXT_TEMPLATE_ID, sms_sender_id=NOBODYS,
                    personalisation={"body": "There is an update."},
                )  # fmt: skip
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "portal@force.example", "An update"
        mail.set_content("Sign in.")
        host, _, port = running.mail_server.partition(":")
        with smtplib.SMTP(host, int(port)) as server:
            server.send_message(mail, to_addrs=["alex@example.com"])
        found = http.request("GET", f"{running.inspection_url}/api/v1/messages").json()
        _post(http, running, "/texts-back", {"number": "07700900123", "message": "STOP"})
        _until(lambda: len(portal.callbacks) == 3)

    token = f"Bearer {running.made_up[VARIABLES['receipts']]}"
    receipts = [body for path, body, _ in portal.callbacks if path == "/delivery-receipts"]
    assert {each["Tags"][0] for each in found["messages"]} == {"text", "email"}
    assert text["id"] in {each["id"] for each in receipts}
    assert {each["status"] for each in receipts} == {"delivered"}
    assert {said for _, _, said in portal.callbacks} == {token}
    assert [body["message"] for path, body, _ in portal.callbacks if "texts" in path] == ["STOP"]


def test_control_names_a_record_that_no_event_can_tell(
    http: urllib3.PoolManager, tmp_path: Path
) -> None:
    """What is missing and what may stand there, with no value of the record; a restart knows it."""
    settings = Settings(first_port=_free_ports(), force_api=OUR_FIELDS, state=tmp_path / "state")
    with running_doubles(settings) as running:
        token = running.made_up[VARIABLES["force_api"]]
        attributes = {"occurrenceNumber": "43260000007", "incidentDescription": "Words of a victim"}
        made = http.request(
            "POST",
            f"{running.force_api_url}/occurrences",
            json={"data": {"type": "occurrence", "attributes": attributes}},
            headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
        )
        [shown] = http.request("GET", f"{running.control_url}/events").json()["unsaid"]
    again = Settings(
        first_port=_free_ports(), state=tmp_path / "state", evidence=tmp_path / "evidence"
    )
    with running_doubles(again) as running:
        still = http.request("GET", f"{running.control_url}/events").json()["unsaid"]
    [noted] = [e for e in read_evidence([tmp_path / "evidence"]) if isinstance(e, RecordIncomplete)]

    needs = ("csp_force", "csp_offencecode", "csp_offencegroup")
    assert made.status == 201
    assert shown == {
        "table": "incident",
        "record_id": made.json()["data"]["id"],
        "event_type": "CrimeRecorded",
        "crime_reference": "43260000007",
        "needs": list(needs),
        "mend": f"Give {' and '.join(needs)}, or take back what says it.",
    }
    assert still == [shown]
    assert noted.needs == needs


def test_what_a_portal_fetches_is_delivered_to_it(
    http: urllib3.PoolManager, tmp_path: Path
) -> None:
    """Nothing is pushed: the evidence has what it read, once, and nothing waits for it."""
    evidence = tmp_path / "evidence"
    with running_doubles(Settings(first_port=_free_ports(), evidence=evidence)) as running:
        _post(http, running, "/events", as_posted(recorded()))
        token = running.made_up[VARIABLES["crime_system"]]
        url = f"{running.crime_system_url}/occurrences/changes"
        for _twice in range(2):
            http.request("GET", url, headers={"authorization": f"Bearer {token}"})
        waiting = http.request("GET", f"{running.control_url}/events").json()["waiting"]
    delivered = [each for each in read_evidence([evidence]) if isinstance(each, EventDelivered)]

    assert waiting == []
    assert [(each.event_id, each.status) for each in delivered] == [("doubles-0000001", 202)]


def test_a_portal_that_gets_events_is_sent_each_change(
    http: urllib3.PoolManager, tmp_path: Path
) -> None:
    """Only one that fetches sees two changes as one: nobody reads the feed here."""
    portal, evidence = _Portal(), tmp_path / "evidence"
    with (
        serving(portal.app, free_port()) as url,
        running_doubles(
            Settings(first_port=_free_ports(), portal_url=url, evidence=evidence)
        ) as running,
    ):
        for event in (recorded(), *map(allocated, "AB")):
            _post(http, running, "/events", as_posted(event))
        _until(lambda: len(portal.events) == 3)
    kinds = [type(each).__name__ for each in read_evidence([evidence])]

    assert kinds.count("EventDelivered") == 3
    assert "ChangesSeenAsOne" not in kinds


def test_evidence_does_not_begin_after_the_records(
    http: urllib3.PoolManager, tmp_path: Path
) -> None:
    """The judge would not know what was recorded before, and accuse the portal of knowing it."""
    state, evidence = tmp_path / "state", tmp_path / "evidence"
    with running_doubles(Settings(first_port=_free_ports(), state=state)) as running:
        _post(http, running, "/events", as_posted(recorded()))
    late = Settings(first_port=_free_ports(), state=state, evidence=evidence)
    with pytest.raises(BadInput, match="it is new, and"):
        running_doubles(late).__enter__()

    assert not evidence.exists()


def test_a_complaint_and_a_returned_letter_are_called_back(http: urllib3.PoolManager) -> None:
    """With the fields that Notify sends; a text is no email, and no letter either."""
    portal = _Portal()
    with (
        serving(portal.app, free_port()) as url,
        running_doubles(Settings(first_port=_free_ports(), portal_url=url)) as running,
    ):
        client = NotificationsAPIClient(  # type: ignore[no-untyped-call]
            running.made_up[VARIABLES["gateway"]], base_url=running.gateway_url
        )
        client.request_session.trust_env = False
        with client.request_session:
            email = client.send_email_notification(  # type: ignore[no-untyped-call]
                "alex@example.com",
                EMAIL_TEMPLATE_ID,
                personalisation={"subject": "An update", "body": "Sign in."},
                reference="event-1",
            )
            letter = client.send_precompiled_letter_notification(  # type: ignore[no-untyped-call]
                "letter-1", BytesIO(b"%PDF-1.4")
            )
            complained = _post(http, running, "/complaints", {"message_id": email["id"]})
            returned = _post(http, running, "/returned-letters", {"message_id": letter["id"]})
            wrong = [
                _post(http, running, "/complaints", {"message_id": letter["id"]}).status,
                _post(http, running, "/returned-letters", {"message_id": email["id"]}).status,
            ]
            status = client.get_notification_by_id(letter["id"])["status"]  # type: ignore[no-untyped-call]
        _until(lambda: {path for path, _, _ in portal.callbacks} >= CALLED_BACK)

    bodies = {path: body for path, body, _ in portal.callbacks}
    assert (complained.status, returned.status, wrong) == (201, 201, [404, 404])
    assert bodies["/complaints"] == complained.json()
    assert set(bodies["/complaints"]) == {
        "notification_id",
        "complaint_id",
        "reference",
        "to",
        "complaint_date",
    }
    assert bodies["/complaints"]["reference"] == "event-1"
    assert bodies["/returned-letters"]["reference"] == "letter-1"
    assert status == "returned-letter"


def test_faults_and_tasks_are_seen_through_the_control_interface(
    http: urllib3.PoolManager,
) -> None:
    """A fault that was switched on is met by the portal; what it did is in the log."""
    with running_doubles(Settings(first_port=_free_ports())) as running:
        for event in (recorded(), allocated()):
            _post(http, running, "/events", as_posted(event))
        faults = {"crime_system": {"is_down": True}}
        http.request("PUT", f"{running.control_url}/faults", json=faults)
        token = running.made_up[VARIABLES["crime_system"]]
        headers = {"authorization": f"Bearer {token}", "x-correlation-id": "c-1", **JSON}
        url = f"{running.crime_system_url}/tasks"
        body = msgspec.json.encode(task())
        down = http.request("POST", url, body=body, headers=headers)
        http.request("PUT", f"{running.control_url}/faults", json={})
        up = http.request("POST", url, body=body, headers=headers)
        tasks = http.request("GET", f"{running.control_url}/tasks").json()
        log = http.request("GET", f"{running.control_url}/requests").json()

    assert (down.status, up.status) == (503, 201)
    assert [each["key"] for each in tasks] == ["t-1"]
    assert [(each["status"], each["correlation_id"]) for each in log] == [
        (201, "c-1"),
        (503, "c-1"),
    ]


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (allocated(reference="43260000099"), "crime_reference"),
        (CrimeMerged(crime_reference="43260000005", into="43260000099", merged_at=NOW), "into"),
    ],
)
def test_nothing_is_said_of_a_crime_that_nobody_recorded(
    http: urllib3.PoolManager, shared: Running, event: AnyEvent, field: str
) -> None:
    """No portal could tell anybody of it: the refusal says what to record first."""
    _post(http, shared, "/events", as_posted(recorded("43260000005")))
    answer = _post(http, shared, "/events", as_posted(event))

    assert answer.status == 409
    assert answer.json()["field"] == field
    assert "Record it first, by CrimeRecorded or IncidentReported" in answer.json()["detail"]


def test_a_reported_incident_is_a_record_without_an_offence(
    http: urllib3.PoolManager, shared: Running
) -> None:
    """It may be closed, and waits for nothing: no crime is recorded yet."""
    reported = IncidentReported(
        crime_reference="43260000006",
        force="thames_valley",
        received_at=NOW,
        victim=VictimRecord(person_id="p-6"),
    )
    closed = IncidentClosed(crime_reference="43260000006", closed_at=NOW)
    answers = [_post(http, shared, "/events", as_posted(each)) for each in (reported, closed)]
    shown = http.request("GET", f"{shared.control_url}/events").json()

    assert [each.status for each in answers] == [201, 201]
    assert shown["unsaid"] == []


def _person(**values: str) -> bytes:
    return msgspec.json.encode({"person_id": "p-1", **values})


def _question(**values: str) -> bytes:
    given = {"person_id": "p-1", "crime_reference": "43269999999", "text": "Is there news?"}
    return msgspec.json.encode({**given, **values})


def _webhook(**values: str) -> bytes:
    return msgspec.json.encode({"webhooks": [{"url": "http://127.0.0.1/", **values}]})


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "field"),
    [
        ("POST", "/events", b"no JSON", 400, None),
        ("POST", "/events", b'{"type": "Weather", "data": {}}', 400, "type"),
        ("POST", "/events", b'{"type": "CrimeReopened", "data": {}}', 400, "crime_reference"),
        ("POST", "/events", b"[" * 5000, 400, None),
        ("POST", "/events", b" " * 70_000, 413, None),
        ("PUT", "/faults", b'{"weather": 1}', 400, None),
        ("PUT", "/faults", b'{"gateway": {"slow_seconds": 61}}', 400, "gateway.slow_seconds"),
        ("POST", "/texts-back", b'{"number": 7}', 400, "number"),
        ("POST", "/texts-back", b'{"number": "hello", "message": "STOP"}', 400, "number"),
        ("POST", "/people", _person(mobile_phone="not a number"), 400, "mobile_phone"),
        ("POST", "/people", _person(email="nobody"), 400, "email"),
        ("POST", "/signed-in", b'{"person_id": "p-99"}', 409, "person_id"),
        ("POST", "/questions", _question(), 409, "crime_reference"),
        ("PUT", "/webhooks", _webhook(key="a\n"), 400, "webhooks[0].key"),
        ("PUT", "/webhooks", _webhook(key_name="a\n"), 400, "webhooks[0].key_name"),
        ("PUT", "/webhooks", _webhook(url="http://127.0.0.1/\n"), 400, "webhooks[0].url"),
    ],
)
def test_a_request_that_cannot_be_met_names_what_is_wrong(
    http: urllib3.PoolManager,
    shared: Running,
    method: str,
    path: str,
    body: bytes,
    status: int,
    field: str | None,
) -> None:
    """Each mistake has a status, a title and, where there is one, the field."""
    answer = http.request(method, f"{shared.control_url}{path}", body=body, headers=JSON)

    assert answer.status == status
    assert answer.json()["title"]
    assert answer.json().get("field") == field


@pytest.fixture(scope="module")
def shared() -> Iterator[Running]:
    """Running doubles for tests that change nothing."""
    with running_doubles(Settings(first_port=_free_ports())) as running:
        yield running


def test_with_a_token_the_interfaces_want_it(
    http: urllib3.PoolManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what victims were sent nor the control interface is open to strangers."""
    monkeypatch.setenv(VARIABLES["doubles"], "a token of our own")
    with running_doubles(Settings(first_port=_free_ports())) as running:
        targets = [f"{running.inspection_url}/api/v1/messages"] + [
            f"{running.control_url}/{each}" for each in ("events", "tasks", "faults", "requests")
        ]
        refused = [http.request("GET", each).status for each in targets]
        headers = {"authorization": "Bearer a token of our own"}
        taken = [http.request("GET", each, headers=headers).status for each in targets]

    assert refused == [401] * 5
    assert taken == [200] * 5


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("events", "no secret", "it cannot sign"),
        ("events", "whsec_", "it cannot sign"),
        ("gateway", "a key without ids", "not a key of Notify"),
    ],
)
def test_a_secret_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    """The error names the variable, and never its value."""
    monkeypatch.setenv(VARIABLES[name], value)
    settings = Settings(first_port=_free_ports())
    with (
        pytest.raises(BadInput, match=f"{VARIABLES[name]}: {said}") as wrong,
        running_doubles(settings),
    ):
        pass

    assert value == "whsec_" or value not in str(wrong.value)


@pytest.mark.parametrize("name", ["doubles", "crime_system", "dynamics", "force_api", "mail"])
def test_a_token_that_other_machines_could_guess_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The error says how to make one; on this machine alone a short one is taken."""
    monkeypatch.setenv(VARIABLES[name], "x" * (TOKEN_CHARACTERS_MIN - 1))
    local = Settings(first_port=_free_ports())
    values, _made_up = secrets_of(local)
    with pytest.raises(BadInput, match=f"{VARIABLES[name]}: .*openssl rand") as wrong:
        secrets_of(dataclasses.replace(local, host="0.0.0.0"))  # noqa: S104  the rule under test

    assert values[name].startswith("xxx")
    assert "xxx" not in str(wrong.value)


def test_a_kill_loses_nothing_that_was_answered(http: urllib3.PoolManager, tmp_path: Path) -> None:
    """After SIGKILL, the events and tasks that were answered are there at the next start."""
    port, state = _free_ports(), tmp_path / "state.jsonl"
    command = [sys.executable, "-m", "simulator.cli", "neighbours"]
    options = ["--port", str(port), "--state", str(state)]
    control = f"http://127.0.0.1:{port + 3}"
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, start_new_session=True, env={**os.environ}
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        for event in (recorded(), allocated()):
            body = as_posted(event)
            assert http.request("POST", f"{control}/events", json=body).status == 201
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    with running_doubles(Settings(first_port=_free_ports(), state=state)) as again:
        shown = http.request("GET", f"{again.control_url}/events").json()

    assert again.restored > 2
    assert shown["waiting"] == ["doubles-0000001", "doubles-0000002"]


def test_dynamics_and_the_forces_own_api_show_one_set_of_records(
    http: urllib3.PoolManager, tmp_path: Path
) -> None:
    """A person made by one face is read by the other; a restart keeps them, and subscriptions."""
    state = tmp_path / "state.jsonl"
    settings = Settings(first_port=_free_ports(), force_api=OUR_FIELDS, state=state)
    heard = _Portal()
    with serving(heard.app, free_port()) as url, running_doubles(settings) as running:
        headers = {
            "authorization": f"Bearer {running.made_up[VARIABLES['force_api']]}",
            "content-type": "application/json",
        }
        subscribed = {"type": "subscription", "attributes": {"url": f"{url}/crime-events"}}
        api = running.force_api_url
        http.request("POST", f"{api}/subscriptions", json={"data": subscribed}, headers=headers)
        person = {"type": "person", "attributes": {"personNumber": "P-1", "surname": "Hill"}}
        made = http.request("POST", f"{api}/persons", json={"data": person}, headers=headers)
        _until(lambda: heard.events)
        webhooks = {"webhooks": [{"url": f"{url}/delivery-receipts", "key": "a-key"}]}
        control = running.control_url
        shown = http.request("PUT", f"{control}/webhooks", json=webhooks).json()
        foreign = {"webhooks": [{"url": "https://portal.example/x"}]}
        refused = http.request("PUT", f"{control}/webhooks", json=foreign)
        person_id = made.json()["data"]["id"]
        data = {"type": "person", "id": person_id, "attributes": {"givenName": "Sam"}}
        http.request("PATCH", f"{api}/persons/{person_id}", json={"data": data}, headers=headers)
        _until(lambda: heard.callbacks)
        faults = {"force_api": {"failing_share": 1}, "receipt": "none"}
        http.request("PUT", f"{control}/faults", json=faults)
        failing = http.request("GET", f"{api}/persons", headers=headers)
        unserved = http.request("PUT", f"{control}/faults", json={"dynamics": {"is_down": True}})

    assert heard.events[0]["type"] == "person.created"
    assert heard.callbacks[0][1]["PrimaryEntityName"] == "contact"
    assert "a-key" not in str(shown)
    assert (refused.status, refused.json()["field"]) == (400, "webhooks[0].url")
    assert failing.status == 503
    assert (unserved.status, unserved.json()["field"]) == (409, "dynamics")
    with running_doubles(Settings(first_port=_free_ports(), state=state)) as again:
        assert again.restored >= 4


def test_a_mail_server_that_other_machines_reach_wants_a_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody on the network sends without STARTTLS and a password, though no login was named."""
    monkeypatch.setattr(run, "CERTIFICATES", tmp_path)
    settings = Settings(first_port=_free_ports(), host="0.0.0.0")  # noqa: S104  the rule under test
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "portal@force.example", "An update"
    mail.set_content("Sign in.")
    with running_doubles(settings) as running:
        port = int(running.mail_server.rpartition(":")[2])
        with smtplib.SMTP("127.0.0.1", port) as stranger, pytest.raises(smtplib.SMTPException):
            stranger.send_message(mail, to_addrs=["alex@example.com"])
        context = ssl.create_default_context(cafile=str(tmp_path / "authority.pem"))
        with smtplib.SMTP(socket.gethostname(), port) as server:
            server.starttls(context=context)
            server.login(running.mail_login, running.made_up[VARIABLES["mail"]])
            refused = server.send_message(mail, to_addrs=["alex@example.com"])

    assert running.mail_login == "portal"
    assert refused == {}


def test_the_mail_server_wants_the_login_that_was_named(tmp_path: Path) -> None:
    """STARTTLS with the test authority, then the name and the password; a stranger is refused."""
    settings = Settings(first_port=_free_ports(), dynamics=tmp_path, mail_login="portal")
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "portal@force.example", "An update"
    mail.set_content("Sign in.")
    with running_doubles(settings) as running:
        host, _, port = running.mail_server.partition(":")
        with smtplib.SMTP(host, int(port)) as stranger, pytest.raises(smtplib.SMTPException):
            stranger.send_message(mail, to_addrs=["alex@example.com"])
        context = ssl.create_default_context(cafile=str(tmp_path / "authority.pem"))
        with smtplib.SMTP(host, int(port)) as server:
            server.starttls(context=context)
            server.login("portal", running.made_up[VARIABLES["mail"]])
            refused = server.send_message(mail, to_addrs=["alex@example.com"])

    assert refused == {}


def test_what_one_face_changes_every_other_shows(http: urllib3.PoolManager, tmp_path: Path) -> None:
    """The force's own API, the crime system, control and the evidence tell the same."""
    evidence = tmp_path / "evidence.ndjson"
    settings = Settings(
        first_port=_free_ports(), force_api=OUR_FIELDS, dynamics=tmp_path, evidence=evidence
    )
    with running_doubles(settings) as running:
        by_force = {
            "authorization": f"Bearer {running.made_up[VARIABLES['force_api']]}",
            "content-type": "application/vnd.api+json",
        }
        token = running.made_up[VARIABLES["crime_system"]]
        by_portal = {"authorization": f"Bearer {token}", **JSON}

        def force(method: str, path: str, data: Any = None) -> Any:
            body = None if data is None else msgspec.json.encode({"data": data})
            url = f"{running.force_api_url}{path}"
            return http.request(method, url, body=body, headers=by_force).json()

        person = force(
            "POST",
            "/persons",
            {"type": "person", "attributes": {"personNumber": "p-1", "surname": "Hill"}},
        )["data"]
        names = ("occurrenceNumber", "incidentDescription", "forceIdentifier", "offenceCode")
        values = ("43260000007", "Burglary", "thames_valley", "28A")
        crime = {
            "type": "occurrence",
            "attributes": {**dict(zip(names, values, strict=True)), "offenceGroup": "Burglary"},
            "relationships": {"victim": {"data": {"type": "person", "id": person["id"]}}},
        }
        force("POST", "/occurrences", crime)
        _post(http, running, "/events", as_posted(allocated("Team A", "43260000007")))
        url = f"{running.crime_system_url}/occurrences/43260000007"
        body = msgspec.json.encode(stamp())
        filed = http.request("POST", f"{url}/enquiry-log", body=body, headers=by_portal).status
        shown = http.request("GET", url, headers=by_portal).json()
        changes = http.request(
            "GET", f"{running.crime_system_url}/occurrences/changes", headers=by_portal
        ).json()
        entries = force("GET", "/enquiry-log-entries")["data"]
        occurrence = force("GET", "/occurrences")["data"][0]
    kinds = [type(each).__name__ for each in read_evidence([evidence])]

    assert filed == 201
    assert (shown["officer_in_charge"]["collar_number"], shown["team"]) == ("1234", "Team A")
    assert [each["text"] for each in shown["enquiry_log"]] == ["Is there news?"]
    assert [each["type"] for each in changes["changes"]] == ["CrimeRecorded", "CrimeAllocated"]
    assert [each["attributes"]["text"] for each in entries] == ["Is there news?"]
    assert occurrence["attributes"]["team"] == "Team A"
    assert [each for each in kinds if each != "RequestAnswered"] == [
        "EventRecorded",
        "EventRecorded",
        "Stamped",
        "EventDelivered",
        "EventDelivered",
    ]


def test_one_org_of_salesforce_is_reached_with_tls_and_without(
    http: urllib3.PoolManager, tmp_path: Path
) -> None:
    """By one secret; its faults are in its own words, and its requests in the log of all."""
    settings = Settings(first_port=_free_ports(), salesforce=tmp_path)
    with running_doubles(settings) as running:
        secret = running.made_up[VARIABLES["salesforce"]]
        form = {
            "grant_type": "client_credentials",
            "client_id": CONSUMER_KEY,
            "client_secret": secret,
        }

        def token(url: str, client: urllib3.PoolManager) -> str:
            at = f"{url}/services/oauth2/token"
            answer = client.request_encode_body("POST", at, fields=form, encode_multipart=False)
            return f"Bearer {answer.json()['access_token']}"

        trusts = {"ca_certs": str(running.authority)}
        with urllib3.PoolManager(**trusts) as secure:  # type: ignore[arg-type]
            by_tls = {"authorization": token(running.salesforce_url, secure)}
        api = f"{running.salesforce_http_url}/services/data/v68.0"
        made = http.request("POST", f"{api}/sobjects/Case", json={}, headers=by_tls)
        other = {"authorization": token(running.salesforce_http_url, http)}
        seen = http.request("GET", f"{api}/sobjects/Case/{made.json()['id']}", headers=other)
        faults = {"salesforce": {"limited_share": 1}}
        http.request("PUT", f"{running.control_url}/faults", json=faults)
        limited = http.request("GET", f"{api}/limits", headers=other)
        log = http.request("GET", f"{running.control_url}/requests").json()

    assert (made.status, seen.status, limited.status) == (201, 200, 403)
    assert limited.json()[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
    assert [each["double"] for each in log] == ["salesforce"] * 5
    assert (tmp_path / "salesforce-app.key").stat().st_mode & 0o077 == 0
