"""The portal's process: it gets its settings, and its end is explained."""

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
from simulator.serve.portal import running_portal
from simulator.serve.run import TARGET
from tests.simulator.processes.test_loopback import listens
from tests.simulator.worlds import TWO_FORCES

LISTEN = "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); "


@contextmanager
def portal(program: str, *more: str, port: int | None = None) -> Iterator[ServerProcess]:
    """Run a program where the portal would be."""
    target = read_target(TARGET)
    command = ("{python}", "-c", program, "{port}", *more)
    with running_portal(
        port or free_port(),
        structs.replace(target, access=structs.replace(target.access, command=command)),
        TWO_FORCES,
        secrets=rehearsal_secrets(),
        gateway_url=f"http://{HOST}:1",
        crime_system_url=f"http://{HOST}:2",
    ) as process:
        yield process


def test_it_runs_until_the_end() -> None:
    """It listens inside the context and not after it."""
    port = free_port()

    with portal(LISTEN + "time.sleep(60)", port=port) as process:
        assert listens(port)
        assert process.how_it_ended() == ""

    assert not listens(port)
    assert process.code == -signal.SIGTERM


@pytest.mark.parametrize(
    ("program", "how"),
    [
        ("sys.exit('no database')", "(exit code 1); its last output: no database"),
        (
            "print('x' * 9000); print('a\\x1b[2Jb\\n\\n')",
            "(exit code 0); its last output: a\\x1b[2Jb",
        ),
        ("import os; os.kill(os.getpid(), 9)", "(killed by SIGKILL); it printed nothing"),
        (
            "raise KeyError('no settings')",
            "(exit code 1); its last output: KeyError: 'no settings'",
        ),
    ],
)
def test_how_it_ended_is_a_sentence(program: str, how: str) -> None:
    """The sentence gives its last output, whenever it ended."""
    with pytest.raises(PortalUnreachable) as caught, portal(f"import sys; {program}"):
        pass
    assert str(caught.value) == f"the portal stopped {how}"

    with portal(f"{LISTEN} s.accept(); {program}") as process:
        assert process.how_it_ended(within_seconds=10) == f"the portal stopped {how}"


def test_ctrl_c_does_not_reach_the_portal(tmp_path: Path) -> None:
    """It has its own process group: the suite gets Ctrl-C and stops it."""
    write = "import os, pathlib, sys; pathlib.Path(sys.argv[2]).write_text(str(os.getpgrp())); "
    with portal(write + LISTEN + "time.sleep(60)", str(tmp_path / "group")):
        assert int((tmp_path / "group").read_text()) != os.getpgrp()


def test_it_has_no_settings_of_another_portal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has our environment, but only this run's PORTAL_ variables."""
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


def test_a_portal_that_does_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wait has a limit."""
    monkeypatch.setattr("simulator.processes.server_process.STOP_SECONDS_MAX", 0.2)
    ignore = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "

    with portal(ignore + LISTEN + "time.sleep(60)") as process:
        pass

    assert process.code == -signal.SIGKILL


def test_one_that_never_listens_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wait has a limit, and no process is left."""
    monkeypatch.setattr("simulator.processes.server_process.START_SECONDS_MAX", 0.3)

    with (
        pytest.raises(PortalUnreachable, match="nothing listens on port"),
        portal("import time; time.sleep(60)"),
    ):
        pass
