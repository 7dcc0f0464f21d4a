"""Adds made-up stories to an acceptance: those kept from earlier finds, and those at the edges.

First come the fewest kept stories that decided every edge that any of them did, then drawn ones for
the edges that are left, then the other kept ones. Each defect becomes a scenario that failed.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import msgspec

from simulator.clock import wall_now
from simulator.evidence.files import read_evidence
from simulator.explore.covering import covering_numbers
from simulator.explore.defects import replay_command
from simulator.explore.effort import Effort
from simulator.explore.run import explore_target
from simulator.explore.running_portal import USED_FILE, note_used
from simulator.explore.story import read_story
from simulator.explore.tried import Tried, tried_of
from simulator.files.paths import ROOT
from simulator.files.whole_files import write_whole
from simulator.inputs.target import Target
from simulator.results.exploration import Defect
from simulator.results.folder import EXPLORATION_FILE
from simulator.results.values import EdgesMet, ScenarioResult

KEPT_STORIES = ROOT / "fixtures" / "stories"
#: By phase, the kept stories that decide edges which none before them does, the most first.
COVERING = ROOT / "fixtures" / "golden" / "covering-stories.csv"
FEATURE = "Made-up stories"
_OWN_ORDER = "it has an order of its own, and the portal keeps the order that it was started with"


def why_not_explored(target: Target) -> str:
    """Say why no stories are played on this portal; "" if they are."""
    if target.access.by_hand:
        return "a person keys into the crime system"
    if "test_clock" not in target.claims.capabilities:
        return "they take weeks, and the portal claims no test_clock"
    if target.access.handsets is not None:
        return "they make up their people, and access.handsets names who gets messages"
    return ""


def explored(
    path: Path, *, phase: int, out: Path, seed: int, minutes: float
) -> tuple[list[ScenarioResult], EdgesMet]:
    """Play stories for so many minutes; return the failures as scenarios, and what was met.

    On a portal that runs already they begin after the scenarios whose evidence is in `out`.
    """
    begun = wall_now()
    tried = tried_of(path)
    kept, left_out = _kept(tried, phase)
    first = [file for file in _covering(phase) if file in kept]
    chosen = covering_numbers(
        tried.order, phase=phase, seed=seed, order_is_fixed=tried.order_is_fixed
    )
    listed: tuple[int | str, ...] = (*first, *chosen, *(file for file in kept if file not in first))
    # What choosing them took is of the time that was given.
    seconds = max(1.0, 60 * minutes - (wall_now() - begun).total_seconds())
    effort = Effort(phase=phase, seed=seed, listed=listed, seconds=seconds)
    if not tried.target.access.lives_with_the_run:
        evidence = out / "evidence.ndjson"
        records = read_evidence([evidence]) if evidence.exists() else ()
        note_used(tried.target, out / USED_FILE, records, phase)
    result = explore_target(path, effort, out=out)
    write_whole(out / EXPLORATION_FILE, msgspec.json.encode(result))
    if result.stopped:
        # Its days or its numbers came to an end, and not the time that was given.
        files = (each for place in result.not_played if isinstance(each := listed[place], str))
        left_out |= {Path(file).stem: result.stopped for file in files}
    failed = [_as_scenario(defect, path, phase, out / defect.file) for defect in result.defects]
    met = EdgesMet(
        judged=result.edges_judged,
        every=result.edges_reachable,
        stories=result.stories,
        chosen=len(listed),
        kept=len(kept),
        not_reached=left_out,
        stopped=result.stopped,
    )
    return failed, met


def _kept(tried: Tried, phase: int) -> tuple[dict[str, None], dict[str, str]]:
    """List the kept stories of a phase and earlier ones, and why others cannot be played."""
    kept, left_out = dict[str, None](), dict[str, str]()
    for file in sorted(KEPT_STORIES.glob("*.json")):
        story = read_story(file)
        if story.phase > phase:
            continue
        if story.order and tried.order_is_fixed:
            left_out[file.stem] = _OWN_ORDER
        else:
            kept[str(file)] = None
    return kept, left_out


def _covering(phase: int) -> Iterator[str]:
    with COVERING.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["phase"] == str(phase):
                yield str(KEPT_STORIES / f"{row['story']}.json")


def _not_shortest(defect: Defect) -> Iterator[str]:
    if defect.cut_short:
        yield f"There may be a shorter story than these {defect.steps} steps: {defect.cut_short}."


def _as_scenario(defect: Defect, path: Path, phase: int, file: Path) -> ScenarioResult:
    lines = defect.feature.splitlines()
    steps = [each.strip() for each in lines if each.startswith("    ")]
    return ScenarioResult(
        name=f"Story {file.stem}: {defect.expected}",
        feature=FEATURE,
        phase=phase,
        requirements=defect.requirements,
        verdict=defect.verdict,
        steps=tuple(steps),
        expected=defect.expected,
        observed="\n".join((defect.observed, *defect.shown_by)),
        findings=defect.findings if defect.verdict == "FAIL" else (),
        timeline=(*defect.timeline, *_not_shortest(defect)),
        command=replay_command(path, file),
    )
