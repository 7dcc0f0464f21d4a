"""`portal-suite load size FILE`: which design holds when every force closes crimes at once."""

from pathlib import Path

import click

from simulator.commands.output import INPUT, open_results_folder, write_json
from simulator.errors import CONFORMS, DOES_NOT_CONFORM, BadInput


def show_sizing(words: tuple[str, ...], out: Path) -> None:
    """Simulate each design of a file, and print what it comes to; exits with 1 if none holds."""
    from loadtests.measured import read_sizing
    from loadtests.sizing import ALLOWED_SECONDS, simulate
    from simulator.report.amounts import count, several

    if len(words) != 1:
        raise BadInput("load size: give one file, as scenarios/sizing/national.toml")
    path = Path(INPUT.convert(words[0], None, None))
    sizing = read_sizing(path)
    open_results_folder(out)
    found = [simulate(sizing, each) for each in sizing.designs]
    held = [each for each in found if each.holds]
    click.echo(
        f"{len(held)} of {len(found)} designs tell everyone within "
        f"{ALLOWED_SECONDS / 60:.0f} minutes: {sizing.name}."
    )
    click.echo(
        f"{several(int(sizing.forces.value), 'force')}, {count(found[0].updates)} crimes closed; "
        f"a portal takes {sizing.update_seconds * 1000:.2g} ms for each. "
        f"Seed {sizing.seed}.\n"
    )
    click.echo(f"{'':38}{'p50':>10}{'p99':>10}{'all told':>10}{'at least':>10}")
    for each in found:
        click.echo(
            f"{each.design:38.38}{each.p50_seconds:>8,.0f} s{each.p99_seconds:>8,.0f} s"
            f"{each.all_told_seconds:>8,.0f} s{each.arithmetic_seconds:>8,.0f} s"
        )
        click.echo(
            f"  {'holds' if each.holds else f'{each.in_time_share:.1%} in time'}; slowest: "
            f"{each.slowest_part}; portal busy {each.portal_busy_share:.0%}"
        )
    click.echo("\n“All told” is simulated; “at least” is what the slowest part needs by itself.")
    click.echo("“Portal busy” is the share of the time, first update to last, that it worked;")
    click.echo("where there are several portals, that of the busiest.")
    write_json(out / "sizing.json", found)
    click.echo(f"Written: {out / 'sizing.json'}")
    click.get_current_context().exit(CONFORMS if held else DOES_NOT_CONFORM)
