"""`portal-suite check`: a target, its portal and what lies between, before anything is judged."""

from pathlib import Path
from typing import Any

import click

from simulator.commands.job import INPUT, RESULTS, console, done, with_progress, write_json
from simulator.results.folder import cleared_unless_misused, made


@click.command()
@click.argument("target", type=INPUT)
@click.option("--out", type=RESULTS, default="out/check", show_default=True)
def check(target: Path, out: Path) -> None:
    """Try what a target claims, and what it takes to judge its portal.

    \b
    Clocks, secrets, signatures, each claimed capability, and whether our gateway and our crime
    system are reached from the portal. Nobody real can be told: where they could, nothing is sent.

    \b
    Examples:
      portal-suite check scenarios/targets/reference.toml
      portal-suite check scenarios/targets/reference-by-url.toml
    """  # noqa: D301  click reads the mark
    from simulator.check.run import check as run
    from simulator.report.terminal import show_check

    def job(_progress: Any, _task: Any) -> Any:
        return run(target)

    made(out)
    with cleared_unless_misused("check", out):
        result = with_progress(f"Checking {target.stem}", None, job)
    write_json(out / "check.json", result)
    show_check(result, console())
    done("check", result.verdict, out)
