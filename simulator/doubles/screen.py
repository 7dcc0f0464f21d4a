"""What a tester sees when the doubles have started, and the mistakes that stop them first."""

import ipaddress
from urllib.parse import urlsplit

import click

from simulator.doubles.run import CLIENT_ID, CONSUMER_KEY, SIGNING_KEY, TENANT_ID, Running
from simulator.errors import BadInput


def show(running: Running, *, has_portal: bool) -> None:
    """Print the addresses, the secrets that were made up, and what to do next."""
    rows = [
        ("Gateway (GOV.UK Notify)", running.gateway_url),
        ("Salesforce Marketing Cloud", running.marketing_cloud_url),
        ("  client", CLIENT_ID),
        ("Crime system", running.crime_system_url),
        ("What was sent (Mailpit's API)", running.inspection_url),
        ("Control", running.control_url),
        ("Mail server (SMTP)", running.mail_server),
        *([("  signs in by STARTTLS as", running.mail_login)] if running.mail_login else []),
        *(_dynamics(running) if running.dynamics_url else []),
        *([("The force's own API", running.force_api_url)] if running.force_api_url else []),
        *([("GOV.UK One Login", running.one_login_url)] if running.one_login_url else []),
        *([("The portal's door", running.portal_door_url)] if running.portal_door_url else []),
        *(_salesforce(running) if running.salesforce_url else []),
    ]
    for name, address in rows:
        click.echo(f"{name:<31}{address}")
    if running.restored:
        click.echo(f"\n{running.restored:,} changes of an earlier run were read.")
    if running.made_up:
        click.echo("\nMade up for this run; set them yourself to keep them:")
        for name, value in running.made_up.items():
            click.echo(f"  export {name}={value}")
    click.echo("\nTry:")
    click.echo(f"  curl {running.inspection_url}/api/v1/messages")
    click.echo(f"  curl {running.control_url}/requests")
    if not has_portal:
        click.echo("\nNo portal was named: events wait. Name it with --portal URL.")
    click.echo("\nCtrl-C stops.")


def _dynamics(running: Running) -> list[tuple[str, str]]:
    """What a client of Dynamics signs in with, beside its secret."""
    return [
        ("Dynamics (Dataverse)", running.dynamics_url),
        ("  tenant", TENANT_ID),
        ("  client", CLIENT_ID),
        ("  trust", str(running.authority)),
    ]


def _salesforce(running: Running) -> list[tuple[str, str]]:
    """What a client of Salesforce signs in with, beside its secret."""
    assert running.authority is not None
    return [
        ("Salesforce", running.salesforce_url),
        ("  without TLS", running.salesforce_http_url),
        ("  consumer key", CONSUMER_KEY),
        ("  trust", str(running.authority)),
        ("  signs its JWTs with", str(running.authority.with_name(SIGNING_KEY))),
    ]


def check_listen(address: str, *, is_open: bool) -> None:
    """Check where to listen; raises BadInput."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        raise BadInput(
            f"--listen {address!r:.60}: not an IP address; give 127.0.0.1, or another address of "
            "this machine"
        ) from None
    if not found.is_loopback and not is_open:
        raise BadInput(
            f"--listen {address}: other machines could connect; add --open-to-network if they may"
        )


def check_portal_url(url: str, *, has_integration: bool, has_org: bool) -> None:
    """Check the portal's address; raises BadInput. An org may be the portal."""
    if has_integration and not url and not has_org:
        raise BadInput(
            "--integration: there is no portal to pass on to; name it with --portal URL, or serve "
            "the org that it lives in with --salesforce"
        )
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise BadInput(
            f"--portal {url!r:.80}: not the address of a portal; give http:// or https:// and host"
        )
