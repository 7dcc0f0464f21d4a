"""`portal-suite new-secrets`: the secrets that a portal and the suite share."""

from pathlib import Path

import click


@click.command(name="new-secrets")
@click.argument("file", type=click.Path(path_type=Path))
def new_secrets(file: Path) -> None:
    """Write the secrets for a portal of your own to a new FILE.

    The FILE has one line VARIABLE=value for each secret, and only you can read it. Load it where
    you run the suite, and give your portal the same values. No value is printed.

    \b
    Examples:
      portal-suite new-secrets portal.env
    """  # noqa: D301  click reads the mark
    from shlex import quote

    from simulator.inputs.new_secrets import write_new_secrets

    write_new_secrets(file)
    where = str(file) if "/" in str(file) else f"./{file}"
    click.echo(f"Written: {file}, which only you can read. Keep it out of any repository.")
    click.echo(f"Load it in this shell: set -a; . {quote(where)}; set +a")
