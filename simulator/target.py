"""The target file: what a portal claims, and how to reach it. Checked before anything runs.

Read from `scenarios/targets/*.toml`. Secrets are named by environment variable, never written.
"""

import os
import re
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct, field, structs
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from simulator import checked_toml
from simulator.drivers.base import Capability
from simulator.errors import BadInput
from simulator.order import Strict
from simulator.places import ROOT, found


class Claims(Strict, frozen=True, kw_only=True):
    """What the vendor says the portal does, and who says so."""

    name: str
    version: str
    phases: tuple[Annotated[int, Meta(ge=1, le=3)], ...]
    capabilities: tuple[Capability, ...]
    signatory: str


class Patterns(Strict, frozen=True, kw_only=True):
    """How to find the link and the code in a message; group 1 is what is wanted."""

    invitation_link: str = r"(https?://\S+/invitation/\S+)"
    one_time_code: str = r"\b([0-9]{6})\b"

    def __post_init__(self) -> None:
        for name in ("invitation_link", "one_time_code"):
            try:
                groups = re.compile(getattr(self, name)).groups
            except (re.error, OverflowError, RecursionError) as error:
                raise ValueError(f"{name} is not a regular expression: {error}") from None
            if groups != 1:
                raise ValueError(f"{name} needs exactly one group, around what is wanted")


class Secrets(Strict, frozen=True, kw_only=True):
    """Names of the environment variables that hold the secrets."""

    events: str = "PORTAL_EVENTS_SECRET"
    receipts: str = "PORTAL_RECEIPTS_TOKEN"
    gateway: str = "PORTAL_GATEWAY_KEY"
    crime_system: str = "PORTAL_CRIME_SYSTEM_TOKEN"
    identity: str = "PORTAL_IDENTITY_KEY"
    test_clock: str = "PORTAL_TEST_CLOCK_TOKEN"


class Access(Strict, frozen=True, kw_only=True):
    """How to reach the portal: exactly one of `application`, `driver`, `program`, `portal_url`.

    `application` is `module:function` for a portal called in process; `driver` is `module:Class`
    of the vendor's own driver, and `program` the vendor's command that speaks JSON lines. Either
    may name a `portal_url` besides, else it knows itself where its portal is. `portal_url` alone
    is a portal with the interfaces of the contract. `command` starts it on loopback first;
    "{python}" and "{port}" in it are filled in. `neighbours_port` is where our gateway listens and
    the crime system beside it, on the next port.
    """

    application: str = ""
    driver: str = ""
    program: tuple[str, ...] = ()
    portal_url: str = ""
    command: tuple[str, ...] = ()
    neighbours_port: Annotated[int, Meta(ge=0, le=65534)] = 0
    wait_seconds_max: Annotated[float, Meta(gt=0, le=3600)] = 10.0
    patterns: Patterns = field(default_factory=Patterns)
    secrets: Secrets = field(default_factory=Secrets)

    @property
    def lives_with_the_run(self) -> bool:
        """Whether the run starts the portal, on this machine alone."""
        return bool(self.application or self.command or not self.portal_url)

    def __post_init__(self) -> None:
        ways = [each for each in ("application", "driver", "program") if getattr(self, each)]
        if len(ways) > 1:
            raise ValueError(f"give only one of {' and '.join(ways)}")
        if not ways and not self.portal_url:
            raise ValueError("give application (in process), driver, program or portal_url")
        if self.application and self.portal_url:
            raise ValueError("give either application (in process) or portal_url (by URL)")
        if self.portal_url and not re.fullmatch(r"https?://[^/\s@]+", self.portal_url):
            raise ValueError(
                f"portal_url is {self.portal_url!r}; give scheme and host only, "
                "for example http://127.0.0.1:8080"
            )
        if self.command and "{port}" not in self.portal_url:
            raise ValueError('with command, portal_url is "http://127.0.0.1:{port}"')
        if "{port}" in self.portal_url and not self.command:
            raise ValueError("portal_url has {port} in it, which only command fills in")


class Target(Strict, frozen=True, kw_only=True):
    """A portal under test. `order` is a path from the current folder, else from the suite's own."""

    claims: Claims
    access: Access
    order: str = "scenarios/orders/two-forces.toml"


class SecretValues(Struct, frozen=True, kw_only=True):
    """The secrets themselves, which no log, report or file may hold."""

    events: str
    receipts: str
    gateway: str
    crime_system: str
    identity: str
    test_clock: str

    def __repr__(self) -> str:
        return "SecretValues(…)"


def read_target(path: Path) -> Target:
    """Read and check a target file; raises BadInput naming the field."""
    target = checked_toml.read(path, Target)
    order = found(Path(target.order)).absolute()
    # Whoever reads it starts from the suite's own folder; its own orders keep their short names.
    is_ours = order == ROOT / target.order
    return target if is_ours else structs.replace(target, order=str(order))


def secret_values(target: Target, path: Path) -> SecretValues:
    """Take the secrets from the environment; a portal that we start has made-up ones.

    Raises BadInput naming the variables that are missing.
    """
    names = target.access.secrets
    if target.access.lives_with_the_run:
        return rehearsal_secrets()
    missing = [
        getattr(names, each)
        for each in names.__struct_fields__
        if not os.environ.get(getattr(names, each))
    ]
    if missing:
        raise BadInput(
            f"{path}: access.secrets: not in the environment: {', '.join(missing)}; export them, "
            "or name other variables there"
        )
    try:
        Webhook(os.environ[names.events])
    except (ValueError, RuntimeError, EmptyWebhookSecretError):
        raise BadInput(
            f"{path}: access.secrets.events: what {names.events} holds cannot sign; "
            "give whsec_ and base64"
        ) from None
    return SecretValues(
        **{each: os.environ[getattr(names, each)] for each in names.__struct_fields__}
    )


def rehearsal_secrets() -> SecretValues:
    """Secrets for a portal that lives only as long as the run, on this machine alone."""
    return SecretValues(
        events="whsec_" + "cmVoZWFyc2FsLW9ubHktZXZlbnRzLXNlY3JldA==",
        receipts="rehearsal-only-receipts-token",
        gateway="rehearsal-00000000-0000-4000-8000-000000000001-00000000-0000-4000-8000-000000000002",
        crime_system="rehearsal-only-crime-system-token",
        identity="rehearsal-only-identity-key",
        test_clock="rehearsal-only-test-clock-token",
    )
