"""A Dynamics, an integration, the reference portal and Notify, joined; and the victim's phone."""

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import urllib3
from msgspec import structs

from reference.contract.identity import agreed_word_digest
from simulator.clock import wall_now
from simulator.doubles.judged_evidence import JudgedEvidence, judged_evidence
from simulator.doubles.run import (
    CLIENT_ID,
    TENANT_ID,
    VARIABLES,
    Settings,
    running_doubles,
)
from simulator.evidence.files import read_evidence
from simulator.evidence.records import EventDelivered, EventRecorded
from simulator.inputs.order import GoLive, read_order
from simulator.inputs.target import SecretValues, read_target
from simulator.integration.run import running_integration
from simulator.processes.loopback import free_port
from simulator.serve.portal import running_portal
from tests.simulator.doubles.test_run import _free_ports

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
CLIENT_SECRET = "a client's secret"
NAMED = {
    VARIABLES["gateway"]: KEY,
    VARIABLES["events"]: VALUES.events,
    VARIABLES["receipts"]: VALUES.receipts,
    VARIABLES["crime_system"]: VALUES.crime_system,
    VARIABLES["dynamics"]: CLIENT_SECRET,
}
NUMBER, WORD, PERSON, REFERENCE = "07700900123", "kingfisher", "p-1", "43260000001"
QUESTION = "Is there any news?"
#: What no other text to the victim says.
UPDATE = '"have an update"'
DIGEST = agreed_word_digest(VALUES.identity, PERSON, WORD)


@dataclass(frozen=True)
class Joined:
    """The addresses of what runs, and the certificate by which Dynamics is known."""

    dynamics_url: str
    inspection_url: str
    portal_url: str
    authority: Path


@contextmanager
def joined(folder: Path, *, without: str = "") -> Iterator[Joined]:
    """Run everything until the block ends; the secrets of `NAMED` are in the environment.

    The integration delivers by the portal's door, so that the evidence has what it did. `without`
    is a kind of event that it drops.
    """
    first = _free_ports()
    portal_port, integration_port = free_port(), free_port()
    today = wall_now().date()
    live = GoLive(
        phase_1=today - timedelta(days=90),
        phase_2=today - timedelta(days=60),
        phase_3=today - timedelta(days=30),
    )
    order = structs.replace(read_order(ORDER), go_live=live)
    path = folder / "map.toml"
    text = Path("scenarios/integration/dynamics.toml").read_text(encoding="utf-8")
    for old, new in (
        ("https://127.0.0.1:8475", f"https://127.0.0.1:{first + 5}"),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{first + 7}"),
        ("out/neighbours/authority.pem", str(folder / "authority.pem")),
        ("poll_seconds = 2.0", "poll_seconds = 0.1"),
        ("[portal]\n", f"[portal]\nport = {integration_port}\n"),
    ):
        text = text.replace(old, new)
    head, *rules = text.split("[[events]]\n")
    kept = [each for each in rules if not without or f'type = "{without}"' not in each]
    path.write_text("[[events]]\n".join([head, *kept]), encoding="utf-8")
    with ExitStack() as stack:
        settings = Settings(
            first_port=first,
            dynamics=folder,
            portal_url=f"http://127.0.0.1:{portal_port}",
            has_integration=True,
            evidence=folder / "evidence.ndjson",
        )
        doubles = stack.enter_context(running_doubles(settings))
        portal = stack.enter_context(
            running_portal(
                portal_port,
                read_target(TARGET),
                order,
                secrets=VALUES,
                gateway_url=doubles.gateway_url,
                crime_system_url=f"http://127.0.0.1:{integration_port}",
            )
        )
        stack.enter_context(running_integration(path, state=folder / "state.db"))
        yield Joined(
            doubles.dynamics_url, doubles.inspection_url, portal.url, folder / "authority.pem"
        )


def judged(folder: Path) -> JudgedEvidence:
    """Judge what happened in a folder, as if nothing more came for a day."""
    return judged_evidence(
        read_order(ORDER),
        read_evidence([folder / "evidence.ndjson"]),
        phase=3,
        correlates=True,
        carries_ids=False,
        until=wall_now() + timedelta(hours=25),
    )


def until_delivered(folder: Path, event_type: str, within_seconds: float = 30) -> None:
    """Wait until the portal has an event of a kind."""
    end = time.monotonic() + within_seconds
    while True:
        records = read_evidence([folder / "evidence.ndjson"])
        ids = {
            each.event_id
            for each in records
            if isinstance(each, EventRecorded) and each.event_type == event_type
        }
        if any(isinstance(each, EventDelivered) and each.event_id in ids for each in records):
            return
        assert time.monotonic() < end, f"no {event_type} was delivered"
        time.sleep(0.1)


class Victim:
    """Sam Hill, with a phone, a word agreed with the officer, and a question."""

    def __init__(self, parts: Joined) -> None:
        self._parts = parts
        self._http = urllib3.PoolManager(retries=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.clear()

    def text(self, *, holding: str = "") -> str:
        """Wait for a text and return its words."""
        query = quote(f"recipient:{NUMBER}{holding and f' {holding}'}")
        url = f"{self._parts.inspection_url}/api/v1/wait?query={query}&seconds=30"
        answer = self._http.request("GET", url)
        assert answer.status == 200, answer.data
        return str(answer.json()["Text"])

    def ask(self) -> None:
        """Sign in by the invitation, the word and the code, and ask the officer."""
        [token] = re.findall(r"/invitation/(\S+)", self.text(holding="invitation"))
        step = self._post("/invitation", {"token": token})["step"]
        self._post("/sign-in/word", {"step": step, "agreed_word": WORD})
        [code] = re.findall(r"\b\d{6}\b", self.text(holding="code"))
        session = self._post("/sign-in/code", {"step": step, "code": code})["session"]
        self._post(f"/crimes/{REFERENCE}/questions", {"text": QUESTION}, session)

    def _post(self, path: str, body: Mapping[str, str], session: str = "") -> Any:
        headers = {"authorization": f"Bearer {session}"} if session else {}
        url = f"{self._parts.portal_url}/api{path}"
        answer = self._http.request("POST", url, json=dict(body), headers=headers)
        assert answer.status < 300, (path, answer.status, answer.data)
        return answer.json() if answer.data else {}


class OfficerByHttp:
    """An officer's client of Dynamics."""

    def __init__(self, dynamics_url: str, authority: Path) -> None:
        self._http = urllib3.PoolManager(retries=False, ca_certs=str(authority))
        self._api = f"{dynamics_url}/api/data/v9.2"
        form = {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": os.environ[VARIABLES["dynamics"]],
        }
        url = f"{dynamics_url}/{TENANT_ID}/oauth2/v2.0/token"
        asked = self._http.request_encode_body("POST", url, fields=form, encode_multipart=False)
        self._headers = {"authorization": f"Bearer {asked.json()['access_token']}"}

    def close(self) -> None:
        """Close the connections."""
        self._http.clear()

    def record(self) -> None:
        """Record the victim, and the crime."""
        self._do(
            "PATCH",
            f"contacts(csp_personid='{PERSON}')",
            firstname="Sam",
            lastname="Hill",
            mobilephone=NUMBER,
            csp_safetocontact=1,
            csp_agreedworddigest=DIGEST,
        )
        self._do(
            "PATCH",
            f"incidents(ticketnumber='{REFERENCE}')",
            title="Burglary in a dwelling",
            csp_force="thames_valley",
            csp_offencecode="28A",
            csp_offencegroup="Residential burglary",
            **{"customerid_contact@odata.bind": f"/contacts(csp_personid='{PERSON}')"},
        )

    def close_case(self) -> None:
        """Close the case: no suspect was found. Then hand it to a team."""
        case = f"incidents(ticketnumber='{REFERENCE}')"
        self._do("PATCH", case, statecode=1, csp_outcome="18", csp_decidedby=1)
        self._do("PATCH", case, csp_team="Team A")

    def asked(self, within_seconds: float = 30) -> tuple[list[str], list[str]]:
        """Wait for the victim's question; return the notes and the kinds of task."""
        end = time.monotonic() + within_seconds
        while True:
            notes = [each["notetext"] for each in self._do("GET", "annotations")["value"]]
            tasks = [each["csp_kind"] for each in self._do("GET", "tasks")["value"]]
            if (notes and tasks) or time.monotonic() > end:
                return notes, tasks
            time.sleep(0.1)

    def _do(self, method: str, target: str, **values: object) -> Any:
        answer = self._http.request(
            method, f"{self._api}/{target}", json=values or None, headers=self._headers
        )
        assert answer.status < 300, answer.data
        return answer.json() if answer.data else {}
