"""The doubles around a portal under load, in threads of this process.

They use the time of day. The handsets give a visitor the one-time code from their telephone, as the
world does elsewhere; the evidence does not keep it.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from simulator.clock import wall_now
from simulator.drivers.exchange import HttpExchange
from simulator.drivers.http import HttpDriver
from simulator.evidence.records import EvidenceLog, MessageAccepted
from simulator.inputs.order import Order
from simulator.inputs.target import Patterns, SecretValues, Target
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.neighbours.gateway.notify import DEFAULT_TEMPLATES, notify_app
from simulator.neighbours.gateway.notify_service import NotifyService
from simulator.processes.loopback import free_port, serving
from simulator.world.message_secrets import MessageSecrets
from simulator.world.portal_process import portal_process


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


@dataclass(frozen=True)
class PortalWithDoubles:
    """A running portal and the doubles around it."""

    evidence: EvidenceLog
    handsets: Handsets
    crime_system: CrimeSystem
    driver: HttpDriver
    portal_url: str
    gateway_url: str
    handsets_url: str


@contextmanager
def portal_with_doubles(
    target: Target, order: Order, *, secrets: SecretValues, run: str
) -> Iterator[PortalWithDoubles]:
    """Start the doubles, and the portal if the target says how; raises PortalUnreachable."""
    evidence, handsets = EvidenceLog(), Handsets(target.access.patterns)
    crime_system = CrimeSystem(now=wall_now, evidence=evidence, source=f"load-{run}")
    gateway = notify_app(
        handsets,
        service=NotifyService.of_key(secrets.gateway),
        security_now=wall_now,
        templates=DEFAULT_TEMPLATES,
    )
    port = target.access.neighbours_port
    with ExitStack() as stack:
        gateway_url = stack.enter_context(serving(gateway, port or free_port()))
        crime_system_url = stack.enter_context(
            serving(
                crime_system_app(crime_system, token=secrets.crime_system),
                port + 1 if port else free_port(),
            )
        )
        portal_url, _restart = stack.enter_context(
            portal_process(
                target,
                order,
                secrets=secrets,
                gateway_url=gateway_url,
                crime_system_url=crime_system_url,
                clock_start=None,
            )
        )
        driver = driver_to(portal_url, target, secrets)
        stack.callback(driver.close)
        driver.check()
        yield PortalWithDoubles(
            evidence=evidence,
            handsets=handsets,
            crime_system=crime_system,
            driver=driver,
            portal_url=portal_url,
            gateway_url=gateway_url,
            handsets_url=stack.enter_context(serving(_handsets_app(handsets), free_port())),
        )


def driver_to(url: str, target: Target, secrets: SecretValues) -> HttpDriver:
    """Make a driver for the portal at this address, with its own connections."""
    return HttpDriver(
        HttpExchange(url, wait_seconds_max=target.access.wait_seconds_max),
        secrets=secrets,
        capabilities=frozenset(target.claims.capabilities),
        security_now=wall_now,
    )


def _handsets_app(handsets: Handsets) -> Starlette:
    """Make the application through which visitors in another process read their codes."""

    async def code(request: Request) -> Response:
        since = datetime.fromisoformat(request.query_params["since"])
        return PlainTextResponse(handsets.code(request.path_params["address"], since))

    return Starlette(routes=[Route("/codes/{address}", code)])
