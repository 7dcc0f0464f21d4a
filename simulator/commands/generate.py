"""`portal-suite generate`: a crowd of synthetic people, with what a force wrote down about them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.commands.cli_options import WholeNumber
from simulator.commands.output import INPUT, require, with_progress
from simulator.errors import BadInput

if TYPE_CHECKING:
    from simulator.crowd.generating import CrowdPlan
    from simulator.crowd.rates_table import CameOut

PEOPLE_MAX = 50_000_000
FORCES = ("thames-valley", "hampshire")


@click.command()
@click.option("--people", type=WholeNumber(1, PEOPLE_MAX), required=True, help="How many people.")
@click.option(
    "--force",
    type=click.Choice(FORCES),
    default="thames-valley",
    show_default=True,
    help="Whose area they live in: decides how names are mixed.",
)
@click.option("--seed", type=WholeNumber(0, 2**63 - 1), default=1, show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="File to write: .parquet, .csv, .jsonl or .sqlite.",
)
@click.option(
    "--data-quality",
    type=INPUT,
    help="How often each fault occurs. Default: scenarios/data-quality/practice-note.toml.",
)
@click.option("--entry-checks", type=INPUT, help="Training and checks at entry, to try them out.")
@click.option(
    "--numbers",
    type=click.Choice(("crowd", "drama")),
    default="crowd",
    show_default=True,
    help="crowd: one number a person, from a range that cannot be dialled, for runs in which "
    "nothing leaves the machine. drama: Ofcom's 1,000 drama mobiles, which people share.",
)
@click.option("--replace", is_flag=True, help="Write over the file, if it is there already.")
@click.option("--rates", is_flag=True, help="Print what came out beside what was asked.")
@click.option("--processes", type=WholeNumber(1, 256), default=1, show_default=True)
def generate(
    people: int,
    force: str,
    seed: int,
    out: Path,
    data_quality: Path | None,
    entry_checks: Path | None,
    numbers: Any,
    *,
    replace: bool,
    rates: bool,
    processes: int,
) -> None:
    """Make synthetic people, and what the force wrote down of them.

    Each row is one record: the person, how they can truly be reached, the recorded fields with
    their faults, and a list of the faults. No name, number or address is a real person's. The same
    seed makes the same file, on any number of processes.

    \b
    Examples:
      portal-suite generate --people 1000 --out people.csv
      portal-suite generate --people 370000 --force hampshire --seed 7 --out people.parquet
      portal-suite generate --people 100000 --rates --out people.parquet
      portal-suite generate --people 5000 --numbers drama --out people.sqlite
    """  # noqa: D301  click reads the mark
    require("generate", "data", "polars", "pyarrow")
    _check_may_be_written(out, replace=replace)
    from simulator.crowd.generating import CrowdPlan
    from simulator.crowd.people import read_households
    from simulator.population.faults.rates import (
        DEFAULT_RATES,
        read_fault_rates,
        with_entry_checks,
    )

    fault_rates = read_fault_rates(path=data_quality or DEFAULT_RATES)
    if entry_checks:
        fault_rates = with_entry_checks(fault_rates, entry_checks)
    plan = CrowdPlan(people, force, seed, fault_rates, read_households(), numbers)
    came_out = _write(plan, out, processes)
    if rates:
        from simulator.crowd.names import read_names
        from simulator.crowd.rates_table import rates_lines

        click.echo("\n".join(rates_lines(came_out, read_names(), force)) + "\n")
    from simulator.crowd.rates_table import told_line

    click.echo(told_line(came_out.counts))
    click.echo(f"Written: {out} ({came_out.counts.records:,} records of {people:,} people)")


def _check_may_be_written(out: Path, *, replace: bool) -> None:
    """Raise BadInput rather than write over a file that nobody said to replace."""
    from simulator.crowd.files import writer_of

    writer_of(out)
    if out.exists() and not replace:
        raise BadInput(f"--out: {out} is there already; name another file, or add --replace")


def _write(plan: "CrowdPlan", out: Path, processes: int) -> "CameOut":
    from simulator.crowd.files import write_tables
    from simulator.crowd.generating import make_batches
    from simulator.crowd.rates_table import CameOut

    came_out = CameOut()

    def job(progress: Any, task: Any) -> None:
        def tables() -> Any:
            for batch in make_batches(plan, processes=processes):
                came_out.add(batch)
                yield batch.table
                progress.update(task, advance=batch.counts.people)

        write_tables(tables(), out)

    with_progress("Making people", plan.people, job)
    return came_out
