"""`portal-suite new-driver`: the start of a vendor's own driver."""

from pathlib import Path

import click


@click.command(name="new-driver")
@click.argument("name")
@click.option(
    "--language",
    type=click.Choice(["python", "javascript", "java", "csharp"]),
    default="python",
    show_default=True,
)
def new_driver(name: str, language: str) -> None:
    """Start a driver for a portal with interfaces of its own.

    Writes the driver here, and NAME.toml, the target file that names it. The methods that the first
    verdict needs are written for the reference portal: put yours in their place. What you have not
    written yet is "could not be verified". See docs/for_vendors.md.

    \b
    Examples:
      portal-suite new-driver our_portal
      portal-suite new-driver our_portal --language java
    """  # noqa: D301  click reads the mark
    from simulator.drivers.new_driver import LANGUAGES, named
    from simulator.drivers.new_driver import new_driver as begin

    written = begin(name, LANGUAGES[language], Path())
    click.echo(f"Written: {', '.join(map(str, written))}")
    steps = (LANGUAGES[language].build, "portal-suite check our_portal.toml")
    click.echo(f"Next: {named(', then '.join(filter(None, steps)), name)}")
