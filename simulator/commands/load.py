"""`portal-suite load`: bursts against a portal at a URL, with every message judged.

A burst runs in a process of its own, because Locust patches its process.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import click
import msgspec

from simulator.commands.output import (
    INPUT,
    RESULTS,
    console,
    finish,
    open_results_folder,
    with_progress,
    write_json,
)
from simulator.errors import CONFORMS, DOES_NOT_CONFORM, MISUSE, BadInput, SuiteError
from simulator.files.whole_files import write_whole
from simulator.processes.child_process import last_line, run_to_end
from simulator.results.load import LoadResult
from simulator.verdicts import exit_code, worst

#: The first word of `load compare A B`.
COMPARE = "compare"


@click.command()
@click.argument("burst", nargs=-1, required=True, metavar="BURST | compare BEFORE AFTER")
@click.option("--out", type=RESULTS, default="out/load", show_default=True)
@click.option("--target", type=INPUT, help="Target file to use in place of the burst's.")
@click.option(
    "--scale",
    type=click.FloatRange(0, 1000, min_open=True),
    default=1.0,
    show_default=True,
    help="So many times as many crimes and visits, in the same time.",
)
@click.option(
    "--repeats",
    type=click.IntRange(1, 50),
    default=1,
    show_default=True,
    help="Run it so often, for an interval when two are compared.",
)
@click.option(
    "--find-capacity", is_flag=True, help="Raise the burst until a limit breaks; report the knee."
)
def load(
    burst: tuple[str, ...],
    out: Path,
    target: Path | None,
    scale: float,
    repeats: int,
    *,
    find_capacity: bool,
) -> None:
    """Load a portal at a URL with a burst, and judge every message.

    \b
    Examples:
      portal-suite load scenarios/bursts/bulk-closure.toml
      portal-suite load scenarios/bursts/smoke.toml --out out/smoke
      portal-suite load scenarios/bursts/smoke.toml --repeats 3 --out out/before
      portal-suite load scenarios/bursts/bulk-closure.toml --find-capacity
      portal-suite load compare out/before out/after
    """  # noqa: D301  click reads the mark
    if burst[0] == COMPARE:
        _compare(burst[1:])
        return
    if len(burst) > 1:
        raise BadInput(f"{burst[1]!r:.80}: one burst at a time; leave it out")
    path = Path(INPUT.convert(burst[0], None, None))
    open_results_folder(out)
    if find_capacity:
        _find_capacity(path, out, target, scale)
    elif repeats > 1:
        _repeat(path, out, target, scale, repeats)
    else:
        _once(path, out, target, scale)


def run_burst(
    burst: Path, *, out: Path, target: Path | None = None, scale: float = 1.0
) -> LoadResult:
    """Run a burst; raises BadInput for what the tester can correct, or SuiteError."""
    result = out / "load.json"
    command = [sys.executable, "-m", "loadtests.burst_run", str(burst), "--out", str(out)]
    command += ["--scale", f"{scale:g}"]
    if target is not None:
        command += ["--target", str(target)]
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder) / "words.txt"
        with words.open("wb") as said:
            code = run_to_end(command, stderr=said)
        last = last_line(words).removeprefix("Error: ") or "it printed nothing"
    if code == MISUSE:
        raise BadInput(last)
    if code < 0 or not result.exists():
        raise SuiteError(f"the load test did not finish: {last}")
    return msgspec.json.decode(result.read_bytes(), type=LoadResult)


def _once(path: Path, out: Path, target: Path | None, scale: float) -> None:
    from simulator.report.terminal import show_load

    def job(_progress: Any, _task: Any) -> Any:
        return run_burst(path, out=out, target=target, scale=scale)

    result = with_progress(f"Burst {path.stem}", None, job)
    _write_page(result, out)
    show_load(result, console())
    finish("load", result.verdict, out)


def _repeat(path: Path, out: Path, target: Path | None, scale: float, repeats: int) -> None:
    from simulator.report.decisions import load_decision

    def job(progress: Any, task: Any) -> list[LoadResult]:
        results = []
        for number in range(1, repeats + 1):
            folder = out / f"run-{number:02d}"
            folder.mkdir(exist_ok=True)
            results.append(run_burst(path, out=folder, target=target, scale=scale))
            _write_page(results[-1], folder)
            progress.update(task, completed=number)
        return results

    results = with_progress(f"Burst {path.stem}", repeats, job)
    for number, result in enumerate(results, start=1):
        click.echo(f"{number} of {repeats}: {load_decision(result)}")
    click.echo(f"\nCompare with another folder: portal-suite load compare {out} OTHER")
    click.get_current_context().exit(exit_code(worst(each.verdict for each in results)))


def _find_capacity(path: Path, out: Path, target: Path | None, scale: float) -> None:
    from loadtests.capacity import RUNS_MAX, find_capacity

    def job(progress: Any, task: Any) -> Any:
        count = 0

        def run(at: float) -> LoadResult:
            nonlocal count
            count += 1
            folder = out / f"scale-{at:g}-{count:02d}"
            folder.mkdir(exist_ok=True)
            progress.update(task, description=f"{path.stem} at {at:g} times", completed=count - 1)
            return run_burst(path, out=folder, target=target, scale=at)

        return find_capacity(run, begin=scale)

    found = with_progress(f"Capacity {path.stem}", RUNS_MAX, job)
    write_json(out / "capacity.json", found)
    if found.knee:
        sure = "" if found.is_confirmed else " (not confirmed by a second run)"
        click.echo(f"Holds {found.knee:g} times “{path.stem}”{sure}.")
    else:
        click.echo(f"Does not hold “{path.stem}” at any scale that was tried.")
    click.echo(f"Above it: {found.limit}." if found.limit else "No run broke a limit.")
    for each in found.trials:
        click.echo(f"  {each.scale:>8g}  {'held' if each.held else each.why:.66}")
    click.echo(f"\nWritten: {out / 'capacity.json'}, and a folder for each run")
    click.get_current_context().exit(CONFORMS if found.knee else DOES_NOT_CONFORM)


def _compare(folders: tuple[str, ...]) -> None:
    from loadtests.compare import compared
    from loadtests.kept_runs import read_runs
    from simulator.report.load_tables import amount, label

    if len(folders) != 2:
        raise BadInput("load compare: give two folders: before and after")
    before, after = (read_runs(Path(each)) for each in folders)
    ratios = compared(before, after)
    worse = [each for each in ratios if each.is_worse]
    click.echo(
        f"{len(worse)} of {len(ratios)} measures got worse beyond doubt "
        f"({len(before)} runs before, {len(after)} after)."
    )
    click.echo(f"{'':32}{'before':>9}{'after':>9}{'ratio':>7}  95% interval")
    for each in ratios:
        interval = (
            "needs 3 runs each"
            if each.least is None or each.most is None
            else f"{each.least:.2f} to {each.most:.2f}"
        )
        mark = " worse" if each.is_worse else " better" if each.is_better else ""
        click.echo(
            f"{label(each.measure):32}{amount(each.measure, each.before):>9}"
            f"{amount(each.measure, each.after):>9}{each.ratio:>7.2f}  {interval}{mark}"
        )
    click.get_current_context().exit(DOES_NOT_CONFORM if worse else CONFORMS)


def _write_page(result: LoadResult, out: Path) -> None:
    from simulator.report.html import load_html

    write_whole(out / "report.html", load_html(result))
