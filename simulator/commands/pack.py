"""`portal-suite pack`: what a verdict rests on, signed, in one file."""

from datetime import datetime
from pathlib import Path

import click

from simulator.commands.job import INPUT, RESULTS
from simulator.errors import BadInput
from simulator.results.folder import cleared_unless_misused, made

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
    help="Results folder of a whole run. May be given several times: other phases, a rehearsal.",
)
@click.option("--papers", type=FOLDER, default="out/papers", show_default=True)
@click.option(
    "--earlier", type=FOLDER, multiple=True, help="As the papers were written with, if they were."
)
@click.option("--register", type=INPUT, help="As the papers were written with, if they were.")
@click.option("--key", type=FILE, help="The signatory's own key, which stays where it is.")
@click.option("--signatory", default="", help="Who answers for the pack.")
@click.option("--role", default="", help="In which role.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="Its last day, as 2027-03-31.")
@click.option("--new-key", type=FILE, help="Only make a key, with the public one beside it.")
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
    """Sign the results of whole runs, with their papers, and put them into one zip.

    \b
    It holds reports, evidence, claims, order, seeds and clocks, a manifest with the SHA-256 of each
    file, and an Ed25519 signature. A run that was stopped or could not judge is refused.

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
        raise BadInput(f"{', '.join(missing)}: missing; a pack says what was judged and who signs")
    path = out / "evidence-pack.zip"
    made(out)
    with cleared_unless_misused("pack", out):
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
        f"{len(manifest.files)} files of {len(manifest.runs)} runs, signed with the key "
        f"{manifest.signatory.key}\n\nWritten: {path}"
    )
