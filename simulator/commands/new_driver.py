"""`portal-suite new-driver`: what a vendor begins their own driver with."""

from pathlib import Path

import click


@click.command(name="new-driver")
@click.argument("name")
def new_driver(name: str) -> None:
    """Begin a driver for a portal with interfaces of its own: NAME.py and NAME.toml, here.

    \b
    The module has every method that the suite asks of a portal, to be written one by one; the
    target file names it. What is not written yet is "could not be verified". See
    docs/for_vendors.md.

    \b
    Examples:
      portal-suite new-driver our_portal
    """  # noqa: D301  click reads the mark
    from simulator.drivers.new_driver import new_driver as begin

    module, target = begin(name, Path())
    click.echo(f"Written: {module}, {target}")
    click.echo(f"Write deliver in {module}, then: portal-suite accept --target {target} --phase 1")
