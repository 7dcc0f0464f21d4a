"""How many people a second `generate` writes to Parquet, beside Faker, mimesis and gecko-syndata.

All are measured in one run, on one core, each the best of a few runs; a second is one of the
core's, whatever else it has to do. mimesis and gecko-syndata have an environment of their own, made
on the first run; where it cannot be made, a line says so.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from simulator.files.paths import ROOT
from simulator.processes.child_process import CannotRun, run_to_end

HERE = Path(__file__).parent
OTHERS = Path("out") / "bench-others"
PEOPLE = 200_000
VICTIMS_BY_FAKER = 3_000
RUNS = 3
_INSTALL_SECONDS_MAX = 300
_RUN_SECONDS_MAX = 600


def measure(*, people: int = PEOPLE, others: Path | None = OTHERS) -> Iterator[str]:
    """Measure in programs of their own; return one line for each number.

    `others` is the folder of the environment of mimesis and gecko-syndata; None leaves them out.
    """
    ours = _told([sys.executable, "-m", "loadtests.benchmarks.crowds", str(people)])
    yield f"rate crowd_people_to_parquet {ours['people']:.0f} people/s"
    yield f"rate crowd_faults_in_names {ours['faults']:.0f} names/s"
    yield f"ratio crowd_to_faker {ours['people'] / ours['faker']:.1f}"
    if others is None:
        return
    try:
        theirs = _told([str(_environment(others)), str(HERE / "other_makers.py")])
    except CannotRun as error:
        yield f"not measured crowd_to_mimesis, crowd_to_gecko: {error}"
        return
    yield f"ratio crowd_to_mimesis {ours['people'] / theirs['mimesis']:.1f}"
    yield f"ratio crowd_faults_to_gecko {ours['faults'] / theirs['gecko']:.1f}"


def _environment(folder: Path) -> Path:
    """Return the Python of the others' environment, made if it is not there; raises CannotRun."""
    python = folder / "bin" / "python"
    marker = folder / "installed.txt"
    wanted = (HERE / "other_makers.txt").read_text(encoding="utf-8")
    if marker.is_file() and marker.read_text(encoding="utf-8") == wanted:
        return python
    install = (str(python), "-m", "pip", "install", "--quiet", "-r", str(HERE / "other_makers.txt"))
    for command in ((sys.executable, "-m", "venv", str(folder)), install):
        if run_to_end(command, seconds_max=_INSTALL_SECONDS_MAX) != 0:
            raise CannotRun(f"{' '.join(command[:4])} failed; is there a package index?")
    marker.write_text(wanted, encoding="utf-8")
    return python


def _told(command: list[str]) -> dict[str, float]:
    """Run a program on one core, and read its lines of a name and a number."""
    environment = dict(os.environ) | {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}
    # It slows numpy, and mends products that are not used here.
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        environment.pop(name, None)
    with tempfile.TemporaryFile() as out:
        code = run_to_end(
            command,
            environment=environment,
            folder=ROOT,
            stdout=out,
            seconds_max=_RUN_SECONDS_MAX,
        )
        out.seek(0)
        lines = out.read().decode().splitlines()
    if code != 0:
        raise CannotRun(f"{command[-1]} ended with {code}")
    return {name: float(value) for name, value in (line.split() for line in lines)}


def main(people: int) -> None:
    """Measure ours and Faker, on one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    from simulator.crowd.generating import CrowdPlan
    from simulator.crowd.people import read_households
    from simulator.population.faults.rates import read_fault_rates

    plan = CrowdPlan(people, "thames-valley", 1, read_fault_rates(), read_households())
    plan.batch(0)
    for name, per_second in (
        ("people", _people(plan)),
        ("faults", _faults(plan)),
        ("faker", _best(_victims_by_faker, VICTIMS_BY_FAKER)),
    ):
        sys.stdout.write(f"{name} {per_second:.0f}\n")
        sys.stdout.flush()


def _best(job: Callable[[], object], count: int) -> float:
    """Return how many a second, in the best of a few runs."""
    taken = []
    for _ in range(RUNS):
        started = time.process_time()
        job()
        taken.append(time.process_time() - started)
    return count / min(taken)


def _people(plan: Any) -> float:
    from simulator.crowd.files import write_tables
    from simulator.crowd.generating import make_batches

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / "people.parquet"
        return _best(
            lambda: write_tables((each.table for each in make_batches(plan)), path), plan.people
        )


def _faults(plan: Any) -> float:
    """Time the drawing of every kind of fault and the writing of wrong names, for one batch."""
    import numpy as np

    from simulator.crowd.names import read_names
    from simulator.crowd.people import BATCH, batch_stream, make_truth
    from simulator.crowd.recording import Recording, Words
    from simulator.population.faults.drawing import FaultTable, draw_faults, draw_intake

    names, table = read_names(), FaultTable(plan.rates)
    words = Words(names, plan.rates, "crowd")
    people = make_truth(0, names, plan.households, force=plan.force, seed=plan.seed)
    has, stream = people.has(names), batch_stream(plan.seed, 0)
    rows = np.arange(BATCH)

    def job() -> None:
        intake = draw_intake(BATCH, table.rates, stream, weeks=52)
        drawn = draw_faults(table, intake, has, stream)
        Recording(people, rows, words, intake, drawn).names()

    return _best(job, BATCH)


def _victims_by_faker() -> None:
    from faker import Faker

    faker = Faker("en_GB")
    for _ in range(VICTIMS_BY_FAKER):
        faker.first_name(), faker.last_name(), faker.email(), faker.phone_number()
        faker.street_address(), faker.postcode(), faker.date_of_birth(), faker.random_element("MF")


if __name__ == "__main__":
    main(int(sys.argv[1]))
