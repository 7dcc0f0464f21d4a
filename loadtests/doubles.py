"""The doubles around a portal under load, in threads of this process.

They use the time of day. The handsets give a visitor the one-time code from their telephone, as the
world does elsewhere; the evidence does not keep it. They also tell a worker on another machine what
time it is here, and take when the burst begins.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from loadtests.gateway_faults import GatewayFaults
from loadtests.own_driver import OwnDriver
from loadtests.postgres import PostgresServer
from loadtests.rate_cap import PacedDriver, RateCap
from simulator.clock import wall_now, wall_sleep
from simulator.drivers.base import Driver
from simulator.evidence.records import EvidenceLog, MessageAccepted
from simulator.inputs.order import Order
from simulator.inputs.target import Patterns, SecretValues, Target
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.processes.loopback import HOST, free_port, serving
from simulator.world.message_secrets import MessageSecrets
from simulator.world.portal_process import StartedPortal, portal_process

#: How long a question for a code waits for it, and how often it looks.
_CODE_SECONDS_MAX = 1.0
_LOOK_SECONDS = 0.02


class Handsets(Inbox):
    """The gateway's inbox, which also keeps each victim's newest code and link."""

    def __init__(self, patterns: Patterns) -> None:
        super().__init__(wall_now)
        self._secrets = MessageSecrets(patterns)
        self._codes: dict[str, tuple[datetime, str]] = {}
        self.links: dict[str, str] = {}

    def accept(self, **fields: Any) -> Accepted:
        """Keep a message, and its link or code."""
        message = super().accept(**fields)
        link, code = self._secrets.link_in(message), self._secrets.code_in(message)
        if link:
            self.links[message.reference] = link
        elif code:
            self._codes[message.to] = (message.accepted_at, code)
        return message

    def code(self, address: str, since: datetime) -> str:
        """Return the one-time code that came to an address since then, or ""."""
        at, code = self._codes.get(address, (since, ""))
        return code if at >= since else ""

    def as_evidence(self, message: Accepted) -> MessageAccepted:
        """Make the evidence of a message, with its link or code struck out."""
        return self._secrets.as_evidence(message)


class Beginning:
    """When the burst begins, which Locust says: `at` is set once `wait` returns True."""

    def __init__(self) -> None:
        self._is_set = threading.Event()
        self.at = wall_now()

    def set(self, at: datetime) -> None:
        """Say when it begins."""
        self.at = at
        self._is_set.set()

    def has_begun(self) -> bool:
        """Say whether that time has come."""
        return self._is_set.is_set() and wall_now() >= self.at

    def wait(self, seconds_max: float) -> bool:
        """Wait until that was said; return whether it was."""
        return self._is_set.wait(seconds_max)


@dataclass(frozen=True)
class PortalWithDoubles:
    """A running portal and the doubles around it.

    `started` is None for a portal that ran already, `postgres` for one without a database of ours.
    """

    evidence: EvidenceLog
    handsets: Handsets
    gateway: GatewayFaults
    crime_system: CrimeSystem
    driver: Driver
    own_driver: OwnDriver
    portal_url: str
    gateway_url: str
    handsets_url: str
    secrets: SecretValues
    beginning: Beginning
    folder: Path
    started: StartedPortal | None
    postgres: PostgresServer | None
    rate_cap: RateCap

    def another_driver(self) -> Driver:
        """Make a driver for the portal, with its own connections, under the same cap."""
        return paced(self.own_driver.made(self.secrets, how_it_ended(self.started)), self.rate_cap)


@dataclass(frozen=True)
class Doubles:
    """How the doubles are set up: where they listen, and what our gateway takes a minute.

    `requests_per_second_max` is the cap on what goes to the portal from here (0 for none).
    """

    host: str = HOST
    gateway_per_minute_max: int = 0
    requests_per_second_max: float = 0.0


@contextmanager
def portal_with_doubles(
    target: Target,
    order: Order,
    *,
    secrets: SecretValues,
    run: str,
    folder: Path,
    doubles: Doubles = Doubles(),
    postgres: PostgresServer | None = None,
    surroundings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[PortalWithDoubles]:
    """Start the doubles, and the portal if the target says how; raises PortalUnreachable.

    A portal that we start has the variables in `surroundings` in its environment.
    """
    evidence, handsets = EvidenceLog(), Handsets(target.access.patterns)
    crime_system = CrimeSystem(now=wall_now, evidence=evidence, source=f"load-{run}")
    beginning, port, host = Beginning(), target.access.neighbours_port, doubles.host
    rate_cap = RateCap(doubles.requests_per_second_max)
    gateway = _gateway(handsets, secrets, doubles, beginning)
    with ExitStack() as stack:
        gateway_url = stack.enter_context(serving(gateway, port or free_port(), host=host))
        records = crime_system_app(crime_system, token=secrets.crime_system)
        records_port = port + 1 if port else free_port()
        crime_system_url = stack.enter_context(serving(records, records_port, host=host))
        portal_url, started = stack.enter_context(
            portal_process(
                target,
                order,
                secrets=secrets,
                gateway_url=gateway_url,
                crime_system_url=crime_system_url,
                clock_start=None,
                surroundings=surroundings,
            )
        )
        handsets_url = stack.enter_context(_handsets_served(handsets, beginning, host))
        own_driver = OwnDriver.planned(target, order, portal_url, gateway_url, crime_system_url)
        driver = paced(own_driver.made(secrets, how_it_ended(started)), rate_cap)
        stack.callback(driver.close)
        yield PortalWithDoubles(
            evidence=evidence,
            handsets=handsets,
            gateway=gateway,
            crime_system=crime_system,
            driver=driver,
            own_driver=own_driver,
            secrets=secrets,
            portal_url=portal_url,
            gateway_url=gateway_url,
            handsets_url=handsets_url,
            beginning=beginning,
            folder=folder,
            started=started,
            postgres=postgres,
            rate_cap=rate_cap,
        )


def _gateway(
    handsets: Handsets, secrets: SecretValues, doubles: Doubles, beginning: Beginning
) -> GatewayFaults:
    return GatewayFaults(
        handsets,
        key=secrets.gateway,
        per_minute_max=doubles.gateway_per_minute_max,
        has_begun=beginning.has_begun,
    )


def paced(driver: Driver, rate_cap: RateCap) -> Driver:
    """Give a driver whose calls keep to a cap; without one, the driver itself."""
    if not rate_cap.is_set:
        return driver

    def wait() -> None:
        rate_cap.wait(lambda: wall_now().timestamp(), wall_sleep)

    return cast("Driver", PacedDriver(driver, wait))


def how_it_ended(started: StartedPortal | None) -> Callable[[], str]:
    """Give what says how a portal that we started has stopped ("" while it runs)."""
    return started.how_it_ended if started is not None else lambda: ""


def _handsets_served(
    handsets: Handsets, beginning: Beginning, host: str
) -> AbstractContextManager[str]:
    return serving(handsets_app(handsets, beginning), free_port(), host=host)


def handsets_app(handsets: Handsets, beginning: Beginning) -> Starlette:
    """Make the application through which visitors in another process read their codes."""

    async def code(request: Request) -> Response:
        since = datetime.fromisoformat(request.query_params["since"])
        end = asyncio.get_running_loop().time() + _CODE_SECONDS_MAX
        found = handsets.code(request.path_params["address"], since)
        while not found and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(_LOOK_SECONDS)
            found = handsets.code(request.path_params["address"], since)
        return PlainTextResponse(found)

    async def time(_request: Request) -> Response:
        return PlainTextResponse(wall_now().isoformat())

    async def begin(request: Request) -> Response:
        beginning.set(datetime.fromisoformat(request.query_params["at"]))
        return Response(status_code=204)

    return Starlette(
        routes=[
            Route("/codes/{address}", code),
            Route("/time", time),
            Route("/begin", begin),
        ]
    )
