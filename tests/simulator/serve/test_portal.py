"""Rules of the portal's process: told what it must know, and when it ends it is said how."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import structs

from simulator.errors import PortalUnreachable
from simulator.inputs.target import read_target, rehearsal_secrets
from simulator.processes.loopback import HOST, free_port
from simulator.processes.server_process import ServerProcess
from simulator.serve.portal import portal_on
from simulator.serve.run import TARGET
from tests.simulator.processes.test_loopback import listens
from tests.simulator.worlds import TWO_FORCES

LISTEN = "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); "


@contextmanager
def portal(program: str, *more: str, port: int | None = None) -> Iterator[ServerProcess]:
    """Run a program where the portal would be."""
    target = read_target(TARGET)
    command = ("{python}", "-c", program, "{port}", *more)
    with portal_on(
        port or free_port(),
        structs.replace(target, access=structs.replace(target.access, command=command)),
        TWO_FORCES,
        secrets=rehearsal_secrets(),
        gateway_url=f"http://{HOST}:1",
        crime_system_url=f"http://{HOST}:2",
    ) as process:
        yield process


def test_it_runs_until_the_end() -> None:
    """It listens from the first line within, and not after the last."""
    port = free_port()

    with portal(LISTEN + "time.sleep(60)", port=port) as process:
        assert listens(port)
        assert process.how_it_ended() == ""

    assert not listens(port)
    assert process.code == -signal.SIGTERM


@pytest.mark.parametrize(
    ("program", "how"),
    [
        ("sys.exit('no database')", "(exit code 1); it said last: no database"),
        ("print('x' * 9000); print('a\\x1b[2Jb\\n\\n')", "(exit code 0); it said last: a\\x1b[2Jb"),
        ("import os; os.kill(os.getpid(), 9)", "(killed by SIGKILL); it said nothing"),
        ("raise KeyError('no settings')", "(exit code 1); it said last: KeyError: 'no settings'"),
    ],
)
def test_how_it_ended_is_a_sentence(program: str, how: str) -> None:
    """Early or late, why it ended is what it said last."""
    with pytest.raises(PortalUnreachable) as caught, portal(f"import sys; {program}"):
        pass
    assert str(caught.value) == f"the portal stopped {how}"

    with portal(f"{LISTEN} s.accept(); {program}") as process:
        assert process.how_it_ended(within_seconds=10) == f"the portal stopped {how}"


def test_a_ctrl_c_at_the_terminal_is_not_its(tmp_path: Path) -> None:
    """It is in a group of its own: we are told to stop, and stop it."""
    write = "import os, pathlib, sys; pathlib.Path(sys.argv[2]).write_text(str(os.getpgrp())); "
    with portal(write + LISTEN + "time.sleep(60)", str(tmp_path / "group")):
        assert int((tmp_path / "group").read_text()) != os.getpgrp()


def test_it_knows_nothing_of_a_portal_that_somebody_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of our environment it has the rest, and of PORTAL_ only what is this run's."""
    monkeypatch.setenv("PORTAL_DATABASE_URL", "postgresql://live.example/victims")
    monkeypatch.setenv("PORTAL_IDENTITY_KEY", "the live one's")
    monkeypatch.setenv("NOT_A_PORTAL", "this")
    program = (
        "import os, pathlib, sys\n"
        "around = '\\n'.join(f'{name}={value}' for name, value in os.environ.items())\n"
        "pathlib.Path(sys.argv[2]).write_text(around)\n" + LISTEN + "time.sleep(60)"
    )

    with portal(program, str(tmp_path / "around")):
        around = (tmp_path / "around").read_text()

    assert "live.example" not in around
    assert "the live one" not in around
    assert "NOT_A_PORTAL=this" in around
    assert f"PORTAL_IDENTITY_KEY={rehearsal_secrets().identity}" in around
    assert "PORTAL_SETTINGS=" in around


def test_one_that_does_not_end_when_asked_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience has an end."""
    monkeypatch.setattr("simulator.processes.server_process.STOP_SECONDS_MAX", 0.2)
    ignore = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "

    with portal(ignore + LISTEN + "time.sleep(60)") as process:
        pass

    assert process.code == -signal.SIGKILL


def test_one_that_never_listens_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever, and nothing is left running."""
    monkeypatch.setattr("simulator.processes.server_process.START_SECONDS_MAX", 0.3)

    with (
        pytest.raises(PortalUnreachable, match="nothing listens on port"),
        portal("import time; time.sleep(60)"),
    ):
        pass
