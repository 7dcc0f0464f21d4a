"""The target file: what a portal claims, and how to reach it. Checked before anything runs.

Read from `scenarios/targets/*.toml`. Secrets are named by environment variable, never written.
"""

import base64
import os
import re
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct, field, structs

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.files.paths import ROOT, found
from simulator.inputs.capabilities import Capability
from simulator.inputs.handsets import Handsets
from simulator.inputs.own_people import OwnPeople
from simulator.inputs.selectors import read_selectors
from simulator.neighbours.gateway.message_contents import NO_AREA_CODE

#: How a key for Standard Webhooks begins; base64 follows.
EVENTS_PREFIX = "whsec_"
_WAYS = ("application", "driver", "program", "by_hand")


class Claims(Strict, frozen=True, kw_only=True):
    """What the vendor says the portal does, and who says so."""

    name: str
    version: str
    phases: tuple[Annotated[int, Meta(ge=1, le=3)], ...]
    capabilities: tuple[Capability, ...]
    signatory: str


class Patterns(Strict, frozen=True, kw_only=True):
    """How to find the links and the code in a message; group 1 is the link or the code.

    The `not_for_me_link` says that the message was not for the person there, and opens nothing.
    """

    invitation_link: str = r"(https?://\S+/invitation/\S+)"
    one_time_code: str = NO_AREA_CODE + r"\b([0-9]{6})\b"
    not_for_me_link: str = r"(https?://\S+/not-for-me/[\w-]+)"

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            try:
                groups = re.compile(getattr(self, name)).groups
            except (re.error, OverflowError, RecursionError) as error:
                raise ValueError(f"{name} is not a regular expression: {error}") from None
            if groups != 1:
                raise ValueError(f"{name} needs exactly one group, around the link or the code")


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
    for the vendor's own driver; `program` is the vendor's command that speaks JSON lines. The last
    two may also name a `portal_url`, or know where their portal is. `portal_url` alone is a portal
    with the interfaces of the contract. With `selectors`, the path of a selectors file, the suite
    uses its pages in a browser as victims do. With `events_path`, such as "/crime-events", the
    suite itself posts the events there, signed as the contract has it, past the vendor's driver.
    `command` starts the portal on loopback first;
    "{python}" and "{port}" in it are filled in. With `by_hand` a tester keys into the test crime
    system, and uses the portal as victims do if there is no `portal_url`. `neighbours_port` is
    where our gateway listens; the crime system and the mail server use the next two ports.
    `handsets` get the messages of a portal that cannot use our gateway.
    """

    application: str = ""
    by_hand: bool = False
    driver: str = ""
    program: tuple[str, ...] = ()
    portal_url: str = ""
    selectors: str = ""
    events_path: str = ""
    command: tuple[str, ...] = ()
    neighbours_port: Annotated[int, Meta(ge=0, le=65533)] = 0
    wait_seconds_max: Annotated[float, Meta(gt=0, le=3600)] = 10.0
    handsets: Handsets | None = None
    patterns: Patterns = field(default_factory=Patterns)
    secrets: Secrets = field(default_factory=Secrets)

    @property
    def has_driver(self) -> bool:
        """Whether a vendor's own driver stands between the suite and the portal."""
        return bool(self.driver or self.program)

    @property
    def lives_with_the_run(self) -> bool:
        """Whether the run starts the portal, on this machine alone."""
        return bool(self.application or self.command or not (self.portal_url or self.by_hand))

    def __post_init__(self) -> None:
        ways = [each for each in _WAYS if getattr(self, each)]
        if len(ways) > 1:
            raise ValueError(f"give only one of {' and '.join(ways)}")
        if not ways and not self.portal_url:
            raise ValueError(
                "give application (in process), driver, program, by_hand or portal_url"
            )
        if self.application and self.portal_url:
            raise ValueError("give either application (in process) or portal_url (by URL)")
        if self.by_hand and self.command:
            raise ValueError(
                "give either by_hand or command: a tester cannot key into a portal that we start"
            )
        if self.selectors and not {*ways} <= {"by_hand"}:
            raise ValueError(
                f"give either selectors (by the portal's pages, at portal_url) or {ways[0]}"
            )
        if self.portal_url and not re.fullmatch(r"https?://[^/\s@]+", self.portal_url):
            raise ValueError(
                f"portal_url is {self.portal_url!r}; give scheme and host only, "
                "for example http://127.0.0.1:8080"
            )
        if self.command and "{port}" not in self.portal_url:
            raise ValueError('with command, portal_url is "http://127.0.0.1:{port}"')
        if self.events_path and not re.fullmatch(r"/[!-~]*", self.events_path):
            raise ValueError(
                f"events_path is {self.events_path!r}; give a path that begins with /, "
                "such as /crime-events"
            )
        if self.events_path and not (self.has_driver and self.portal_url):
            raise ValueError(
                "events_path is only for a portal with a driver of its own and a portal_url"
            )
        if "{port}" in self.portal_url and not self.command:
            raise ValueError(
                "portal_url has {port} in it, which only command fills in; give the port, or a "
                "command"
            )


class Target(Strict, frozen=True, kw_only=True):
    """A portal under test, and the order of the force that it is judged by.

    `order` is a path from the current folder, else from the suite's own; each target names one.
    `people` is what the portal's test environment asks of the names, ids and domains of a run.
    """

    claims: Claims
    access: Access
    people: OwnPeople = field(default_factory=OwnPeople)
    order: str

    def __post_init__(self) -> None:
        if self.access.by_hand:
            self._check_by_hand()
        own = sorted({"messages_since", "stamps_since"} & set(self.claims.capabilities))
        if own and not (self.access.driver or self.access.program):
            raise ValueError(
                f"claims.capabilities has {' and '.join(own)}, which only the vendor's own driver "
                "or program can give"
            )

    def _check_by_hand(self) -> None:
        """Refuse claims that a tester cannot check by hand."""
        access = self.access
        why = {
            "test_clock": "time is real where a tester keys in",
            "correlates": "the test crime system numbers its own events",
            "carries_correlation_id": "no tester sees what a message carries beside its words",
            "advice_text": "no tester copies whole pages of advice",
            "reach_officer": "no tester copies what a report says about reaching the officer",
        }
        if not access.portal_url:
            why["receipts"] = "without portal_url nobody gives them to the portal"
            if access.handsets is None:
                why["received_texts"] = "without handsets or portal_url nobody texts back"
        for each in self.claims.capabilities:
            if each in why:
                raise ValueError(f"claims.capabilities has {each}, and access.by_hand: {why[each]}")


class UnusableSecret(BadInput):
    """The events secret cannot sign: `check` says so in a row, and nothing else begins."""


class SecretValues(Struct, frozen=True, kw_only=True):
    """The secrets themselves; no log, report or file may hold them."""

    events: str
    receipts: str
    gateway: str
    crime_system: str
    identity: str
    test_clock: str

    def __repr__(self) -> str:
        return "SecretValues(…)"


def read_target(path: Path) -> Target:
    """Read and check a target file, and the selectors file it names; raises BadInput."""
    target = checked_toml.read(path, Target)
    access = target.access
    order = _from_anywhere(target.order)
    if not (ROOT / order).is_file():
        raise BadInput(f"{path}: order is {target.order!r}: there is no such file; check the path")
    if access.selectors:
        access = structs.replace(access, selectors=_from_anywhere(access.selectors))
        try:
            read_selectors(ROOT / access.selectors)
        except BadInput as error:
            raise BadInput(f"{path}: access.selectors: {error}") from None
    return structs.replace(target, order=order, access=access)


def check_phase(target: Target, path: Path, phase: int) -> None:
    """Refuse a phase that the target does not claim; raises BadInput."""
    claimed = list(target.claims.phases)
    if phase not in claimed:
        raise BadInput(
            f"{path}: claims.phases is {claimed}, so phase {phase} is not claimed; "
            "give a claimed phase with --phase, or claim this phase in the file"
        )


def _from_anywhere(path: str) -> str:
    """Return a path as seen from the suite's own folder.

    The suite's own files keep their short names.
    """
    whole = found(Path(path)).absolute()
    return path if whole == ROOT / path else str(whole)


def secret_values(target: Target, path: Path) -> SecretValues:
    """Take the secrets from the environment; make them up for a portal that we start.

    Raises BadInput naming the variables that are missing.
    """
    names = target.access.secrets
    if target.access.lives_with_the_run:
        return rehearsal_secrets()
    needed = _needed(target)
    missing = [getattr(names, each) for each in needed if not os.environ.get(getattr(names, each))]
    if missing:
        raise BadInput(
            f"{path}: access.secrets: not in the environment: {', '.join(missing)}; export them "
            "(`portal-suite new-secrets` makes a set), or name other variables there"
        )
    if "events" in needed and not _can_sign(os.environ[names.events]):
        raise UnusableSecret(
            f"{path}: access.secrets.events: the value of {names.events} cannot sign; it must be "
            f"{EVENTS_PREFIX} and then base64, as `portal-suite new-secrets` makes it"
        )
    return SecretValues(
        **{each: os.environ.get(getattr(names, each), "") for each in names.__struct_fields__}
    )


def _can_sign(secret: str) -> bool:
    """Say whether Standard Webhooks has such a key; its library also takes what is no base64."""
    key = secret.removeprefix(EVENTS_PREFIX)
    try:
        return key != secret and bool(base64.b64decode(key, validate=True))
    except ValueError:
        return False


def _needed(target: Target) -> tuple[str, ...]:
    """Name the secrets that a run needs: those of what is claimed, and by hand few of the rest."""
    access, claimed = target.access, {*target.claims.capabilities}
    keyed_in = access.by_hand
    calls_back = bool({"receipts", "received_texts"} & claimed)
    found = {
        "events": not keyed_in,
        "receipts": calls_back and not (keyed_in and not access.portal_url),
        "gateway": not keyed_in or access.handsets is None,
        "crime_system": not keyed_in,
        "identity": not keyed_in,
        "test_clock": "test_clock" in claimed,
    }
    return tuple(name for name, is_needed in found.items() if is_needed)


def way_of(target: Target) -> str:
    """Say in words how a portal is reached, for a report."""
    access = target.access
    if access.application:
        return "in process"
    if access.by_hand:
        besides = "its pages" if access.selectors else "its API" if access.portal_url else ""
        return f"by hand, and by {besides}" if besides else "by hand"
    if access.driver or access.program:
        return f"by its own driver, {access.driver or ' '.join(access.program)}"
    if access.selectors:
        return "by its pages, in a browser"
    return "by URL"


def order_name_of(target: Target) -> str:
    """Name a target's order without saying where on this machine it is."""
    return Path(target.order).name if Path(target.order).is_absolute() else target.order


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
