"""What a rehearsal costs by the share of crimes that go through the portal, in CPU seconds.

Each share has a process of its own. What each crime more costs, from share to share, shows whether
the cost is linear, and so what a whole year with `--fraction 1` takes.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec

from loadtests.benchmarks.spent import Spent, spent_by
from simulator.results.values import RehearsalResult

_ROLLOUT = "scenarios/phased-rollout.toml"
SHARES = (0.005, 0.01, 0.02, 0.05)


def measure(shares: Sequence[float] = SHARES, rollout: str = _ROLLOUT) -> Iterator[str]:
    """Rehearse at each share; return one line for each number."""
    found, memory = [], []
    for share in shares:
        with tempfile.TemporaryDirectory() as folder:
            spent, crimes = _rehearsed(rollout, share, Path(folder))
        found.append((crimes, spent.cpu_seconds))
        memory.append(spent.memory_mb)
        yield f"rate rehearsal_at_{share:g} {spent.cpu_seconds:.1f} CPU seconds"
        yield f"rate rehearsal_at_{share:g}_memory {spent.memory_mb:.0f} MB"
    yield from costs(found, shares)
    yield f"rate rehearsal_at_1_memory_expected {memory_of_all(memory, shares):.0f} MB"


def memory_of_all(memory: Sequence[float], shares: Sequence[float]) -> float:
    """Give the memory that all crimes would take, by what it grew by from the last share but one.

    Smaller shares take what a run takes whatever it follows: the calls are at full volume.
    """
    grown = (memory[-1] - memory[-2]) / (shares[-1] - shares[-2])
    return memory[-1] + max(grown, 0.0) * (1 - shares[-1])


def costs(found: Sequence[tuple[int, float]], shares: Sequence[float]) -> Iterator[str]:
    """Give the cost of each crime more, from share to share, and what all crimes would cost."""
    steps = [
        (seconds - before) / max(1, crimes - fewer)
        for (fewer, before), (crimes, seconds) in pairwise(found)
    ]
    for share, step in zip(shares[1:], steps, strict=True):
        yield f"rate rehearsal_crimes_to_{share:g} {1 / step:.1f} crimes/CPU second"
    (fewest, least), (most, longest) = found[0], found[-1]
    slope = (longest - least) / (most - fewest)
    whole = least + slope * (most / shares[-1] - fewest)
    yield f"rate rehearsal_at_1_expected {whole / 60:.1f} CPU minutes"
    yield f"ratio rehearsal_linear {steps[-1] / slope:.2f}"


def _rehearsed(rollout: str, share: float, folder: Path) -> tuple[Spent, int]:
    suite = [sys.executable, "-m", "simulator.cli"]
    command = [*suite, "rehearse", rollout, "--fraction", str(share), "--out", str(folder / "out")]
    spent = spent_by(command, folder / "spent.json")
    written = (folder / "out" / "rehearsal.json").read_bytes()
    result = msgspec.json.decode(written, type=RehearsalResult)
    return spent, sum(each.followed for each in result.periods if not each.is_test)
