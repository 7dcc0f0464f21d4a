"""Start all doubles in one process, around a portal that a team runs itself.

One inbox stands behind Notify, SMTP and the inspection interface; one set of records behind the
crime system. What they know is kept in a file, if one is given.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from simulator.clock import wall_now
from simulator.doubles import faces
from simulator.doubles.control import control_app
from simulator.doubles.faces import Known
from simulator.doubles.fault_switches import FaultSwitches, read_plan
from simulator.doubles.front import Front, Requests
from simulator.doubles.guard import Guard
from simulator.doubles.journal import Entry, EventKept, Journal, PersonKept, open_journal
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.kept_neighbours import (
    KeptInbox,
    kept_records,
    kept_rows,
    kept_subscriptions,
    kept_unit,
    restore,
)
from simulator.doubles.mail_front import MailFront
from simulator.doubles.matched_deliveries import MatchedDeliveries
from simulator.doubles.org_door import OrgDoor
from simulator.doubles.portal_door import portal_door
from simulator.doubles.settings import (
    CLIENT_ID,
    CONSUMER_KEY,
    PORTS,
    TENANT_ID,
    VARIABLES,
    Settings,
    secrets_of,
)
from simulator.doubles.standing_evidence import StandingEvidence
from simulator.doubles.to_portal import PortalSecrets, ToPortal
from simulator.doubles.to_subscribers import ToCallbacks, ToSubscribers, WebhookCalls, webhook_of
from simulator.errors import BadInput
from simulator.evidence.records import ChangesSeenAsOne, PersonKnown, Record
from simulator.files.paths import ROOT
from simulator.integration.map_file import read_org_map
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.force_api.fields import OUR_FIELDS, ResourceType, read_fields
from simulator.neighbours.gateway.chaos import Chaos
from simulator.neighbours.gateway.mailpit import mailpit_app
from simulator.neighbours.gateway.smtp import Login, smtp_serving
from simulator.processes.asgi import Application
from simulator.processes.certificates import (
    Certificates,
    loopback_certificates,
    names_of_machine,
    signing_key,
)
from simulator.processes.loopback import serving
from simulator.processes.signals import until_signalled

__all__ = [
    "CLIENT_ID",
    "CONSUMER_KEY",
    "PORTS",
    "SIGNING_KEY",
    "TENANT_ID",
    "VARIABLES",
    "Running",
    "Settings",
    "running_doubles",
    "until_stopped",
]

#: Where each double listens, from the first port on; the mail server has the fifth.
_PLACES = {
    "gateway": 0,
    "crime_system": 1,
    "inspection": 2,
    "control": 3,
    "dynamics": 5,
    "force_api": 6,
    "portal_door": 7,
    "marketing_cloud": 8,
    "one_login": 9,
    "salesforce": 10,
    "salesforce_http": 11,
}
#: What stands in an org, as the contract calls it.
ORG_MAP = ROOT / "scenarios" / "integration" / "salesforce.toml"
#: How the contract says that a portal has an event.
_TAKEN = 202
#: Where certificates go if no folder was named.
CERTIFICATES = Path("out/neighbours")
#: The private key of the app that signs in to Salesforce, in the folder of the certificates.
SIGNING_KEY = "salesforce-app.key"


class _Sender(Protocol):
    """What sends from a thread of its own."""

    def start(self) -> None:
        """Begin to send."""

    def stop(self) -> None:
        """Stop sending."""


@dataclass(frozen=True, kw_only=True)
class Running:
    """The addresses of the running doubles, and the secrets that were made up for this run."""

    gateway_url: str
    crime_system_url: str
    inspection_url: str
    mail_server: str
    mail_login: str
    control_url: str
    dynamics_url: str
    force_api_url: str
    portal_door_url: str
    marketing_cloud_url: str
    one_login_url: str
    salesforce_url: str
    salesforce_http_url: str
    #: The certificate that a client of Dynamics or of the mail server trusts; None without TLS.
    authority: Path | None
    made_up: dict[str, str]
    restored: int


@contextmanager
def running_doubles(settings: Settings) -> Iterator[Running]:
    """Serve until the block ends; raises BadInput for what the user can correct."""
    values, made_up = secrets_of(settings)
    types = read_fields(settings.force_api or OUR_FIELDS)
    notify = faces.notify_of(settings, values["gateway"])
    with ExitStack() as stack:
        journal, entries = open_journal(settings.state)
        stack.callback(journal.close)
        known = _known(settings, types, journal, entries)
        to_portal = ToPortal(
            settings.portal_url,
            PortalSecrets(events=values["events"], receipts=values["receipts"]),
            known.inbox,
            known.crime_system,
            now=wall_now,
            sends_events=bool(settings.portal_url) and not settings.has_integration,
        )
        calls = _webhook_calls(settings, known.rows, values["webhook"])
        requests, chaos = Requests(), Chaos(settings.seed)
        evidence = _evidence(stack, settings, known, entries, to_portal, requests)
        callbacks = ToCallbacks(known.unit.notifications)
        certificates, key = _certificates(settings), _signing_key(settings)
        post = callbacks.probes.post
        applications = faces.applications(settings, values, known, notify, post, key)
        if settings.has_integration:
            applications |= _doors(settings, known, evidence, values["events"])
        fronts = faces.fronts(applications, requests, seed=settings.seed, is_open=settings.is_open)
        mail = MailFront(requests=requests, now=wall_now, seed=settings.seed)
        switches = FaultSwitches({**fronts, "mail": mail}, to_portal, known.records)
        switches.on_fault = evidence.faults_set
        token = values["doubles"]
        control = control_app(
            known.crime_system,
            to_portal,
            switches,
            requests,
            webhook_calls=calls,
            meet=partial(_meet, evidence, journal),
            note=evidence.note,
            templates=notify.templates,
            token=token,
            may_call_anywhere=settings.is_open,
        )
        inspection = mailpit_app(known.inbox, chaos=chaos, token=token)
        urls = _served(stack, settings, fronts, inspection, control, certificates)
        mail_server = stack.enter_context(
            _mail_server(settings, known.inbox, chaos, certificates, values["mail"], mail)
        )
        _play_plan(stack, settings, switches)
        subscribers = ToSubscribers(known.rows, known.subscriptions)
        _start(stack, calls, subscribers, callbacks, to_portal)
        yield Running(
            **{f"{name}_url": urls.get(name, "") for name in _PLACES},
            mail_server=mail_server,
            mail_login=settings.mail_name,
            authority=None if certificates is None else certificates.authority,
            made_up=made_up | notify.made_up,
            restored=len(entries),
        )


def _start(stack: ExitStack, *senders: _Sender) -> None:
    for each in senders:
        each.start()
        stack.callback(each.stop)


def _play_plan(stack: ExitStack, settings: Settings, switches: FaultSwitches) -> None:
    """Begin the plan of faults, if a file has one."""
    if settings.faults is not None:
        switches.begin(read_plan(settings.faults), wall_now)
        stack.callback(switches.stop)


def _known(
    settings: Settings, types: Mapping[str, ResourceType], journal: Journal, entries: list[Entry]
) -> Known:
    """Make what the doubles know, from what a journal holds."""
    inbox = KeptInbox(wall_now, journal)
    rows = kept_rows(wall_now, journal)
    crime_system = KeptCrimeSystem(wall_now, journal, rows)
    subscriptions = kept_subscriptions(types, rows, wall_now, journal)
    restore(entries, inbox, crime_system, rows, subscriptions)
    return Known(
        inbox=inbox,
        crime_system=crime_system,
        rows=rows,
        types=types,
        subscriptions=subscriptions,
        unit=kept_unit(settings.marketing_cloud, inbox, journal, entries),
        records=kept_records(wall_now, journal, entries),
    )


def _evidence(
    stack: ExitStack,
    settings: Settings,
    known: Known,
    entries: list[Entry],
    to_portal: ToPortal,
    requests: Requests,
) -> StandingEvidence:
    """Have everything that happens from now on written down, if a file is given."""
    _check_begins_together(settings, entries)
    evidence = StandingEvidence(settings.evidence, wall_now, settings.patterns)
    stack.callback(evidence.close)
    for each in entries:
        if isinstance(each, PersonKept):
            evidence.meet(each.person, is_new=False)
    known.inbox.evidence = evidence
    _hear(settings, known.crime_system, evidence)
    to_portal.on_delivered = evidence.delivered
    if settings.evidence is not None:
        requests.listener = evidence.answered
    return evidence


def _check_begins_together(settings: Settings, entries: list[Entry]) -> None:
    """Raise BadInput if the evidence would lack what an earlier run recorded: it would accuse."""
    earlier = sum(isinstance(each, EventKept) for each in entries)
    evidence = settings.evidence
    if evidence is not None and earlier and not (evidence.is_file() and evidence.stat().st_size):
        raise BadInput(
            f"{evidence}: it is new, and {settings.state} holds {earlier:,} events that it would "
            "lack; give the evidence of that run, or begin with a new --state"
        )


def _hear(settings: Settings, crime_system: KeptCrimeSystem, evidence: StandingEvidence) -> None:
    """Have the records tell what happens, and which events a portal that fetches has read."""
    crime_system.evidence.hear = evidence.note
    if settings.portal_url or settings.has_integration:
        # The feed is read by nobody: its unread changes say nothing of the portal.
        crime_system.evidence.hear = _but(ChangesSeenAsOne, evidence.note)
    else:
        crime_system.is_fetched(
            lambda event_id: evidence.delivered(event_id, _TAKEN, "", wall_now())
        )
    crime_system.note_unsaid()


def _but(kind: type[Record], hear: Callable[[Record], None]) -> Callable[[Record], None]:
    return lambda record: None if isinstance(record, kind) else hear(record)


def _doors(
    settings: Settings, known: Known, evidence: StandingEvidence, secret: str
) -> dict[str, Application]:
    """Match what an integration delivers, to the portal or into an org, with the records."""
    crime_system = known.crime_system
    deliveries = MatchedDeliveries(evidence.note, crime_system.taken, wall_now)
    deliveries.restore(crime_system.earlier(), crime_system.delivered_as, crime_system.deleted)
    crime_system.on_recorded, evidence.named = deliveries.recorded, deliveries.ours
    crime_system.tell_corrections(deliveries.corrected)
    crime_system.on_deleted, deliveries.withdraw = deliveries.withdrawn, crime_system.withdraw
    if not settings.portal_url:
        OrgDoor(known.records, read_org_map(ORG_MAP), deliveries, evidence.note)
        return {}
    door = portal_door(settings.portal_url, deliveries, wall_now, secret=secret)
    return {"portal_door": door}


def _meet(evidence: StandingEvidence, journal: Journal, person: PersonKnown) -> None:
    journal.write(PersonKept(at=person.at, person=person))
    evidence.meet(person)


def _mail_server(
    settings: Settings,
    inbox: KeptInbox,
    chaos: Chaos,
    certificates: Certificates | None,
    password: str,
    trouble: MailFront,
) -> AbstractContextManager[str]:
    """Serve mail, by STARTTLS and with a login if one was named."""
    has_login = certificates is not None and settings.mail_name
    return smtp_serving(
        inbox,
        port=settings.first_port + 4,
        host=settings.host,
        chaos=chaos,
        tls=certificates.server_context() if certificates and has_login else None,
        login=Login(settings.mail_name, password) if has_login else None,
        trouble=trouble,
    )


def _certificates(settings: Settings) -> Certificates | None:
    """Make the certificates of what wants TLS, if anything does."""
    if not (settings.dynamics or settings.salesforce or settings.mail_name):
        return None
    folder = _folder(settings)
    names = names_of_machine(settings.host) if settings.is_open else ()
    return loopback_certificates(folder, *names)


def _signing_key(settings: Settings) -> str:
    """Make the key by which an app signs in to Salesforce (JWT bearer), if there is one."""
    if settings.salesforce is None:
        return ""
    return signing_key(_folder(settings) / SIGNING_KEY)


def _folder(settings: Settings) -> Path:
    """Where certificates and keys go."""
    folder = settings.dynamics or settings.salesforce or CERTIFICATES
    folder.mkdir(parents=True, exist_ok=True)
    return folder


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
    applications: dict[str, Application] = {**fronts}
    for name, own in {"inspection": inspection, "control": control}.items():
        applications[name] = Guard(own, any_host=settings.is_open)
    urls = {}
    if "salesforce" in fronts:
        applications["salesforce_http"] = fronts["salesforce"]
    for name, application in applications.items():
        # Microsoft's client insists on TLS, and so does simple-salesforce.
        tls = certificates if name in {"dynamics", "salesforce"} else None
        port = settings.first_port + _PLACES[name]
        urls[name] = stack.enter_context(serving(application, port, host=settings.host, tls=tls))
    return urls


def until_stopped(settings: Settings, show: Callable[[Running], None]) -> None:
    """Serve until a signal arrives; `show` gets the addresses once they are served."""
    with until_signalled() as wait, running_doubles(settings) as running:
        show(running)
        wait()
