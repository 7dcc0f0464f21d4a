"""Times mimesis and gecko-syndata, or pseudopeople; run by crowds.py in environments of their own.

It uses nothing of ours but a file of names. Prints a line for each: its name, and how many a second
of the processor's time and by the clock. With "census" for the file it times pseudopeople.
"""

import sys
import time
from collections.abc import Callable

VICTIMS = 20_000
RUNS = 3


def rates(job: Callable[[], object], count: int) -> tuple[float, float]:
    """Return how many a second, in the best of a few runs: processor's time, and by the clock."""
    cpu, clock = [], []
    for _ in range(RUNS):
        started, started_clock = time.process_time(), time.perf_counter()
        job()
        cpu.append(time.process_time() - started)
        clock.append(time.perf_counter() - started_clock)
    return count / min(cpu), count / min(clock)


def victims_by_mimesis() -> tuple[float, float]:
    """Make victims of eight fields; return how many a second."""
    from mimesis import Address, Datetime, Locale, Person  # type: ignore[import-not-found]

    person, address, when = Person(Locale.EN_GB), Address(Locale.EN_GB), Datetime(Locale.EN_GB)

    def job() -> None:
        for _ in range(VICTIMS):
            person.first_name(), person.last_name(), person.email(), person.phone_number()
            address.address(), address.postal_code(), when.date(), person.gender_code()

    return rates(job, VICTIMS)


def faults_by_gecko(names_file: str) -> tuple[float, float]:
    """Apply faults to a tenth of the names, as often by each edit as Damerau counted."""
    import numpy as np
    import pandas as pd  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from gecko import mutator  # type: ignore[import-not-found]

    names = pd.read_csv(names_file, keep_default_na=False, dtype=str)

    def job() -> None:
        rng = np.random.default_rng(1)
        edits = [
            (0.11, mutator.with_insert(rng=rng)),
            (0.18, mutator.with_delete(rng=rng)),
            (0.69, mutator.with_substitute(rng=rng)),
            (0.02, mutator.with_transpose(rng=rng)),
        ]
        wrong = [(share * 0.05, edit) for share, edit in edits]
        mutator.mutate_data_frame(names, [("given", wrong), ("family", wrong)])

    return rates(job, len(names))


def faults_by_pseudopeople() -> tuple[float, float]:
    """Make its sample of a census with faults and without; the difference is the faults' time."""
    import pseudopeople as psp  # type: ignore[import-not-found]

    census = psp.generate_decennial_census(config=psp.NO_NOISE)
    without = rates(lambda: psp.generate_decennial_census(config=psp.NO_NOISE), len(census))
    whole = rates(psp.generate_decennial_census, len(census))
    return _of_the_rest(whole[0], without[0]), _of_the_rest(whole[1], without[1])


def _of_the_rest(whole: float, part: float) -> float:
    """Return how many a second, when the time of a part does not count."""
    return 1 / (1 / whole - 1 / part)


def main(names_file: str) -> None:
    """Time them."""
    jobs: dict[str, Callable[[], tuple[float, float]]] = (
        {"pseudopeople": faults_by_pseudopeople}
        if names_file == "census"
        else {"mimesis": victims_by_mimesis, "gecko": lambda: faults_by_gecko(names_file)}
    )
    for name, measured in jobs.items():
        cpu, clock = measured()
        sys.stdout.write(f"{name} {cpu:.0f} {clock:.0f}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
