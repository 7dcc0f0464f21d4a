"""Rules of servers on loopback: they answer, say why they cannot, and leave nothing behind."""

import socket
import sys
import tomllib
import urllib.request
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import PortalUnreachable, SuiteError
from simulator.processes.loopback import HOST, free_port, running, serving, write_settings

SERVER = ("{python}", "-m", "http.server", "{port}", "--bind", HOST)


async def application(scope: Any, _receive: Any, send: Any) -> None:
    """Answer with the path."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


def listens(port: int) -> bool:
    """Say whether anybody listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def test_a_free_port_is_free() -> None:
    """Nobody listens on it, and somebody can."""
    port = free_port()

    assert not listens(port)
    with socket.socket() as probe:
        probe.bind((HOST, port))


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


def test_a_portal_runs_until_the_end() -> None:
    """It is there from the first line within, with our interpreter and port filled in."""
    port = free_port()

    with running(SERVER, port=port, environment={}):
        assert listens(port)

    assert not listens(port)


def test_a_portal_that_is_killed_is_started_again_on_the_same_port(tmp_path: Path) -> None:
    """It is another process, and is there when the call is over."""
    port, file = free_port(), tmp_path / "processes"
    program = (
        "import os, pathlib, sys; from http.server import HTTPServer, BaseHTTPRequestHandler\n"
        "open(sys.argv[1], 'a').write(f'{os.getpid()}\\n')\n"
        "HTTPServer(('127.0.0.1', int(sys.argv[2])), BaseHTTPRequestHandler).serve_forever()"
    )

    with running(
        ("{python}", "-c", program, str(file), "{port}"), port=port, environment={}
    ) as restart:
        restart()
        assert listens(port)

    assert len(set(file.read_text().split())) == 2
    assert not listens(port)


def test_a_portal_has_the_environment_it_is_given(tmp_path: Path) -> None:
    """What the target names is in the portal's environment, beside what was there."""
    port, file = free_port(), tmp_path / "told"
    program = (
        "import os, pathlib, sys; from http.server import HTTPServer, BaseHTTPRequestHandler\n"
        "pathlib.Path(sys.argv[1]).write_text(os.environ['TOLD'] + os.environ['PATH'])\n"
        "HTTPServer(('127.0.0.1', int(sys.argv[2])), BaseHTTPRequestHandler).serve_forever()"
    )

    with running(
        ("{python}", "-c", program, str(file), "{port}"), port=port, environment={"TOLD": "this"}
    ):
        told = file.read_text()

    assert told.startswith("this")
    assert len(told) > len("this")


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (
            "import sys; print('no database'); sys.exit('cannot start')",
            r"stopped at once \(1\): cannot start",
        ),
        ("raise RuntimeError('no settings')", r"stopped at once \(1\): RuntimeError: no settings"),
        ("", r"stopped at once \(0\): it said nothing"),
    ],
)
def test_a_portal_that_stops_at_once_has_its_last_words(program: str, said: str) -> None:
    """Why it stopped is what it said last: that is what the tester has to mend."""
    with (
        pytest.raises(PortalUnreachable, match=said) as caught,
        running((sys.executable, "-c", program), port=free_port(), environment={}),
    ):
        pass
    assert str(caught.value).startswith("access.command: ")
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize("command", [("/no/such/portal",), ("",), ("/",), ("a\0b",)])
def test_a_command_that_cannot_be_run_is_named(command: tuple[str, ...]) -> None:
    """A misspelt command is an error that names it."""
    with (
        pytest.raises(PortalUnreachable, match=r"access\.command: '.*' cannot be run"),
        running(command, port=free_port(), environment={}),
    ):
        pass


def test_a_portal_is_stopped_when_the_run_fails() -> None:
    """Nothing of a run outlives it, however it ends."""
    port = free_port()

    with pytest.raises(KeyError), running(SERVER, port=port, environment={}):  # noqa: PT012
        assert listens(port)
        raise KeyError

    assert not listens(port)


def test_settings_are_written_as_toml(tmp_path: Path) -> None:
    """What the portal reads is what the operator said, dates and times included."""
    values = {
        "public_url": "http://127.0.0.1:1",
        "go_live": [datetime(2026, 5, 17, 23, tzinfo=UTC)],
        "quiet_from": time(21),
        "forces": {"thames_valley": {"name": "Thames Valley Police"}},
    }

    path = write_settings(tmp_path, values)

    assert path.parent == tmp_path
    assert tomllib.loads(path.read_text(encoding="utf-8")) == values
