"""Refuse to compare runs that differ in more than the portal: machine, database, burst or versions.

Pure. Runs that say nothing of the portal, because the generator was the limit, are refused as well.
"""

from collections.abc import Callable, Sequence

from simulator.errors import BadInput
from simulator.results.load import LoadResult

#: What must be the same in all runs, in the plural, and how it is found.
_SAME: tuple[tuple[str, Callable[[LoadResult], object]], ...] = (
    ("bursts", lambda run: run.name),
    ("scales", lambda run: f"{run.scale:g}"),
    ("numbers of updates", lambda run: f"{run.events_scheduled:,}"),
    ("rates of updates", lambda run: f"{run.ordered.updates_per_second_ordered:g} a second"),
    ("journeys", lambda run: ", ".join(run.journeys)),
    ("seeds", lambda run: run.seed),
    ("orders", lambda run: run.order),
    ("ways to the portal", lambda run: run.reached),
    ("numbers of Locust workers", lambda run: run.ordered.workers),
    ("machines", lambda run: run.machine.system),
    ("processors", lambda run: run.machine.processor or "not known"),
    ("processor counts", lambda run: f"{run.machine.cores} cores"),
    ("databases", lambda run: run.machine.database or "the portal's own"),
    ("numbers of portal processes", lambda run: run.machine.portal_workers),
    ("pinning", lambda run: "--pin" if run.machine.pinned else "no --pin"),
    ("versions of Python", lambda run: run.machine.python),
)


def check_alike(runs: Sequence[LoadResult]) -> None:
    """Refuse runs that cannot be compared; raises BadInput with one sentence."""
    for name, of_run in (*_SAME, *_versions(runs)):
        found = sorted({str(of_run(each)) for each in runs})
        if len(found) > 1:
            raise BadInput(
                f"these runs have different {name}: {' and '.join(found)}; compare like with like"
            )
    for each in runs:
        if each.limited_by:
            raise BadInput(
                f"the run of {each.begun_at} says nothing of the portal, because the limit was "
                f"{each.limited_by}; leave it out, and run it again"
            )


def busiest(runs: Sequence[LoadResult]) -> float:
    """Return the highest load average before a run, for each core of the machine."""
    return max(each.machine.load_average / each.machine.cores for each in runs)


def _versions(
    runs: Sequence[LoadResult],
) -> list[tuple[str, Callable[[LoadResult], object]]]:
    packages = sorted({name for each in runs for name in each.machine.versions})

    def of(package: str) -> Callable[[LoadResult], object]:
        return lambda run: run.machine.versions.get(package, "none")

    return [(f"versions of {each}", of(each)) for each in packages]
