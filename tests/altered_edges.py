"""Measures what made-up stories find of portals that get one thing at their edge wrong.

`fixtures/altered_portal.py` lists them from the contract and the settings: a field of an event or
of the order that is ignored, a field of an answer, a task or a message that is blank, of another
time or the first one ever given, a list that lacks one. Each is explored in phase 3 for `--seconds`
of a core, with the stories in which it may make a difference. What is not found needs a reason in
`fixtures/golden/altered-edges.toml`, or the command ends with 1. `make proof` runs it. `--resume`
goes on where an earlier run stopped.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import click
import msgspec
from msgspec import Struct, structs
from rich.console import Console
from rich.table import Table

from fixtures.altered_portal import ALTERED, Alteration, alterations
from reference.portal.settings import Settings, settings_from
from simulator.drivers.operator import reference_settings
from simulator.explore import steps
from simulator.explore.effort import Effort
from simulator.explore.in_processes import play_numbers
from simulator.explore.story import Story
from simulator.explore.story_drawing import draw_story, order_of
from simulator.explore.tried import tried_of
from simulator.files.paths import ROOT
from simulator.inputs.order import Order
from simulator.processes.cores import cores
from simulator.prove.explored_portals import first_new_failure

REASONS = ROOT / "fixtures" / "golden" / "altered-edges.toml"
REFERENCE = ROOT / "scenarios" / "targets" / "reference.toml"
_APPLICATION = "fixtures.altered_portal:create_app"
_START = datetime(2026, 1, 1, tzinfo=UTC)
_PHASE = 3
#: Among so many stories are those that an alteration may change: drawing is a tenth of playing.
_DRAWN_MAX = 1_500
#: The steps by which stories have an event.
_STEPS: dict[str, type[steps.ForceStep]] = {
    "IncidentReported": steps.ReportIncident,
    "IncidentClosed": steps.CloseIncident,
    "CrimeRecorded": steps.RecordCrime,
    "OfficerDeployed": steps.Deploy,
    "CrimeAllocated": steps.Allocate,
    "MilestoneReached": steps.ReachMilestone,
    "OutcomeRecorded": steps.Charge,
    "CrimeClosed": steps.Close,
    "CrimeReopened": steps.Reopen,
    "CrimeReclassified": steps.Reclassify,
    "CrimeMerged": steps.Merge,
    "CrimeUnmerged": steps.Unmerge,
    "CrimeTransferred": steps.Transfer,
    "CrimeCancelled": steps.Cancel,
    "VictimContacted": steps.NoteContact,
    "OfficerUnavailable": steps.OfficerAway,
    "VictimDetailsChanged": steps.ChangeDetails,
    "PersonsMerged": steps.MergePersons,
    "PersonsUnmerged": steps.UnmergePersons,
    "OfficerReplied": steps.Reply,
}
#: The fields of events that a step has by another name.
_NAMED = {
    "until": "for_seconds",
    "interviewed_under_caution": "interviewed",
    "officer_in_charge": "officer",
    "person_id": "giver",
    "in_reply_to": "answers",
}


class ReferenceAlarms(Mapping[int, frozenset[str]]):
    """What fails in a story without any alteration: that is found of no altered portal."""

    def __init__(self, effort: Effort) -> None:
        self._effort = effort

    def __getitem__(self, number: int) -> frozenset[str]:
        """Play the story on the portal as it is, and list its failures."""
        with ALTERED.left_out():
            [played] = play_numbers(REFERENCE, self._effort, [number])
        return frozenset(each.fingerprint for each in played.failures)

    def __iter__(self) -> Iterator[int]:
        """List the stories that are kept: none, since each is played when it is asked for."""
        return iter(())

    def __len__(self) -> int:
        return 0


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
    with ProcessPoolExecutor(cores()) as processes:
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
    ALTERED.begin(alteration, _settings_of(_order()))
    effort = Effort(phase=_PHASE, seed=seed, application=_APPLICATION)
    numbers = (each for each in range(_DRAWN_MAX) if may_change(alteration, each, seed))
    alarms = ReferenceAlarms(effort)
    failure = first_new_failure(effort, seconds_max=seconds, alarms=alarms, numbers=numbers)
    return AlteredResult(
        name=str(alteration),
        fingerprint=failure.fingerprint or failure.why_not_played,
        times=ALTERED.times,
        stories=failure.stories,
        seconds=failure.seconds,
    )


def may_change(alteration: Alteration, number: int, seed: int) -> bool:
    """Say whether an alteration may make a difference in a story, as it is drawn.

    It makes none where the order has the usual value, or no record the field that is ignored.
    """
    drawn = draw_story(_order(), phase=_PHASE, seed=seed, number=number)
    if alteration.edge == "order":
        return _is_ordered_otherwise(alteration, order_of(drawn, _order()))
    if alteration.edge != "event" or alteration.of not in _STEPS:
        return True
    of_whom, _dot, path = alteration.field.partition(".")
    is_of_a_record = of_whom in ("victim", "victims") and path != "role"
    has_event = any(_brings(each, alteration) for each in drawn.steps)
    return has_event and (not is_of_a_record or _has_given(drawn, path))


def _brings(step: steps.Step, alteration: Alteration) -> bool:
    """Say whether a step brings an event with what is altered: a field, or a time of its own."""
    if not isinstance(step, _STEPS[alteration.of]):
        return False
    is_late = alteration.how != "as recorded" or step.happened_seconds_ago > 0
    field = _NAMED.get(alteration.field, alteration.field)
    return is_late and bool(getattr(step, field or "event", True))


def _is_ordered_otherwise(alteration: Alteration, order: Order) -> bool:
    field, settings = alteration.field, (_settings_of(order), _settings_of(_order()))
    if alteration.of:
        one, other = (
            [getattr(force, field) for force in each.forces.values()] for each in settings
        )
        return one != other
    return bool(getattr(settings[0], field) != getattr(settings[1], field))


def _has_given(story: Story, path: str) -> bool:
    """Say whether a record of a story has another value than the usual one in a field."""
    records = [each.record for each in story.people]
    if path.endswith("_digest"):
        is_told = "told_instead" not in path or any(each.told_instead for each in records)
        proof = order_of(story, _order()).sign_in.proof
        return is_told and path.endswith(f"{proof}_digest")
    records += [each.record for each in story.steps if isinstance(each, steps.ChangeDetails)]
    return any(_is_given(each, path) for each in records)


def _is_given(record: Struct, path: str) -> bool:
    name, _dot, rest = path.partition(".")
    value = getattr(record, name)
    if rest:
        return value is not None and _is_given(value, rest)
    [field] = [each for each in structs.fields(type(record)) if each.name == name]
    return bool(value != field.default)


@cache
def _order() -> Order:
    return tried_of(REFERENCE).order


def _settings_of(order: Order) -> Settings:
    return settings_from(
        reference_settings(
            order,
            public_url="https://portal.example",
            gateway_url="http://gateway.invalid",
            crime_system_url="http://crime-system.invalid",
            database=":memory:",
            test_clock_start=_START,
        )
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
