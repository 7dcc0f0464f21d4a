"""`portal-suite papers`: what a test manager keeps of a phase and its signatories sign."""

from pathlib import Path

import click

from simulator.commands.cli_options import WholeNumber
from simulator.commands.job import INPUT, RESULTS, done
from simulator.results.folder import cleared_for, made

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.option("--phase", type=WholeNumber(1, 3), required=True, help="The phase reported on.")
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
    help="Results folder of a run before it: what was found then is retested by the later ones. "
    "May be given several times.",
)
@click.option(
    "--register", type=INPUT, help="The defects register: who has what, waivers, overrides."
)
@click.option("--out", type=RESULTS, default="out/papers", show_default=True)
def papers(
    phase: int, results: Path, earlier: tuple[Path, ...], register: Path | None, out: Path
) -> None:
    """Write the papers of a phase, to print and as CSV: test plan to exit report.

    \b
    Test plan with entry and exit criteria, traceability matrix, red-amber-green by requirement,
    defect list, daily summary, and exit report for signature. It exits 0 where the exit criteria
    are met, 1 where they are not, and 3 where that cannot be said.

    \b
    Examples:
      portal-suite papers --phase 2
      portal-suite papers --phase 2 --results out/build-8 --earlier out/build-7
      portal-suite papers --phase 2 --register register.toml
    """  # noqa: D301  click reads the mark
    from simulator.clock import LONDON, wall_now
    from simulator.inputs.requirements import read_requirements
    from simulator.legible import on_one_line
    from simulator.papers.contents import decision, make_papers
    from simulator.papers.register import Register, read_register
    from simulator.papers.runs import read_runs
    from simulator.papers.written import write_papers

    made(out)
    contents = make_papers(
        read_runs(results, earlier, phase=phase),
        read_register(register) if register else Register(),
        read_requirements(),
        today=wall_now().astimezone(LONDON).date(),
        register_path=register,
    )
    cleared_for("papers", out)
    write_papers(contents, out)
    click.echo(on_one_line(decision(contents)))
    done("papers", contents.verdict, out)
