"""The command `portal-suite`. The features and Locust run in processes of their own.

Exit codes: 0 conforms, 1 does not, 2 misuse, 3 could not judge.
"""

import signal
import sys

import click

from simulator.commands.accept import accept
from simulator.commands.catalogue import catalogue
from simulator.commands.check import check
from simulator.commands.check_data import check_data
from simulator.commands.explore import explore
from simulator.commands.generate import generate
from simulator.commands.integrate import integrate
from simulator.commands.judge import judge
from simulator.commands.load import load
from simulator.commands.neighbours import neighbours
from simulator.commands.new_driver import new_driver
from simulator.commands.new_secrets import new_secrets
from simulator.commands.pack import pack
from simulator.commands.papers import papers
from simulator.commands.plan import plan
from simulator.commands.prove import prove
from simulator.commands.rehearse import rehearse
from simulator.commands.scripts import scripts
from simulator.commands.serve import serve
from simulator.commands.verify import verify
from simulator.errors import COULD_NOT_JUDGE, SuiteError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="portal-suite")
def commands() -> None:
    """Find out whether a victims' portal works, before real victims use it.

    \b
    Examples:
      portal-suite rehearse scenarios/phased-rollout.toml
      portal-suite plan scenarios/plans/half-the-officers.toml
      portal-suite check scenarios/targets/reference.toml
      portal-suite accept --target scenarios/targets/reference.toml --phase 2
      portal-suite explore --target scenarios/targets/reference.toml --phase 2
      portal-suite prove
      portal-suite load scenarios/bursts/bulk-closure.toml
      portal-suite papers --phase 2
      portal-suite pack --new-key signing.key
      portal-suite verify out/pack/evidence-pack.zip
      portal-suite new-driver our_portal
      portal-suite new-secrets portal.env
      portal-suite scripts --phase 2
      portal-suite serve
      portal-suite neighbours
      portal-suite integrate scenarios/integration/dynamics.toml
      portal-suite judge out/evidence.ndjson --target scenarios/targets/reference-for-load.toml
      portal-suite catalogue
      portal-suite check-data fixtures/contacts/extract.csv
      portal-suite generate --people 1000 --out people.csv

    Exit codes: 0 conforms, 1 does not, 2 misuse, 3 could not judge.
    """  # noqa: D301  click reads the mark


for each in (
    rehearse,
    plan,
    check,
    accept,
    explore,
    prove,
    load,
    new_driver,
    new_secrets,
    papers,
    pack,
    verify,
    scripts,
    serve,
    neighbours,
    integrate,
    judge,
    catalogue,
    check_data,
    generate,
):
    commands.add_command(each)


def main() -> None:
    """Run the command line. An error is one sentence and an exit code, never a traceback.

    SIGTERM ends it as Ctrl-C does: with what it started, and with the terminal as it was.
    """
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _run()
    finally:
        signal.signal(signal.SIGTERM, before)


def _run() -> None:
    try:
        code = commands.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(COULD_NOT_JUDGE)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except SuiteError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        click.echo(f"Error: {named}{error.strerror or error}", err=True)
        sys.exit(COULD_NOT_JUDGE)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
