"""Runs in a copy of the suite whose judge mutmut changed: what differs with one change at a time.

`main` reads names of changes and judges the archive with each. As a plugin of pytest it notes
which functions of the judge each test calls, or which tests fail.
"""

import gc
import json
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from mutmut.mutation import trampoline

from tests.judged_archive import Judged, differences, read_archive

#: mutmut reads from here what is changed. By this name nothing is, and what is called is noted.
CHANGED, NOTED = "MUTANT_UNDER_TEST", "stats"
#: Files that pytest writes.
REACHED, FAILED = "CHANGED_JUDGE_REACHED", "CHANGED_JUDGE_FAILED"
#: A change may make the judge loop for ever, or fill the memory.
_TIMES_SLOWER_MAX, _SECONDS_LEAST, _BYTES_MAX = 20, 10, 12 * 1024**3

_called: set[str] = set()
_runs: list[tuple[float, set[str], Judged]] = []


def function_of(name: str) -> str:
    """Give the function of a change, as mutmut calls it."""
    return name.partition("__mutmut_")[0]


def main() -> None:
    """Print for each change the first run in which the judge finds something else, or ""."""
    names = json.load(sys.stdin)
    note_calls()
    for run in read_archive():
        _called.clear()
        begun = perf_counter()
        if list(differences(run, run.again())):
            sys.exit(f"{run.name}: without a change the judge finds something else")
        _runs.append((perf_counter() - begun, set(_called), run))
    _runs.sort(key=lambda each: each[0])
    gc.freeze()
    # A change may be kept in what is worked out once: each has a process of its own.
    with multiprocessing.get_context("fork").Pool(maxtasksperchild=1) as pool:
        found = {}
        for name, run_name in pool.imap_unordered(_first_difference, names):
            found[name] = run_name
            print(f"{len(found)} of {len(names)}: {name}: {run_name or 'nothing'}", file=sys.stderr)
    print(json.dumps(found))


def note_calls() -> None:
    """Have each function of the judge note that it was called."""
    vars(trampoline)["record_trampoline_hit"] = _note
    _change(NOTED)


def _change(name: str) -> None:
    """Have the judge changed so; mutmut would read the name anew at each call."""
    vars(trampoline)["get_mutant_under_test"] = lambda: name


def _note(name: str, caller: str | None = None) -> None:
    _called.add(name)


def _first_difference(name: str) -> tuple[str, str]:
    _change(name)
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES_MAX, _BYTES_MAX))
    signal.signal(signal.SIGALRM, _too_long)
    for seconds, called, run in _runs:
        if function_of(name) in called:
            signal.alarm(int(_SECONDS_LEAST + _TIMES_SLOWER_MAX * seconds))
            try:
                differs = any(differences(run, run.again()))
            except Exception:  # noqa: BLE001  a judge that breaks down is noticed
                differs = True
            if differs:
                return name, run.name
    return name, ""


def _too_long(*_signal: object) -> None:
    raise TimeoutError


_reached: dict[str, list[str]] = {}
#: Test by test; a dictionary, as what each calls is.
_failed: dict[str, list[str]] = {}


def pytest_configure() -> None:
    """Note calls, where that is asked for."""
    if REACHED in os.environ:
        note_calls()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[Any]:
    """Note what a test called, with what was made for it."""
    _called.clear()
    result = yield
    for function in _called:
        _reached.setdefault(function, []).append(item.nodeid)
    return result


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note what failed."""
    if report.failed:
        _failed[report.nodeid] = []


def pytest_sessionfinish() -> None:
    """Write what was noted."""
    for variable, noted in ((REACHED, _reached), (FAILED, _failed)):
        if variable in os.environ:
            Path(os.environ[variable]).write_text(json.dumps(noted), encoding="utf-8")
