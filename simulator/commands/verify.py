"""`portal-suite verify`: whether an evidence pack is as it was signed, by whom, and in date."""

from pathlib import Path

import click

from simulator.errors import COULD_NOT_JUDGE

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("pack", type=FILE)
@click.option("--key", type=FILE, help="The signatory's public key, had by another way.")
def verify(pack: Path, key: Path | None) -> None:
    """Check an evidence pack: every byte as it was signed, in date, and by the key expected.

    \b
    Exit codes: 0 verified, 1 not, 2 misuse, 3 could not verify. Without --key nobody knows whose
    signature it is: the fingerprint is shown, to compare with the signatory, and that is 3.

    \b
    Examples:
      portal-suite verify out/pack/evidence-pack.zip
      portal-suite verify out/pack/evidence-pack.zip --key signing.key.pub
    """  # noqa: D301  click reads the mark
    from simulator.clock import wall_now
    from simulator.pack.keys import read_public
    from simulator.pack.told import told
    from simulator.pack.verify import verify_pack

    expected = read_public(key) if key else None
    checked = verify_pack(pack, expected=expected, now=wall_now())
    click.echo(told(checked))
    if not checked.is_expected:
        click.get_current_context().exit(COULD_NOT_JUDGE)
