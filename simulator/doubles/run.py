"""Start all doubles in one process, around a portal that a team runs itself.

One inbox stands behind Notify, SMTP and the inspection interface; one set of records behind the
crime system. What they know is kept in a file, if one is given.
"""

import base64
import os
import secrets
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from simulator.clock import wall_now
from simulator.doubles.control import control_app
from simulator.doubles.front import Front, Requests
from simulator.doubles.journal import Entry, Journal, PersonKept, open_journal
from simulator.doubles.kept_neighbours import (
    KeptCrimeSystem,
    KeptInbox,
    kept_rows,
    kept_subscriptions,
    restore,
)
from simulator.doubles.standing_evidence import StandingEvidence
from simulator.doubles.to_portal import PortalSecrets, ToPortal
from simulator.doubles.to_subscribers import ToSubscribers, WebhookCalls, webhook_of
from simulator.errors import BadInput
from simulator.evidence.records import PersonKnown
from simulator.neighbours.crime_system.api import Records as CrimeRecords
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.dataverse.api import dataverse_app
from simulator.neighbours.dataverse.entra import ServiceAccount
from simulator.neighbours.dataverse.limits import DOCUMENTED_LIMITS as DYNAMICS_LIMITS
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.force_api.api import force_api_app
from simulator.neighbours.force_api.fields import OUR_FIELDS, ResourceType, read_fields
from simulator.neighbours.force_api.subscriptions import Subscriptions
from simulator.neighbours.gateway.chaos import Chaos
from simulator.neighbours.gateway.mailpit import mailpit_app
from simulator.neighbours.gateway.notify import DEFAULT_TEMPLATES, notify_app
from simulator.neighbours.gateway.notify_service import (
    DOCUMENTED_LIMITS,
    ApiKey,
    NotifyService,
    parts_of_key,
)
from simulator.neighbours.gateway.smtp import Login, smtp_serving
from simulator.processes.asgi import Application
from simulator.processes.certificates import Certificates, loopback_certificates
from simulator.processes.loopback import HOST, is_loopback, serving

#: The doubles listen on this many ports, from the first on.
PORTS = 7
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
    "force_api": "FORCE_API_TOKEN",
    "webhook": "INTEGRATION_WEBHOOK_KEY",
    "mail": "PORTAL_MAIL_PASSWORD",
}
#: Where certificates go if no folder was named.
CERTIFICATES = Path("out/neighbours")


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
    #: The names of the records in the force's own API; None serves none.
    force_api: Path | None = None
    #: Where changes in Dynamics go; "" for nowhere.
    webhook_url: str = ""
    #: The name by which a portal signs in to the mail server; "" wants no login.
    mail_login: str = ""
    #: Where evidence for the judge goes; None writes none.
    evidence: Path | None = None
    seed: int = 0

    @property
    def is_open(self) -> bool:
        """Whether other machines may connect."""
        return not is_loopback(self.host)


@dataclass(frozen=True, kw_only=True)
class Running:
    """The addresses of the running doubles, and the secrets that were made up for this run."""

    gateway_url: str
    crime_system_url: str
    inspection_url: str
    mail_server: str
    control_url: str
    dynamics_url: str
    force_api_url: str
    made_up: dict[str, str]
    restored: int


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What the doubles know, of this run and of those before."""

    inbox: KeptInbox
    crime_system: KeptCrimeSystem
    rows: Rows
    types: Mapping[str, ResourceType]
    subscriptions: Subscriptions


@contextmanager
def running_doubles(settings: Settings) -> Iterator[Running]:
    """Serve until the block ends; raises BadInput for what the user can correct."""
    values, made_up = _secrets(settings)
    types = read_fields(settings.force_api or OUR_FIELDS)
    with ExitStack() as stack:
        journal, entries = open_journal(settings.state)
        stack.callback(journal.close)
        known = _known(types, journal, entries)
        to_portal = ToPortal(
            settings.portal_url,
            PortalSecrets(events=values["events"], receipts=values["receipts"]),
            known.inbox,
            known.crime_system,
            now=wall_now,
        )
        calls = _webhook_calls(settings, known.rows, values["webhook"])
        requests, chaos = Requests(), Chaos(settings.seed)
        evidence = _evidence(stack, settings, known, entries, to_portal, requests)
        fronts = _fronts(settings, values, known, requests)
        token = values["doubles"]
        control = control_app(
            known.crime_system,
            to_portal,
            fronts,
            requests,
            webhook_calls=calls,
            meet=partial(_meet, evidence, journal),
            on_fault=evidence.faults_set,
            token=token,
            may_call_anywhere=settings.is_open,
        )
        inspection = mailpit_app(known.inbox, chaos=chaos, token=token)
        certificates = _certificates(settings)
        urls = _served(stack, settings, fronts, inspection, control, certificates)
        mail_server = stack.enter_context(
            _mail_server(settings, known.inbox, chaos, certificates, values["mail"])
        )
        for sender in (calls, ToSubscribers(known.rows, known.subscriptions)):
            sender.start()
            stack.callback(sender.stop)
        if settings.portal_url:
            to_portal.start()
            stack.callback(to_portal.stop)
        yield Running(
            gateway_url=urls["gateway"],
            crime_system_url=urls["crime_system"],
            inspection_url=urls["inspection"],
            control_url=urls["control"],
            mail_server=mail_server,
            dynamics_url=urls.get("dynamics", ""),
            force_api_url=urls.get("force_api", ""),
            made_up=made_up,
            restored=len(entries),
        )


def _known(types: Mapping[str, ResourceType], journal: Journal, entries: list[Entry]) -> _Known:
    """Make what the doubles know, from what a journal holds."""
    inbox = KeptInbox(wall_now, journal)
    crime_system = KeptCrimeSystem(wall_now, journal)
    rows = kept_rows(wall_now, journal)
    subscriptions = kept_subscriptions(types, rows, wall_now, journal)
    restore(entries, inbox, crime_system, rows, subscriptions)
    return _Known(
        inbox=inbox,
        crime_system=crime_system,
        rows=rows,
        types=types,
        subscriptions=subscriptions,
    )


def _evidence(
    stack: ExitStack,
    settings: Settings,
    known: _Known,
    entries: list[Entry],
    to_portal: ToPortal,
    requests: Requests,
) -> StandingEvidence:
    """Have everything that happens from now on written down, if a file is given."""
    evidence = StandingEvidence(settings.evidence, wall_now)
    stack.callback(evidence.close)
    for each in entries:
        if isinstance(each, PersonKept):
            evidence.meet(each.person, is_new=False)
    known.inbox.evidence = evidence
    known.crime_system.evidence.hear = evidence.note
    to_portal.on_delivered = evidence.delivered
    if settings.evidence is not None:
        requests.listener = evidence.answered
        evidence.watch(known.rows)
    return evidence


def _meet(evidence: StandingEvidence, journal: Journal, person: PersonKnown) -> None:
    journal.write(PersonKept(at=person.at, person=person))
    evidence.meet(person)


def _mail_server(
    settings: Settings,
    inbox: KeptInbox,
    chaos: Chaos,
    certificates: Certificates | None,
    password: str,
) -> AbstractContextManager[str]:
    """Serve mail, by STARTTLS and with a login if one was named."""
    has_login = certificates is not None and settings.mail_login
    return smtp_serving(
        inbox,
        port=settings.first_port + 4,
        host=settings.host,
        chaos=chaos,
        tls=certificates.server_context() if certificates and has_login else None,
        login=Login(settings.mail_login, password) if has_login else None,
    )


def _certificates(settings: Settings) -> Certificates | None:
    """Make the certificates of what wants TLS, if anything does."""
    if settings.dynamics is None and not settings.mail_login:
        return None
    folder = settings.dynamics or CERTIFICATES
    folder.mkdir(parents=True, exist_ok=True)
    return loopback_certificates(folder)


def _webhook_calls(settings: Settings, rows: Rows, key: str) -> WebhookCalls:
    calls = WebhookCalls(rows, wall_now)
    if settings.webhook_url:
        calls.registered = (
            webhook_of(settings.webhook_url, key, may_go_anywhere=settings.is_open),
        )
    return calls


def _served(
    stack: ExitStack,
    settings: Settings,
    fronts: Mapping[str, Front],
    inspection: Application,
    control: Application,
    certificates: Certificates | None,
) -> dict[str, str]:
    """Serve each double on its port; return the addresses."""
    places: dict[str, tuple[int, Application | None]] = {
        "gateway": (0, fronts["gateway"]),
        "crime_system": (1, fronts["crime_system"]),
        "inspection": (2, inspection),
        "control": (3, control),
        "dynamics": (5, fronts.get("dynamics")),
        "force_api": (6, fronts.get("force_api")),
    }
    urls = {}
    for name, (place, application) in places.items():
        if application is None:
            continue
        # Microsoft's client insists on TLS.
        tls = certificates if name == "dynamics" else None
        port = settings.first_port + place
        urls[name] = stack.enter_context(serving(application, port, host=settings.host, tls=tls))
    return urls


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
    settings: Settings, values: Mapping[str, str], known: _Known, requests: Requests
) -> dict[str, Front]:
    """Make the doubles, each with its faults and the log of requests."""
    service = _service(values["gateway"], has_limits=settings.has_limits)
    records: CrimeRecords = _Records(known.crime_system)
    applications: dict[str, Application] = {
        "gateway": notify_app(
            known.inbox, service=service, security_now=wall_now, templates=DEFAULT_TEMPLATES
        ),
        "crime_system": crime_system_app(records, token=values["crime_system"]),
    }
    if settings.dynamics is not None:
        applications["dynamics"] = dataverse_app(
            known.rows,
            account=ServiceAccount(
                tenant_id=TENANT_ID, client_id=CLIENT_ID, client_secret=values["dynamics"]
            ),
            now=wall_now,
            limits=DYNAMICS_LIMITS if settings.has_limits else None,
        )
    if settings.force_api is not None:
        applications["force_api"] = force_api_app(
            known.rows,
            known.types,
            known.subscriptions,
            token=values["force_api"],
            may_push_anywhere=settings.is_open,
        )
    return {
        name: Front(
            name.replace("_", " "), each, requests=requests, now=wall_now, seed=settings.seed
        )
        for name, each in applications.items()
    }


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
        "force_api": lambda: secrets.token_urlsafe(32) if settings.force_api else "",
        "mail": lambda: secrets.token_urlsafe(32) if settings.mail_login else "",
        "webhook": lambda: secrets.token_urlsafe(32) if settings.webhook_url else "",
        "doubles": lambda: secrets.token_urlsafe(32) if settings.is_open else "",
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
