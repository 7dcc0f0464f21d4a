"""A portal as a service that runs already, for tests that reach it by its URL alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import msgspec
from msgspec import structs

from simulator.inputs.order import read_order
from simulator.inputs.target import read_target, rehearsal_secrets
from simulator.processes.loopback import free_port
from simulator.world.portal_process import portal_process
from tests.simulator.real_files import BY_URL, ORDER

REFERENCE = "reference.operations.service:create_app"
SENDS_TWICE = "tests.simulator.explore.broken_service:create_app"


@contextmanager
def running(
    folder: Path, *, phase: int, application: str = REFERENCE, by_command: Path = BY_URL
) -> Iterator[Path]:
    """Start the portal of a target, which stays in a phase; yield a target by its URL alone."""
    target, port = read_target(by_command), free_port()
    command = tuple(each.replace(REFERENCE, application) for each in target.access.command)
    order, secrets = read_order(ORDER), rehearsal_secrets()
    names = msgspec.structs.asdict(target.access.secrets)
    values = {names[each]: value for each, value in msgspec.structs.asdict(secrets).items()}
    with (
        patch.dict(os.environ, values),
        portal_process(
            structs.replace(target, access=structs.replace(target.access, command=command)),
            order.staying_in(phase),
            secrets=secrets,
            gateway_url=f"http://127.0.0.1:{port}",
            crime_system_url=f"http://127.0.0.1:{port + 1}",
            clock_start=order.go_live_at(1) - timedelta(days=1),
        ) as (url, _restart),
    ):
        path = folder / "running.toml"
        claims, _, own = by_command.read_text(encoding="utf-8").partition("[access]")
        _, heading, patterns = own.partition("\n[access.patterns]")
        access = f'[access]\nportal_url = "{url}"\nneighbours_port = {port}\n'
        path.write_text(claims + access + heading + patterns, encoding="utf-8")
        yield path
