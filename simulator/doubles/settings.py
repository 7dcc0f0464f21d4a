"""What the doubles are started with: where they listen, what they serve, and their secrets."""

import base64
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from simulator.errors import BadInput
from simulator.inputs.target import Patterns
from simulator.neighbours.gateway.notify_service import parts_of_key
from simulator.processes.loopback import HOST, is_loopback

#: The doubles listen on this many ports, from the first on.
PORTS = 12
#: How a portal on another machine signs in to the mail server if no other name was given.
OPEN_MAIL_LOGIN = "portal"
TENANT_ID = "5d0a7c4e-31fb-4c27-8f6e-7b1d9a2e4c05"
CLIENT_ID = "0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01"
#: The key of the app that signs in to Salesforce.
CONSUMER_KEY = "3MVG9portalsuite"
#: Where other machines may connect, a token of fewer characters could be guessed.
TOKEN_CHARACTERS_MIN = 24
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
    "marketing_cloud": "MARKETING_CLOUD_CLIENT_SECRET",
    "salesforce": "SALESFORCE_CLIENT_SECRET",
}
#: Tokens without a form of their own, by which others sign in here.
_GUESSABLE = (
    "doubles",
    "crime_system",
    "dynamics",
    "force_api",
    "mail",
    "marketing_cloud",
    "salesforce",
)


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
    #: Where the certificates of a Salesforce go; None serves none.
    salesforce: Path | None = None
    #: Where changes in Dynamics go; "" for nowhere.
    webhook_url: str = ""
    #: The name by which a portal signs in to the mail server; "" for none or our own.
    mail_login: str = ""
    #: An integration carries events to the portal, by the portal's door.
    has_integration: bool = False
    #: Where evidence for the judge goes; None writes none.
    evidence: Path | None = None
    #: How the portal's links and codes are known in its messages.
    patterns: Patterns = field(default_factory=Patterns)
    #: The Notify service with its keys, templates and limits; None is a live service.
    notify_service: Path | None = None
    #: The business unit at Marketing Cloud; None is one that does as Salesforce documents.
    marketing_cloud: Path | None = None
    #: The relying party at One Login; None serves none.
    one_login: Path | None = None
    #: A plan of faults, from the start on.
    faults: Path | None = None
    seed: int = 0

    @property
    def mail_name(self) -> str:
        """The name of the mail server's login; where other machines may connect it has one."""
        return self.mail_login or (OPEN_MAIL_LOGIN if self.is_open else "")

    @property
    def is_open(self) -> bool:
        """Whether other machines may connect."""
        return not is_loopback(self.host)


def secrets_of(settings: Settings) -> tuple[dict[str, str], dict[str, str]]:
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
        "salesforce": lambda: secrets.token_urlsafe(32) if settings.salesforce else "",
        "mail": lambda: secrets.token_urlsafe(32) if settings.mail_name else "",
        "webhook": lambda: secrets.token_urlsafe(32) if settings.webhook_url else "",
        "marketing_cloud": lambda: secrets.token_urlsafe(32),
        "doubles": lambda: secrets.token_urlsafe(32) if settings.is_open else "",
    }
    made_up = {
        VARIABLES[name]: made
        for name, value in values.items()
        if not value and (made := fresh[name]())
    }
    values |= {name: made_up[each] for name, each in VARIABLES.items() if each in made_up}
    _check(values)
    if settings.is_open:
        _check_length(values)
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


def _check_length(values: dict[str, str]) -> None:
    """Refuse a token that other machines could guess; a key and a secret have a form of their own.

    The webhook key and the receipts token are what the doubles say to others.
    """
    for name in _GUESSABLE:
        if 0 < len(values[name]) < TOKEN_CHARACTERS_MIN:
            raise BadInput(
                f"{VARIABLES[name]}: fewer than {TOKEN_CHARACTERS_MIN} characters, and other "
                "machines may connect; make one with `openssl rand -base64 32`, or leave it out"
            )


def _can_sign(secret: str) -> bool:
    try:
        Webhook(secret)
    except (ValueError, RuntimeError, EmptyWebhookSecretError):
        return False
    return secret.startswith("whsec_")
