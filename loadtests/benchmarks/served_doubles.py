"""The doubles as `portal-suite neighbours` serves them, each for a server process of its own.

`uvicorn --factory loadtests.benchmarks.served_doubles:gateway`, and the like. Their records and
secrets are those of the benchmark.
"""

from collections.abc import Callable

from simulator.clock import wall_now
from simulator.doubles.faces import OTHER_BODIES, WORDINGS
from simulator.doubles.front import Front, Requests
from simulator.doubles.journal import Journal
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.kept_neighbours import KeptInbox
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.dataverse.api import dataverse_app
from simulator.neighbours.dataverse.entra import ServiceAccount
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.dataverse.tables import TABLES
from simulator.neighbours.force_api.api import force_api_app
from simulator.neighbours.force_api.feed import Feed
from simulator.neighbours.force_api.fields import read_fields
from simulator.neighbours.force_api.subscriptions import Subscriptions
from simulator.neighbours.gateway.chaos import Chaos
from simulator.neighbours.gateway.mailpit import mailpit_app
from simulator.neighbours.gateway.notify import DEFAULT_TEMPLATES, notify_app
from simulator.neighbours.gateway.notify_service import NotifyService
from simulator.neighbours.marketing_cloud.api import marketing_cloud_app
from simulator.neighbours.marketing_cloud.business_unit import BusinessUnit
from simulator.neighbours.marketing_cloud.tokens import Package, Tokens
from simulator.neighbours.salesforce.api import salesforce_app
from simulator.neighbours.salesforce.oauth import ConnectedApp
from simulator.neighbours.salesforce.objects import OBJECTS
from simulator.neighbours.salesforce.records import Records
from simulator.processes.asgi import Application

KEY = "bench-0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01-5d0a7c4e-31fb-4c27-8f6e-7b1d9a2e4c02"
TOKEN = "a-token-of-the-benchmark"  # noqa: S105  nobody else has it
ACCOUNT = ServiceAccount(tenant_id="tenant", client_id="client", client_secret=TOKEN)
#: As many cases as an officer's team may have open.
CASES = 1000
MESSAGES = 1000


def gateway() -> Application:
    """GOV.UK Notify."""
    service = NotifyService.of_key(KEY)
    inbox = KeptInbox(wall_now, Journal())
    app = notify_app(inbox, service=service, security_now=wall_now, templates=DEFAULT_TEMPLATES)
    return _fronted("gateway", app)


def crime_system() -> Application:
    """The crime system of the contract, with one crime."""
    from reference.contract.events import CrimeReopened

    kept = KeptCrimeSystem(wall_now, Journal(), Rows(wall_now))
    kept.record(CrimeReopened(crime_reference="43260000001", reopened_at=wall_now()))
    return _fronted("crime_system", crime_system_app(kept, token=TOKEN))


def dynamics() -> Application:
    """Dynamics, without TLS."""
    return _fronted("dynamics", dataverse_app(_rows(), account=ACCOUNT, now=wall_now))


def force_api() -> Application:
    """The force's own API."""
    rows, types = _rows(), read_fields()
    subscriptions = Subscriptions(Feed(types, rows), rows, wall_now)
    return _fronted("force_api", force_api_app(rows, types, subscriptions, token=TOKEN))


def marketing_cloud() -> Application:
    """Salesforce Marketing Cloud."""
    app = marketing_cloud_app(
        BusinessUnit(KeptInbox(wall_now, Journal())),
        tokens=Tokens(Package.of_key(KEY), wall_now),
        post=lambda _url, _body, _headers: None,
    )
    return _fronted("marketing_cloud", app)


def salesforce() -> Application:
    """Salesforce, without TLS."""
    records = Records(wall_now)
    for number in range(CASES):
        case = {"Subject": "Burglary", "Crime_Number__c": f"{number:011d}"}
        records.create(OBJECTS["case"], case)
    app = ConnectedApp(key=ACCOUNT.client_id, secret=TOKEN)
    return _fronted("salesforce", salesforce_app(records, app=app, now=wall_now))


def inspection() -> Application:
    """What was sent."""
    inbox = KeptInbox(wall_now, Journal())
    for number in range(MESSAGES):
        inbox.accept(
            channel="text",
            to=f"07700900{number % 1000:03d}",
            to_given="",
            subject="",
            body="There is an update.",
            sender="force",
            reference=f"reference-{number}",
            template_id="",
        )
    return mailpit_app(inbox, chaos=Chaos())


DOUBLES: dict[str, Callable[[], Application]] = {
    each.__name__: each
    for each in (
        gateway,
        marketing_cloud,
        crime_system,
        dynamics,
        force_api,
        salesforce,
        inspection,
    )
}


def _rows() -> Rows:
    rows = Rows(wall_now)
    for number in range(CASES):
        rows.create(TABLES["incident"], {"title": "Burglary", "ticketnumber": f"{number:011d}"})
    return rows


def _fronted(name: str, application: Application) -> Application:
    return Front(
        name,
        application,
        requests=Requests(),
        now=wall_now,
        failed=WORDINGS[name],
        other_bodies=OTHER_BODIES.get(name, ()),
    )
