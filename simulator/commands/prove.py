"""`portal-suite prove`: test the judge with portals that are broken on purpose."""

from pathlib import Path
from typing import Any

import click

from simulator.commands.cli_options import Number, WholeNumber
from simulator.commands.output import (
    RESULTS,
    console,
    finish,
    open_results_folder,
    with_progress,
    write_json,
)
from simulator.files.whole_files import write_whole
from simulator.results.folder import clear_results
from simulator.verdicts import exit_code

#: A proof of one portal must not take the place of a whole one.
_WHOLE, _ONLY = Path("out/proof"), Path("out/proof-only")


@click.command()
@click.option("--out", type=RESULTS, help=f"[default: {_WHOLE}; with --only {_ONLY}]")
@click.option("--only", default="", help="Run only the broken portal of this name.")
@click.option(
    "--whole",
    is_flag=True,
    help="Have each meet every scenario, not only those that caught it before.",
)
@click.option(
    "--seeds",
    type=WholeNumber(1, 1000),
    default=1,
    show_default=True,
    help="Run the reference with this many seeds: other orders, days and names.",
)
@click.option(
    "--exploring",
    type=Number(3600, min_open=True),
    help="Explore each for so many seconds instead, without any scenario.",
)
@click.option("--seed", type=WholeNumber(0, 2**31), default=1, help="Of the explored stories.")
@click.option("--resume", is_flag=True, help="Continue an exploring run that was stopped.")
def prove(
    out: Path | None,
    only: str,
    whole: bool,  # noqa: FBT001  click gives it by name
    seeds: int,
    exploring: float | None,
    seed: int,
    resume: bool,  # noqa: FBT001
) -> None:
    """Test the judge with broken portals. It must catch each, and must not fail the reference.

    Each meets the scenario that must catch it, and those that caught it in
    the kill matrix kept; if it does anything else now, it meets them all.
    With --only it meets every scenario, and a pass of the reference is kept
    until the suite's files change; with --whole the reference runs again.

    \b
    Examples:
      portal-suite prove
      portal-suite prove --only sends_twice
      portal-suite prove --whole
      portal-suite prove --seeds 100
      portal-suite prove --exploring 20
      portal-suite prove --exploring 60 --resume
    """  # noqa: D301  click reads the mark
    out = out or (_ONLY if only else _WHOLE)
    if exploring is not None:
        _explore(out, only=only, seconds_max=exploring, seed=seed, resume=resume)
        return
    from simulator.prove import kill_matrix
    from simulator.prove.run import prove as run
    from simulator.prove.run import read_broken_portals
    from simulator.report.html import proof_html
    from simulator.report.junit import proof_junit
    from simulator.report.terminal import show_proof

    open_results_folder(out)
    kept = kill_matrix.read_matrix()
    broken = read_broken_portals(only=only)
    clear_results("prove", out)
    total = seeds + len(broken) + (0 if only else 2)

    def job(progress: Any, task: Any) -> Any:
        def on_done(name: str) -> None:
            progress.update(task, advance=1, description=name)

        return run(out=out, only=only, kept=kept, whole=whole, seeds=seeds, on_done=on_done)

    result = with_progress("Broken portals", total, job)
    write_json(out / "proof.json", result)
    write_whole(out / kill_matrix.NAME, kill_matrix.matrix_csv(result.rows))
    write_whole(out / "junit.xml", proof_junit(result))
    write_whole(out / "report.html", proof_html(result))
    show_proof(result, console())
    finish("prove", result.verdict, out)


def _explore(out: Path, *, only: str, seconds_max: float, seed: int, resume: bool) -> None:
    """Explore every broken portal, and write a line for each as soon as it is done."""
    from simulator.prove import explored_portals as portals
    from simulator.prove import explored_table as table
    from simulator.prove.run import read_broken_portals
    from simulator.report.terminal import show_explored_portals

    open_results_folder(out)
    broken, path = read_broken_portals(only=only), out / "explored.csv"
    rows = table.read_explored(path) if resume else []
    done = {each.name for each in rows}
    left = [each for each in broken if each.name not in done]

    def job(progress: Any, task: Any) -> Any:
        alarms = portals.reference_alarms(stories=portals.stories_in(seconds_max), seed=seed)

        def on_done(explored: Any) -> None:
            rows.append(explored)
            write_whole(path, table.explored_csv(rows))
            progress.update(task, completed=len(rows), description=explored.name)

        portals.explore_broken(
            left, seconds_max=seconds_max, seed=seed, alarms=alarms, on_done=on_done
        )
        return alarms

    alarms = with_progress("The reference first", len(broken), job)
    rows.sort(key=lambda each: each.name)
    write_whole(path, table.explored_csv(rows))
    summary = portals.summary(rows, alarms, seconds_max=seconds_max, seed=seed)
    show_explored_portals(summary, console())
    click.echo(f"\nWritten: {path}")
    click.get_current_context().exit(exit_code(summary.verdict))
