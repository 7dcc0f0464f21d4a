"""`portal-suite load`: a burst against a portal by URL, every message of it judged.

It is a process of its own, since Locust patches what it runs in.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import click
import msgspec

from simulator.commands.job import INPUT, RESULTS, console, done, with_progress
from simulator.errors import MISUSE, BadInput, SuiteError
from simulator.processes.child_process import last_line, run_to_end
from simulator.results.folder import made
from simulator.results.values import LoadResult


@click.command()
@click.argument("burst", type=INPUT)
@click.option("--out", type=RESULTS, default="out/load", show_default=True)
@click.option("--target", type=INPUT, help="Another target than the burst's.")
def load(burst: Path, out: Path, target: Path | None) -> None:
    """Load a portal by URL with a burst, and judge every message of it.

    \b
    Examples:
      portal-suite load scenarios/bursts/bulk-closure.toml
      portal-suite load scenarios/bursts/smoke.toml --out out/smoke
    """  # noqa: D301  click reads the mark
    from simulator.report.html import load_html
    from simulator.report.terminal import show_load

    made(out)

    def job(_progress: Any, _task: Any) -> Any:
        return run_burst(burst, out=out, target=target)

    result = with_progress(f"Burst {burst.stem}", None, job)
    (out / "report.html").write_text(load_html(result), encoding="utf-8")
    show_load(result, console())
    done("load", result.verdict, out)


def run_burst(burst: Path, *, out: Path, target: Path | None = None) -> LoadResult:
    """Run a burst; raises BadInput for what the tester can mend, SuiteError when it did not run."""
    result = out / "load.json"
    command = [sys.executable, "-m", "loadtests.burst_run", str(burst), "--out", str(out)]
    if target is not None:
        command += ["--target", str(target)]
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder) / "words.txt"
        with words.open("wb") as said:
            code = run_to_end(command, stderr=said)
        last = last_line(words).removeprefix("Error: ") or "it said nothing"
    if code == MISUSE:
        raise BadInput(last)
    if code < 0 or not result.exists():
        raise SuiteError(f"the load test did not finish: {last}")
    return msgspec.json.decode(result.read_bytes(), type=LoadResult)
