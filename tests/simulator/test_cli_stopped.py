"""A command that is stopped says so, and leaves nothing of what it started."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.simulator.real_files import TARGET

_SECONDS_MAX = 60


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
    """Ctrl-C and SIGTERM alike: exit code 3, one word, no traceback, and no process left."""
    suite = [sys.executable, "-m", "simulator.cli", *command, "--out", str(tmp_path)]
    with subprocess.Popen(
        suite,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Tests that were begun in the background ignore Ctrl-C, and hand that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        end = time.monotonic() + _SECONDS_MAX
        while not list(tmp_path.glob(begun)) and time.monotonic() < end:
            time.sleep(0.05)
        assert process.poll() is None
        process.send_signal(asked_by)
        _out, said = process.communicate(timeout=_SECONDS_MAX)

    assert process.returncode == 3
    assert said.decode().strip().endswith("Stopped.")
    assert "Traceback" not in said.decode()
    assert started_for(tmp_path) == []
