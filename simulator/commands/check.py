"""`portal-suite check`: check that a portal is ready to be judged."""

from pathlib import Path
from typing import Any

import click

from simulator.commands.output import (
    INPUT,
    RESULTS,
    console,
    finish,
    open_results_folder,
    with_progress,
    write_json,
)
from simulator.results.folder import clear_unless_bad_input


@click.command()
@click.argument("target", type=INPUT)
@click.option("--out", type=RESULTS, default="out/check", show_default=True)
def check(target: Path, out: Path) -> None:
    """Check that a portal is ready to be judged. It must do what its target file claims.

    This checks clocks, secrets, signatures, each claimed capability, and whether the portal reaches
    our gateway and our crime system. If a message could reach a real person, nothing is sent.

    \b
    Examples:
      portal-suite check scenarios/targets/reference.toml
      portal-suite check scenarios/targets/reference-by-url.toml
    """  # noqa: D301  click reads the mark
    from simulator.check.run import check as run
    from simulator.report.terminal import show_check

    def job(_progress: Any, _task: Any) -> Any:
        return run(target)

    open_results_folder(out)
    with clear_unless_bad_input("check", out):
        result = with_progress(f"Checking {target.stem}", None, job)
    write_json(out / "check.json", result)
    show_check(result, console())
    finish("check", result.verdict, out)
