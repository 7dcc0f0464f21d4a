"""`portal-suite check-data`: whether a force's own contact details are ready for a portal."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from simulator.commands.cli_options import Number, WholeNumber
from simulator.commands.output import (
    INPUT,
    RESULTS,
    console,
    finish,
    open_results_folder,
    with_progress,
)

_SAMPLE_MAX = 100_000


@click.command(name="check-data")
@click.argument("files", nargs=-1, required=True, type=INPUT)
@click.option(
    "--map",
    "column_map",
    type=INPUT,
    help="Which column holds what. If the file is not there, it is written from a guess.  "
    "[default: columns.toml in --out]",
)
@click.option("--out", type=RESULTS, default="out/data-check", show_default=True)
@click.option(
    "--limit",
    type=Number(1),
    help="Highest share of people told who may be somebody else, as 0.02.",
)
@click.option(
    "--audit-sample", type=WholeNumber(1, _SAMPLE_MAX), help="Draw a list of so many to ring."
)
@click.option("--audit-results", type=INPUT, help="That list, filled in.")
@click.option(
    "--earlier", type=INPUT, multiple=True, help="readiness.json of an earlier extract, for trend."
)
@click.option("--linkage", is_flag=True, help="Also look for persons recorded twice, by likeness.")
@click.option(
    "--rehearse",
    "rehearses",
    is_flag=True,
    help="Rehearse what leaving the data as it is costs (a minute or two).",
)
@click.option(
    "--names", is_flag=True, help="Name the people of the worst records in the stations' pages."
)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the extract.  [default: today]",
)
@click.option("--seed", type=WholeNumber(0, 2**31), default=1, show_default=True)
@click.option("--cores", type=WholeNumber(1, 256), default=2, show_default=True)
def check_data(
    out: Path,
    on: datetime | None,
    names: bool,  # noqa: FBT001
    rehearses: bool,  # noqa: FBT001
    **options: Any,
) -> None:
    """Check a real extract's contact details before they are used.

    FILES are CSV or Parquet, of any column names: one table of victims, or tables of occurrences,
    links, persons and phones. The first run guesses which column is what, shows it, and saves it to
    be corrected. Nothing leaves this machine.

    It writes a worklist for correction at source, by station and supervisor, worst first; who can
    be told, and how; a mended file as a proposal; and a report for the board with a page a station,
    which name nobody.

    What leaving the data as it is costs, --rehearse says: messages lost and people misinformed, by
    rehearsals on the rates measured here.

    Exit codes: 0 ready, 1 not ready, 2 a mistake in a file or option, 3 not judged: no limit,
    nobody was rung yet, silence may hide too much, or the map does not know a word.

    \b
    Examples:
      portal-suite check-data fixtures/contacts/extract.csv
      portal-suite check-data extract.csv --map columns.toml --out out/march
      portal-suite check-data extract.csv --map columns.toml --audit-sample 400
      portal-suite check-data extract.csv --limit 0.02 --audit-results call-back-list.csv
    """  # noqa: D301  click reads the mark
    from simulator.clock import LONDON, wall_now
    from simulator.contact_data.check import Asked
    from simulator.contact_data.page import cost_in_words
    from simulator.contact_data.terminal import show_data_check
    from simulator.contact_data.verdict_in_words import decision, wrong_people_in_words

    is_new = not out.exists()
    open_results_folder(out)
    if is_new:
        out.chmod(0o700)
    day: date = on.date() if on else wall_now().astimezone(LONDON).date()
    given = {name: value for name, value in options.items() if value is not None}
    asked = Asked(out=out, on=day, with_names=names, **given)

    checked = _checked(asked, rehearses=rehearses)
    show_data_check(checked, console())
    if asked.audit_sample:
        click.echo(f"The list to ring: {asked.call_list}")
    click.echo(wrong_people_in_words(checked.readiness))
    click.echo(cost_in_words(checked.readiness))
    click.echo(decision(checked.readiness))
    finish("check-data", checked.readiness.verdict, out)


def _checked(asked: Any, *, rehearses: bool) -> Any:
    """Check the extract, and rehearse it if that was asked for, with a progress bar."""
    from simulator.contact_data.check import STEPS, check_extract

    def job(progress: Any, task: Any) -> Any:
        def on_step(what: str) -> None:
            progress.update(task, advance=1, description=what)

        def on_day(day: date, share: float) -> None:
            progress.update(
                task, completed=steps - 2 + share, description=f"rehearsing {day:%d %B %Y}"
            )

        def rehearse(as_it_is: Any, mended: Any) -> Any:
            from simulator.rehearsal.unmended_data import rehearse_unmended

            return rehearse_unmended(as_it_is, mended, seed=asked.seed, on_day=on_day)

        return check_extract(asked, on_step=on_step, rehearse=rehearse if rehearses else None)

    steps = len(STEPS) + asked.linkage + 2 * rehearses
    return with_progress("Checking", steps, job)
