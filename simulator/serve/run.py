"""Start the reference portal and the doubles on loopback, to try them by hand.

The order is the force's, except that the phases asked for are live and no message waits. Everything
is made for this run, including secrets, and removed after it.
"""

import base64
import secrets
import signal
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from msgspec import structs
from rich.console import Console

from simulator.clock import LONDON, WorldClock, wall_now
from simulator.errors import BadInput, PortalUnreachable
from simulator.files.paths import ROOT
from simulator.inputs.order import GoLive, Order, read_order
from simulator.inputs.target import SecretValues, Target, read_target
from simulator.processes.loopback import HOST
from simulator.serve.crimes import Caseload
from simulator.serve.demonstration import Demonstration
from simulator.serve.keyboard import Keyboard
from simulator.serve.portal import running_portal
from simulator.serve.screen import Screen
from simulator.streams import Streams
from simulator.world.builder import world_around
from simulator.world.world import World

ORDER = ROOT / "scenarios" / "orders" / "two-forces.toml"
#: The target file of a reference portal that uses the time of day.
TARGET = ROOT / "scenarios" / "targets" / "reference-for-load.toml"
#: The doubles listen on the two ports after the portal's.
PORTS = 3
NO_LIMIT = 1_000_000


def serve(
    *, port: int, phase: int, console: Console, keyboard: Keyboard, order_path: Path = ORDER
) -> None:
    """Serve until the user quits or a signal arrives.

    Raises BadInput for what the user can correct, PortalUnreachable if the portal stops by itself.
    """
    ordered = read_order(order_path)
    order = demonstration_order(ordered, phase=phase, today=wall_now().astimezone(LONDON).date())
    values = fresh_secrets()
    caseload = Caseload(order, identity_key=values.identity, seed=secrets.randbits(62))
    check_ports(port)
    screen = Screen(console, prompts=keyboard.is_terminal and console.is_terminal)
    urls = [f"http://{HOST}:{each}" for each in range(port, port + PORTS)]
    with ExitStack() as stack:
        signals = stack.enter_context(stop_signals())
        target = read_target(TARGET)
        portal = stack.enter_context(
            running_portal(
                port, target, order, secrets=values, gateway_url=urls[1], crime_system_url=urls[2]
            )
        )
        world = stack.enter_context(_world(_running(target, port), order, values))
        demonstration = Demonstration(world, caseload, screen=screen, keyboard=keyboard)
        screen.show_addresses(*urls)
        screen.show_order(ordered, phase=phase)
        demonstration.show_who()
        screen.show_way_in()
        try:
            demonstration.run(is_over=lambda: bool(signals or portal.how_it_ended()))
        except PortalUnreachable:
            # The world may notice first, but does not know the reason.
            if not portal.how_it_ended(within_seconds=1):
                raise
        if (ended := portal.how_it_ended()) and not signals:
            raise PortalUnreachable(ended)
    screen.say("Stopped.")


def demonstration_order(ordered: Order, *, phase: int, today: date) -> Order:
    """Give an order whose phases up to `phase` went live recently, and with no waits."""
    go_live = GoLive(
        phase_1=today - timedelta(days=90),
        phase_2=today - timedelta(days=60),
        phase_3=today - timedelta(days=30),
    )
    messages = structs.replace(
        ordered.messages,
        quiet_from=None,
        quiet_until=None,
        bundle_minutes=0,
        per_week_max=NO_LIMIT,
    )
    return structs.replace(ordered, go_live=go_live, messages=messages).staying_in(phase)


def fresh_secrets() -> SecretValues:
    """Make secrets for this run only."""
    return SecretValues(
        events="whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        receipts=secrets.token_urlsafe(32),
        gateway=f"serve-{uuid4()}-{uuid4()}",
        crime_system=secrets.token_urlsafe(32),
        identity=secrets.token_urlsafe(32),
        test_clock=secrets.token_urlsafe(32),
    )


def check_ports(first: int) -> None:
    """Raise BadInput naming the first port that is not free, and one that is."""
    for port in range(first, first + PORTS):
        why = _why_not_free(port)
        if why:
            free = next(each for each in range(8000, 65_000, 100) if _are_free(each))
            raise BadInput(
                f"port {port} {why}: the portal and its doubles need ports {first} to "
                f"{first + PORTS - 1}; give others with --port, for example --port {free}"
            )


@contextmanager
def stop_signals() -> Iterator[list[int]]:
    """Collect stop signals, including Ctrl-C, instead of being ended by them."""
    arrived: list[int] = []
    kinds = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        kinds.append(signal.SIGHUP)
    before = {
        kind: signal.signal(kind, lambda number, _frame: arrived.append(number)) for kind in kinds
    }
    try:
        yield arrived
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _running(target: Target, port: int) -> Target:
    """Give the target of the running portal, with the doubles on the next ports."""
    access = structs.replace(
        target.access, command=(), portal_url=f"http://{HOST}:{port}", neighbours_port=port + 1
    )
    return structs.replace(target, access=access)


def _world(target: Target, order: Order, values: SecretValues) -> AbstractContextManager[World]:
    return world_around(
        target,
        order,
        name="serve",
        clock=WorldClock(wall_now().replace(microsecond=0)),
        secrets=values,
        streams=Streams(0),
    )


def _why_not_free(port: int) -> str:
    with socket.socket() as probe:
        # As the servers do, so that a port that was just released counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            return "needs more rights than you have"
        except OSError:
            return "is in use"
    return ""


def _are_free(first: int) -> bool:
    return not any(_why_not_free(port) for port in range(first, first + PORTS))
