"""`portal-suite rehearse`: a phased rollout on synthetic victims and bad contact data."""

from pathlib import Path
from typing import Any

import click

from simulator.commands.cli_options import PositiveShare, WholeNumber
from simulator.commands.output import (
    INPUT,
    RESULTS,
    console,
    finish,
    open_results_folder,
    require,
    with_progress,
)
from simulator.results.folder import clear_results


@click.command()
@click.argument("rollout", type=INPUT)
@click.option(
    "--out", type=RESULTS, default="out/rehearsal", show_default=True, help="Results folder."
)
@click.option("--seed", type=WholeNumber(0, 2**62), help="Seed to use in place of the rollout's.")
@click.option(
    "--fraction",
    type=PositiveShare(),
    help=(
        "Share of crimes to follow through the portal; 1 follows all (an hour of one core, 4 GB of "
        "memory and 5 GB of disk)."
    ),
)
@click.option("--verbose", is_flag=True, help="Print every table, failure and note.")
def rehearse(
    rollout: Path,
    out: Path,
    seed: int | None,
    fraction: float | None,
    verbose: bool,  # noqa: FBT001  click gives it by name
) -> None:
    """Rehearse a rollout with synthetic victims and bad data.

    The shipped rollout takes two to three minutes on two cores.

    \b
    Examples:
      portal-suite rehearse scenarios/phased-rollout.toml
      portal-suite rehearse scenarios/phased-rollout.toml --seed 7 --fraction 0.05
    """  # noqa: D301  click reads the mark
    from simulator.rehearsal.outputs import write_rehearsal
    from simulator.rehearsal.run import rehearse as run
    from simulator.report.terminal import show_rehearsal

    require("rehearse", "plots", "matplotlib")
    open_results_folder(out)

    def job(progress: Any, task: Any) -> Any:
        def on_day(day: Any, share: float) -> None:
            progress.update(task, completed=share, description=f"{day:%d %B %Y}")

        def begins() -> None:
            clear_results("rehearse", out)

        return run(
            rollout,
            seed=seed,
            fraction=fraction,
            compares_years=True,
            begins=begins,
            on_day=on_day,
        )

    rehearsal = with_progress("Making crimes and victims", 1.0, job)
    write_rehearsal(rehearsal, out)
    show_rehearsal(rehearsal.result, console(), verbose=verbose)
    finish("rehearse", rehearsal.result.verdict, out)
