"""`portal-suite accept`: the features of a phase against the portal that a target names."""

from pathlib import Path
from typing import Any

import click

from simulator.commands.job import INPUT, RESULTS, console, done, with_progress, write_json
from simulator.options import WholeNumber
from simulator.results_folder import cleared_for


@click.command()
@click.option("--target", type=INPUT, required=True, help="Target file of the portal under test.")
@click.option("--phase", type=WholeNumber(1, 3), default=3, show_default=True)
@click.option("--out", type=RESULTS, default="out/acceptance", show_default=True)
@click.option("--only", default="", help="Run just the scenarios of this name.")
def accept(target: Path, phase: int, out: Path, only: str) -> None:
    """Put a portal in a phase and judge it by the features up to that phase.

    \b
    Examples:
      portal-suite accept --target scenarios/targets/reference.toml
      portal-suite accept --target scenarios/targets/reference-by-url.toml --phase 2
      portal-suite accept --target scenarios/targets/reference.toml --only "Not at night"
    """  # noqa: D301  click reads the mark
    from simulator.acceptance import accept as run
    from simulator.report.html import acceptance_html
    from simulator.report.junit import acceptance_junit
    from simulator.report.terminal import show_acceptance

    cleared_for("accept", out)

    def job(_progress: Any, _task: Any) -> Any:
        return run(target, phase=phase, out=out, only=only)

    result = with_progress(f"Phase {phase} features", None, job)
    write_json(out / "acceptance.json", result)
    (out / "junit.xml").write_bytes(acceptance_junit(result))
    (out / "report.html").write_text(acceptance_html(result), encoding="utf-8")
    show_acceptance(result, console())
    done("accept", result.verdict, out)
