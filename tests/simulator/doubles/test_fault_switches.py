"""Each double fails in its own words; a plan of faults comes and goes by itself."""

import smtplib
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
from starlette.applications import Starlette

from simulator.doubles import faces, mail_front
from simulator.doubles.fault_switches import (
    FaultPlan,
    Faults,
    FaultSwitches,
    NotRunning,
    PlannedOutage,
    read_plan,
)
from simulator.doubles.front import Fault, Front, Requests
from simulator.doubles.journal import Journal
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.kept_neighbours import KeptInbox
from simulator.doubles.mail_front import MailFront
from simulator.doubles.to_portal import PortalSecrets, ToPortal
from simulator.errors import BadInput
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.gateway.inbox import Inbox
from simulator.neighbours.gateway.smtp import smtp_serving
from simulator.neighbours.salesforce.records import Records
from simulator.processes.loopback import free_port
from tests.simulator.asgi import call
from tests.simulator.doubles.crimes import NOW
from tests.simulator.drivers.strange_portals import SECRETS

STATUSES: tuple[Literal[500, 502, 503, 504], ...] = (500, 502, 503, 504)


def _front(name: str) -> Front:
    return Front(
        name, Starlette(), requests=Requests(), now=lambda: NOW, failed=faces.WORDINGS[name]
    )


def _said(name: str, fault: Fault) -> tuple[int, Any, dict[str, str]]:
    front = _front(name)
    front.fault = fault
    answer = call(front, "GET", "/anything", headers={})
    return answer.status, msgspec.json.decode(answer.body), dict(answer.headers)


def test_notify_fails_as_it_documents() -> None:
    """500 and 503 name the error; 504 comes from the server before the API; 429 is the rate's."""
    for status in STATUSES[:3:2]:
        answered, said, _ = _said("gateway", Fault(failing_share=1, failing_status=status))
        errors = [{"error": "Exception", "message": "Internal server error"}]
        assert (answered, said) == (status, {"status_code": status, "errors": errors})
    late = _said("gateway", Fault(lost_answers_share=1))
    limited = _said("gateway", Fault(limited_share=1))

    assert late[:2] == (504, {"result": "error", "message": "Timeout serving request"})
    assert limited[0] == 429
    assert limited[1]["errors"][0]["error"] == "RateLimitError"


def test_dynamics_fails_with_a_code() -> None:
    """OData's error has a code and a message; 429 says how long to wait."""
    down = _said("dynamics", Fault(is_down=True))
    limited = _said("dynamics", Fault(limited_share=1))
    broken = _said("dynamics", Fault(failing_share=1, failing_status=500))

    assert (down[0], set(down[1]["error"])) == (503, {"code", "message"})
    assert (limited[0], limited[1]["error"]["code"]) == (429, "0x80072322")
    assert limited[2]["retry-after"] == "5"
    assert broken[1]["error"]["code"] == "0x80040216"


@pytest.mark.parametrize("name", ["crime_system", "portal_door"])
def test_the_contracts_own_interfaces_answer_with_a_problem(name: str) -> None:
    """RFC 9457, as for every other refusal."""
    for status in STATUSES:
        answered, said, headers = _said(name, Fault(failing_share=1, failing_status=status))
        assert (answered, said["status"]) == (status, status)
        assert headers["content-type"] == "application/problem+json"


def test_the_forces_own_api_answers_with_errors_of_json_api() -> None:
    """The status stands in the error, as a text."""
    for status in STATUSES:
        answered, said, _ = _said("force_api", Fault(failing_share=1, failing_status=status))
        assert (answered, said["errors"][0]["status"]) == (status, str(status))


@pytest.fixture
def posted() -> Iterator[tuple[MailFront, Inbox, Requests, Callable[[], dict[str, Any]]]]:
    """A mail server with faults, and a way to send it a mail."""
    requests, inbox = Requests(), Inbox(lambda: NOW)
    front = MailFront(requests=requests, now=lambda: NOW)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "portal@force.example", "An update"
    mail.set_content("Sign in.")
    with smtp_serving(inbox, port=free_port(), trouble=front) as address:
        host, _, port = address.partition(":")

        def send() -> dict[str, Any]:
            with smtplib.SMTP(host, int(port), timeout=5) as client:
                return client.send_message(mail, to_addrs=["alex@example.com"])

        yield front, inbox, requests, send


@pytest.mark.parametrize(
    ("fault", "answer", "arrives"),
    [
        (Fault(is_down=True), mail_front.DOWN, 0),
        (Fault(failing_share=1), mail_front.FAILED, 0),
        (Fault(limited_share=1), mail_front.TOO_MANY, 0),
        (Fault(lost_answers_share=1), mail_front.LOST, 1),
    ],
)
def test_the_mail_server_fails_with_its_own_codes(
    posted: Any, fault: Fault, answer: str, arrives: int
) -> None:
    """421, 451 and 450 say that it may be tried again; after a lost answer the mail is there."""
    front, inbox, requests, send = posted
    front.fault = fault
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        send()
    words = refused.value.smtp_error
    said = words.decode() if isinstance(words, bytes) else words

    assert f"{refused.value.smtp_code} {said}" == answer
    assert len(inbox.drain()) == arrives
    assert requests.newest_first(1)[0].status == int(answer[:3])


def test_a_slow_mail_server_takes_the_mail_all_the_same(posted: Any) -> None:
    """The log has each command, and no address."""
    front, inbox, requests, send = posted
    front.fault = Fault(slow_seconds=0.01)

    assert send() == {}
    assert len(inbox.drain()) == 1
    assert [(each.method, each.status) for each in requests.newest_first(3)] == [
        ("DATA", 250),
        ("RCPT", 250),
        ("MAIL", 250),
    ]


class _Switches:
    def __init__(self) -> None:
        crimes = KeptCrimeSystem(lambda: NOW, Journal(), Rows(lambda: NOW))
        secrets = PortalSecrets(events=SECRETS.events, receipts=SECRETS.receipts)
        inbox = KeptInbox(lambda: NOW, Journal())
        self.to_portal = ToPortal("http://127.0.0.1:9", secrets, inbox, crimes, now=lambda: NOW)
        self.front = _front("gateway")
        self.heard: list[tuple[str, bool]] = []
        self.switches = FaultSwitches({"gateway": self.front}, self.to_portal, Records(lambda: NOW))
        self.switches.on_fault = lambda name, _before, after: self.heard.append(
            (name, after.is_down)
        )


def test_a_planned_outage_comes_and_goes_by_itself() -> None:
    """What else is wrong with the double stays; who listens hears of both."""
    at = _Switches()
    plan = FaultPlan(
        gateway=Fault(failing_share=0.5),
        receipt="none",
        outages=(PlannedOutage(of="gateway", after_seconds=10, seconds=20),),
    )
    moment = [NOW]

    def now() -> datetime:
        return moment[0]

    at.switches.begin(plan, now)
    seen = []
    for seconds in (0, 15, 31):
        moment[0] = NOW + timedelta(seconds=seconds)
        end = time.monotonic() + 5
        while at.front.fault.is_down != (seconds == 15) and time.monotonic() < end:
            time.sleep(0.01)
        seen.append(at.front.fault)
    at.switches.stop()

    assert [each.is_down for each in seen] == [False, True, False]
    assert {each.failing_share for each in seen} == {0.5}
    assert [is_down for _name, is_down in at.heard] == [False, True, False]
    assert at.to_portal.receipt is None


def test_faults_that_are_set_end_what_was_planned() -> None:
    """A tester who switches everything off is not surprised by an outage."""
    at = _Switches()
    outage = PlannedOutage(of="gateway", after_seconds=0, seconds=3600)
    at.switches.begin(FaultPlan(outages=(outage,)), lambda: NOW)
    at.switches.set(Faults())
    at.switches.stop()

    assert at.front.fault == Fault()
    assert at.switches.faults == Faults()


def test_a_double_that_does_not_run_has_no_faults() -> None:
    """The sentence names the option that starts it."""
    at = _Switches()
    outage = PlannedOutage(of="dynamics", after_seconds=0, seconds=1)
    with pytest.raises(BadInput, match="dynamics does not run; start it with --dynamics"):
        at.switches.begin(FaultPlan(outages=(outage,)), lambda: NOW)
    with pytest.raises(NotRunning):
        at.switches.set(Faults(force_api=Fault(is_down=True)))


def test_the_suites_own_plan_is_read_and_a_mistake_is_named(tmp_path: Path) -> None:
    """File, field and value stand in the sentence."""
    plan = read_plan(Path("scenarios/neighbours/faults.toml"))
    wrong = tmp_path / "faults.toml"
    wrong.write_text("[gateway]\nfailing_status = 418\n", encoding="utf-8")

    assert (plan.gateway.failing_status, len(plan.outages)) == (500, 2)
    with pytest.raises(BadInput, match=r"faults.toml: gateway.failing_status"):
        read_plan(wrong)
