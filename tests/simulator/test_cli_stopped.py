"""A command that is stopped says so, and leaves nothing of what it started."""

import os
import pty
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.simulator.real_files import TARGET

_SECONDS_MAX = 60
_CURSOR_HIDDEN, _CURSOR_SHOWN = "\x1b[?25l", "\x1b[?25h"


def started_for(out: Path) -> list[int]:
    """List the processes whose command names this folder."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(out).encode() in each.read_bytes():
                found.append(int(each.parent.name))
        except OSError:  # it ended meanwhile
            continue
    return found


@pytest.mark.slow(seconds=6)
@pytest.mark.parametrize("asked_by", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("command", "begun"),
    [
        pytest.param(
            ["accept", "--target", str(TARGET), "--edges", "off"], "pytest.log", id="accept"
        ),
        pytest.param(
            ["prove", "--only", "sends_twice"], "*/pytest.log", id="prove", marks=pytest.mark.proof
        ),
    ],
)
def test_a_command_that_is_stopped_ends_what_it_started(
    tmp_path: Path, command: list[str], begun: str, asked_by: signal.Signals
) -> None:
    """Ctrl-C and SIGTERM alike: exit code 3, one word, no traceback, and no process left.

    The terminal is as it was: the cursor that the progress bar hid is shown again.
    """
    ours, terminal = pty.openpty()
    words: list[bytes] = []
    reads = threading.Thread(target=read_all, args=(ours, words))
    reads.start()
    try:
        code = stopped(command, begun=tmp_path / begun, by=asked_by, terminal=terminal)
    finally:
        os.close(terminal)
        reads.join()
        os.close(ours)

    said = b"".join(words).decode()
    assert code == 3
    assert said.strip().endswith("Stopped.")
    assert "Traceback" not in said
    assert started_for(tmp_path) == []
    assert said.rfind(_CURSOR_HIDDEN) < said.rfind(_CURSOR_SHOWN)


@pytest.mark.slow(seconds=6)
def test_a_command_that_is_killed_leaves_nothing_running(tmp_path: Path) -> None:
    """Nothing of ours runs after SIGKILL; what it started ends all the same."""
    command = ["accept", "--target", str(TARGET), "--edges", "off"]

    code = stopped(command, begun=tmp_path / "pytest.log", by=signal.SIGKILL)

    assert code == -signal.SIGKILL
    end = time.monotonic() + _SECONDS_MAX
    while started_for(tmp_path) and time.monotonic() < end:
        time.sleep(0.05)
    assert started_for(tmp_path) == []


def read_all(terminal: int, words: list[bytes]) -> None:
    """Read what is shown on a terminal until nobody has it open; a full one would stop a run."""
    with suppress(OSError):
        while read := os.read(terminal, 65_536):
            words.append(read)


def stopped(
    command: list[str], *, begun: Path, by: signal.Signals, terminal: int = subprocess.DEVNULL
) -> int:
    """Send a command a signal as soon as it has `begun` to run features; return its exit code."""
    out = begun.parent if "*" not in begun.parent.name else begun.parent.parent
    with subprocess.Popen(
        [sys.executable, "-m", "simulator.cli", *command, "--out", str(out)],
        stdout=subprocess.DEVNULL,
        stderr=terminal,
        # Tests that were begun in the background ignore Ctrl-C, and hand that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        end = time.monotonic() + _SECONDS_MAX
        while not list(out.glob(str(begun.relative_to(out)))) and time.monotonic() < end:
            time.sleep(0.05)
        assert process.poll() is None
        process.send_signal(by)
        return process.wait(_SECONDS_MAX)
