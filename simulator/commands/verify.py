"""`portal-suite verify`: check that an evidence pack is unchanged, in date and rightly signed."""

from pathlib import Path

import click

from simulator.errors import COULD_NOT_JUDGE

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("pack", type=FILE)
@click.option(
    "--key", type=FILE, help="The signatory's public key, from another channel than the pack."
)
def verify(pack: Path, key: Path | None) -> None:
    """Check an evidence pack. It must be unchanged, in date, and signed with the expected key.

    Exit codes: 0 verified, 1 not, 2 misuse, 3 could not verify. Without --key nobody knows whose
    signature it is: compare the fingerprint shown with the signatory. The exit code is then 3.

    \b
    Examples:
      portal-suite verify out/pack/evidence-pack.zip
      portal-suite verify out/pack/evidence-pack.zip --key signing.key.pub
    """  # noqa: D301  click reads the mark
    from simulator.clock import wall_now
    from simulator.pack.keys import read_public
    from simulator.pack.verification_report import describe_pack
    from simulator.pack.verify import verify_pack

    expected = read_public(key) if key else None
    checked = verify_pack(pack, expected=expected, now=wall_now())
    click.echo(describe_pack(checked))
    if not checked.is_expected:
        click.get_current_context().exit(COULD_NOT_JUDGE)
