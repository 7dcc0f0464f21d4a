"""`portal-suite plan`: what-ifs, run many times over without a portal in the loop."""

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
    write_json,
)
from simulator.files.whole_files import write_whole
from simulator.processes.cores import cores
from simulator.results.folder import clear_results

_PROCESSES_MAX = 256


@click.command()
@click.argument("scenario", type=INPUT)
@click.option("--out", type=RESULTS, default="out/plan", show_default=True, help="Results folder.")
@click.option(
    "--seed", type=WholeNumber(0, 2**62), default=1, show_default=True, help="First seed."
)
@click.option(
    "--fraction", type=PositiveShare(), help="Share of crimes in the model; else the study's."
)
@click.option(
    "--replications",
    type=WholeNumber(2, 1000),
    help="So many years, in place of as many as the study's half-width needs.",
)
@click.option(
    "--processes",
    type=WholeNumber(1, _PROCESSES_MAX),
    help="Years at a time; else one for each core. The result is the same.",
)
@click.option(
    "--brief",
    is_flag=True,
    help="Leave out messages, numbers, uptakes, handlers, and where it breaks.",
)
@click.option("--one-page", is_flag=True, help="Print one page for a programme lead.")
def plan(
    scenario: Path,
    out: Path,
    seed: int,
    fraction: float | None,
    replications: int | None,
    processes: int | None,
    brief: bool,  # noqa: FBT001  click gives it by name
    one_page: bool,  # noqa: FBT001  click gives it by name
) -> None:
    """Plan a year of two forces: what if, as today, and no portal.

    A shipped plan takes 10 to 40 minutes on two cores; --brief --replications 3 takes two.

    \b
    Examples:
      portal-suite plan scenarios/plans/half-the-officers.toml
      portal-suite plan scenarios/plans/as-today.toml --one-page
      portal-suite plan scenarios/plans/message-flood.toml --brief --replications 4
    """  # noqa: D301  click reads the mark
    from simulator.planning.plan_input import read_plan
    from simulator.planning.study import run_plan
    from simulator.planning.workers import processes_here
    from simulator.report.html import plan_html
    from simulator.report.plan_calls import call_files
    from simulator.report.plan_rota import rota_csv
    from simulator.report.plan_years import years_csv
    from simulator.report.terminal import show_plan

    require("plan", "plots", "matplotlib")
    open_results_folder(out)
    given = read_plan(
        scenario, seed=seed, fraction=fraction, replications=replications, is_brief=brief
    )

    def job(progress: Any, task: Any) -> Any:
        def on_year(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of, description="Years, at most")

        def on_search(done: int, of: int) -> None:
            words = "Years searched: where it breaks"
            progress.update(task, completed=done, total=of, description=words)

        clear_results("plan", out)
        with processes_here(processes or cores()) as make_years:
            return run_plan(given, make_years, on_year=on_year, on_search=on_search)

    result = with_progress("Making years", given.study.replications_max, job)
    write_json(out / "plan.json", result)
    write_whole(out / "years.csv", years_csv(result))
    for name, text in call_files(result):
        write_whole(out / name, text)
    if result.rota:
        write_whole(out / "rota.csv", rota_csv(result.rota))
    write_whole(out / "report.html", plan_html(result))
    show_plan(result, console(), is_one_page=one_page)
    finish("plan", "PASS", out)
