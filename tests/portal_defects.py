"""Measures what the suite finds of defects that were thought up from the docs alone.

`fixtures/portal_defects` lists small defects of the second and the third portal. Their author had
read neither the judge nor the scenarios, and they were committed before one was run. This puts each
into a copy of its portal, and runs the scenarios and the explorer. `make proof` runs it: it takes
half an hour. `--resume` goes on where an earlier run stopped.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import click
import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from simulator.files.paths import ROOT
from simulator.processes.cores import cores

DEFECTS = ROOT / "fixtures" / "portal_defects"
PORTALS = {"second": "fixtures/second_portal", "third": "fixtures/third_portal"}
_COPIED = ["features", "fixtures", "reference", "scenarios", "simulator"]
_PHASES = (1, 2, 3)
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
    """What fails one portal: the scenarios by id, and the fingerprints of made-up stories."""

    scenarios: tuple[str, ...]
    stories: tuple[str, ...]

    def beyond(self, known: "Findings") -> "Findings":
        """Leave out what fails the portal without the defect as well."""
        return Findings(
            tuple(sorted({*self.scenarios} - {*known.scenarios})),
            tuple(sorted({*self.stories} - {*known.stories})),
        )

    @property
    def by(self) -> str:
        """Who found something: scenarios, stories, both or neither."""
        by = [("scenarios", self.scenarios), ("stories", self.stories)]
        return " and ".join(name for name, found in by if found) or "neither"


@click.command(help=__doc__)
@click.option("--stories", default=150, help="Stories of each phase: one number for all portals.")
@click.option("--seed", default=1, help="Seed of the made-up stories.")
@click.option("--only", multiple=True, help="The id of one defect; may be given again.")
@click.option("--resume", is_flag=True, help="Keep what an earlier run found.")
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "out" / "portal-defects")
def main(*, stories: int, seed: int, only: Sequence[str], resume: bool, out: Path) -> None:
    """Put each defect into its portal and see what fails; end with 1 if under 90% is found."""
    defects = [each for each in read_defects() if not only or each.id in only]
    out.mkdir(parents=True, exist_ok=True)
    kept = out / "findings.json"
    found = _kept(kept) if resume else {}
    wanted = {each.portal: None for each in defects} | {each.id: each for each in defects}
    waiting = {name: each for name, each in wanted.items() if name not in found}
    with ThreadPoolExecutor(cores()) as threads:
        runs = {
            threads.submit(findings, name.partition("-")[0], defect, stories, seed): name
            for name, defect in waiting.items()
        }
        for done, run in enumerate(as_completed(runs), start=1):
            found[runs[run]] = run.result()
            kept.write_bytes(msgspec.json.encode(found))
            click.echo(f"{done} of {len(runs)}: {runs[run]}: {run.result().by}", err=True)
    new = {each.id: found[each.id].beyond(found[each.portal]) for each in defects}
    Console(width=100).print(table_of(defects, new))
    caught = sum(each.by != "neither" for each in new.values())
    print(f"ratio portal_defects_found {caught / len(new):.3f}")
    sys.exit(0 if caught >= 0.9 * len(new) else 1)


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


def findings(portal: str, defect: PortalDefect | None, stories: int, seed: int) -> Findings:
    """Copy the suite, put the defect into its portal (none: as it is), accept it and explore it.

    The portal without the defect plays the same stories: what fails it too is no find.
    """
    with tempfile.TemporaryDirectory(prefix="portal-defect-") as folder:
        copy = Path(folder)
        for name in _COPIED:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for edit in defect.edit if defect else ():
            file = copy / PORTALS[portal] / edit.file
            file.write_text(changed(file.read_text("utf-8"), edit), "utf-8")
        target = f"scenarios/targets/{portal}-portal.toml"
        accepted = _suite(copy, "accept", target, "--edges", "off", "--phase", str(_PHASES[-1]))
        scenarios = [e["id"] for e in accepted["scenarios"] if e["verdict"] == "FAIL"]
        effort = ["--stories", str(stories), "--seed", str(seed)]
        failed = {
            each["fingerprint"]
            for phase in _PHASES
            for each in _suite(copy, "explore", target, *effort, "--phase", str(phase))["defects"]
        }
        return Findings(tuple(scenarios), tuple(sorted(failed)))


def table_of(defects: Iterable[PortalDefect], new: dict[str, Findings]) -> Table:
    """List each defect with what found it."""
    table = Table("defect", "breaks", "found by", "such as")
    for each in defects:
        what = new[each.id]
        table.add_row(
            f"{each.id} {each.title}",
            each.breaks,
            what.by,
            " ".join([*what.scenarios[:2], *what.stories[:1]]),
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
