"""Serves our doubles on loopback, each in a thread of this process."""

import asyncio
import atexit
import ipaddress
import itertools
import os
import secrets
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import uvicorn

from simulator.errors import SuiteError

_START_SECONDS_MAX = 30.0
_STOP_SECONDS_MAX = 10.0
#: How often a server that is starting or stopping is asked whether it is there.
_LOOK_SECONDS = 0.05
HOST = "127.0.0.1"
#: Linux, macOS and Windows give their connections ports above these.
_PORTS = range(20_000, 32_000)
#: Each process begins with so many of them, which its neighbours try last.
_PORTS_EACH = 1_000
#: So many of the ports that were found last are reserved: a run has a few worlds of four at once.
_RESERVED_MAX = 100
#: Who finds one may take those after it as well.
_PORTS_APART = 37
_found = itertools.count(secrets.randbelow(_PORTS_EACH))
_reserved: deque[socket.socket] = deque()


class ServerCertificate(Protocol):
    """The certificate that a server shows, as files."""

    @property
    def chain(self) -> Path:
        """The certificate and those above it, as PEM."""

    @property
    def key(self) -> Path:
        """Its private key, as PEM."""


def free_port() -> int:
    """Find a port that nothing listens on; raises SuiteError if there is none.

    The system never gives it to a connection, and no other suite on this machine finds it: a server
    may take a second until it listens there, and be away for as long when it is restarted.
    """
    # Processes that are started together have ids that follow each other. A port that was served
    # from rests for a minute, and a thousand stories may be played in that.
    first, each = os.getpid() * _PORTS_EACH, range(_PORTS_EACH)
    own = (first + next(_found) * _PORTS_APART % _PORTS_EACH for _ in each)
    others = (secrets.randbelow(len(_PORTS)) for _ in each)
    for place in itertools.chain(own, others):
        port = _PORTS[place % len(_PORTS)]
        if _is_reserved_for_us(port):
            return port
    raise SuiteError(f"{HOST}: no port from {_PORTS.start} to {_PORTS.stop - 1} is free")


def _is_reserved_for_us(port: int) -> bool:
    """Reserve a port if it is free: we hold its namesake of UDP, which only one process can have.

    The system gives it back when this process ends, however it ends.
    """
    reservation = socket.socket(type=socket.SOCK_DGRAM)
    try:
        reservation.bind((HOST, port))
        with socket.socket() as probe:
            probe.bind((HOST, port))
    except OSError:
        reservation.close()
        return False
    _reserved.append(reservation)
    if len(_reserved) > _RESERVED_MAX:
        _reserved.popleft().close()
    return True


@atexit.register
def _give_back() -> None:
    """Give all reserved ports back."""
    while _reserved:
        _reserved.popleft().close()


def is_loopback(host: str) -> bool:
    """Say whether a host of a URL is this machine alone; another name may be any machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def serving(
    application: Any, port: int, *, host: str = HOST, tls: ServerCertificate | None = None
) -> Iterator[str]:
    """Serve an ASGI application in a thread; yields its URL. Raises SuiteError if it cannot."""
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        log_level="error",
        lifespan="off",
        ws="none",
        ssl_certfile=None if tls is None else str(tls.chain),
        ssl_keyfile=None if tls is None else str(tls.key),
    )
    server = _Server(config)
    thread = threading.Thread(target=server.run, name=f"double on port {port}", daemon=True)
    thread.start()
    end = time.monotonic() + _START_SECONDS_MAX
    while not server.is_ready.wait(_LOOK_SECONDS):
        if not thread.is_alive() or time.monotonic() > end:
            raise SuiteError(f"{host}:{port}: our double could not listen there; is it in use?")
    try:
        yield f"{'http' if tls is None else 'https'}://{host}:{port}"
    finally:
        server.leave()
        thread.join(_STOP_SECONDS_MAX)


class _Server(uvicorn.Server):
    """A server that begins and ends at once: a run may start thousands.

    uvicorn itself asks ten times a second whether it is to end, and then waits as long again.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_ready = threading.Event()

    def leave(self) -> None:
        """End the server; its thread ends when every answer under way has been given."""
        self._loop.call_soon_threadsafe(self._leaves.set)

    async def main_loop(self) -> None:
        """Say that the server listens, and keep it until it is to leave."""
        self._loop, self._leaves = asyncio.get_running_loop(), asyncio.Event()
        await self.on_tick(0)
        self.is_ready.set()
        while not self._leaves.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._leaves.wait(), 1)
            await self.on_tick(0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        """Take no more connections, and close those there are as soon as they are answered."""
        for listener in self.servers:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)
        while self.server_state.connections or self.server_state.tasks:
            await asyncio.sleep(_LOOK_SECONDS / 10)
