"""`portal-suite catalogue`: the words of the reference portal."""

import sys

import click

from simulator.commands.output import require


@click.command()
@click.option("--full", is_flag=True, help="Print every wording, with its reason.")
def catalogue(full: bool) -> None:  # noqa: FBT001  click gives it by name
    """Print every text of the reference portal. The list shows which are due for review.

    \b
    Examples:
      portal-suite catalogue
      portal-suite catalogue --full
    """  # noqa: D301  click reads the mark
    require("catalogue", "reading", "textstat")
    from simulator.processes.child_process import run_to_end

    # In a separate process, because the suite does not import the portal that it tests.
    command = [sys.executable, "-m", "reference.catalogue_check.table"]
    code = run_to_end([*command, "--full"] if full else command, stdin=None, foreground=True)
    click.get_current_context().exit(code)
