"""How many calls a second the desk answers, beside SimPy's `Resource` with reneging and Ciw.

All by the processor's time, in one run. Ours, also the one with skills, and SimPy answer the same
calls, and must have the same callers hang up; Ciw draws calls of its own at the same rates. It has
an environment of its own, made on the first run; where one cannot be made, a line says so.
"""

import sys
from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import simpy

from loadtests.benchmarks.crowds import HERE, OTHERS, environment_with, told_by
from simulator.clock import processor_seconds
from simulator.contact_centre.call_outcomes import join_outcomes
from simulator.contact_centre.call_queue import Desk
from simulator.contact_centre.calls import NON_EMERGENCY, Calls
from simulator.contact_centre.skilled_desk import SkilledDesk, Teams
from simulator.processes.child_process import CannotRun

CALLS = 200_000
RUNS = 3
#: An Erlang-A queue: 18 calls a minute, 20 handlers, a minute a call, a patience of two minutes.
HANDLERS, GAP, SERVICE, PATIENCE = 20, 60 / 18, 60.0, 120.0


def measure(*, calls: int = CALLS, others: Path | None = OTHERS) -> Iterator[str]:
    """Measure each; return one line for each number. With no `others`, Ciw is left out."""
    ours, abandoned = _best(_by_desk, calls)
    simpys, abandoned_there = _best(_by_simpy, calls)
    if abandoned != abandoned_there:
        raise AssertionError(f"{abandoned} hang up at the desk, {abandoned_there} in SimPy")
    yield f"rate desk_calls {ours:.0f} calls/CPU second"
    yield f"rate desk_abandoned {abandoned / calls:.2%} of calls"
    yield f"ratio desk_to_simpy {ours / simpys:.1f}"
    skilled, abandoned_by_skilled = _best(_by_skilled_desk, calls)
    if abandoned_by_skilled != abandoned:
        raise AssertionError(f"{abandoned} hang up at the desk, {abandoned_by_skilled} with skills")
    yield f"rate skilled_desk_calls {skilled:.0f} calls/CPU second"
    yield f"ratio skilled_desk_to_simpy {skilled / simpys:.1f}"
    if others is None:
        return
    try:
        python = environment_with(others / "ciw", HERE / "ciw.txt")
        numbers = (calls, HANDLERS, GAP, SERVICE, PATIENCE)
        told = told_by([str(python), str(HERE / "ciw_desk.py"), *map(str, numbers)])
    except CannotRun as error:
        yield f"not measured desk_to_ciw: {error}"
        return
    yield f"rate desk_abandoned_in_ciw {told['abandoned'].cpu:.2%} of calls"
    yield f"ratio desk_to_ciw {ours / told['calls'].cpu:.1f}"


def _best(answer: Any, calls: int) -> tuple[float, int]:
    """Return how many calls a second in the best of a few runs, and how many callers hang up."""
    seconds = []
    for _run in range(RUNS):
        begun = processor_seconds()
        abandoned = answer(calls)
        seconds.append(processor_seconds() - begun)
    return calls / min(seconds), abandoned


def _drawn(calls: int) -> Calls:
    rng = np.random.default_rng(1)
    return Calls(
        at_seconds=np.cumsum(rng.exponential(GAP, calls)),
        line=np.full(calls, NON_EMERGENCY, dtype=np.int8),
        service_seconds=rng.exponential(SERVICE, calls),
        patience_seconds=rng.exponential(PATIENCE, calls),
    )


def _by_desk(calls: int) -> int:
    desk = Desk(roster=[HANDLERS] * 168, start=datetime(2026, 2, 2, tzinfo=UTC))
    outcomes = join_outcomes(desk.run(_drawn(calls)), desk.finish())
    return int(outcomes.abandoned.sum())


def _by_skilled_desk(calls: int) -> int:
    """Answer the same calls with the desk that could do more; here all its handlers are shared."""
    desk = SkilledDesk(teams=Teams(shared=[HANDLERS] * 168), start=datetime(2026, 2, 2, tzinfo=UTC))
    outcomes = join_outcomes(desk.run(_drawn(calls)), desk.finish())
    return int(outcomes.abandoned.sum())


def _by_simpy(calls: int) -> int:
    """Answer the same calls with a process for each, as SimPy's own example of reneging does."""
    env = simpy.Environment()
    desk = simpy.Resource(env, HANDLERS)
    drawn = _drawn(calls)
    columns: Sequence[Any] = (drawn.at_seconds, drawn.service_seconds, drawn.patience_seconds)
    abandoned = 0

    def caller(service: float, patience: float) -> Generator[Any, Any, None]:
        nonlocal abandoned
        with desk.request() as request:
            found = yield request | env.timeout(patience)
            if request in found:
                yield env.timeout(service)
            else:
                abandoned += 1

    def arrivals() -> Generator[Any, Any, None]:
        for at, service, patience in zip(*(each.tolist() for each in columns), strict=True):
            yield env.timeout(at - env.now)
            env.process(caller(service, patience))

    env.process(arrivals())
    env.run()
    return abandoned


if __name__ == "__main__":
    for line in measure():
        sys.stdout.write(f"{line}\n")
