"""`portal-suite integrate`: the integration between a force's Dynamics and a portal."""

from pathlib import Path

import click

from simulator.commands.output import INPUT


@click.command()
@click.argument("map_file", type=INPUT)
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("out/integration.db"),
    show_default=True,
    help="File that keeps what was read, and what the portal has not taken yet.",
)
def integrate(map_file: Path, state: Path) -> None:
    """Pass changes in Dynamics on to a portal, and what the portal files back to Dynamics.

    MAP_FILE says which change makes which event. Every event is delivered at least once and in
    order for each crime. One that the portal refuses is a dead letter, which you can see and
    replay. It runs until Ctrl-C.

    \b
    Examples:
      portal-suite integrate scenarios/integration/dynamics.toml
      portal-suite integrate our_map.toml --state our_integration.db
    """  # noqa: D301  click reads the mark
    from simulator.integration.run import until_stopped

    until_stopped(
        map_file,
        state=state,
        say=lambda words: click.echo(words, err=True),
        show=lambda url: click.echo(
            f"The portal's crime system is now {url}\nDead letters: {url}/dead-letters\n"
            "Ctrl-C stops."
        ),
    )
    click.echo("Stopped.")
