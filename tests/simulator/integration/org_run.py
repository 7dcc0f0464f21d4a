"""Dynamics, `integrate` and Salesforce over loopback, as docs/neighbours.md starts them."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3

from simulator.doubles.run import CONSUMER_KEY, VARIABLES, Settings, running_doubles
from simulator.integration.run import running_integration
from simulator.processes.loopback import free_port
from tests.simulator.doubles.test_run import _free_ports, _until
from tests.simulator.integration.phone import CLIENT_SECRET, REFERENCE, OfficerByHttp

MAPS = Path(__file__).parents[3] / "scenarios" / "integration"
SECRET = "the secret of a connected app"
NAMED = {
    "INTEGRATION_TESTER_TOKEN": "a tester's token",
    VARIABLES["salesforce"]: SECRET,
    VARIABLES["dynamics"]: CLIENT_SECRET,
    VARIABLES["crime_system"]: "a token of our own",
}


@dataclass(frozen=True)
class Parts:
    """The address of the org, and an officer with a client of Dynamics."""

    org_url: str
    officer: OfficerByHttp

    def record(self) -> None:
        """Record a crime in Dynamics, and wait until it is a Case."""
        self.officer.record()
        _until(lambda: bool(self.cases()))

    def cases(self) -> list[dict[str, Any]]:
        """Read the Cases with the crime's number, as a client of Salesforce does."""
        form = {"grant_type": "client_credentials", "client_id": CONSUMER_KEY}
        soql = f"SELECT Subject, Contact.Name FROM Case WHERE Crime_Number__c = '{REFERENCE}'"  # noqa: S608
        with urllib3.PoolManager(retries=False) as http:
            signed = http.request_encode_body(
                "POST",
                f"{self.org_url}/services/oauth2/token",
                fields={**form, "client_secret": SECRET},
                encode_multipart=False,
            ).json()
            found = http.request(
                "GET",
                f"{self.org_url}/services/data/v68.0/query",
                fields={"q": soql},
                headers={"authorization": f"Bearer {signed['access_token']}"},
            )
        records: list[dict[str, Any]] = found.json()["records"]
        return records


@contextmanager
def joined(folder: Path) -> Iterator[Parts]:
    """Everything runs, by TLS where real systems have it, and evidence is written."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        first_port=_free_ports(),
        dynamics=folder,
        salesforce=folder,
        has_integration=True,
        evidence=folder / "evidence.ndjson",
    )
    os.environ.update(NAMED)
    with running_doubles(settings) as doubles:
        assert doubles.authority is not None
        of_force = {
            "https://127.0.0.1:8475": doubles.dynamics_url,
            "out/neighbours/authority.pem": str(doubles.authority),
            "poll_seconds = 2.0": "poll_seconds = 0.1",
            "[portal]\n": f"[portal]\nport = {free_port()}\n",
        }
        force = _changed(folder / "dynamics.toml", of_force)
        of_org = {"http://127.0.0.1:8481": doubles.salesforce_http_url}
        org = _changed(folder / "salesforce.toml", of_org)
        with (
            closing(OfficerByHttp(doubles.dynamics_url, doubles.authority)) as officer,
            running_integration(force, state=folder / "state.db", org_map=org),
        ):
            yield Parts(doubles.salesforce_http_url, officer)


def _changed(path: Path, changes: dict[str, str]) -> Path:
    text = (MAPS / path.name).read_text(encoding="utf-8")
    for shown, here in changes.items():
        text = text.replace(shown, here)
    path.write_text(text, encoding="utf-8")
    return path
