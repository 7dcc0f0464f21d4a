"""Times mimesis and gecko-syndata; run by crowds.py with the Python of their own environment.

It uses nothing of ours. Prints a line for each: its name, and how many a second.
"""

import sys
import time

VICTIMS = 20_000
NAMES = 200_000
RUNS = 3
GIVEN = ("Susan", "Mohammed", "Alexander", "Zoe", "Margaret", "Ewan", "Priya", "Jo")
FAMILY = ("Smith", "Featherstone", "Khan", "Lee", "O'Neill", "Macdonald", "Shah")


def victims_by_mimesis() -> float:
    """Make victims of eight fields; return how many a second."""
    from mimesis import Address, Datetime, Locale, Person  # type: ignore[import-not-found]

    person, address, when = Person(Locale.EN_GB), Address(Locale.EN_GB), Datetime(Locale.EN_GB)
    started = time.process_time()
    for _ in range(VICTIMS):
        person.first_name(), person.last_name(), person.email(), person.phone_number()
        address.address(), address.postal_code(), when.date(), person.gender_code()
    return VICTIMS / (time.process_time() - started)


def faults_by_gecko() -> float:
    """Apply faults to a tenth of the names, as often by each edit as Damerau counted."""
    import numpy as np
    import pandas as pd  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from gecko import mutator  # type: ignore[import-not-found]

    rng = np.random.default_rng(1)
    edits = [
        (0.11, mutator.with_insert(rng=rng)),
        (0.18, mutator.with_delete(rng=rng)),
        (0.69, mutator.with_substitute(rng=rng)),
        (0.02, mutator.with_transpose(rng=rng)),
    ]
    wrong = [(share * 0.05, edit) for share, edit in edits]
    names = pd.DataFrame(
        {
            "given": [GIVEN[i % len(GIVEN)] for i in range(NAMES)],
            "family": [FAMILY[i % len(FAMILY)] for i in range(NAMES)],
        }
    )
    started = time.process_time()
    mutator.mutate_data_frame(names, [("given", wrong), ("family", wrong)])
    return NAMES / (time.process_time() - started)


def main() -> None:
    """Time both, the best of a few runs each."""
    for name, measured in (("mimesis", victims_by_mimesis), ("gecko", faults_by_gecko)):
        sys.stdout.write(f"{name} {max(measured() for _ in range(RUNS)):.0f}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
