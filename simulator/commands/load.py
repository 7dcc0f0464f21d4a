"""`portal-suite load`: a burst against a portal by URL, every message of it judged."""

from pathlib import Path
from typing import Any

import click

from simulator.commands.job import INPUT, RESULTS, console, done, with_progress
from simulator.results_folder import made


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
    from simulator.load import load as run
    from simulator.report.html import load_html
    from simulator.report.terminal import show_load

    made(out)

    def job(_progress: Any, _task: Any) -> Any:
        return run(burst, out=out, target=target)

    result = with_progress(f"Burst {burst.stem}", None, job)
    (out / "report.html").write_text(load_html(result), encoding="utf-8")
    show_load(result, console())
    done("load", result.verdict, out)
