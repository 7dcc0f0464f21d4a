"""Runs one program and writes down what it spent: `python -m loadtests.benchmarks.spent FILE ...`.

A process of its own, so that the memory it tells is that of this one program.
"""

import resource
import sys
import time
from pathlib import Path

import msgspec
from msgspec import Struct

from simulator.processes.child_process import run_to_end


class Spent(Struct, frozen=True, kw_only=True):
    """The seconds, the processor's seconds, the largest memory, and the exit code."""

    seconds: float
    cpu_seconds: float
    memory_mb: float
    code: int


def spent_by(command: list[str], file: Path) -> Spent:
    """Run a program in a process that measures it; `file` is written and read again."""
    measured = [sys.executable, "-m", "loadtests.benchmarks.spent", str(file), *command]
    with file.with_suffix(".log").open("wb") as said:
        run_to_end(measured, stdout=said, stderr=said)
    return msgspec.json.decode(file.read_bytes(), type=Spent)


def main(file: str, *command: str) -> None:
    """Run the program, and write what it spent to the file."""
    started = time.perf_counter()
    code = run_to_end(command)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = Spent(
        seconds=time.perf_counter() - started,
        cpu_seconds=used.ru_utime + used.ru_stime,
        memory_mb=used.ru_maxrss / 1024,
        code=code,
    )
    Path(file).write_bytes(msgspec.json.encode(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
