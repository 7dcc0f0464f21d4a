"""`portal-suite new-driver`: the start of a vendor's own driver."""

from pathlib import Path

import click


@click.command(name="new-driver")
@click.argument("name")
def new_driver(name: str) -> None:
    """Start a driver for a portal with its own interfaces. Writes NAME.py and NAME.toml here.

    The module has every method that the suite calls on a portal, for you to write one by one. The
    target file names the module. What you have not written yet is "could not be verified". See
    docs/for_vendors.md.

    \b
    Examples:
      portal-suite new-driver our_portal
    """  # noqa: D301  click reads the mark
    from simulator.drivers.new_driver import new_driver as begin

    module, target = begin(name, Path())
    click.echo(f"Written: {module}, {target}")
    click.echo(f"Write deliver in {module}, then: portal-suite accept --target {target} --phase 1")
