"""How long a planner's year takes: two forces at full volume, without a portal in the loop.

CPU seconds of one core, in a process of its own: making the crimes, victims, worries and calls, the
model of the portal with its victims and officers, and the desk with the portal.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from loadtests.benchmarks.spent import spent_by
from simulator.clock import processor_seconds
from simulator.planning.scenario import read_scenario, read_year
from simulator.planning.year import Year

_PLAN = Path("scenarios/plans/as-today.toml")
#: A year of 52 weeks; a warm-up would only make it longer.
_WEEKS = 52


def measure(weeks: int = _WEEKS) -> Iterator[str]:
    """Measure one year; return one line for each number."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "spent.json"
        spent = spent_by(
            [sys.executable, "-m", "loadtests.benchmarks.planned_years", str(weeks)], file
        )
        if spent.code != 0:
            yield f"not measured planned_year: {file.with_suffix('.log').read_text()[-300:]!r}"
            return
        said = json.loads(file.with_suffix(".log").read_text().splitlines()[-1])
    yield f"rate planned_year {said['seconds']:.1f} CPU seconds"
    yield f"rate planned_year_model {said['model']:.1f} CPU seconds"
    yield f"rate planned_year_events {said['events']:,.0f} events in the model"
    yield f"rate planned_year_calls {said['calls']:,.0f} calls answered"
    yield f"rate planned_year_memory {spent.memory_mb:.0f} MB"


def main(weeks: str) -> None:
    """Run one year at full volume, and print what it took."""
    from msgspec import structs

    begun = processor_seconds()
    _scenario, study = read_scenario(_PLAN)
    study = structs.replace(study, warm_up_weeks=1, weeks=int(weeks) - 1)
    files = read_year(study, said_in=str(_PLAN))
    year = Year(files, study, seed=1, fraction=1.0)
    before = processor_seconds()
    run = year.run(files)
    model = processor_seconds() - before
    calls = year.calls(files.centres, files, run)
    use = run.use
    events = use.recorded + len(use.sent.at) + use.visits + use.tasks.total() + len(use.rang)
    said = {
        "seconds": processor_seconds() - begun,
        "model": model,
        "events": events,
        "calls": sum(e.offered for each in calls.values() for e in each.levels),
    }
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
