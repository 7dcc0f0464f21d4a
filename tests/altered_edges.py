"""Measures what made-up stories find of portals that get one thing at their edge wrong.

`fixtures/altered_portal.py` lists them from the contract and the settings: a field of an event or
of the order that is ignored, a field of an answer, a task or a message that is blank, of another
time or the first one ever given, a list that lacks one. Each is explored in phase 3 for `--seconds`
of a core. What is not found needs a reason in `fixtures/golden/altered-edges.toml`, or the command
ends with 1. `make proof` runs it. `--resume` goes on where an earlier run stopped.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from fixtures.altered_portal import ALTERED, Alteration, alterations
from reference.portal.settings import settings_from
from simulator.drivers.operator import reference_settings
from simulator.explore.run import Effort, tried_of
from simulator.files.paths import ROOT
from simulator.prove.explored_portals import first_new_failure

REASONS = ROOT / "fixtures" / "golden" / "altered-edges.toml"
REFERENCE = ROOT / "scenarios" / "targets" / "reference.toml"
_APPLICATION = "fixtures.altered_portal:create_app"
_START = datetime(2026, 1, 1, tzinfo=UTC)
_PHASE = 3


class AlteredResult(Struct, frozen=True, kw_only=True):
    """What stories found of one alteration, and how often it changed something in them."""

    name: str
    fingerprint: str
    times: int
    stories: int
    seconds: float

    @property
    def verdict(self) -> str:
        """Say found, missed, or that no story had what is altered."""
        if self.fingerprint:
            return "found"
        return "missed" if self.times else "never met"


class Reason(Struct, frozen=True, forbid_unknown_fields=True):
    """Why an alteration need not be found."""

    alteration: str
    why: str


@click.command(help=__doc__)
@click.option("--seconds", default=60.0, help="Seconds of a core for each.")
@click.option("--seed", default=1, help="Seed of the made-up stories.")
@click.option("--only", default="", help="Only those whose name has this in it.")
@click.option("--resume", is_flag=True, help="Leave out what an earlier run found.")
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "out" / "altered-edges")
def main(*, seconds: float, seed: int, only: str, resume: bool, out: Path) -> None:
    """Explore a portal with each alteration; end with 1 if one is missed without a reason."""
    wanted = {str(each): each for each in alterations() if only in str(each)}
    out.mkdir(parents=True, exist_ok=True)
    kept = out / "altered.json"
    found = {each.name: each for each in _kept(kept) if each.fingerprint} if resume else {}
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        runs = [
            processes.submit(explored, each, seconds, seed)
            for name, each in wanted.items()
            if name not in found
        ]
        for done, run in enumerate(as_completed(runs), start=1):
            result = run.result()
            found[result.name] = result
            kept.write_bytes(msgspec.json.encode([*found.values()]))
            click.echo(f"{done} of {len(runs)}: {result.name}: {result.verdict}", err=True)
    results = [found[name] for name in wanted]
    reasons = read_reasons()
    Console(width=100).print(table_of(results, reasons))
    counts = Counter(each.verdict for each in results)
    print(f"ratio altered_edges_found {counts['found'] / len(results):.3f}")
    unexplained = [e.name for e in results if not e.fingerprint and e.name not in reasons]
    if unexplained:
        sys.exit(f"{len(unexplained)} not found, without a reason in {REASONS.name}; see above")


def explored(alteration: Alteration, seconds: float, seed: int) -> AlteredResult:
    """Play stories on the reference with one alteration until one fails or the time is over."""
    usual = reference_settings(
        tried_of(REFERENCE).order,
        public_url="https://portal.example",
        gateway_url="http://gateway.invalid",
        crime_system_url="http://crime-system.invalid",
        database=":memory:",
        test_clock_start=_START,
    )
    ALTERED.begin(alteration, settings_from(usual))
    effort = Effort(phase=_PHASE, seed=seed, application=_APPLICATION)
    failure = first_new_failure(effort, seconds_max=seconds, alarms={})
    return AlteredResult(
        name=str(alteration),
        fingerprint=failure.fingerprint or failure.why_not_played,
        times=ALTERED.times,
        stories=failure.stories,
        seconds=failure.seconds,
    )


def read_reasons(path: Path = REASONS) -> dict[str, str]:
    """Read why some need not be found, by their names."""
    listed = msgspec.toml.decode(path.read_bytes(), type=dict[str, list[Reason]])["missed"]
    return {each.alteration: each.why for each in listed}


def table_of(results: Sequence[AlteredResult], reasons: dict[str, str]) -> Table:
    """Count by edge, and list what was not found."""
    table = Table("edge", "found", "missed", "never met", "of")
    for edge in dict.fromkeys(_edge(each) for each in results):
        counts = Counter(each.verdict for each in results if _edge(each) == edge)
        table.add_row(
            edge,
            *(str(counts[verdict]) for verdict in ("found", "missed", "never met")),
            str(counts.total()),
        )
    for line in _not_found(results, reasons):
        table.add_row(line)
    return table


def _not_found(results: Iterable[AlteredResult], reasons: dict[str, str]) -> list[str]:
    return [
        f"{each.name}: {each.verdict}; {reasons.get(each.name, 'no reason given')}"
        for each in results
        if not each.fingerprint
    ]


def _edge(result: AlteredResult) -> str:
    return result.name.partition(" ")[0]


def _kept(path: Path) -> list[AlteredResult]:
    if not path.exists():
        return []
    return msgspec.json.decode(path.read_bytes(), type=list[AlteredResult])


if __name__ == "__main__":
    main()
