"""No crash loses or repeats a message, on either database: what `make proof` does at length.

And its command: what it takes, what it says, how it ends.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from loadtests.kills import KILLS_MAX, STOPPED, main
from tests.simulator.real_files import ROOT

TARGETS = ROOT / "scenarios" / "targets"


@pytest.mark.proof
@pytest.mark.slow(seconds=12, waits=True)
def test_no_kill_loses_or_repeats_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    """Two kills on each database: every accepted event leads to exactly one message."""
    code = main(["--kills", "2", "--seed", "1"])
    said = capsys.readouterr()

    assert code == 0, said
    lines = said.out.splitlines()
    assert lines[0] == "seed 1"
    for store in ("sqlite", "postgresql"):
        assert any(line.startswith(f"{store}: 160 events accepted, 160 messages") for line in lines)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--kills", "0"], "--kills is 0"),
        (["--kills", str(KILLS_MAX + 1)], f"to {KILLS_MAX}"),
        (["--seed", "-1"], "--seed is -1"),
        (["--target", "no-such-file.toml"], "no-such-file.toml"),
        (["--target", str(TARGETS / "reference.toml")], "access.application"),
        (["--target", str(TARGETS / "reference-by-url.toml")], "reference-by-url.toml"),
    ],
)
def test_a_mistake_is_one_sentence(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Misuse ends with exit code 2 and one line that names it, before anything is started."""
    assert main(arguments) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert says in line


def changed_target(folder: Path, *changes: tuple[str, str]) -> str:
    """Write the reference's target file with something else in it."""
    words = (TARGETS / "reference-for-load.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in words
        words = words.replace(old, new)
    path = folder / "target.toml"
    path.write_text(words, encoding="utf-8")
    return str(path)


def test_only_a_portal_that_we_start_can_be_killed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A portal that runs elsewhere, or sends no emails, is refused with the reason."""
    words = (TARGETS / "reference-for-load.toml").read_text(encoding="utf-8")
    command = words[words.index("command = [") : words.rindex("]") + 1]
    path = changed_target(tmp_path, (command, ""), ("127.0.0.1:{port}", "127.0.0.1:9"))

    assert main(["--target", path]) == 2
    assert "access.command is missing" in capsys.readouterr().err

    path = changed_target(tmp_path, ('"text", "email"', '"text"'))

    assert main(["--target", path]) == 2
    assert "email is missing" in capsys.readouterr().err


def test_a_portal_that_does_not_start_was_not_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 3, with the portal's last output."""
    path = changed_target(
        tmp_path, ("reference.operations.service:", "reference.operations.no_such_thing:")
    )

    assert main(["--kills", "1", "--target", path, "--on", "sqlite"]) == 3
    assert "no_such_thing" in capsys.readouterr().err


def test_stopping_it_stops_all_of_it(tmp_path: Path) -> None:
    """The portal stops too, and nothing is reported as proved."""
    process = subprocess.Popen(
        [sys.executable, "-m", "loadtests.kills", "--kills", "50", "--on", "sqlite"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        end = time.monotonic() + 60
        while not list(tmp_path.glob("kills-*/portal.db")) and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        said, words = process.communicate(timeout=60)
    finally:
        # Whatever it did, no later test pays for it; one that has ended stays as it ended.
        process.kill()
        process.communicate()

    assert process.returncode == STOPPED, words
    assert said == b"seed 1\n"
    assert not list(tmp_path.glob("kills-*"))
    assert not _running_with(str(tmp_path))


def _running_with(text: str) -> list[str]:
    """Find the processes that were given this in their environment."""
    found = []
    for each in Path("/proc").glob("[0-9]*/environ"):
        try:
            if text.encode() in each.read_bytes():
                found.append(each.parent.name)
        except OSError:
            continue
    return found
