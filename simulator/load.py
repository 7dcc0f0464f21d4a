"""Starts a load test as a process of its own, since Locust patches what it runs in."""

import subprocess
import sys
from pathlib import Path

import msgspec

from simulator.errors import MISUSE, BadInput, SuiteError
from simulator.results import LoadResult

ROOT = Path(__file__).parents[1]


def load(burst: Path, *, out: Path, target: Path | None = None) -> LoadResult:
    """Run a burst; raises BadInput for what the tester can mend, SuiteError when it did not run."""
    result = out / "load.json"
    command = [sys.executable, "-m", "loadtests.burst_run", str(burst), "--out", str(out)]
    if target is not None:
        command += ["--target", str(target)]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603
    last = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
    if done.returncode == MISUSE:
        raise BadInput(last[0].removeprefix("Error: "))
    if done.returncode < 0 or not result.exists():
        raise SuiteError(f"the load test did not finish: {last[0].removeprefix('Error: ')}")
    return msgspec.json.decode(result.read_bytes(), type=LoadResult)
