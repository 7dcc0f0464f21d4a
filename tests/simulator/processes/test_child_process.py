"""Rules of a program that we start: whatever happens, it is ended, with everything it started."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from simulator.clock import wall_sleep
from simulator.processes.child_process import (
    PIPE,
    CannotRun,
    ChildProcess,
    child_process,
    last_line,
    run_to_end,
)

SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")
#: Starts a child of its own, writes both numbers to the file it is given, and waits.
PARENT = """
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
path = pathlib.Path(sys.argv[1])
path.with_suffix(".new").write_text(f"{os.getpid()} {child.pid}")
path.with_suffix(".new").rename(path)
time.sleep(60)
"""


def numbers_in(path: Path) -> list[int]:
    """Wait for a program to say which processes there are."""
    for _try in range(2000):
        if path.exists():
            return [int(each) for each in path.read_text().split()]
        wall_sleep(0.01)
    raise AssertionError(f"nothing was written to {path}")


def ends(process: int) -> bool:
    """Say whether a process ends; a zombie that has not been reaped has ended too."""
    for _try in range(1000):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        wall_sleep(0.01)
    return False


@pytest.mark.parametrize("how", ["end", "kill"])
def test_what_it_started_ends_with_it(tmp_path: Path, how: str) -> None:
    """No grandchild outlives it, whether it is asked to end or killed."""
    child = ChildProcess((sys.executable, "-c", PARENT, str(tmp_path / "numbers")))
    numbers = numbers_in(tmp_path / "numbers")

    code = getattr(child, how)()

    assert code == (-signal.SIGTERM if how == "end" else -signal.SIGKILL)
    assert all(ends(each) for each in numbers)


def test_what_it_left_behind_ends_too(tmp_path: Path) -> None:
    """A program that ended by itself may have left a child, which is ended all the same."""
    leaves = PARENT.replace("time.sleep(60)\n", "") + "raise SystemExit(3)"
    child = ChildProcess((sys.executable, "-c", leaves, str(tmp_path / "numbers")))
    _parent, orphan = numbers_in(tmp_path / "numbers")
    assert child.wait(30) == 3

    assert child.end() == 3
    assert ends(orphan)


def test_one_that_will_not_end_is_killed(tmp_path: Path) -> None:
    """Patience has an end."""
    program = (
        "import pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"
    )
    child = ChildProcess((sys.executable, "-c", program, str(tmp_path / "deaf")))
    while not (tmp_path / "deaf").exists():
        wall_sleep(0.01)

    assert child.end(seconds_max=0.2) == -signal.SIGKILL
    assert child.code == -signal.SIGKILL


def test_to_end_it_twice_is_nothing() -> None:
    """Its number may be another program's by now."""
    child = ChildProcess(SLEEP)
    assert child.kill() == -signal.SIGKILL

    assert child.kill() == child.end() == -signal.SIGKILL


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("in_a_block", [True, False])
def test_a_ctrl_c_as_it_starts_does_not_leave_it_behind(
    monkeypatch: pytest.MonkeyPatch, kind: signal.Signals, *, in_a_block: bool
) -> None:
    """The signal that comes between the fork and the note of it is heard when it can be ended."""
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def interrupted(*args: Any, **kwargs: Any) -> "subprocess.Popen[bytes]":
        started.append(real(*args, **kwargs))
        signal.raise_signal(kind)
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012
        if in_a_block:
            with child_process(SLEEP):
                raise AssertionError("the block was begun")
        ChildProcess(SLEEP)

    assert len(started) == 1
    assert started[0].returncode in (-signal.SIGKILL, -signal.SIGTERM)


def test_it_ends_with_the_block() -> None:
    """Also where the block fails."""
    with pytest.raises(KeyError), child_process(SLEEP) as child:  # noqa: PT012
        assert child.code is None
        raise KeyError

    assert child.code == -signal.SIGTERM


def test_a_ctrl_c_at_the_terminal_is_not_its() -> None:
    """It leads a session of its own; one in the foreground shares ours."""
    asks = (sys.executable, "-c", "import os; print(os.getpgrp() == os.getpid())")
    for foreground in (False, True):
        with child_process(asks, stdout=PIPE, foreground=foreground) as child:
            assert child.stdout.readline().strip() == str(not foreground).encode()
            child.stdout.close()


def test_it_has_the_environment_folder_and_files_it_is_given(tmp_path: Path) -> None:
    """And of ours nothing but what is handed over; without an input of its own it reads nothing."""
    reads, writes = os.pipe()
    program = (
        'import os, sys; said = f\'{os.environ.get("ONE")} {os.environ.get("HOME")}\'\n'
        f"os.write({writes}, f'{{said}} {{os.getcwd()}} {{sys.stdin.read()!r}}'.encode())"
    )
    command = (sys.executable, "-c", program)
    try:
        code = run_to_end(command, environment={"ONE": "1"}, folder=tmp_path, handed_over=(writes,))
        assert os.read(reads, 1000).decode() == f"1 None {tmp_path} ''"
    finally:
        os.close(reads)
        os.close(writes)

    assert code == 0


@pytest.mark.parametrize("command", ["/no/such/program", "", "/", "a\0b"])
def test_one_that_cannot_be_run_says_why(command: str) -> None:
    """The system's reason is kept, without a number or the program's name."""
    with pytest.raises(CannotRun) as caught:
        ChildProcess([command])

    assert str(caught.value)
    assert "Errno" not in str(caught.value)


def test_a_run_gives_its_exit_code(tmp_path: Path) -> None:
    """What it wrote is in the file it was given, and its last line is found there."""
    program = "import sys; print('one'); print('tw\\x1bo\\n', flush=True); sys.exit(7)"
    path = tmp_path / "words.txt"
    with path.open("wb") as words:
        code = run_to_end((sys.executable, "-c", program), stdout=words, stderr=words)

    assert (code, last_line(path)) == (7, "tw\\x1bo")


@pytest.mark.usefixtures("interruptible")
def test_a_run_that_takes_too_long_is_ended() -> None:
    """It is interrupted as by Ctrl-C, and no success."""
    program = "import time\ntry: time.sleep(60)\nexcept KeyboardInterrupt: raise SystemExit(9)"
    code = run_to_end((sys.executable, "-c", program), seconds_max=3)

    assert code in (9, -signal.SIGINT)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_run_may_put_away_what_it_holds(tmp_path: Path) -> None:
    """Ctrl-C is passed on to it, and it is waited for; what it started ends as well."""
    puts_away = PARENT.replace(
        "time.sleep(60)\n",
        "try: time.sleep(60)\n"
        "except KeyboardInterrupt: time.sleep(0.5); path.with_suffix('.away').touch()\n",
    )
    path = tmp_path / "numbers"

    def interrupt() -> None:
        numbers_in(path)
        os.kill(os.getpid(), signal.SIGTERM)

    waiting = threading.Thread(target=interrupt)
    waiting.start()
    with pytest.raises(KeyboardInterrupt):
        run_to_end((sys.executable, "-c", puts_away, str(path)))
    waiting.join()

    assert path.with_suffix(".away").exists()
    assert all(ends(each) for each in numbers_in(path))
