"""`portal-suite load BURST --find-capacity`: how large a burst a portal stands, and why no larger.

What is known is written down after each run, and printed also if the search is cut off.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from loadtests.bursts import read_burst
from loadtests.capacity import RUNS_MAX, Capacity, Knee, find_capacity
from loadtests.load_options import LoadOptions
from loadtests.rate_check import largest_scale
from simulator.commands.output import bar_shower, with_progress, write_json
from simulator.errors import CONFORMS, COULD_NOT_JUDGE, DOES_NOT_CONFORM
from simulator.results.load import LoadResult

FOUND = "capacity.json"
#: Runs the burst at a scale into a folder, and says how far it is.
Run = Callable[[float, Path, Callable[[str], None]], LoadResult]


def show_capacity(path: Path, out: Path, run: Run, options: LoadOptions) -> None:
    """Look for the knees and print them; exits with 1 if nothing held, 3 if it is not confirmed."""
    known: list[Capacity] = []
    # Where no scale fits under the cap, the first run says so.
    most = largest_scale(read_burst(path), options, path) or options.scale

    def note(found: Capacity) -> None:
        known.append(found)
        write_json(out / FOUND, found)

    def job(progress: Any, task: Any) -> Capacity:
        def run_at(scale: float) -> LoadResult:
            count = len(known[-1].trials) if known else 0
            folder = out / f"scale-{scale:g}-{count + 1:02d}"
            folder.mkdir(exist_ok=True)
            progress.update(task, description=f"{path.stem} at {scale:g} times", completed=count)
            return run(scale, folder, bar_shower(progress, task, f"{scale:g} times, "))

        return find_capacity(run_at, begin=options.scale, scale_max=most, note=note)

    try:
        found = with_progress(f"Capacity {path.stem}", RUNS_MAX, job)
    except KeyboardInterrupt:
        if known:
            click.echo(f"Cut off after {len(known[-1].trials)} runs; by then:")
            _print(known[-1], path, out)
        raise
    note(found)
    _print(found, path, out)
    code = CONFORMS if found.decides.is_confirmed else COULD_NOT_JUDGE
    click.get_current_context().exit(code if found.decides.scale else DOES_NOT_CONFORM)


def _print(found: Capacity, path: Path, out: Path) -> None:
    """Print the knees, what gave out above each, and the runs."""
    name, decides = f"“{path.stem}”", found.decides
    if decides.scale:
        click.echo(f"Tells everyone in time up to {decides.scale:g} times {name}{_sure(decides)}.")
    else:
        click.echo(f"Does not tell everyone in time at any scale of {name} that was tried.")
    click.echo(_above(found.decides))
    if found.comfort.scale:
        click.echo(f"In comfort up to {found.comfort.scale:g} times{_sure(found.comfort)}.")
    else:
        click.echo("In comfort at no scale that was tried.")
    click.echo(_above(found.comfort))
    for each in found.trials:
        word = "held" if each.held else "told" if each.told else "broke"
        click.echo(f"  {each.scale:>8g}  {word:6}{each.why:.62}")
    click.echo(f"\nWritten: {out / FOUND}, and a folder for each run")


def _sure(knee: Knee) -> str:
    return ", twice" if knee.is_confirmed else " (not confirmed by a second run)"


def _above(knee: Knee) -> str:
    return f"Above it: {knee.limit}." if knee.limit else "No run broke a limit."
