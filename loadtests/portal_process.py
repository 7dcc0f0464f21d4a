"""A portal as a process of its own, which may be killed at any moment and is started again.

It comes back at the same address, as it does under whatever watches over it in earnest.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from simulator.clock import wall_sleep
from simulator.errors import PortalUnreachable
from simulator.processes.loopback import HOST, free_port
from simulator.processes.signals import signals_held

ROOT = Path(__file__).parents[1]
_START_SECONDS_MAX = 30.0
_STOP_SECONDS_MAX = 15.0
_POLL_SECONDS = 0.01


class PortalProcess:
    """Runs the command of a target. What the portal says goes to the end of the file `words`."""

    def __init__(self, command: Sequence[str], *, words: Path) -> None:
        self._port = free_port()
        self._command = [
            each.replace("{python}", sys.executable).replace("{port}", str(self._port))
            for each in command
        ]
        self._environment: dict[str, str] = {}
        self._words = words
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self._port}"

    def start(self, environment: Mapping[str, str] | None = None) -> None:
        """Start it, and wait until it listens; raises PortalUnreachable with its last words.

        `environment` is kept for the next time.
        """
        self._environment = dict(environment or self._environment)
        with self._words.open("ab") as words:
            try:
                with signals_held():
                    self._process = subprocess.Popen(  # noqa: S603  the tester's own command
                        self._command,
                        cwd=ROOT,
                        env={**os.environ, **self._environment},
                        stdout=words,
                        stderr=words,
                        # Whoever interrupts us leaves it to us to end it.
                        start_new_session=True,
                    )
            except (OSError, ValueError) as error:
                why = getattr(error, "strerror", None) or error
                raise PortalUnreachable(
                    f"access.command: {self._command[0]!r} cannot be run ({why})"
                ) from None
        end = time.monotonic() + _START_SECONDS_MAX
        while not self._listens():
            if self._process.poll() is not None:
                raise PortalUnreachable(f"access.command: the portal stopped: {self._last_words()}")
            if time.monotonic() > end:
                raise PortalUnreachable(
                    f"access.command: nothing listens on port {self._port} after "
                    f"{_START_SECONDS_MAX:g} s"
                )
            wall_sleep(_POLL_SECONDS)

    def kill(self) -> None:
        """End it as a power cut would, between any two of its instructions: SIGKILL."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        """Let it end as it wants to, or kill it after a while."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self._port)) == 0

    def _last_words(self) -> str:
        said = self._words.read_text(encoding="utf-8", errors="replace").strip()
        return said.splitlines()[-1] if said else "it said nothing"
