"""Rules of our doubles on loopback: they answer, say why they cannot, and leave nothing behind."""

import os
import socket
import subprocess
import sys
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from simulator.errors import SuiteError
from simulator.files.paths import ROOT
from simulator.processes.loopback import HOST, free_port, serving


async def application(scope: Any, _receive: Any, send: Any) -> None:
    """Answer with the path."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


def listens(port: int) -> bool:
    """Say whether anything listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def test_a_free_port_is_free() -> None:
    """Nothing listens on it, and a server can."""
    port = free_port()

    assert not listens(port)
    with socket.socket() as probe:
        probe.bind((HOST, port))


def test_processes_that_run_at_once_find_different_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one process found, and does not listen on yet, its neighbours never find."""
    found = []
    for process in (4_000, 4_001, 4_002):
        monkeypatch.setattr(os, "getpid", lambda process=process: process)
        found.append({free_port() for _each in range(20)})

    assert [len(each) for each in found] == [20, 20, 20]
    assert len(set().union(*found)) == 60


#: Finds ports as a process with this number would, in the same order as another of that number.
FINDS = """
import itertools, os
from simulator.processes import loopback
os.getpid, loopback._found = (lambda: 4_012), itertools.count()
print(*(loopback.free_port() for _each in range(20)), flush=True)
input()
"""


def test_two_suites_never_find_the_same_port() -> None:
    """Their processes may have the same twelfth of the ports; nothing listens on any yet."""
    with ExitStack() as stack:
        suites = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", FINDS], cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True
                )
            )
            for _each in range(3)
        ]
        found = [set(each.stdout.readline().split()) for each in suites if each.stdout]
        for each in suites:
            each.communicate("\n")

    assert [len(each) for each in found] == [20, 20, 20]
    assert len(set().union(*found)) == 60


def test_only_the_ports_found_last_are_reserved() -> None:
    """A run that plays thousands of stories holds no more sockets than one of twenty-five."""
    open_before = len([*Path("/dev/fd").iterdir()])
    for _each in range(500):
        free_port()

    assert len([*Path("/dev/fd").iterdir()]) <= open_before + 100


def test_no_connection_takes_a_free_port_meanwhile() -> None:
    """Ports that the system gives to connections are above it: 32768 and more on Linux."""
    assert all(20_000 <= free_port() < 32_000 for _each in range(20))


def test_a_double_answers_until_the_end() -> None:
    """From the first line within to the last it answers on loopback, and afterwards no more."""
    port = free_port()

    with serving(application, port) as url:
        assert url == f"http://{HOST}:{port}"
        with urllib.request.urlopen(f"{url}/tasks", timeout=5) as answer:  # noqa: S310  loopback
            assert answer.read() == b"/tasks"

    assert not listens(port)


# The server leaves its thread by SystemExit, which threads do not show and pytest would.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_double_whose_port_is_in_use_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    """The error names the port and no traceback is shown."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(SuiteError, match=f"{HOST}:{port}.*in use") as caught:  # noqa: SIM117
            with serving(application, port):
                pass

    assert caught.value.exit_code == 3
    assert "Traceback" not in capfd.readouterr().err
