"""Start all doubles in one process, around a portal that a team runs itself.

One inbox stands behind Notify, SMTP and the inspection interface; one set of records behind the
crime system. What they know is kept in a file, if one is given.
"""

import base64
import os
import secrets
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from simulator.clock import wall_now
from simulator.doubles.control import control_app
from simulator.doubles.front import Front, Requests
from simulator.doubles.journal import open_journal
from simulator.doubles.kept_neighbours import KeptCrimeSystem, KeptInbox, kept_rows, restore
from simulator.doubles.to_portal import PortalSecrets, ToPortal
from simulator.errors import BadInput
from simulator.neighbours.crime_system.api import Records, crime_system_app
from simulator.neighbours.dataverse.api import dataverse_app
from simulator.neighbours.dataverse.entra import ServiceAccount
from simulator.neighbours.dataverse.limits import DOCUMENTED_LIMITS as DYNAMICS_LIMITS
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.gateway.chaos import Chaos
from simulator.neighbours.gateway.mailpit import mailpit_app
from simulator.neighbours.gateway.notify import DEFAULT_TEMPLATES, notify_app
from simulator.neighbours.gateway.notify_service import (
    DOCUMENTED_LIMITS,
    ApiKey,
    NotifyService,
    parts_of_key,
)
from simulator.neighbours.gateway.smtp import smtp_serving
from simulator.processes.certificates import loopback_certificates
from simulator.processes.loopback import HOST, serving

#: The doubles listen on this many ports, from the first on.
PORTS = 6
TENANT_ID = "5d0a7c4e-31fb-4c27-8f6e-7b1d9a2e4c05"
CLIENT_ID = "0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01"
#: The variables that hold the secrets; one that is not set is made up and shown.
VARIABLES = {
    "gateway": "PORTAL_GATEWAY_KEY",
    "crime_system": "PORTAL_CRIME_SYSTEM_TOKEN",
    "events": "PORTAL_EVENTS_SECRET",
    "receipts": "PORTAL_RECEIPTS_TOKEN",
    "doubles": "PORTAL_DOUBLES_TOKEN",
    "dynamics": "INTEGRATION_CLIENT_SECRET",
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where the doubles listen, which portal they send to, and where they keep what they know."""

    first_port: int
    host: str = HOST
    portal_url: str = ""
    state: Path | None = None
    has_limits: bool = False
    #: Where the certificates of a Dynamics go; None serves none.
    dynamics: Path | None = None
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class Running:
    """The addresses of the running doubles, and the secrets that were made up for this run."""

    gateway_url: str
    crime_system_url: str
    inspection_url: str
    mail_server: str
    control_url: str
    dynamics_url: str
    made_up: dict[str, str]
    restored: int


@contextmanager
def running_doubles(settings: Settings) -> Iterator[Running]:
    """Serve until the block ends; raises BadInput for what the user can correct."""
    values, made_up = _secrets(settings)
    journal, entries = open_journal(settings.state)
    with ExitStack() as stack:
        stack.callback(journal.close)
        inbox = KeptInbox(wall_now, journal)
        crime_system = KeptCrimeSystem(wall_now, journal)
        rows = kept_rows(wall_now, journal)
        restore(entries, inbox, crime_system, rows)
        to_portal = ToPortal(
            settings.portal_url,
            PortalSecrets(events=values["events"], receipts=values["receipts"]),
            inbox,
            crime_system,
            now=wall_now,
        )
        requests, chaos = Requests(), Chaos(settings.seed)
        fronts = _fronts(settings, values, inbox, crime_system, requests)
        token = values["doubles"]
        applications: tuple[Any, ...] = (
            fronts["gateway"],
            fronts["crime_system"],
            mailpit_app(inbox, chaos=chaos, token=token),
            control_app(crime_system, to_portal, fronts, requests, token=token),
        )
        urls = [
            stack.enter_context(serving(each, settings.first_port + place, host=settings.host))
            for place, each in enumerate(applications)
        ]
        mail_port = settings.first_port + len(applications)
        mail_server = stack.enter_context(
            smtp_serving(inbox, port=mail_port, host=settings.host, chaos=chaos)
        )
        dynamics_url = ""
        if settings.dynamics is not None:
            dynamics_url = stack.enter_context(
                _dynamics(settings, settings.dynamics, rows, values["dynamics"], fronts, requests)
            )
        if settings.portal_url:
            to_portal.start()
            stack.callback(to_portal.stop)
        gateway_url, crime_system_url, inspection_url, control_url = urls
        yield Running(
            gateway_url=gateway_url,
            crime_system_url=crime_system_url,
            inspection_url=inspection_url,
            control_url=control_url,
            mail_server=mail_server,
            dynamics_url=dynamics_url,
            made_up=made_up,
            restored=len(entries),
        )


def until_stopped(settings: Settings, show: Callable[[Running], None]) -> None:
    """Serve until a signal arrives; `show` gets the addresses once they are served."""
    stopped = threading.Event()
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = {kind: signal.signal(kind, lambda *_: stopped.set()) for kind in kinds}
    try:
        with running_doubles(settings) as running:
            show(running)
            stopped.wait()
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _fronts(
    settings: Settings,
    values: dict[str, str],
    inbox: KeptInbox,
    crime_system: KeptCrimeSystem,
    requests: Requests,
) -> dict[str, Front]:
    """Make the gateway and the crime system, each with its faults and the log of requests."""
    service = _service(values["gateway"], has_limits=settings.has_limits)
    gateway = notify_app(inbox, service=service, security_now=wall_now, templates=DEFAULT_TEMPLATES)
    records: Records = _Records(crime_system)
    face = crime_system_app(records, token=values["crime_system"])
    return {
        "gateway": Front("gateway", gateway, requests=requests, now=wall_now),
        "crime_system": Front("crime system", face, requests=requests, now=wall_now),
    }


@contextmanager
def _dynamics(
    settings: Settings,
    folder: Path,
    rows: Rows,
    secret: str,
    fronts: dict[str, Front],
    requests: Requests,
) -> Iterator[str]:
    """Serve a Dynamics by TLS, which Microsoft's client insists on; yields its URL."""
    folder.mkdir(parents=True, exist_ok=True)
    certificates = loopback_certificates(folder)
    account = ServiceAccount(tenant_id=TENANT_ID, client_id=CLIENT_ID, client_secret=secret)
    limits = DYNAMICS_LIMITS if settings.has_limits else None
    application = dataverse_app(rows, account=account, now=wall_now, limits=limits)
    fronts["dynamics"] = Front("dynamics", application, requests=requests, now=wall_now)
    port = settings.first_port + PORTS - 1
    with serving(fronts["dynamics"], port, host=settings.host, tls=certificates) as url:
        yield url


class _Records:
    """The crime system as its interface sees it: what a portal writes goes through the journal."""

    def __init__(self, crime_system: KeptCrimeSystem) -> None:
        self.stamp = crime_system.stamp
        self.raise_task = crime_system.raise_task
        self.occurrence = crime_system.records.occurrence
        self.changes_since = crime_system.records.changes_since


def _service(api_key: str, *, has_limits: bool) -> NotifyService:
    service_id, secret = parts_of_key(api_key)
    key = ApiKey(secret=secret)
    if has_limits:
        return NotifyService(
            id=service_id, keys=(key,), sends_letters=True, limits=DOCUMENTED_LIMITS
        )
    return NotifyService(id=service_id, keys=(key,), sends_letters=True)


def _secrets(settings: Settings) -> tuple[dict[str, str], dict[str, str]]:
    """Take the secrets from the environment; make up and return those that are not there.

    Raises BadInput naming the variable that cannot be used.
    """
    values = {name: os.environ.get(each, "") for name, each in VARIABLES.items()}
    fresh = {
        "gateway": lambda: f"doubles-{uuid4()}-{uuid4()}",
        "events": lambda: "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "crime_system": lambda: secrets.token_urlsafe(32),
        "receipts": lambda: secrets.token_urlsafe(32),
        "dynamics": lambda: secrets.token_urlsafe(32) if settings.dynamics else "",
        "doubles": lambda: "" if settings.host == HOST else secrets.token_urlsafe(32),
    }
    made_up = {
        VARIABLES[name]: made
        for name, value in values.items()
        if not value and (made := fresh[name]())
    }
    values |= {name: made_up[each] for name, each in VARIABLES.items() if each in made_up}
    _check(values)
    return values, made_up


def _check(values: dict[str, str]) -> None:
    if not _can_sign(values["events"]):
        raise BadInput(
            f"{VARIABLES['events']}: it cannot sign; give whsec_ and base64, or leave it out"
        )
    try:
        for part in parts_of_key(values["gateway"]):
            UUID(part)
    except ValueError:
        raise BadInput(
            f"{VARIABLES['gateway']}: not a key of Notify; give a name, the service's id and the "
            "secret, as name-UUID-UUID, or leave it out"
        ) from None


def _can_sign(secret: str) -> bool:
    try:
        Webhook(secret)
    except (ValueError, RuntimeError, EmptyWebhookSecretError):
        return False
    return secret.startswith("whsec_")
