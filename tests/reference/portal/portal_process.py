"""A portal as a process of its own, as an operator runs it, and a gateway that may be slow."""

import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simulator.processes.loopback import HOST, free_port
from tests.reference.portal.scene import SECRETS

SECONDS_MAX = 30.0
ENVIRON = {
    "PORTAL_EVENTS_SECRET": SECRETS.events,
    "PORTAL_RECEIPTS_TOKEN": SECRETS.receipts,
    "PORTAL_GATEWAY_KEY": SECRETS.gateway,
    "PORTAL_CRIME_SYSTEM_TOKEN": SECRETS.crime_system,
    "PORTAL_IDENTITY_KEY": SECRETS.identity,
}
ROOT = Path(__file__).parents[3]


class PortalProcess:
    """One running portal: its address, and all that it wrote."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, words: Any) -> None:
        self.process = process
        self.url = f"http://{HOST}:{port}"
        self._words = words

    @property
    def output(self) -> str:
        """Everything it wrote so far."""
        self._words.seek(0)
        return str(self._words.read().decode())

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What of it is JSON, read."""
        return [json.loads(line) for line in self.output.splitlines() if line.startswith("{")]

    def get(self, path: str) -> tuple[int, str]:
        """Ask for something; answers status and body."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=SECONDS_MAX) as reply:  # noqa: S310
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send something; answers the status."""
        request = urllib.request.Request(  # noqa: S310
            self.url + path, body, {**headers, "content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=SECONDS_MAX) as reply:  # noqa: S310
            return int(reply.status)

    def stop(self) -> int:
        """Ask it to stop and wait until it has; answers the exit code."""
        self.process.terminate()
        return self.process.wait(SECONDS_MAX)


@contextmanager
def portal_process(command: Sequence[str], environ: Mapping[str, str]) -> Iterator[PortalProcess]:
    """Run `uvicorn …` on a port of our own until the end."""
    port = free_port()
    words = [sys.executable, "-m", *command]
    words[words.index("--port") + 1] = str(port)
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            words, cwd=ROOT, env={**os.environ, **environ}, stdout=output, stderr=output
        )
        portal = PortalProcess(process, port, output)
        try:
            await_that(lambda: _answers(portal))
            yield portal
        finally:
            process.kill()
            process.wait()


class SlowGateway:
    """Takes every message, after a while."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.taken: list[bytes] = []


@contextmanager
def slow_gateway(seconds: float) -> Iterator[tuple[SlowGateway, str]]:
    """Serve a gateway on loopback; gives it with its URL."""
    gateway = SlowGateway()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            gateway.begun.set()
            time.sleep(seconds)
            gateway.taken.append(body)
            reply = b'{"id": "message-%d"}' % len(gateway.taken)
            self.send_response(201)
            self.send_header("content-length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer((HOST, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield gateway, f"http://{HOST}:{server.server_port}"
        server.shutdown()
        thread.join(SECONDS_MAX)


def await_that(is_so: Any) -> None:
    """Wait until something is so; fails when it never is."""
    end = time.monotonic() + SECONDS_MAX
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)


def _answers(portal: PortalProcess) -> bool:
    assert portal.process.poll() is None, portal.output
    try:
        return portal.get("/health")[0] == 200
    except urllib.error.URLError:
        return False
