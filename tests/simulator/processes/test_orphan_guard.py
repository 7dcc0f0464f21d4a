"""Rules of the orphan guard: when the suite is killed, what it started ends, and nothing else."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.clock import wall_sleep
from simulator.files.paths import ROOT
from simulator.processes import orphan_guard
from simulator.processes.orphan_guard import OrphanGuard
from tests.simulator.processes.test_child_process import PARENT, SLEEP, ends, numbers_in

#: Starts a program that starts another, and one in the foreground; in a fork too if asked to.
SUITE = """
import os, pathlib, sys, time
from simulator.processes.child_process import ChildProcess
folder = pathlib.Path(sys.argv[1])
sleeps = (sys.executable, "-c", "import time; time.sleep(60)")
alone = ChildProcess(sleeps, foreground=True)
if "fork" in sys.argv and os.fork() == 0:
    folder = folder / "fork"
    folder.mkdir()
    alone = ChildProcess(sleeps, foreground=True)
leads = ChildProcess((sys.executable, "-c", sys.argv[2], str(folder / "numbers")))
own = folder / "own"
own.with_suffix(".new").write_text(f"{os.getpid()} {alone._process.pid}")
own.with_suffix(".new").rename(own)
time.sleep(60)
"""


@pytest.mark.parametrize("fork", ["", "fork"])
def test_a_suite_that_is_killed_leaves_nothing_behind(tmp_path: Path, fork: str) -> None:
    """SIGKILL runs nothing of ours any more; what a fork of ours started goes with the fork."""
    suite = [sys.executable, "-c", SUITE, str(tmp_path), PARENT, *filter(None, [fork])]
    with subprocess.Popen(suite, cwd=ROOT) as process:
        started = numbers_in(tmp_path / "numbers")
        own, *alone = numbers_in(tmp_path / "own")
        forked = numbers_in(tmp_path / "fork" / "own") if fork else []
        in_fork = numbers_in(tmp_path / "fork" / "numbers") if fork else []
        assert own == process.pid
        process.kill()

    assert all(ends(each) for each in (*started, *alone))
    if fork:
        assert not [each for each in (*forked, *in_fork) if not Path(f"/proc/{each}").exists()]
        os.kill(forked[0], signal.SIGKILL)
        assert all(ends(each) for each in (*forked, *in_fork))


def test_what_has_ended_is_not_killed_later() -> None:
    """Its number may be another program's: here it is still that of the first."""
    guard = OrphanGuard()
    with subprocess.Popen(SLEEP) as spared, subprocess.Popen(SLEEP) as killed:
        for each in (spared, killed):
            guard.started(each.pid, whole_session=False)
        guard.ended(spared.pid, whole_session=False)
        guard._forget()  # as the end of this process would close the pipe

        assert killed.wait(10) == -signal.SIGKILL
        wall_sleep(0.05)
        assert spared.poll() is None
        spared.kill()


#: Starts a program as `ChildProcess` does, and is killed before it notes the number.
KILLED_AS_IT_STARTS = """
import os, pathlib, signal, subprocess, sys
from simulator.processes import child_process
class Popen(subprocess.Popen):
    def __init__(self, *given, **named):
        super().__init__(*given, **named)
        path = pathlib.Path(sys.argv[1])
        path.with_suffix(".new").write_text(f"{self.pid}")
        path.with_suffix(".new").rename(path)
        os.kill(os.getpid(), signal.SIGKILL)
child_process.subprocess.Popen = Popen
child_process.ChildProcess((sys.executable, "-c", "import time; time.sleep(60)"))
"""


def test_a_suite_that_is_killed_as_it_starts_a_program_leaves_nothing(tmp_path: Path) -> None:
    """The number of the program was not noted yet: it is found by its mark."""
    path = tmp_path / "number"

    suite = [sys.executable, "-c", KILLED_AS_IT_STARTS, str(path)]
    ended = subprocess.run(suite, cwd=ROOT, check=False)

    assert ended.returncode == -signal.SIGKILL
    [child] = numbers_in(path)
    assert ends(child)


def _open_files() -> int:
    return sum(1 for _each in Path("/proc/self/fd").iterdir())


def test_without_a_shell_programs_run_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine may have no /bin/sh; nothing is guarded there, and no pipe is left open."""
    monkeypatch.setattr(orphan_guard, "_SHELL", "/nowhere/sh")
    before = _open_files()
    guard = OrphanGuard()

    guard.started(1, whole_session=True)
    guard.ended(1, whole_session=True)

    assert _open_files() == before


#: Forks a child that ends with it, and waits.
FORKS = """
import os, pathlib, sys, time
from simulator.processes.orphan_guard import end_with_parent
own = os.getpid()
child = os.fork()
if child == 0:
    end_with_parent(own)
    path = pathlib.Path(sys.argv[1])
    path.with_suffix(".new").write_text(f"{os.getpid()}")
    path.with_suffix(".new").rename(path)
time.sleep(60)
"""


def test_a_fork_ends_with_its_parent(tmp_path: Path) -> None:
    """A fork of a process that is killed does not run on."""
    path = tmp_path / "number"
    with subprocess.Popen([sys.executable, "-c", FORKS, str(path)], cwd=ROOT) as process:
        [child] = numbers_in(path)
        process.kill()

    assert ends(child)


def test_a_fork_whose_parent_is_gone_ends_at_once() -> None:
    """It may have been killed before the kernel was asked to say so."""
    asks = "from simulator.processes.orphan_guard import end_with_parent; end_with_parent(-1)"

    ended = subprocess.run([sys.executable, "-c", asks], cwd=ROOT, check=False)

    assert ended.returncode == -signal.SIGKILL
