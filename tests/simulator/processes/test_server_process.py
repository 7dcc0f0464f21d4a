"""Rules of a server as a process: awaited, killed at any moment, started again, and ended."""

import sys
from pathlib import Path

import pytest

from simulator.drivers.exchange import HttpExchange
from simulator.errors import PortalUnreachable
from simulator.processes.loopback import HOST, free_port
from simulator.processes.server_process import ServerProcess
from tests.simulator.processes.test_loopback import listens

SERVES = ("{python}", "-m", "http.server", "{port}", "--bind", "127.0.0.1")


def answers(process: ServerProcess) -> bool:
    """Say whether the server answers."""
    exchange = HttpExchange(process.url, wait_seconds_max=5)
    try:
        return exchange.send("GET", "/", {}).status == 200
    except PortalUnreachable:
        return False
    finally:
        exchange.close()


def test_it_comes_back_where_it_was(tmp_path: Path) -> None:
    """After a kill nothing answers; after a restart it has the same address and environment."""
    process = ServerProcess(SERVES, words=tmp_path / "words.txt")
    url = process.url
    try:
        process.start({"ONE": "1"})
        assert answers(process)
        process.kill()
        assert not answers(process)
        process.start()
        assert answers(process)
        assert process.url == url
    finally:
        process.stop()

    assert not answers(process)


def test_what_it_is_given_it_keeps(tmp_path: Path) -> None:
    """Started again, it has the same environment, and its words follow those from before."""
    says = (
        "import os, http.server as served; print(os.environ['ONE'], flush=True);"
        "here, handler = ('127.0.0.1', {port}), served.SimpleHTTPRequestHandler;"
        "served.HTTPServer(here, handler).serve_forever()"
    )
    process = ServerProcess((sys.executable, "-c", says), words=tmp_path / "words.txt")
    try:
        process.start({"ONE": "kept"})
        process.kill()
        process.start()
    finally:
        process.stop()

    assert (tmp_path / "words.txt").read_text().split() == ["kept", "kept"]


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ((sys.executable, "-c", "raise SystemExit('wrongly configured')"), "wrongly configured"),
        ((sys.executable, "-c", ""), "it printed nothing"),
        (("no-such-program",), "'no-such-program' cannot be run"),
    ],
)
def test_one_that_does_not_start_says_why(
    tmp_path: Path, command: tuple[str, ...], says: str
) -> None:
    """Its last words, or that it cannot be run at all."""
    process = ServerProcess(command, words=tmp_path / "words.txt")

    with pytest.raises(PortalUnreachable, match=says):
        process.start()

    process.kill()
    process.stop()


def test_a_server_runs_until_the_end_of_the_block(tmp_path: Path) -> None:
    """It is there once it has started, with our interpreter and port filled in."""
    port = free_port()

    with ServerProcess(SERVES, port=port, words=tmp_path / "words.txt") as server:
        server.start()
        assert listens(port)
        assert (server.code, server.how_it_ended()) == (None, "")

    assert not listens(port)
    assert server.code is not None


def test_a_server_has_the_environment_it_is_given(tmp_path: Path) -> None:
    """What is added is in its environment, beside what was there."""
    file = tmp_path / "told"
    program = (
        "import os, pathlib, sys; from http.server import HTTPServer, BaseHTTPRequestHandler\n"
        "pathlib.Path(sys.argv[1]).write_text(os.environ['TOLD'] + os.environ['PATH'])\n"
        "HTTPServer(('127.0.0.1', int(sys.argv[2])), BaseHTTPRequestHandler).serve_forever()"
    )
    command = ("{python}", "-c", program, str(file), "{port}")

    with ServerProcess(command, words=tmp_path / "words.txt") as server:
        server.start({"TOLD": "this"})
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
        ("", r"stopped at once \(0\): it printed nothing"),
    ],
)
def test_a_server_that_stops_at_once_has_its_last_words(
    tmp_path: Path, program: str, said: str
) -> None:
    """Its last words say why it stopped: that is what the tester has to fix."""
    server = ServerProcess((sys.executable, "-c", program), words=tmp_path / "words.txt")

    with pytest.raises(PortalUnreachable, match=said) as caught:
        server.start()

    assert str(caught.value).startswith("access.command: ")
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize("command", [("/no/such/portal",), ("",), ("/",), ("a\0b",)])
def test_a_command_that_cannot_be_run_is_named(tmp_path: Path, command: tuple[str, ...]) -> None:
    """The error names a misspelt command."""
    server = ServerProcess(command, words=tmp_path / "words.txt")

    with pytest.raises(PortalUnreachable, match=r"access\.command: '.*' cannot be run"):
        server.start()


def test_a_server_is_stopped_when_the_run_fails(tmp_path: Path) -> None:
    """Nothing of a run outlives it, however it ends."""
    server = ServerProcess(SERVES, words=tmp_path / "words.txt")

    with pytest.raises(KeyError), server:  # noqa: PT012
        server.start()
        raise KeyError

    assert server.code is not None


def test_what_a_server_started_ends_with_it(tmp_path: Path) -> None:
    """Where the command is a script that starts the server, both are killed, as without power."""
    script = tmp_path / "serve.sh"
    script.write_text(f'"$1" -m http.server "$2" --bind {HOST} & wait\n')
    command = ("sh", str(script), "{python}", "{port}")

    with ServerProcess(command, port=(port := free_port()), words=tmp_path / "words.txt") as server:
        server.start()
        server.kill()
        assert not listens(port)
        server.start()
        assert listens(port)

    assert not listens(port)
