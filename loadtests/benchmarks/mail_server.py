"""The mail server of the doubles: mails a second with 32 connections, beside a bare aiosmtpd.

The bare one takes a mail and keeps nothing: the least that a mail server on aiosmtpd can do. Each
is a process of its own, `python -m loadtests.benchmarks.mail_server NAME PORT`.
"""

import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from aiosmtpd.controller import Controller

from simulator.clock import wall_now
from simulator.doubles.journal import Journal
from simulator.doubles.kept_neighbours import KeptInbox
from simulator.errors import SuiteError
from simulator.neighbours.gateway.smtp import smtp_serving
from simulator.processes.loopback import HOST
from simulator.processes.server_process import ServerProcess

CONNECTIONS = 32
_SECONDS_MAX = 120.0
_MAIL = b"""From: portal@force.example\r
To: alex@example.com\r
Subject: An update\r
\r
There is an update. Sign in to read it: https://portal.example/\r
.\r
"""


def measure(*, mails: int = 6_400, rounds: int = 3) -> Iterator[str]:
    """Send so many mails to each in turn; return one line for each number."""
    found: dict[str, list[float]] = {"ours": [], "bare": []}
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as stack:
        servers = {each: _started(each, Path(name), stack) for each in found}
        for _ in range(rounds):
            for each, server in servers.items():
                port = int(server.url.rpartition(":")[2])
                found[each].append(asyncio.run(_sent(port, mails)))
    ours, bare = (median(found[each]) for each in ("ours", "bare"))
    yield f"rate double_mail_server {ours:.0f} mails/s"
    yield f"rate double_mail_server_bare_aiosmtpd {bare:.0f} mails/s"
    yield f"ratio double_mail_server_share_of_bare {ours / bare:.2f}"


def _started(name: str, folder: Path, stack: ExitStack) -> ServerProcess:
    command = (sys.executable, "-m", "loadtests.benchmarks.mail_server", name, "{port}")
    server = stack.enter_context(ServerProcess(command, words=folder / f"{name}.txt"))
    server.start()
    return server


async def _sent(port: int, mails: int) -> float:
    """Send so many mails by all connections; return how many a second were taken."""
    turns = iter(range(mails))
    begun = time.perf_counter()
    async with asyncio.timeout(_SECONDS_MAX), asyncio.TaskGroup() as all_of_them:
        for _ in range(CONNECTIONS):
            all_of_them.create_task(_send(port, turns))
    return mails / (time.perf_counter() - begun)


async def _send(port: int, turns: Iterator[int]) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    with closing(writer):
        await _answered(reader, b"220")
        writer.write(b"EHLO bench.example\r\n")
        await _answered(reader, b"250")
        for _ in turns:
            for line, wanted in (
                (b"MAIL FROM:<portal@force.example>\r\n", b"250"),
                (b"RCPT TO:<alex@example.com>\r\n", b"250"),
                (b"DATA\r\n", b"354"),
                (_MAIL, b"250"),
            ):
                writer.write(line)
                await _answered(reader, wanted)


async def _answered(reader: asyncio.StreamReader, wanted: bytes) -> None:
    """Read an answer of one line or more; raises SuiteError if it is another."""
    while True:
        line = await reader.readline()
        if not line.startswith(wanted):
            raise SuiteError(f"the mail server answered {line[:100]!r}; not measured")
        if line[3:4] == b" ":
            return


class _Taker:
    """Takes every mail, and keeps none."""

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802  aiosmtpd asks for this name
        return "250 OK"


@contextmanager
def _bare(port: int) -> Iterator[str]:
    controller = Controller(_Taker(), hostname=HOST, port=port)
    controller.start()
    try:
        yield f"{HOST}:{port}"
    finally:
        controller.stop()


def _serving(name: str, port: int) -> AbstractContextManager[str]:
    if name == "bare":
        return _bare(port)
    return smtp_serving(KeptInbox(wall_now, Journal()), port=port)


def main(name: str, port: str) -> None:
    """Serve until a signal comes."""
    stops = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    with _serving(name, int(port)):
        signal.sigwait(stops)


if __name__ == "__main__":
    main(*sys.argv[1:])
