"""The reference portal as a process. If it stops during the demonstration, the user is told why.

It uses the time of day, and has only the settings and secrets of this run.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from simulator.drivers.operator import reference_settings, write_settings
from simulator.errors import PortalUnreachable
from simulator.inputs.order import Order
from simulator.inputs.target import SecretValues, Target
from simulator.processes.loopback import HOST
from simulator.processes.server_process import ServerProcess


@contextmanager
def running_portal(
    port: int,
    target: Target,
    order: Order,
    *,
    secrets: SecretValues,
    gateway_url: str,
    crime_system_url: str,
) -> Iterator[ServerProcess]:
    """Run the portal that the target's command starts; raises PortalUnreachable."""
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
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
        with ServerProcess(
            target.access.command,
            port=port,
            words=Path(folder) / "portal.log",
            environment=_environment(target, secrets, settings),
        ) as portal:
            _start(portal)
            yield portal


def _start(portal: ServerProcess) -> None:
    try:
        portal.start()
    except PortalUnreachable as error:
        raise PortalUnreachable(portal.how_it_ended() or str(error)) from None


def _environment(target: Target, secrets: SecretValues, settings: Path) -> dict[str, str]:
    """Make the portal's environment, without the settings of any real portal on this machine."""
    around = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    names = msgspec.structs.asdict(target.access.secrets)
    values = msgspec.structs.asdict(secrets)
    named = {names[each]: values[each] for each in names}
    return {**around, **named, "PORTAL_SETTINGS": str(settings)}
