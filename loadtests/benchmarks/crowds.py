"""How many people a second `generate` writes to Parquet, beside Faker, mimesis and gecko-syndata.

All are measured in one run, on one core, each the best of a few runs. A rate is by a second of the
core's time, whatever else it has to do; `_by_the_clock` is by the clock on the wall. Faults in
names: ours and gecko-syndata's spoil the same names, and both end as columns of words. pseudopeople
spoils its own sample of a census, at its own rates; the time that it takes without faults does not
count. The others have environments of their own, made on the first run; where one cannot be made, a
line says so.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from simulator.files.paths import ROOT
from simulator.processes.child_process import CannotRun, run_to_end

HERE = Path(__file__).parent
OTHERS = Path("out") / "bench-others"
PEOPLE = 500_000
NAMES = 1_000_000
VICTIMS_BY_FAKER = 3_000
RUNS = 3
_RATIOS = {
    "mimesis": "crowd_to_mimesis",
    "gecko": "crowd_faults_to_gecko",
    "pseudopeople": "crowd_faults_to_pseudopeople",
}
_INSTALL_SECONDS_MAX = 300
_RUN_SECONDS_MAX = 600


class Rate(NamedTuple):
    """How many a second: of the core's time, and by the clock."""

    cpu: float
    clock: float


def measure(
    *, people: int = PEOPLE, names: int = NAMES, others: Path | None = OTHERS
) -> Iterator[str]:
    """Measure in programs of their own; return one line for each number.

    `others` is the folder of the environment of mimesis and gecko-syndata; None leaves them out.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        same_names = Path(folder) / "names.csv"
        module = [sys.executable, "-m", "loadtests.benchmarks.crowds"]
        ours = told_by([*module, str(people), str(names), str(same_names)])
        yield from _rates("crowd_people_to_parquet", ours["people"], "people/s")
        yield from _rates("crowd_faults_in_names", ours["faults"], "names/s")
        yield from _ratios("crowd_to_faker", ours["people"], ours["faker"])
        if others is None:
            return
        yield from _beside_others(others, ours, same_names)


def _beside_others(others: Path, ours: dict[str, Rate], same_names: Path) -> Iterator[str]:
    """Measure the other makers, each in its environment in the folder `others`."""
    for name, is_measured, argument in (
        ("other_makers", "crowd_to_mimesis, crowd_to_gecko", str(same_names)),
        ("pseudopeople", "crowd_to_pseudopeople", "census"),
    ):
        try:
            python = str(environment_with(others / name, HERE / f"{name}.txt"))
            theirs = told_by([python, str(HERE / "other_makers.py"), argument])
        except CannotRun as error:
            yield f"not measured {is_measured}: {error}"
            continue
        for maker, rate in theirs.items():
            whose = ours["people" if maker == "mimesis" else "faults"]
            yield from _ratios(_RATIOS[maker], whose, rate)


def _rates(name: str, found: Rate, unit: str) -> Iterator[str]:
    yield f"rate {name} {found.cpu:.0f} {unit}"
    yield f"rate {name}_by_the_clock {found.clock:.0f} {unit}"


def _ratios(name: str, ours: Rate, theirs: Rate) -> Iterator[str]:
    yield f"ratio {name} {ours.cpu / theirs.cpu:.1f}"
    yield f"ratio {name}_by_the_clock {ours.clock / theirs.clock:.1f}"


def environment_with(folder: Path, wanted: Path) -> Path:
    """Return the Python of an environment with these packages, made if it is not there.

    Raises CannotRun.
    """
    python = folder / "bin" / "python"
    marker = folder / "installed.txt"
    pins = wanted.read_text(encoding="utf-8")
    if marker.is_file() and marker.read_text(encoding="utf-8") == pins:
        return python
    install = (str(python), "-m", "pip", "install", "--quiet", "-r", str(wanted))
    for command in ((sys.executable, "-m", "venv", str(folder)), install):
        if run_to_end(command, seconds_max=_INSTALL_SECONDS_MAX) != 0:
            raise CannotRun(f"{' '.join(command[:4])} failed; is there a package index?")
    marker.write_text(pins, encoding="utf-8")
    return python


def told_by(command: list[str]) -> dict[str, Rate]:
    """Run a program on one core, and read its lines of a name and two rates."""
    environment = dict(os.environ) | {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}
    # It slows numpy, and mends products that are not used here.
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        environment.pop(name, None)
    # pseudopeople draws a bar of its progress, also where nobody looks.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as beside:
        code = run_to_end(
            command,
            environment=environment,
            folder=ROOT,
            stdout=out,
            stderr=beside,
            seconds_max=_RUN_SECONDS_MAX,
        )
        out.seek(0)
        beside.seek(0)
        lines, said = out.read().decode().splitlines(), beside.read().decode(errors="replace")
    if code != 0:
        last = said.strip().splitlines()[-1:]
        raise CannotRun(f"{' '.join(command[1:3])} ended with {code}: {' '.join(last)}")
    told = (line.split() for line in lines)
    return {name: Rate(float(cpu), float(clock)) for name, cpu, clock in told}


def main(people: int, names: int, same_names: Path) -> None:
    """Measure ours and Faker, on one core; write the names for the others to a file."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    from simulator.crowd.generating import CrowdPlan
    from simulator.crowd.people import read_households
    from simulator.population.faults.rates import read_fault_rates

    plan = CrowdPlan(people, "thames-valley", 1, read_fault_rates(), read_households())
    plan.batch(0)
    jobs: dict[str, Callable[[], Rate]] = {
        "people": lambda: _people(plan),
        "faults": lambda: _faults(plan, names, same_names),
        "faker": lambda: _best(_victims_by_faker, VICTIMS_BY_FAKER),
    }
    for name, measured in jobs.items():
        found = measured()
        sys.stdout.write(f"{name} {found.cpu:.0f} {found.clock:.0f}\n")
        sys.stdout.flush()


def _best(job: Callable[[], object], count: int) -> Rate:
    """Return how many a second, in the best of a few runs."""
    cpu, clock = [], []
    for _ in range(RUNS):
        started, started_clock = time.process_time(), time.perf_counter()
        job()
        cpu.append(time.process_time() - started)
        clock.append(time.perf_counter() - started_clock)
    return Rate(count / min(cpu), count / min(clock))


def _people(plan: Any) -> Rate:
    from simulator.crowd.files import write_tables
    from simulator.crowd.generating import make_batches

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / "people.parquet"
        return _best(
            lambda: write_tables((each.table for each in make_batches(plan)), path), plan.people
        )


def _faults(plan: Any, names: int, same_names: Path) -> Rate:
    """Time the drawing of every kind of fault, and the writing of wrong names as words."""
    import numpy as np
    import polars as pl
    import pyarrow as pa

    from simulator.crowd.people import BATCH, batch_stream, make_truth
    from simulator.crowd.recording import Recording
    from simulator.population.faults.drawing import draw_faults, draw_intake

    read, table, words = plan.tables
    rows = np.arange(BATCH)
    batches = []
    for number in range(-(-names // BATCH)):
        people = make_truth(number, read, plan.households, force=plan.force, seed=plan.seed)
        batches.append((people, people.has(read), batch_stream(plan.seed, number)))
    true = pl.concat(
        pl.DataFrame(
            {
                "given": pl.Series(words.given.listed).gather(people.given),
                "family": pl.Series(words.family.listed).gather(people.family),
            }
        )
        for people, _has, _stream in batches
    )
    true.write_csv(same_names)

    def job() -> None:
        for people, has, stream in batches:
            intake = draw_intake(BATCH, table.rates, stream, weeks=52)
            drawn = draw_faults(table, intake, has, stream)
            given, family = Recording(people, rows, words, intake, drawn).names()
            pa.table({"given": given.dictionary_decode(), "family": family.dictionary_decode()})

    return _best(job, len(batches) * BATCH)


def _victims_by_faker() -> None:
    from faker import Faker

    faker = Faker("en_GB")
    for _ in range(VICTIMS_BY_FAKER):
        faker.first_name(), faker.last_name(), faker.email(), faker.phone_number()
        faker.street_address(), faker.postcode(), faker.date_of_birth(), faker.random_element("MF")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
