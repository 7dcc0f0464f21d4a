"""`portal-suite rehearse`: a phased rollout on synthetic victims and bad contact data."""

from pathlib import Path
from typing import Any

import click

from simulator.commands.cli_options import PositiveShare, WholeNumber
from simulator.commands.job import INPUT, RESULTS, console, done, with_progress
from simulator.results.folder import cleared_for, made


@click.command()
@click.argument("rollout", type=INPUT)
@click.option(
    "--out", type=RESULTS, default="out/rehearsal", show_default=True, help="Results folder."
)
@click.option("--seed", type=WholeNumber(0, 2**62), help="Another seed than the rollout's.")
@click.option(
    "--fraction",
    type=PositiveShare(),
    help="Share of crimes followed through the portal; 1 follows all (hours).",
)
def rehearse(rollout: Path, out: Path, seed: int | None, fraction: float | None) -> None:
    """Rehearse a phased rollout on synthetic victims and bad contact data.

    \b
    Examples:
      portal-suite rehearse scenarios/phased-rollout.toml
      portal-suite rehearse scenarios/phased-rollout.toml --seed 7 --fraction 0.05
    """  # noqa: D301  click reads the mark
    from simulator.rehearsal.outputs import write_rehearsal
    from simulator.rehearsal.run import rehearse as run
    from simulator.report.terminal import show_rehearsal

    made(out)

    def job(progress: Any, task: Any) -> Any:
        def on_day(day: Any, share: float) -> None:
            progress.update(task, completed=share, description=f"{day:%d %B %Y}")

        def begins() -> None:
            cleared_for("rehearse", out)

        return run(rollout, seed=seed, fraction=fraction, begins=begins, on_day=on_day)

    rehearsed = with_progress("Making crimes and victims", 1.0, job)
    write_rehearsal(rehearsed, out)
    show_rehearsal(rehearsed.result, console())
    done("rehearse", rehearsed.result.verdict, out)
