"""`portal-suite neighbours`: the doubles of all neighbours, for a portal that you run yourself."""

from pathlib import Path
from typing import Any

import click

from simulator.commands.cli_options import WholeNumber
from simulator.commands.output import INPUT, RESULTS
from simulator.files.paths import ROOT

OUR_FIELDS = ROOT / "scenarios" / "force_api" / "fields.toml"


@click.command()
@click.option(
    "--port",
    type=WholeNumber(1, 65_524),
    default=8470,
    show_default=True,
    help="First of twelve ports: gateway, crime system, inspection, control, mail, Dynamics, the "
    "force's API, the portal's door, Marketing Cloud, One Login, and Salesforce with and without "
    "TLS.",
)
@click.option(
    "--listen",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on. Any other than this machine's own needs --open-to-network.",
)
@click.option(
    "--open-to-network",
    is_flag=True,
    help="Other machines may connect. They need the token in PORTAL_DOUBLES_TOKEN.",
)
@click.option("--portal", "portal_url", default="", help="URL of your portal: events go there.")
@click.option(
    "--integration",
    "has_integration",
    is_flag=True,
    help="An integration of yours carries the events, to the portal's door instead of the portal, "
    "or into the Salesforce where the portal lives.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File that keeps what the doubles know until the next start.",
)
@click.option(
    "--mail-login",
    default="",
    help="The mail server wants STARTTLS and this name, with the password PORTAL_MAIL_PASSWORD; "
    "with --open-to-network it always wants a login, 'portal' unless you name another.",
)
@click.option(
    "--evidence",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File that gets what happens, one line a record, as the judge reads it.",
)
@click.option(
    "--target",
    type=INPUT,
    help="Target file: its [access.patterns] know your portal's links and codes in the evidence.",
)
@click.option(
    "--notify-service",
    type=INPUT,
    help="The service at Notify: its keys, templates, guest list and limits, as TOML.",
)
@click.option(
    "--marketing-cloud",
    type=INPUT,
    help="The business unit at Marketing Cloud: its emails and rules, as TOML.",
)
@click.option("--one-login", type=INPUT, help="Serve GOV.UK One Login to this client: TOML.")
@click.option("--faults", type=INPUT, help="A plan of faults of every double: TOML.")
@click.option("--limits", "has_limits", is_flag=True, help="Keep to the documented limits.")
@click.option(
    "--dynamics",
    type=RESULTS,
    is_flag=False,
    flag_value=Path("out/neighbours"),
    help="Serve a Microsoft Dynamics too; its certificates go into this folder.",
)
@click.option(
    "--force-api",
    type=INPUT,
    is_flag=False,
    flag_value=OUR_FIELDS,
    help="Serve the force's own API too, with the names of its records from this file.",
)
@click.option(
    "--salesforce",
    type=RESULTS,
    is_flag=False,
    flag_value=Path("out/neighbours"),
    help="Serve a Salesforce Core too; its certificates go into this folder.",
)
@click.option(
    "--webhook",
    "webhook_url",
    default="",
    help="URL that Dynamics calls with each change; the key is in INTEGRATION_WEBHOOK_KEY.",
)
@click.option(
    "--seed",
    type=WholeNumber(0, 2**31),
    default=0,
    show_default=True,
    help="Of the faults that are drawn: of mails and of requests.",
)
def neighbours(
    port: int,
    listen: str,
    portal_url: str,
    target: Path | None,
    *,
    open_to_network: bool,
    has_integration: bool,
    **others: Any,
) -> None:
    """Start what a portal talks to: gateway, crime system and mail.

    Point your portal at the addresses shown. What it sends reaches no person: you read it by the
    inspection interface. You record events, and switch faults on, by control. Ctrl-C stops it.

    \b
    Examples:
      portal-suite neighbours --portal http://127.0.0.1:8000 --state out/neighbours.jsonl
      portal-suite neighbours --limits --port 9000 --faults scenarios/neighbours/faults.toml
      portal-suite neighbours --dynamics out/neighbours --portal http://127.0.0.1:8000 --integration
      portal-suite neighbours --notify-service scenarios/neighbours/notify-service.toml
      portal-suite neighbours --marketing-cloud scenarios/neighbours/marketing-cloud.toml
      portal-suite neighbours --one-login scenarios/neighbours/one-login.toml
      portal-suite neighbours --dynamics out/neighbours --salesforce out/neighbours --integration
    """  # noqa: D301  click reads the mark
    from simulator.doubles.run import Settings, until_stopped
    from simulator.doubles.screen import check_listen, check_portal_url, show
    from simulator.inputs.target import Patterns, read_target

    check_listen(listen, is_open=open_to_network)
    has_org = others["salesforce"] is not None
    check_portal_url(portal_url, has_integration=has_integration, has_org=has_org)
    settings = Settings(
        first_port=port,
        host=listen,
        portal_url=portal_url,
        patterns=Patterns() if target is None else read_target(target).access.patterns,
        has_integration=has_integration,
        **others,
    )
    # An integration has a portal to pass on to, or an org that is one.
    has_portal = bool(portal_url) or has_integration
    until_stopped(settings, lambda running: show(running, has_portal=has_portal))
    click.echo("Stopped.")
