"""A server as a process of its own on loopback: usually a portal.

It may be killed at any moment and started again at the same address, as a supervisor would do in
production.
"""

import os
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from simulator.errors import PortalUnreachable
from simulator.files.paths import found_in
from simulator.processes.child_process import CannotRun, ChildProcess, last_line, last_lines
from simulator.processes.loopback import HOST, free_port
from simulator.processes.signals import signals_held

START_SECONDS_MAX = 30.0
STOP_SECONDS_MAX = 15.0
_POLL_SECONDS = 0.01


class ServerProcess:
    """Runs a target's command, in which "{python}" and "{port}" are filled in.

    Its output is appended to the file `words`. Use it in a `with` block, which stops it at the end.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        words: Path,
        port: int | None = None,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """Prepare it; `start` starts it. Without a `port` it gets a free one."""
        self._port = port or free_port()
        self._command = [
            each.replace("{python}", sys.executable).replace("{port}", str(self._port))
            for each in found_in(command)
        ]
        self._words = words
        self._around = environment
        self._added: Mapping[str, str] = {}
        self._child: ChildProcess | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self._port}"

    def __enter__(self) -> "ServerProcess":
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self, added: Mapping[str, str] | None = None) -> None:
        """Start it, and wait until it listens; raises PortalUnreachable with its last words.

        The variables `added` to its environment are kept for the next start.
        """
        self._added = added or self._added
        with self._words.open("ab") as words:
            try:
                with signals_held():
                    self._child = ChildProcess(
                        self._command,
                        environment={**self._around, **self._added},
                        stdout=words,
                        stderr=words,
                    )
            except CannotRun as error:
                raise PortalUnreachable(
                    f"access.command: {self._command[0]!r} cannot be run ({error})"
                ) from None
        self._await_port(self._child)

    def kill(self) -> None:
        """Kill it, as a power cut would."""
        if self._child is not None:
            self._child.kill()

    def stop(self) -> None:
        """Ask it to end, and kill it if it does not."""
        if self._child is not None:
            self._child.end(seconds_max=STOP_SECONDS_MAX)

    @property
    def pid(self) -> int:
        """Its process id; it must have been started."""
        assert self._child is not None
        return self._child.pid

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs, or if it was not started."""
        return self._child.code if self._child is not None else None

    def how_it_ended(self, *, within_seconds: float = 0, has_lines: bool = False) -> str:
        """Say how it ended, with its last words ("" while it runs, or if it was not started).

        With `has_lines` these are its last lines, and not only the last.
        """
        code = self._child.wait(within_seconds) if self._child is not None else None
        if code is None:
            return ""
        how = f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
        said = last_lines(self._words) if has_lines else last_line(self._words)
        return f"the portal stopped ({how}); " + (
            f"its last output: {said}" if said else "it printed nothing"
        )

    def _await_port(self, child: ChildProcess) -> None:
        end = time.monotonic() + START_SECONDS_MAX
        while child.code is None:
            with socket.socket() as probe:
                if probe.connect_ex((HOST, self._port)) == 0:
                    return
            if time.monotonic() > end:
                raise PortalUnreachable(
                    f"access.command: nothing listens on port {self._port} after "
                    f"{START_SECONDS_MAX:g} s"
                )
            time.sleep(_POLL_SECONDS)
        raise PortalUnreachable(
            f"access.command: the portal stopped at once ({child.code}): "
            f"{last_line(self._words) or 'it printed nothing'}"
        )
