"""`portal-suite serve`: one command starts a portal to try by hand, and leaves nothing."""

import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from simulator.drivers.exchange import HttpExchange
from simulator.drivers.http import HttpDriver
from simulator.errors import BadInput
from simulator.inputs.target import rehearsal_secrets
from simulator.processes.loopback import HOST, free_port
from simulator.serve import run
from simulator.serve.run import PORTS, check_ports, demonstration_order, fresh_secrets, stop_signals
from tests.simulator.command_line import portal_suite
from tests.simulator.processes.test_loopback import listens
from tests.simulator.real_files import ORDER, ROOT, spoiled
from tests.simulator.worlds import TWO_FORCES

Capsys = pytest.CaptureFixture[str]
SECONDS_MAX = 60


def free_ports() -> int:
    """Find enough consecutive free ports; return the first."""
    while True:
        first = free_port()
        try:
            check_ports(first)
        except BadInput:
            continue
        return first


class Served:
    """The command in a process of its own, with both sides of its terminal."""

    def __init__(self, *arguments: str) -> None:
        self.port = free_ports()
        command = [sys.executable, "-m", "simulator.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.shown = ""
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.shown += line

    def type(self, line: str) -> None:
        """Type a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def see(self, pattern: str) -> str:
        """Wait until something is on the screen; gives its group 1, or all of it."""
        end = time.monotonic() + SECONDS_MAX
        while time.monotonic() < end:
            shown = re.search(pattern, self.shown, re.MULTILINE)
            if shown:
                return shown[shown.re.groups and 1]
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError(f"{pattern!r} was never shown:\n{self.shown}{self.error()}")

    def error(self) -> str:
        """Give what was said on the error output, once the process has ended."""
        if self.process.poll() is None:
            return ""
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def end(self, number: int) -> int:
        """Send a signal and give the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(SECONDS_MAX)
        self._reading.join(SECONDS_MAX)
        return code


@contextmanager
def serving(*arguments: str) -> Iterator[Served]:
    """Run the command, and stop it at the end."""
    served = Served(*arguments)
    try:
        yield served
    finally:
        if served.process.poll() is None:
            served.process.terminate()
            served.process.wait(SECONDS_MAX)
        for pipe in (served.process.stdin, served.process.stdout, served.process.stderr):
            assert pipe is not None
            pipe.close()


def test_a_user_can_play_victim_and_officer() -> None:
    """With only the screen, the user signs in, reads, asks, gets a reply; Ctrl-C exits with 0."""
    with serving() as served:
        url = served.see(r"^  Portal +(\S+)")
        word = served.see(r"^  Word +(\S+)")
        reference = served.see(r"^  Crime 1 +(\S+)")
        mobile = served.see(r"^  Mobile +(\S+)")
        link = served.see(rf"TEXT to {mobile}(?:.*\n)+?.*?({url}/invitation/\S+)")
        portal = HttpDriver(
            HttpExchange(url, wait_seconds_max=SECONDS_MAX),
            secrets=rehearsal_secrets(),
            capabilities=frozenset(),
            security_now=lambda: datetime.now(UTC),
        )

        step = portal.prove(portal.open_invitation(link), word)
        session = portal.enter_code(step, served.see(r"(?<![\w/-])([0-9]{6})(?![\w-])"))
        assert [each.crime_reference for each in portal.crimes(session)] == [reference]

        portal.ask_officer(session, reference, "Is there any news of it?")
        served.see(rf"STAMP on {reference}: Is there any news of it\?")
        served.see(rf"TASK for .* on {reference}: victim question")

        served.type("note The brother did it")
        served.see("Noted for the force only")
        served.type("reply Hello")
        served.see("the portal has OfficerReplied")
        posts = [each.text for each in portal.conversation(session, reference)]
        assert posts == ["Is there any news of it?", "Hello"]
        assert "The brother did it" not in served.shown

        portal.close()
        assert served.end(signal.SIGINT) == 0
        assert served.error() == ""
        assert served.shown.endswith("Stopped.\n")
        assert not any(listens(served.port + each) for each in range(PORTS))


def test_it_serves_without_input() -> None:
    """When the input ends it goes on, in the given phase, until it is stopped."""
    with serving("--phase", "1") as served:
        assert served.process.stdin is not None
        served.process.stdin.close()
        served.see("phase 1 is live")
        served.see("the portal has CrimeRecorded")
        assert listens(served.port)

        assert served.end(signal.SIGTERM) == 0


#: Answers as a portal until it is told of a crime; then it dies, saying why.
DIES = """
import http.server, os, sys
class Portal(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(401)
        self.end_headers()
        self.wfile.write(b'{"title": "Sign in"}')
    def do_POST(self):
        sys.stderr.write("Traceback\\nMemoryError: no room for a crime\\n")
        os._exit(7)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Portal).serve_forever()
"""


def test_a_portal_that_dies_is_one_sentence(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence has its last output, and the exit code is 3."""
    (tmp_path / "dies.py").write_text(DIES)
    text = run.TARGET.read_text().partition("command = [")[0]
    target = tmp_path / "target.toml"
    target.write_text(f'{text}command = ["{{python}}", "{tmp_path}/dies.py", "{{port}}"]')
    monkeypatch.setattr(run, "TARGET", target)

    said = portal_suite(capsys, "serve", "--port", str(free_ports()))

    assert said.code == 3
    assert said.error == (
        "the portal stopped (exit code 7); its last output: MemoryError: no room for a crime"
    )


@pytest.mark.parametrize("which", range(PORTS))
def test_a_port_in_use_is_named(capsys: Capsys, which: int) -> None:
    """One sentence with the port and another that is free, and exit code 2."""
    first = free_ports()
    with socket.socket() as other:
        other.bind((HOST, first + which))
        other.listen()

        said = portal_suite(capsys, "serve", "--port", str(first))

    assert said.code == 2
    assert said.error.startswith(f"port {first + which} is in use: ")
    mend = re.search(r"for example --port (\d+)$", said.error)
    assert mend is not None
    check_ports(int(mend[1]))
    assert said.out == ""


def test_a_mistake_in_the_order_is_named_before_anything_runs(
    capsys: Capsys, tmp_path: Path
) -> None:
    """The sentence has file, field and fix, as with every command."""
    path = spoiled(tmp_path, ORDER, ("[messages]", "[mesages]"))

    said = portal_suite(capsys, "serve", "--order", path)

    assert said.code == 2
    assert said.error.startswith(f"{path}: ")
    assert "did you mean 'messages'" in said.error


@pytest.mark.parametrize(
    "arguments", [["--port", "0"], ["--port", "65534"], ["--phase", "4"], ["--seconds", "3"], ["x"]]
)
def test_a_mistake_on_the_command_line_is_misuse(capsys: Capsys, arguments: list[str]) -> None:
    """Nothing begins to run."""
    said = portal_suite(capsys, "serve", *arguments)

    assert said.code == 2
    assert said.error
    assert said.out == ""


@pytest.mark.parametrize("phase", [1, 2, 3])
@pytest.mark.parametrize("today", [date(2026, 11, 24), date(2024, 2, 29), date(2060, 1, 1)])
def test_the_given_phase_is_live_and_no_message_waits(phase: int, today: date) -> None:
    """This holds at any hour, whatever the order's own dates."""
    order = demonstration_order(TWO_FORCES, phase=phase, today=today)

    for hour in (0, 3, 12, 23):
        now = datetime(today.year, today.month, today.day, hour, tzinfo=UTC)
        assert order.phase_at(now) == phase
        assert order.quiet_until(now) == now
    assert order.messages.bundle_minutes == 0
    assert order.triggers == TWO_FORCES.triggers


def test_the_secrets_are_this_runs_alone() -> None:
    """No two runs share one, and none is published."""
    made = [fresh_secrets(), fresh_secrets(), rehearsal_secrets()]

    for name in made[0].__struct_fields__:
        assert len({getattr(each, name) for each in made}) == len(made)
        assert len(getattr(made[0], name)) >= 32


def test_signals_are_collected_and_then_restored() -> None:
    """While it serves, Ctrl-C asks it to stop; afterwards the handler is as before."""
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)

    with stop_signals() as arrived:
        assert not arrived
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        assert arrived == [signal.SIGINT, signal.SIGTERM]

    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
