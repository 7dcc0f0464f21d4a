"""The reference portal as a process that may die while somebody tries it: it is said why.

It keeps the time of day, and knows only the settings and secrets of this run.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from simulator.drivers.operator import reference_settings
from simulator.errors import PortalUnreachable
from simulator.inputs.order import Order
from simulator.inputs.target import SecretValues, Target
from simulator.legible import on_one_line
from simulator.processes.loopback import HOST, write_settings

START_SECONDS_MAX = 30.0
_STOP_SECONDS_MAX = 10.0
_LAST_BYTES_MAX = 4096


class PortalProcess:
    """A portal that runs, or did."""

    def __init__(self, process: "subprocess.Popen[bytes]", words: IO[bytes]) -> None:
        self._process = process
        self._words = words

    def how_it_ended(self, *, within_seconds: float = 0) -> str:
        """Say how it ended, with its last words ("" while it runs)."""
        try:
            code = self._process.wait(within_seconds)
        except subprocess.TimeoutExpired:
            return ""
        how = f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
        return f"the portal stopped ({how}); {self._last_words()}"

    def await_port(self, port: int) -> None:
        """Wait until it listens; raises PortalUnreachable when it ends or never does."""
        end = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < end:
            if ended := self.how_it_ended():
                raise PortalUnreachable(ended)
            with socket.socket() as probe:
                if probe.connect_ex((HOST, port)) == 0:
                    return
            time.sleep(0.05)
        raise PortalUnreachable(
            f"the portal does not listen on port {port} after {START_SECONDS_MAX:g} s"
        )

    def stop(self) -> None:
        """End it, with some patience."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _last_words(self) -> str:
        length = self._words.seek(0, os.SEEK_END)
        self._words.seek(max(0, length - _LAST_BYTES_MAX))
        last = self._words.read().decode(errors="replace").strip().splitlines()[-1:]
        return f"it said last: {on_one_line(last[0])}" if last else "it said nothing"


@contextmanager
def portal_on(
    port: int,
    target: Target,
    order: Order,
    *,
    secrets: SecretValues,
    gateway_url: str,
    crime_system_url: str,
) -> Iterator[PortalProcess]:
    """Run the portal that the target's command starts; raises PortalUnreachable."""
    filled = [
        each.replace("{python}", sys.executable).replace("{port}", str(port))
        for each in target.access.command
    ]
    with tempfile.TemporaryDirectory(prefix="portal-") as folder, tempfile.TemporaryFile() as words:
        settings = write_settings(
            Path(folder),
            reference_settings(
                order,
                public_url=f"http://{HOST}:{port}",
                gateway_url=gateway_url,
                crime_system_url=crime_system_url,
                database=str(Path(folder) / "portal.db"),
                test_clock_start=None,
            ),
        )
        # Not in our process group: a Ctrl-C at the terminal is for us, who then stop it.
        process = subprocess.Popen(  # noqa: S603  our own command
            filled,
            env=_environment(target, secrets, settings),
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
        portal = PortalProcess(process, words)
        try:
            portal.await_port(port)
            yield portal
        finally:
            portal.stop()


def _environment(target: Target, secrets: SecretValues, settings: Path) -> dict[str, str]:
    """Give what the portal finds around it: no settings of a portal that somebody really runs."""
    around = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    names = msgspec.structs.asdict(target.access.secrets)
    values = msgspec.structs.asdict(secrets)
    named = {names[each]: values[each] for each in names}
    return {**around, **named, "PORTAL_SETTINGS": str(settings)}
