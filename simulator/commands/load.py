"""`portal-suite load`: a burst against a portal at a URL, with every message judged.

It runs in a process of its own, because Locust patches its process.
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
)
from simulator.errors import MISUSE, BadInput, SuiteError
from simulator.files.whole_files import write_whole
from simulator.processes.child_process import last_line, run_to_end
from simulator.results.values import LoadResult


@click.command()
@click.argument("burst", type=INPUT)
@click.option("--out", type=RESULTS, default="out/load", show_default=True)
@click.option("--target", type=INPUT, help="Target file to use in place of the burst's.")
def load(burst: Path, out: Path, target: Path | None) -> None:
    """Load a portal at a URL with a burst, and judge every message.

    \b
    Examples:
      portal-suite load scenarios/bursts/bulk-closure.toml
      portal-suite load scenarios/bursts/smoke.toml --out out/smoke
    """  # noqa: D301  click reads the mark
    from simulator.report.html import load_html
    from simulator.report.terminal import show_load

    open_results_folder(out)

    def job(_progress: Any, _task: Any) -> Any:
        return run_burst(burst, out=out, target=target)

    result = with_progress(f"Burst {burst.stem}", None, job)
    write_whole(out / "report.html", load_html(result))
    show_load(result, console())
    finish("load", result.verdict, out)


def run_burst(burst: Path, *, out: Path, target: Path | None = None) -> LoadResult:
    """Run a burst; raises BadInput for what the tester can correct, or SuiteError."""
    result = out / "load.json"
    command = [sys.executable, "-m", "loadtests.burst_run", str(burst), "--out", str(out)]
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
