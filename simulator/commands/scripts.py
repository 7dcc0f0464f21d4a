"""`portal-suite scripts`: the features as manual test scripts, for a test management tool."""

from pathlib import Path

import click

from simulator.commands.cli_options import WholeNumber
from simulator.commands.output import RESULTS, files_written
from simulator.files.whole_files import write_whole
from simulator.results.folder import clear_results, result_files


@click.command()
@click.option("--phase", type=WholeNumber(1, 3), default=3, show_default=True)
@click.option("--out", type=RESULTS, default="out/scripts", show_default=True)
def scripts(phase: int, out: Path) -> None:
    """Write the features up to a phase as manual test scripts. The format is CSV.

    One row a step: id, requirement ids, title, preconditions, step number, step, expected result,
    phase, and priority (must or should). Each example of an outline is a script, and no cell is a
    formula.

    \b
    Examples:
      portal-suite scripts
      portal-suite scripts --phase 1 --out out/phase-1-scripts
    """  # noqa: D301  click reads the mark
    from simulator.inputs.requirements import read_requirements
    from simulator.inputs.written_scenarios import read_written
    from simulator.papers.manual_scripts import scripts_of
    from simulator.papers.sheets import as_csv

    clear_results("scripts", out)
    table = scripts_of(phase, read_written(), read_requirements())
    write_whole(out / "test-scripts.csv", as_csv(table))
    count = len({row[0] for row in table.rows})
    click.echo(f"{count} scripts, {len(table.rows)} steps.")
    click.echo(f"\n{files_written(result_files('scripts', out))}")
