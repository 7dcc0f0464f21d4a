"""Evidence of portals, right and broken, with what the judge found in it: judged again.

`fixtures/judged_archive.ndjson.xz` has the scenarios of the three portals and of every broken one,
and every kept story. `make proof` judges it again and names each difference: a change of the judge
that means none has none. After one that is meant, `--keep` keeps what today's judge finds, and
`--make` plays all of it again first.
"""

import lzma
import multiprocessing
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import Struct, structs
from rich.progress import track

from simulator.accept.edge_stories import KEPT_STORIES
from simulator.accept.features_run import run_features
from simulator.errors import CONFORMS, DOES_NOT_CONFORM
from simulator.evidence.records import EventRecorded, PersonKnown, Record
from simulator.evidence.scenario_mark import ScenarioJudged
from simulator.explore.story import read_story
from simulator.explore.tried import tried_of
from simulator.files.paths import ROOT
from simulator.inputs.order import Order, read_order
from simulator.inputs.target import read_target
from simulator.judge.judged_again import judged_again, read_in_order
from simulator.processes.cores import cores
from simulator.processes.features_process import Run, warm_runs
from simulator.prove import kill_matrix
from simulator.prove.run import LAST_PHASE, REFERENCE, BrokenPortal, read_broken_portals
from simulator.verdicts import Finding

ARCHIVE = ROOT / "fixtures" / "judged_archive.ndjson.xz"
_OTHERS = ("second-portal", "third-portal")


class Judged(Struct, frozen=True, kw_only=True):
    """One run of a portal: its evidence, what it was judged by, and what was found.

    `findings` are by scenario; a story is one scenario of its own name.
    """

    name: str
    order: Order
    correlates: bool
    carries_ids: bool
    records: list[Record]
    findings: dict[str, tuple[Finding, ...]] = {}

    def again(self) -> dict[str, tuple[Finding, ...]]:
        """Judge the evidence by today's judge."""
        found = judged_again(
            self.records, self.order, correlates=self.correlates, carries_ids=self.carries_ids
        )
        return {name: each.findings for name, each in found.items()}


@click.command(help=__doc__)
@click.option("--make", "out", type=Path, help="Play all of it in this folder, and keep that.")
@click.option("--keep", is_flag=True, help="Keep what today's judge finds.")
def main(*, out: Path | None, keep: bool) -> None:
    """Judge the archive again, and end with 1 if a finding differs that is not to be kept."""
    runs = [*(read_archive() if out is None else made(out))]
    found = [run.again() for run in track(runs, "Judged again")]
    if out is not None or keep:
        write_archive(
            structs.replace(run, findings=again) for run, again in zip(runs, found, strict=True)
        )
    differing = 0
    for run, again in zip(runs, found, strict=True) if out is None else ():
        for line in differences(run, again):
            differing += 1
            click.echo(line)
    click.echo(f"{differing} findings differ" if differing else "Every finding is the same.")
    sys.exit(DOES_NOT_CONFORM if differing and not keep else CONFORMS)


def read_archive(path: Path = ARCHIVE) -> Iterator[Judged]:
    """Read each run of the archive."""
    decoder = msgspec.json.Decoder(Judged)
    with lzma.open(path) as file:
        for line in file:
            yield decoder.decode(line)


def write_archive(runs: Iterable[Judged], path: Path = ARCHIVE) -> None:
    """Write runs, one a line."""
    with lzma.open(path, "wb", preset=6) as file:
        for run in runs:
            file.write(msgspec.json.encode(run) + b"\n")


def differences(
    run: Judged, again: Mapping[str, tuple[Finding, ...]], before: str = "-", now: str = "+"
) -> Iterator[str]:
    """Name each finding that one judge has and the other has not, by scenario."""
    for name in run.findings.keys() | again.keys():
        kept, found = run.findings.get(name, ()), again.get(name, ())
        for sign, some, others in ((before, kept, found), (now, found, kept)):
            for each in some:
                if each not in others:
                    what = f"{each.kind} {each.requirement}: {each.expected}: {each.observed}"
                    yield f"{sign} {run.name}, {name}: {what}"


def made(out: Path) -> Iterator[Judged]:
    """Play every portal, and every kept story on the reference."""
    yield from (portal_run(name, out) for name in ("reference", *_OTHERS))
    failed = kill_matrix.read_matrix()
    broken = read_broken_portals()
    told = [each for each in broken if _story_of(each).exists()]
    with ThreadPoolExecutor(cores()) as threads, warm_runs() as run:

        def play(portal: BrokenPortal) -> Judged:
            return broken_run(portal, failed.get(portal.id, ()), out, run)

        others = [each for each in broken if each not in told]
        yield from track(threads.map(play, others), "Broken portals", total=len(others))
    stories = sorted(KEPT_STORIES.glob("*.json"))
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(cores(), mp_context=context) as processes:
        yield from track(processes.map(story_run, stories), "Stories", total=len(stories))
    # A broken portal replaces parts of the reference for good.
    with ProcessPoolExecutor(cores(), mp_context=context, max_tasks_per_child=1) as processes:
        files, names = [_story_of(each) for each in told], [f"{each.id}: " for each in told]
        yield from processes.map(story_run, files, [each.application for each in told], names)


def _story_of(broken: BrokenPortal) -> Path:
    return KEPT_STORIES / f"{broken.caught_by}.json"


def portal_run(name: str, out: Path) -> Judged:
    """Run every feature against one of the portals that are right."""
    target = ROOT / "scenarios" / "targets" / f"{name}.toml"
    return _features(target, f"{name} portal", out / name, phase=LAST_PHASE)


def broken_run(broken: BrokenPortal, failed: Iterable[str], out: Path, run: Run) -> Judged:
    """Run the scenarios that a broken portal fails."""
    return _features(
        REFERENCE, f"{broken.id} {broken.name}", out / broken.name, phase=broken.phase,
        application=broken.application, among={broken.caught_by, *failed}, run=run,
    )  # fmt: skip


def _features(target: Path, name: str, out: Path, *, phase: int, **how: Any) -> Judged:
    run_features(target, phase=phase, out=out, **how)
    read = read_target(target)
    return Judged(
        name=name,
        order=read_order(ROOT / read.order).staying_in(phase),
        correlates="correlates" in read.claims.capabilities,
        carries_ids="carries_correlation_id" in read.claims.capabilities,
        records=read_in_order(out / "evidence.ndjson"),
    )


def story_run(file: Path, application: str = "", before: str = "") -> Judged:
    """Play a kept story on the reference, or on what another application makes of it."""
    tried = tried_of(REFERENCE, application)
    judged = tried.judged(read_story(file))
    assert isinstance(judged.judged_by, partial)
    assert judged.order is not None
    how = judged.judged_by.keywords
    records = judged.records
    events = (each for each in records if isinstance(each, EventRecorded))
    mark = ScenarioJudged(
        at=how["end"],
        scenario=file.stem,
        starts=records[0].at,
        records=len(records),
        people=tuple({each.person_id: 0 for each in records if isinstance(each, PersonKnown)}),
        crimes=tuple({each.crime_reference: 0 for each in events}),
        left_out=(),
        steps_held=True,
    )
    return Judged(
        name=f"{before}story {file.stem}",
        order=judged.order,
        correlates=how["correlates"],
        carries_ids=how["carries_ids"],
        records=[*records, mark],
    )


if __name__ == "__main__":
    main()
