"""`portal-suite load`: bursts against a portal at a URL, with every message judged.

A burst runs in a process of its own, because Locust patches its process.
"""

import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import msgspec

from simulator.commands.cli_options import Number, WholeNumber
from simulator.commands.output import (
    INPUT,
    RESULTS,
    bar_shower,
    console,
    finish,
    open_results_folder,
    with_progress,
)
from simulator.errors import MISUSE, BadInput, SuiteError
from simulator.files.whole_files import write_whole
from simulator.processes.child_process import child_process, last_line, run_to_end
from simulator.results.load import LoadResult, progress_in
from simulator.verdicts import exit_code, worst

#: The first words of `load compare A B` and `load size FILE`.
COMPARE, SIZE = "compare", "size"
_LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Asked:
    """What is asked of each run of a burst, as `loadtests.burst_run` takes it."""

    target: Path | None = None
    arguments: tuple[str, ...] = ()


@click.command()
@click.argument("burst", nargs=-1, metavar="BURST | compare BEFORE AFTER | size FILE | --worker")
@click.option("--out", type=RESULTS, default="out/load", show_default=True)
@click.option("--target", type=INPUT, help="Target file to use in place of the burst's.")
@click.option(
    "--scale",
    type=Number(1000, min_open=True),
    default=1.0,
    show_default=True,
    help="Multiply crimes and visits by this, in the same time.",
)
@click.option(
    "--users",
    type=WholeNumber(1, 1000),
    help="The most visitors at once; visits follow in proportion.",
)
@click.option(
    "--soak",
    type=Number(60, min_open=True),
    help="Keep the burst's rates up for this many minutes.",
)
@click.option(
    "--journeys",
    metavar="LIST",
    help="Only these journeys: updates,sign-in,read,ask,stop.",
)
@click.option(
    "--repeats",
    type=WholeNumber(1, 50),
    default=1,
    show_default=True,
    help="Repeat the run this many times, to compare two with intervals.",
)
@click.option(
    "--find-capacity", is_flag=True, help="Raise the burst until a limit breaks: the capacity."
)
@click.option(
    "--database",
    type=click.Choice(["own", "postgresql"]),
    default="own",
    show_default=True,
    help="The database of a portal that the suite starts.",
)
@click.option(
    "--portal-workers",
    type=WholeNumber(1, 16),
    default=1,
    show_default=True,
    help="Start this many processes of the portal.",
)
@click.option("--pin", is_flag=True, help="Give portal and database half of the cores.")
@click.option(
    "--workers",
    type=WholeNumber(0, 64),
    default=0,
    show_default=True,
    help="Send by Locust's master and this many workers.",
)
@click.option("--master", is_flag=True, help="The workers join from other machines, at --listen.")
@click.option("--worker", is_flag=True, help="Be a worker of the master at --master-host.")
@click.option("--master-host", metavar="ADDRESS", help="With --worker: where the master is.")
@click.option("--listen", metavar="ADDRESS", help="Our address, for portal and workers elsewhere.")
@click.option("--web", is_flag=True, help="Serve Locust's page at http://127.0.0.1:8089.")
@click.option(
    "--i-own-this-target", "owns", is_flag=True, help="The portal on another machine is yours."
)
@click.option(
    "--rate-max",
    type=Number(1000, min_open=True),
    help="The most requests a second that the portal gets.",
)
def load(burst: tuple[str, ...], out: Path, **asked: Any) -> None:
    """Load a portal at a URL with a burst, and judge every message.

    The smoke burst takes about 40 seconds, a bulk closure of 10,000 crimes about 4 minutes,
    --find-capacity 10 to 20 minutes.

    \b
    Examples:
      portal-suite load scenarios/bursts/bulk-closure.toml
      portal-suite load scenarios/bursts/smoke.toml --workers 2 --out out/smoke
      portal-suite load scenarios/bursts/portal-killed.toml
      portal-suite load scenarios/bursts/bulk-closure.toml --database postgresql
      portal-suite load scenarios/bursts/sign-in-rush.toml --users 500
      portal-suite load scenarios/bursts/smoke.toml --soak 30
      portal-suite load scenarios/bursts/smoke.toml --repeats 5 --out out/before
      portal-suite load scenarios/bursts/bulk-closure.toml --find-capacity
      portal-suite load compare out/before out/after
      portal-suite load size scenarios/sizing/national.toml
    """  # noqa: D301  click reads the mark
    if asked["worker"]:
        _be_a_worker(burst, asked)
        return
    if not burst:
        raise BadInput("load: give a burst file, as in scenarios/bursts (portal-suite load --help)")
    if burst[0] == COMPARE:
        from simulator.commands.load_compare import show_comparison

        show_comparison(burst[1:])
        return
    if burst[0] == SIZE:
        from simulator.commands.load_size import show_sizing

        show_sizing(burst[1:], out)
        return
    if len(burst) > 1:
        raise BadInput(f"{burst[1]!r:.80}: one burst at a time; leave it out")
    path = Path(INPUT.convert(burst[0], None, None))
    _check_alone(asked)
    open_results_folder(out)
    given = Asked(asked["target"], _passed_on(asked))
    if asked["find_capacity"]:
        _find_capacity(path, out, given, asked)
    elif asked["repeats"] > 1:
        _repeat(path, out, given, asked["scale"], asked["repeats"])
    else:
        _once(path, out, given, asked["scale"])


def _check_alone(asked: Mapping[str, Any]) -> None:
    """Refuse options that would change nothing; raises BadInput."""
    if asked["master_host"]:
        raise BadInput("--master-host: it is for --worker alone; add that, or leave it out")
    if asked["find_capacity"] and asked["repeats"] > 1:
        raise BadInput("--repeats: --find-capacity repeats its last run itself; leave it out")


def _passed_on(asked: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the options that the run of each burst takes."""
    words = []
    for option in ("users", "soak", "journeys", "workers", "listen", "database", "rate_max"):
        if asked[option] not in (None, 0):
            words += [f"--{option.replace('_', '-')}", str(asked[option])]
    words += ["--portal-workers", str(asked["portal_workers"])]
    flags = {"pin": "pin", "master": "master", "web": "web", "owns": "i-own-this-target"}
    words += [f"--{flag}" for option, flag in flags.items() if asked[option]]
    return tuple(words)


def _be_a_worker(burst: tuple[str, ...], asked: Mapping[str, Any]) -> None:
    """Join a master on another machine; it has the burst."""
    if burst:
        raise BadInput(f"--worker: leave {burst[0]!r:.80} out; the master has the burst")
    if not asked["master_host"] or asked["target"] is None:
        raise BadInput("--worker: give --master-host and --target too")
    command = [sys.executable, "-m", "loadtests.load_worker"]
    command += ["--master-host", asked["master_host"], "--target", str(asked["target"])]
    command += ["--i-own-this-target"] if asked["owns"] else []
    click.get_current_context().exit(run_to_end(command, foreground=True))


def run_burst(
    burst: Path,
    *,
    out: Path,
    asked: Asked,
    scale: float = 1.0,
    show: Callable[[str], None] = lambda _text: None,
) -> LoadResult:
    """Run a burst; raises BadInput for what the tester can correct, or SuiteError.

    `show` is told how far it is.
    """
    result = out / "load.json"
    with tempfile.TemporaryDirectory() as folder:
        words, progress = Path(folder) / "words.txt", Path(folder) / "progress.json"
        command = [sys.executable, "-m", "loadtests.burst_run", str(burst), "--out", str(out)]
        command += ["--scale", f"{scale:g}", "--progress", str(progress), *asked.arguments]
        if asked.target is not None:
            command += ["--target", str(asked.target)]
        with (
            words.open("wb") as said,
            child_process(command, stderr=said, asked_by=signal.SIGINT) as child,
        ):
            while child.wait(_LOOK_SECONDS) is None:
                show(progress_in(progress))
        code = child.code or 0
        last = last_line(words).removeprefix("Error: ") or "it printed nothing"
    if code == MISUSE:
        raise BadInput(last)
    if code < 0 or not result.exists():
        raise SuiteError(f"the load test did not finish: {last}")
    return msgspec.json.decode(result.read_bytes(), type=LoadResult)


def _once(path: Path, out: Path, asked: Asked, scale: float) -> None:
    from simulator.report.terminal import show_load

    def job(progress: Any, task: Any) -> Any:
        return run_burst(path, out=out, asked=asked, scale=scale, show=bar_shower(progress, task))

    result = with_progress(f"Burst {path.stem}", None, job)
    _write_page(result, out)
    show_load(result, console())
    finish("load", result.verdict, out)


def _repeat(path: Path, out: Path, asked: Asked, scale: float, repeats: int) -> None:
    from simulator.report.decisions import load_decision

    def job(progress: Any, task: Any) -> list[LoadResult]:
        results = []
        for number in range(1, repeats + 1):
            folder = out / f"run-{number:02d}"
            folder.mkdir(exist_ok=True)
            show = bar_shower(progress, task, f"{number} of {repeats}, ")
            results.append(run_burst(path, out=folder, asked=asked, scale=scale, show=show))
            _write_page(results[-1], folder)
            progress.update(task, completed=number)
        return results

    results = with_progress(f"Burst {path.stem}", repeats, job)
    for number, result in enumerate(results, start=1):
        click.echo(f"{number} of {repeats}: {load_decision(result)}")
    click.echo(f"\nCompare with another folder: portal-suite load compare {out} OTHER")
    click.get_current_context().exit(exit_code(worst(each.verdict for each in results)))


def _find_capacity(path: Path, out: Path, given: Asked, asked: Mapping[str, Any]) -> None:
    from loadtests.bursts import JOURNEYS
    from loadtests.load_options import LoadOptions, read_journeys
    from simulator.commands.load_capacity import show_capacity

    # The order's limit decides, so each run waits that long.
    waiting = replace(given, arguments=(*given.arguments, "--until-told"))
    journeys = JOURNEYS if asked["journeys"] is None else read_journeys(asked["journeys"])
    options = LoadOptions(
        scale=asked["scale"],
        users=asked["users"] or 0,
        soak_minutes=asked["soak"] or 0.0,
        journeys=journeys,
        workers=asked["workers"],
        rate_max=asked["rate_max"] or 0.0,
    )

    def run(at: float, folder: Path, show: Callable[[str], None]) -> LoadResult:
        return run_burst(path, out=folder, asked=waiting, scale=at, show=show)

    show_capacity(path, out, run, options)


def _write_page(result: LoadResult, out: Path) -> None:
    from simulator.report.html import load_html

    write_whole(out / "report.html", load_html(result))
