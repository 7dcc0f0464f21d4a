"""Measures what the suite finds of defects that were thought up from the docs alone.

`fixtures/portal_defects` lists small defects of the second and the third portal. Their authors had
read neither the judge nor the scenarios, and they were committed before one was run. This puts each
into a copy of its portal, behind a driver, and has `accept` judge it as a supplier's portal; then
`explore`, where that is asked for. `--resume` goes on where an earlier run stopped.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from simulator.files.paths import ROOT

DEFECTS = ROOT / "fixtures" / "portal_defects"
PORTALS = {"second": "fixtures/second_portal", "third": "fixtures/third_portal"}
#: Each behind a driver: a class, or a program.
TARGETS = {"second": "second-portal", "third": "third-portal-by-program"}
_COPIED = ["features", "fixtures", "reference", "scenarios", "simulator"]
#: Passed, failed, and not all asked for.
_JUDGED = (0, 1, 3)


class Edit(Struct, frozen=True, forbid_unknown_fields=True):
    """One change of one file: `old` is there once."""

    file: str
    old: str
    new: str


class PortalDefect(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One defect: the sentence that it breaks, and how it is put into its portal."""

    id: str
    title: str
    breaks: str
    sentence: str
    does: str
    phase: int
    edit: tuple[Edit, ...]

    @property
    def portal(self) -> str:
        """The portal that it is put into: second or third."""
        return self.id.partition("-")[0]


class Findings(Struct, frozen=True):
    """What fails one portal: by `accept`, and by `explore` beyond that."""

    accepted: tuple[str, ...]
    explored: tuple[str, ...] = ()

    def beyond(self, known: "Findings") -> "Findings":
        """Leave out what fails the portal without the defect as well."""
        return Findings(
            tuple(sorted({*self.accepted} - {*known.accepted})),
            tuple(sorted({*self.explored} - {*known.explored})),
        )

    @property
    def by(self) -> str:
        """Which command found something first."""
        return "accept" if self.accepted else "explore" if self.explored else "neither"


@click.command(help=__doc__)
@click.option("--minutes", default=1.0, help="For the made-up stories of accept.")
@click.option("--explore", default=0.0, help="Minutes of explore, for what accept does not find.")
@click.option("--only", multiple=True, help="What an id begins with; may be given again.")
@click.option("--resume", is_flag=True, help="Keep what an earlier run found.")
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "out" / "portal-defects")
def main(*, minutes: float, explore: float, only: Sequence[str], resume: bool, out: Path) -> None:
    """Put each defect into its portal and see what fails; end with 1 if under 80% is found."""
    defects = [each for each in read_defects() if each.id.startswith(tuple(only or [""]))]
    if not defects:
        raise click.BadParameter(
            f"no defect's id begins with {' or '.join(only)}; they stand in fixtures/portal_defects"
        )
    out.mkdir(parents=True, exist_ok=True)
    kept = out / "findings.json"
    found = _kept(kept) if resume else {}
    portals = {f"{each.portal} {each.phase}": (each.portal, None, each.phase) for each in defects}
    wanted: dict[str, tuple[str, PortalDefect | None, int]] = {**portals}
    wanted |= {each.id: (each.portal, each, each.phase) for each in defects}
    waiting = {name: each for name, each in wanted.items() if name not in found}
    for done, (name, (portal, defect, phase)) in enumerate(waiting.items(), start=1):
        known = found.get(f"{portal} {phase}", Findings(()))
        found[name] = findings(
            portal, defect, phase=phase, minutes=minutes, explore=explore, known=known
        )
        kept.write_bytes(msgspec.json.encode(found))
        by = found[name].beyond(known).by if defect else f"{len(found[name].accepted)} fail"
        click.echo(f"{done} of {len(waiting)}: {name}: {by}", err=True)
    new = {each.id: found[each.id].beyond(found[f"{each.portal} {each.phase}"]) for each in defects}
    Console(width=100).print(table_of(defects, new))
    found_by = [each.by for each in new.values()]
    accepted, neither = found_by.count("accept"), found_by.count("neither")
    print(f"ratio portal_defects_accepted {accepted / len(new):.3f}")
    print(f"ratio portal_defects_found {1 - neither / len(new):.3f}")
    sys.exit(0 if accepted >= 0.8 * len(new) else 1)


def read_defects(folder: Path = DEFECTS) -> list[PortalDefect]:
    """Read the lists, in the order of their ids."""
    lists = [
        msgspec.toml.decode(path.read_bytes(), type=dict[str, list[PortalDefect]])["defect"]
        for path in sorted(folder.glob("*.toml"))
    ]
    return [each for defects in lists for each in defects]


def changed(text: str, edit: Edit) -> str:
    """Make one change; raises ValueError unless what it replaces is there once."""
    if text.count(edit.old) != 1:
        raise ValueError(f"{edit.file}: there {text.count(edit.old)} times: {edit.old[:60]!r}")
    return text.replace(edit.old, edit.new)


def findings(
    portal: str,
    defect: PortalDefect | None,
    *,
    phase: int,
    minutes: float,
    explore: float,
    known: Findings,
) -> Findings:
    """Copy the suite, put the defect into its portal (none: as it is), accept it and explore it.

    What fails the portal without the defect too, `known`, is no find.
    """
    with tempfile.TemporaryDirectory(prefix="portal-defect-") as folder:
        copy = Path(folder)
        for name in _COPIED:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for edit in defect.edit if defect else ():
            file = copy / PORTALS[portal] / edit.file
            file.write_text(changed(file.read_text("utf-8"), edit), "utf-8")
        target, at = f"scenarios/targets/{TARGETS[portal]}.toml", ["--phase", str(phase)]
        accepted = _suite(copy, "accept", target, *at, "--minutes", str(minutes))
        failed = Findings(
            tuple(
                each["id"] or each["expected"]
                for each in accepted["scenarios"]
                if each["verdict"] == "FAIL"
            )
        )
        if not explore or (defect and failed.beyond(known).accepted):
            return failed
        explored = _suite(copy, "explore", target, *at, "--minutes", str(explore))
        return Findings(failed.accepted, tuple(each["fingerprint"] for each in explored["defects"]))


def table_of(defects: Iterable[PortalDefect], new: dict[str, Findings]) -> Table:
    """List each defect with what found it."""
    table = Table("defect", "breaks", "found by", "such as")
    for each in defects:
        what = new[each.id]
        table.add_row(
            f"{each.id} {each.title}",
            each.breaks,
            what.by,
            " ".join([*what.accepted[:2], *what.explored[:1]]),
        )
    return table


def _suite(copy: Path, command: str, target: str, *options: str) -> dict[str, list[dict[str, str]]]:
    """Run one command of the suite in the copy; return the result that it wrote."""
    out = copy / "out" / command
    shutil.rmtree(out, ignore_errors=True)
    run = [sys.executable, "-m", "simulator.cli", command, "--target", target, "--out", str(out)]
    ran = subprocess.run([*run, *options], cwd=copy, capture_output=True, text=True, check=False)
    [written] = [each for each in out.glob("*.json") if each.stem in ("acceptance", "exploration")]
    if ran.returncode not in _JUDGED:
        sys.exit(f"{command} {target}: {ran.stderr[-2000:]}")
    result: dict[str, list[dict[str, str]]] = json.loads(written.read_bytes())
    return result


def _kept(path: Path) -> dict[str, Findings]:
    if not path.exists():
        return {}
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Findings])


if __name__ == "__main__":
    main()
