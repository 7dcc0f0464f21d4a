"""`portal-suite serve`: the reference portal with our doubles, to try by hand."""

from pathlib import Path

import click

from simulator.commands.cli_options import WholeNumber
from simulator.commands.output import INPUT, console


@click.command()
@click.option(
    "--port",
    type=WholeNumber(1, 65_533),
    default=8000,
    show_default=True,
    help="Port of the portal; the doubles use the next two.",
)
@click.option(
    "--order", type=INPUT, help="Order file to use in place of scenarios/orders/two-forces.toml."
)
@click.option(
    "--phase",
    type=WholeNumber(1, 3),
    default=3,
    show_default=True,
    help="The latest live phase.",
)
def serve(port: int, order: Path | None, phase: int) -> None:
    """Start the reference portal with one crime, to try by hand. The other systems are doubles.

    It listens on this machine only, until Ctrl-C. You see the victim's texts and emails as they
    arrive, and act as the force by typing. Nothing is kept.

    \b
    Examples:
      portal-suite serve
      portal-suite serve --phase 1
      portal-suite serve --port 9000 --order scenarios/orders/two-forces.toml
    """  # noqa: D301  click reads the mark
    from simulator.serve.keyboard import standard_input
    from simulator.serve.run import ORDER
    from simulator.serve.run import serve as run

    run(
        port=port,
        phase=phase,
        order_path=order or ORDER,
        console=console(),
        keyboard=standard_input(),
    )
