"""What a portal takes for an update, from a burst that was measured: the one place where it stands.

`python -m loadtests.measured RUN/load.json scenarios/sizing/measured.json` keeps a run for the
sizing files that name it, without what happened second by second.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import structs

from loadtests.kept_runs import read_run
from loadtests.sizing import Sizing
from simulator.errors import BadInput, SuiteError
from simulator.files import checked_toml
from simulator.files.checked_toml import Amount
from simulator.files.paths import found
from simulator.files.whole_files import write_whole
from simulator.results.load import LoadResult


def main(arguments: Sequence[str] | None = None) -> int:
    """Keep a run."""
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 2:
        sys.stderr.write("give load.json of a run, and the file to keep it in\n")
        return BadInput.exit_code
    try:
        run = measured_run(Path(given[0]))
    except SuiteError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    machine = structs.replace(run.machine, cores_over_time=[])
    kept = structs.replace(run, series=[], failures=[], machine=machine)
    write_whole(Path(given[1]), msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
    sys.stdout.write(f"{run.seconds_per_update * 1000:.2f} ms of a core for each update\n")
    return 0


def measured_run(path: Path) -> LoadResult:
    """Read a run that says what an update takes; raises BadInput if it does not."""
    run = read_run(path)
    if run.limited_by or not run.seconds_per_update:
        why = run.limited_by or "nobody looked at the cores, or no update was accepted"
        raise BadInput(f"{path}: it does not say what an update takes: {why}; run the burst again")
    return run


def read_sizing(path: Path) -> Sizing:
    """Read a sizing file, and the measurement that it names; raises BadInput."""
    sizing = checked_toml.read(path, Sizing)
    if not sizing.measured:
        return sizing
    try:
        run = measured_run(found(Path(sizing.measured)))
    except BadInput as error:
        raise BadInput(f"{path}: measured: {error}") from None
    amount = Amount(
        value=run.seconds_per_update,
        unit="seconds of a core for an update, its database and visits included",
        source=f"{sizing.measured}: “{run.name}”, {run.begun_at}, {run.machine.processor}",
    )
    return structs.replace(sizing, seconds_per_update=amount, measured="")


if __name__ == "__main__":
    sys.exit(main())
