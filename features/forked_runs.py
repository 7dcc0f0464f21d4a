"""Runs the features many times, each in a fork of this process, which has loaded what they share.

`python -m features.forked_runs` reads a line of JSON a run, `{"arguments": [...], "log": PATH}`,
and answers each with pytest's exit code.
"""

import gc
import importlib
import io
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

import msgspec
import pytest
from pytest_bdd.steps import step_function_context_registry

from features import plugin
from simulator.accept.run import check_target
from simulator.files.paths import ROOT
from simulator.inputs.permanent_ids import read_names
from simulator.inputs.target import read_target
from simulator.processes.features_process import ALL_FEATURES
from simulator.processes.orphan_guard import end_with_parent

_SHARED = (
    "pytest_bdd", "gherkin", "faker.config", "numpy",
    "simulator.world.builder", "simulator.world.victims", "simulator.judge.fold",
    "reference.portal.app",
    *plugin.STEPS,
)  # fmt: skip
_REFERENCE = ROOT / "scenarios" / "targets" / "reference.toml"


class _Asked(msgspec.Struct, frozen=True):
    arguments: list[str]
    log: str


def main() -> None:
    """Fork a run for every line there is."""
    for each in _SHARED:
        importlib.import_module(each)
    _collect()
    _compile_steps()
    _start_the_reference()
    # What is loaded is never freed, so the forks need not copy it.
    gc.freeze()
    own = os.getpid()
    for line in sys.stdin.buffer:
        asked = msgspec.json.decode(line, type=_Asked)
        child = os.fork()
        if child == 0:
            end_with_parent(own)
            _run(asked.arguments, asked.log)
        print(os.waitstatus_to_exitcode(_status_of(child)), flush=True)


def _status_of(child: int) -> int:
    """Wait for a run; Ctrl-C reaches it too, and it may put away what it holds."""
    try:
        return os.waitpid(child, 0)[1]
    except KeyboardInterrupt:
        os.waitpid(child, 0)
        raise


def _collect() -> None:
    """Have pytest find every scenario once: each fork finds them with nothing to read."""
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        pytest.main([
            "--collect-only", *ALL_FEATURES,
            "--target", str(_REFERENCE),
            "--results", folder, "--called-from", str(Path.cwd()),
        ])  # fmt: skip


def _compile_steps() -> None:
    """Have each step compile the pattern of its sentence, which it does when it is first asked."""
    for each in step_function_context_registry.values():
        each.parser.is_matching("")


def _start_the_reference() -> None:
    """Read what every run reads: the permanent ids, and the words of the reference."""
    read_names()
    check_target(read_target(_REFERENCE), _REFERENCE, phase=3)


def _run(arguments: Sequence[str], log: str) -> None:
    """Be the run: everything it says goes to its log, and nothing of this process is closed."""
    code = 3
    try:
        words = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(words, 1)
        os.dup2(words, 2)
        # To find the lines that a shorter traceback shows takes a fifth of a run.
        code = int(pytest.main([*arguments, "--tb=native"]))
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    try:
        # The command that started this process held Ctrl-C back while it loaded.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        main()
    except KeyboardInterrupt:
        # Ctrl-C reaches this process too; the command that started it says that it stopped.
        sys.exit(1)
