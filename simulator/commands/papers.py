"""`portal-suite papers`: the papers of a phase that a test manager keeps and signatories sign."""

from pathlib import Path

import click

from simulator.commands.cli_options import WholeNumber
from simulator.commands.output import INPUT, RESULTS, finish, open_results_folder
from simulator.results.folder import clear_results

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.option("--phase", type=WholeNumber(1, 3), required=True, help="The phase to report on.")
@click.option(
    "--results",
    type=FOLDER,
    default="out/acceptance",
    show_default=True,
    help="Results folder of the last run of accept.",
)
@click.option(
    "--earlier",
    type=FOLDER,
    multiple=True,
    help="Results folder of an earlier run, whose defects the later runs retest. Repeat it "
    "for more runs.",
)
@click.option("--register", type=INPUT, help="The defects register: owners, waivers and overrides.")
@click.option("--out", type=RESULTS, default="out/papers", show_default=True)
def papers(
    phase: int, results: Path, earlier: tuple[Path, ...], register: Path | None, out: Path
) -> None:
    """Write the papers of a phase, to print and as CSV.

    Test plan with entry and exit criteria, traceability matrix, red-amber-green by requirement,
    defect list, daily summary, and exit report for signature.

    Exit codes: 0 the exit criteria are met, 1 they are not, 2 misuse, 3 could not judge.

    \b
    Examples:
      portal-suite papers --phase 2
      portal-suite papers --phase 2 --results out/build-8 --earlier out/build-7
      portal-suite papers --phase 2 --register register.toml
    """  # noqa: D301  click reads the mark
    from simulator.clock import LONDON, wall_now
    from simulator.inputs.requirements import read_requirements
    from simulator.legible import on_one_line
    from simulator.papers.contents import make_papers, papers_decision
    from simulator.papers.paper_files import write_papers
    from simulator.papers.register import Register, read_register
    from simulator.papers.runs import read_runs

    open_results_folder(out)
    contents = make_papers(
        read_runs(results, earlier, phase=phase),
        read_register(register) if register else Register(),
        read_requirements(),
        today=wall_now().astimezone(LONDON).date(),
        register_path=register,
    )
    clear_results("papers", out)
    write_papers(contents, out)
    click.echo(on_one_line(papers_decision(contents)))
    finish("papers", contents.verdict, out)
