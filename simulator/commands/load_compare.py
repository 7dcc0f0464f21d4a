"""`portal-suite load compare BEFORE AFTER`: what got worse beyond doubt, by repeats."""

from collections.abc import Sequence
from pathlib import Path

import click

from loadtests.alike_runs import busiest
from loadtests.compare import Ratio, compared
from loadtests.kept_runs import read_runs
from simulator.errors import CONFORMS, COULD_NOT_JUDGE, DOES_NOT_CONFORM, BadInput
from simulator.report.load_tables import amount, label
from simulator.results.load import LoadResult


def show_comparison(folders: tuple[str, ...]) -> None:
    """Print each measure's ratio; raises BadInput for runs that are not alike.

    Exits with 1 if one got worse or a run after harmed, with 3 if nothing can be told.
    """
    if len(folders) != 2:
        raise BadInput("load compare: give two folders: before and after")
    before, after = (read_runs(Path(each)) for each in folders)
    found = compared(before, after)
    worse = [each for each in found.ratios if each.is_worse]
    harmed = _harmed(after)
    click.echo(_decision(len(worse), len(found.ratios), before, after, can_tell=found.can_tell))
    if harmed:
        click.echo(
            f"{harmed} of {len(after)} runs after harmed people ({_harmed(before)} of "
            f"{len(before)} before): look at their reports first."
        )
    if (busy := busiest([*before, *after])) > 1:
        click.echo(f"The machine was busy with other work: load average up to {busy:.1f} a core.")
    _show_table(found.ratios)
    if found.left_out:
        names = ", ".join(map(label, found.left_out))
        click.echo(f"Not compared, because only some runs have it: {names}.")
    code = COULD_NOT_JUDGE if not found.can_tell else CONFORMS
    click.get_current_context().exit(DOES_NOT_CONFORM if worse or harmed else code)


def _decision(
    worse: int,
    measures: int,
    before: Sequence[LoadResult],
    after: Sequence[LoadResult],
    *,
    can_tell: bool,
) -> str:
    runs = f"{len(before)} runs before, {len(after)} after"
    if not can_tell:
        return (
            f"Cannot tell: {runs} are too few for any change to be beyond doubt.\n"
            "Run each with --repeats 5 or more."
        )
    return (
        f"{worse} of {measures} measures got worse beyond doubt ({runs}).\n"
        "Where nothing changed, any measure is called changed 1 time in 20 at most."
    )


def _show_table(ratios: Sequence[Ratio]) -> None:
    click.echo(f"{'':32}{'before':>9}{'after':>9}{'ratio':>7}  95% interval")
    for each in ratios:
        interval = "too few runs"
        if each.least is not None and each.most is not None:
            interval = f"{each.least:.2f} to {each.most:.2f}"
        mark = " worse" if each.is_worse else " better" if each.is_better else ""
        click.echo(
            f"{label(each.measure):32}{amount(each.measure, each.before):>9}"
            f"{amount(each.measure, each.after):>9}{each.ratio:>7.2f}  {interval}{mark}"
        )


def _harmed(runs: Sequence[LoadResult]) -> int:
    return sum(bool(each.failures) for each in runs)
