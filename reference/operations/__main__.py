"""The operator's commands: `python -m reference.operations --help`."""

import os
import sys

import click

from reference.operations.configuration_check import findings
from reference.operations.office import COMMANDS


@click.group(invoke_without_command=True)
@click.option("--check", "is_check", is_flag=True, help="The same as the command check.")
@click.pass_context
def main(context: click.Context, *, is_check: bool) -> None:
    """The operator's commands; the environment configures them (docs/running.md)."""
    if is_check:
        context.invoke(check)
    elif context.invoked_subcommand is None:
        click.echo(context.get_help())
        sys.exit(2)


@main.command()
def check() -> None:
    """Check settings, secrets, database and words; change nothing.

    Exit code 0 when the portal would start, 2 when something must be fixed first.
    """
    found = list(findings(os.environ))
    for kind, text in found:
        click.echo(f"{kind:8} {text}")
    sys.exit(2 if any(kind == "problem" for kind, _text in found) else 0)


for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m reference.operations")
