"""A portal in a process of its own: configured, started, and restarted."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import msgspec

from simulator.drivers.operator import reference_settings, write_settings
from simulator.inputs.order import Order
from simulator.inputs.target import SecretValues, Target
from simulator.processes.loopback import free_port
from simulator.processes.server_process import ServerProcess

#: Where Linux keeps files in memory.
_MEMORY = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it
#: A portal that broke a connection off as it crashed may not have ended yet.
_ENDS_SECONDS_MAX = 0.1


@dataclass(frozen=True)
class StartedPortal:
    """A portal that we started. Called, it kills the portal and starts it again at this time."""

    server: ServerProcess
    configure: Callable[[datetime], object]
    secrets: SecretValues

    def __call__(self, at: datetime) -> None:
        """Restart it, as a supervisor would after a power cut."""
        self.server.kill()
        self.configure(at)
        self.server.start()

    def stop(self) -> None:
        """Stop it for good."""
        self.server.stop()

    def how_it_ended(self) -> str:
        """Say how it stopped by itself, with its last output without secrets ("" while it runs)."""
        told = self.server.how_it_ended(within_seconds=_ENDS_SECONDS_MAX, has_lines=True)
        for value in msgspec.structs.astuple(self.secrets):
            told = told.replace(value, "…") if value else told
        return told


@contextmanager
def portal_process(
    target: Target,
    order: Order,
    *,
    secrets: SecretValues,
    gateway_url: str,
    crime_system_url: str,
    clock_start: datetime | None,
    in_memory: bool = False,
    surroundings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[tuple[str, StartedPortal | None]]:
    """Start the portal by the target's command; yields its URL, and a way to restart or stop it.

    Without a command the portal runs already, and we cannot restart it (None). With `in_memory` its
    files are in memory, if the system has a place for that: they outlast a restart. Its environment
    has the variables in `surroundings` too.
    """
    if not target.access.command:
        yield target.access.portal_url, None
        return
    port = free_port()
    url = target.access.portal_url.replace("{port}", str(port))
    with own_folder(in_memory=in_memory) as folder:

        def configure(clock_start: datetime | None) -> Path:
            values = reference_settings(
                order,
                public_url=url,
                gateway_url=gateway_url,
                crime_system_url=crime_system_url,
                database=str(folder / "portal.db"),
                test_clock_start=clock_start,
            )
            return write_settings(folder, values)

        names = msgspec.structs.asdict(target.access.secrets)
        values = msgspec.structs.asdict(secrets)
        environment = {**surroundings, **{names[each]: values[each] for each in names}}
        environment["PORTAL_SETTINGS"] = str(configure(clock_start))
        # A log line for each request would slow down what we measure.
        environment["PORTAL_LOG_LEVEL"] = "WARNING"
        words = folder / "portal.log"
        with ServerProcess(target.access.command, port=port, words=words) as server:
            server.start(environment)
            is_virtual = clock_start is not None
            yield (
                url,
                StartedPortal(server, lambda at: configure(at if is_virtual else None), secrets),
            )


@contextmanager
def own_folder(*, in_memory: bool = False) -> Iterator[Path]:
    """Make a folder for a portal's files, and delete it afterwards.

    With `in_memory` it is in memory, if the system has a place for that.
    """
    kept_in = str(_MEMORY) if in_memory and os.access(_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="portal-", dir=kept_in) as folder:
        yield Path(folder)
