"""Crimes into an org: events a CPU second that the integration writes, beside the bare calls.

The org is the double in a process of its own, and does the same for both. The bare client sends
what the integration sent, under other events' ids: what is between is mapping and checking.
"""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
import urllib3
from msgspec import structs

from loadtests.benchmarks.doubles import served
from loadtests.benchmarks.served_doubles import ACCOUNT, TOKEN
from reference.contract.events import CloudEvent, CrimeRecorded, VictimRecord
from simulator.clock import processor_seconds, wall_now
from simulator.errors import SuiteError
from simulator.files.paths import ROOT
from simulator.integration.map_file import read_org_map
from simulator.integration.org_delivery import OrgDelivery
from simulator.integration.salesforce_system import NAME, SalesforceSystem, words_of
from simulator.integration.system_client import SystemClient

_MAP = ROOT / "scenarios" / "integration" / "salesforce.toml"
_COMPOSITE = "/composite"


def measure(*, events: int = 300, rounds: int = 3) -> Iterator[str]:
    """Write so many crimes in each of so many rounds; return one line for each number."""
    ours, bare = [], []
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        served("salesforce", Path(folder)) as url,
    ):
        rules = read_org_map(_MAP)
        org = structs.replace(rules.org, url=url, consumer_key=ACCOUNT.client_id)
        http = _Kept()
        delivery = OrgDelivery(rules, SalesforceSystem(org, TOKEN, http=http))
        for number in range(rounds):
            http.sent.clear()
            bodies = [_recorded(f"{number}-{each}") for each in range(events)]
            ours.append(_seconds_of_ours(delivery, bodies))
            bare.append(_seconds_of_bare(http.sent))
        delivery.close()
    yield f"rate into_an_org {events / median(ours):.0f} events/CPU second"
    yield f"rate into_an_org_bare_calls {events / median(bare):.0f} calls/CPU second"
    yield f"ratio into_an_org {median(ours) / median(bare):.2f}"


class _Kept(SystemClient):
    """Asks the org, and keeps what wrote into it."""

    def __init__(self) -> None:
        super().__init__(NAME, words_of)
        self.sent: list[tuple[str, bytes, Mapping[str, str]]] = []

    def ask(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        """Ask once."""
        if target.endswith(_COMPOSITE):
            self.sent.append((target, body, headers))
        return super().ask(method, target, body, headers)


def _recorded(number: str) -> bytes:
    """Make an event: a crime with a victim of its own."""
    crime = CrimeRecorded(
        crime_reference=number,
        force="thames_valley",
        offence_code="28A",
        offence_subgroup="Burglary",
        offence="Burglary in a dwelling",
        recorded_at=wall_now(),
        victims=(
            VictimRecord(
                person_id=f"p-{number}",
                given_name="Sam",
                family_name="Hill",
                mobile_phone="07700900123",
                safe_to_contact=True,
            ),
        ),
    )
    event = CloudEvent(
        specversion="1.0",
        id=f"event-{number}",
        source="bench",
        type="CrimeRecorded",
        time=wall_now(),
        data=msgspec.Raw(msgspec.json.encode(crime)),
    )
    return msgspec.json.encode(event)


def _seconds_of_ours(delivery: OrgDelivery, bodies: list[bytes]) -> float:
    begun = processor_seconds()
    for body in bodies:
        status, said = delivery.deliver([body], correlation_id="bench")
        if status != 202:
            raise SuiteError(f"the org answered {status} {said}; not measured")
    return processor_seconds() - begun


def _seconds_of_bare(sent: list[tuple[str, bytes, Mapping[str, str]]]) -> float:
    calls: list[tuple[str, bytes, dict[str, Any]]] = [
        (target, body.replace(b'"event-', b'"bare-'), dict(headers))
        for target, body, headers in sent
    ]
    with urllib3.PoolManager(retries=False) as http:
        begun = processor_seconds()
        answers = [
            http.request("POST", target, body=body, headers=headers).data
            for target, body, headers in calls
        ]
        spent = processor_seconds() - begun
    if any(b'"errorCode"' in each for each in answers):
        raise SuiteError("the org refused what it had taken; not measured")
    return spent
