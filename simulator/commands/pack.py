"""`portal-suite pack`: the evidence for a verdict, signed, in one file."""

from datetime import datetime
from pathlib import Path

import click

from simulator.commands.output import INPUT, RESULTS, open_results_folder
from simulator.errors import BadInput
from simulator.results.folder import clear_unless_bad_input

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--target", type=INPUT, help="Target file of the portal that was judged.")
@click.option(
    "--results",
    type=FOLDER,
    multiple=True,
    default=["out/acceptance"],
    show_default=True,
    help="Results folder of a whole run. Repeat it for other phases or a rehearsal.",
)
@click.option("--papers", type=FOLDER, default="out/papers", show_default=True)
@click.option("--earlier", type=FOLDER, multiple=True, help="The --earlier of the papers, if any.")
@click.option("--register", type=INPUT, help="The --register of the papers, if any.")
@click.option("--key", type=FILE, help="The signatory's private key. It is not put into the pack.")
@click.option("--signatory", default="", help="The person who answers for the pack.")
@click.option("--role", default="", help="The signatory's role.")
@click.option(
    "--expires", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the pack, such as 2027-03-31."
)
@click.option("--new-key", type=FILE, help="Only make a private key and its public key.")
@click.option("--out", type=RESULTS, default="out/pack", show_default=True)
def pack(
    target: Path | None,
    results: tuple[Path, ...],
    papers: Path,
    earlier: tuple[Path, ...],
    register: Path | None,
    key: Path | None,
    signatory: str,
    role: str,
    expires: datetime | None,
    new_key: Path | None,
    out: Path,
) -> None:
    """Put whole runs and their papers into one signed zip.

    It has the reports, evidence, claims, order, seeds and clocks, a manifest with the SHA-256 of
    each file, and an Ed25519 signature. A run that was stopped or could not judge is refused.

    \b
    Examples:
      portal-suite pack --new-key signing.key
      portal-suite pack --target scenarios/targets/reference.toml --key signing.key --signatory "Dana Okafor" --role "test manager" --expires 2027-03-31
    """  # noqa: D301, E501  click reads the mark; a command is a line
    from simulator.clock import wall_now
    from simulator.inputs.target import read_target
    from simulator.pack import keys
    from simulator.pack.make import make_pack

    if new_key is not None:
        public = keys.new_key(new_key)
        read = keys.fingerprint(keys.read_public(public))
        click.echo(f"Written: {new_key}, {public}\nFingerprint: {read}")
        return
    given = {"--target": target, "--key": key, "--expires": expires}
    missing = [name for name, value in given.items() if value is None]
    missing += [name for name, words in (("--signatory", signatory), ("--role", role)) if not words]
    if missing or target is None or key is None or expires is None:
        raise BadInput(f"{', '.join(missing)}: missing; give what was judged and who signs")
    path = out / "evidence-pack.zip"
    open_results_folder(out)
    with clear_unless_bad_input("pack", out):
        manifest = make_pack(
            path,
            results=results,
            papers=papers,
            earlier=earlier,
            register=register,
            target=read_target(target),
            key=keys.read_private(key),
            name=signatory,
            role=role,
            expires=expires.date(),
            now=wall_now(),
        )
    click.echo(
        f"Signed {len(manifest.files)} files of {len(manifest.runs)} runs with the key "
        f"{manifest.signatory.key}\n\nWritten: {path}"
    )
