"""Rules of the processes the features run in: exit code and words come back, and nothing else."""

import os
import signal
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from simulator.errors import SuiteError
from simulator.processes.features_process import Run, _Warm, run_alone, warm_runs

#: Without the plugins that are installed here, as the features run: to load them takes longest.
LONELY = ("-q", "--disable-plugin-autoload", "-p", "no:cacheprovider", "-c")


def asked(folder: Path, test: str) -> Sequence[str]:
    """Write a test, and give pytest's arguments to run it."""
    folder.mkdir(exist_ok=True)
    (folder / "pytest.ini").write_text("[pytest]\n")
    path = folder / "test_it.py"
    path.write_text(test)
    return (*LONELY, str(folder / "pytest.ini"), str(path))


@pytest.mark.parametrize(
    ("test", "code"),
    [("def test_it(): pass", 0), ("def test_it(): raise ValueError('seen')", 1), ("", 5)],
)
def test_the_exit_code_comes_back(tmp_path: Path, test: str, code: int, warm: Run) -> None:
    """A run returns its exit code, alone or warm: passed, failed, or nothing to run."""
    arguments, log = asked(tmp_path / "it", test), tmp_path / "pytest.log"

    assert (run_alone(arguments, log), warm(arguments, log)) == (code, code)
    assert ("seen" in log.read_text()) == (code == 1)


def test_a_run_leaves_nothing_behind_for_the_next(tmp_path: Path, warm: Run) -> None:
    """Each run is a fork: what one broken portal replaces, the next never meets."""
    breaks = "def test_it():\n    import msgspec\n    msgspec.json = None"
    needs = "def test_it():\n    import msgspec\n    msgspec.json.encode(1)"
    assert warm(asked(tmp_path / "breaks", breaks), tmp_path / "1.log") == 0
    assert warm(asked(tmp_path / "needs", needs), tmp_path / "2.log") == 0


@pytest.mark.slow(seconds=4)
def test_runs_go_on_side_by_side(tmp_path: Path) -> None:
    """Runs from several threads share the processes there are, and each gets its own answer."""
    tests = ["def test_it(): pass", "def test_it(): raise ValueError"] * 3
    runs = [asked(tmp_path / str(each), test) for each, test in enumerate(tests)]

    with warm_runs(processes=2) as run, ThreadPoolExecutor(6) as pool:
        logs = [tmp_path / f"{each}.log" for each in range(6)]
        assert list(pool.map(run, runs, logs)) == [0, 1] * 3


def test_a_process_that_dies_is_no_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no answer comes, the error names the log: a run that never was has not passed."""

    def ask(run: Run) -> None:
        with pytest.raises(SuiteError, match=r"did not run; see .*pytest\.log"):
            run((), tmp_path / "pytest.log")

    monkeypatch.setattr("sys.executable", "/bin/true")
    with warm_runs(processes=1) as run:
        ask(run)


def test_a_process_that_still_loads_ends_in_silence_at_ctrl_c(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Ctrl-C reaches the processes of the terminal too, however early; none shows a traceback."""
    for seconds in (0.0, 0.05, 0.3):
        with _Warm() as warm:
            process = warm._process
            time.sleep(seconds)
            os.kill(process.pid, signal.SIGINT)
            assert process.wait(30) == 1

    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")
