"""What a portal or an integration reaches of the doubles, each with its faults and its log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from simulator.clock import wall_now
from simulator.doubles.front import Front, Requests
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.kept_neighbours import KeptInbox
from simulator.doubles.notify_service_file import read_service
from simulator.doubles.settings import CLIENT_ID, CONSUMER_KEY, TENANT_ID, Settings
from simulator.files import checked_toml
from simulator.neighbours.crime_system import problems
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.dataverse import errors
from simulator.neighbours.dataverse.api import dataverse_app
from simulator.neighbours.dataverse.entra import ServiceAccount
from simulator.neighbours.dataverse.limits import DOCUMENTED_LIMITS as DYNAMICS_LIMITS
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.force_api import refusals
from simulator.neighbours.force_api.api import force_api_app
from simulator.neighbours.force_api.fields import ResourceType
from simulator.neighbours.force_api.subscriptions import Subscriptions
from simulator.neighbours.gateway import notify_errors
from simulator.neighbours.gateway.notify import DEFAULT_TEMPLATES, Templates, notify_app
from simulator.neighbours.gateway.notify_service import (
    DOCUMENTED_LIMITS,
    ApiKey,
    Limits,
    NotifyService,
    parts_of_key,
)
from simulator.neighbours.marketing_cloud import errors as marketing_cloud_errors
from simulator.neighbours.marketing_cloud.api import marketing_cloud_app
from simulator.neighbours.marketing_cloud.business_unit import BusinessUnit
from simulator.neighbours.marketing_cloud.notifications import Post
from simulator.neighbours.marketing_cloud.tokens import Package, Tokens
from simulator.neighbours.one_login import api as one_login_api
from simulator.neighbours.one_login.api import one_login_app
from simulator.neighbours.one_login.provider import Provider
from simulator.neighbours.one_login.settings import Client
from simulator.neighbours.salesforce import errors as salesforce_errors
from simulator.neighbours.salesforce.api import CALLS_A_DAY, salesforce_app
from simulator.neighbours.salesforce.oauth import ConnectedApp
from simulator.neighbours.salesforce.records import Records
from simulator.processes.asgi import Application

#: How each double words a failure of its own.
WORDINGS: Mapping[str, Callable[[int], Response]] = {
    "gateway": notify_errors.failed,
    "crime_system": problems.failed,
    "portal_door": problems.failed,
    "dynamics": errors.failed,
    "force_api": refusals.failed,
    "marketing_cloud": marketing_cloud_errors.failed,
    "one_login": one_login_api.failed,
    "salesforce": salesforce_errors.failed,
}
#: How the paths of a double end that take other bodies than JSON: forms, and batches.
OTHER_BODIES: Mapping[str, tuple[str, ...]] = {
    "dynamics": ("/token", "/$batch"),
    "one_login": ("/token",),
    "salesforce": ("/oauth2/token", "/oauth2/revoke"),
}
#: Where another site sends a browser to.
PAGES: Mapping[str, tuple[str, ...]] = {
    "one_login": ("/authorize", "/logout"),
    "salesforce": ("/services/oauth2/authorize",),
}


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the doubles know, of this run and of those before."""

    inbox: KeptInbox
    crime_system: KeptCrimeSystem
    rows: Rows
    types: Mapping[str, ResourceType]
    subscriptions: Subscriptions
    unit: BusinessUnit
    records: Records


@dataclass(frozen=True, kw_only=True)
class Notify:
    """The service at Notify, and the keys that were made up for it."""

    service: NotifyService
    templates: Templates
    made_up: dict[str, str]


def applications(
    settings: Settings,
    values: Mapping[str, str],
    known: Known,
    notify: Notify,
    post: Post,
    public_key: str = "",
) -> dict[str, Application]:
    """Make what a portal or an integration reaches, by name; `post` calls what it registered."""
    found: dict[str, Application] = {
        "gateway": notify_app(
            known.inbox,
            service=notify.service,
            security_now=wall_now,
            templates=notify.templates,
        ),
        "crime_system": crime_system_app(known.crime_system, token=values["crime_system"]),
        "marketing_cloud": marketing_cloud_app(
            known.unit,
            tokens=Tokens(
                Package(client_id=CLIENT_ID, client_secret=values["marketing_cloud"]), wall_now
            ),
            post=post,
            may_call_anywhere=settings.is_open,
        ),
    }
    if settings.dynamics is not None:
        found["dynamics"] = dataverse_app(
            known.rows,
            account=ServiceAccount(
                tenant_id=TENANT_ID, client_id=CLIENT_ID, client_secret=values["dynamics"]
            ),
            now=wall_now,
            limits=DYNAMICS_LIMITS if settings.has_limits else None,
        )
    if settings.one_login is not None:
        client = checked_toml.read(settings.one_login, Client)
        found["one_login"] = one_login_app(Provider(client, wall_now), token=values["doubles"])
    if settings.force_api is not None:
        found["force_api"] = force_api_app(
            known.rows,
            known.types,
            known.subscriptions,
            token=values["force_api"],
            may_push_anywhere=settings.is_open,
        )
    if settings.salesforce is not None:
        found["salesforce"] = salesforce_app(
            known.records,
            app=ConnectedApp(key=CONSUMER_KEY, secret=values["salesforce"], public_key=public_key),
            now=wall_now,
            calls_max=CALLS_A_DAY if settings.has_limits else 0,
        )
    return found


def fronts(
    found: Mapping[str, Application], requests: Requests, *, seed: int, is_open: bool = False
) -> dict[str, Front]:
    """Put the guard, faults and the log of requests in front of each."""
    return {
        name: Front(
            name.replace("_", " "),
            each,
            requests=requests,
            now=wall_now,
            failed=WORDINGS[name],
            seed=seed,
            other_bodies=OTHER_BODIES.get(name, ()),
            pages=PAGES.get(name, ()),
            any_host=is_open,
        )
        for name, each in found.items()
    }


def notify_of(settings: Settings, api_key: str) -> Notify:
    """Make the service at Notify, by its file if there is one; raises BadInput."""
    if settings.notify_service is not None:
        service, templates, made_up = read_service(
            settings.notify_service, api_key, has_limits=settings.has_limits
        )
        return Notify(service=service, templates=templates, made_up=made_up)
    service_id, secret = parts_of_key(api_key)
    live = NotifyService(
        id=service_id,
        keys=(ApiKey(secret=secret),),
        senders=frozenset(),
        sends_letters=True,
        limits=DOCUMENTED_LIMITS if settings.has_limits else Limits(),
    )
    return Notify(service=live, templates=DEFAULT_TEMPLATES, made_up={})
