"""`portal-suite integrate`: the integration between a force's system and a portal."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.commands.output import INPUT

if TYPE_CHECKING:
    from simulator.integration.run import RunningIntegration


@click.command()
@click.argument("map_file", type=INPUT)
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("out/integration.db"),
    show_default=True,
    help="File that keeps what was read, and what the portal has not taken yet.",
)
@click.option(
    "--salesforce",
    "org_map",
    type=INPUT,
    help="The portal lives in a Salesforce org: the map of what stands there, as TOML.",
)
@click.option(
    "--faults",
    "faults_file",
    type=INPUT,
    help="A plan of faults between the force and the portal: TOML.",
)
def integrate(map_file: Path, state: Path, org_map: Path | None, faults_file: Path | None) -> None:
    """Pass the force's changes to a portal, and what it files back.

    MAP_FILE says which system it is, a Dynamics or the force's own API, and which change makes
    which event. Every event is delivered at least once and in order for each crime. One that the
    portal refuses is a dead letter, which you can see and replay. It runs until Ctrl-C.

    \b
    Examples:
      portal-suite integrate scenarios/integration/dynamics.toml
      portal-suite integrate scenarios/integration/force_api.toml
      portal-suite integrate our_map.toml --salesforce scenarios/integration/salesforce.toml
      portal-suite integrate our_map.toml --state our_integration.db
      portal-suite integrate our_map.toml --faults scenarios/integration/faults.toml
    """  # noqa: D301  click reads the mark
    from simulator.integration.faults import NO_FAULTS, read_plan
    from simulator.integration.run import until_stopped

    until_stopped(
        map_file,
        state=state,
        org_map=org_map,
        plan=NO_FAULTS if faults_file is None else read_plan(faults_file),
        say=lambda words: click.echo(words, err=True),
        show=_show,
    )
    click.echo("Stopped.")


def _show(running: "RunningIntegration") -> None:
    click.echo(f"The portal's crime system is now {running.url}")
    click.echo(f"Dead letters: {running.url}/dead-letters")
    if running.made_up:
        click.echo(f"Made up for who tests this run:\n  export {running.made_up}")
    click.echo("Ctrl-C stops.")
