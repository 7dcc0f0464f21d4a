"""Adds made-up stories to an acceptance: those kept from earlier finds, and those at the edges.

Each defect that they show becomes a scenario that failed, with the shortest story as its steps.
"""

from pathlib import Path

from simulator.explore.covering import covering_numbers
from simulator.explore.defects import replay_command
from simulator.explore.edges import Edge
from simulator.explore.run import Effort, explore_target, replayed, tried_of
from simulator.explore.story_check import read_checked_story
from simulator.files.paths import ROOT
from simulator.inputs.target import Target, way_of
from simulator.processes.cores import cores
from simulator.results.exploration import Defect
from simulator.results.values import EdgesMet, ScenarioResult
from simulator.world.recipient_guard import Recipients

KEPT_STORIES = ROOT / "fixtures" / "stories"
#: In the results folder: what was recorded of each kept story that failed.
KEPT_FOLDER = "kept"
#: For the stories at the edges. The kept ones have no limit: a busy machine must not let a portal
#: pass that fails one of them.
EDGES_SECONDS_MAX = 60.0
FEATURE = "Made-up stories"


def why_not_explored(target: Target) -> str:
    """Say why no stories are played on this portal; "" if they are.

    A minute is enough only in process, with a clock that we set. A vendor's own driver may be that
    of a portal that runs already, which no story may wind back.
    """
    if not target.access.application:
        return (
            f"this portal is reached {way_of(target)}, and accept tries them only in process: "
            "portal-suite explore tries them"
        )
    if "test_clock" not in target.claims.capabilities:
        return "they take weeks, and the portal claims no test_clock"
    return ""


def explored(
    path: Path, *, phase: int, out: Path, seed: int
) -> tuple[list[ScenarioResult], EdgesMet]:
    """Play all kept stories of this phase and earlier ones, then for a minute those at the edges.

    Return the failures as scenarios, and how many edges were met and judged: those of a kept story
    of this phase too, about which the others need not be asked.
    """
    failed, judged, kept = _kept(path, phase=phase, out=out)
    order = tried_of(path).order
    chosen = covering_numbers(order, phase=phase, seed=seed)
    effort = Effort(
        phase=phase,
        seed=seed,
        numbers=chosen,
        seconds=EDGES_SECONDS_MAX,
        judged=judged,
    )
    result = explore_target(path, effort, out=out)
    failed += [_as_scenario(each, path, phase, out / each.file) for each in result.defects]
    met = EdgesMet(
        judged=result.edges_judged,
        every=result.edges_reachable,
        stories=result.stories,
        chosen=len(chosen),
        kept=kept,
    )
    return failed, met


def _kept(
    path: Path, *, phase: int, out: Path
) -> tuple[list[ScenarioResult], frozenset[Edge], int]:
    """Play each story that is kept because a portal failed it once, in parallel.

    Return the failures as scenarios, the edges about which a story of this phase decided, and how
    many stories were played.
    """
    # Loading joblib takes a third of a second, which only exploring needs.
    from joblib import Parallel, delayed

    tried = tried_of(path)
    recipients = Recipients.of(tried.target)
    phases = {
        file: read_checked_story(file, tried.order, recipients).phase
        for file in sorted(KEPT_STORIES.glob("*.json"))
    }
    asked = [file for file, of_story in phases.items() if of_story <= phase]
    play = delayed(replayed)
    jobs = (play(path, file, out=out / KEPT_FOLDER / file.stem) for file in asked)
    results = Parallel(n_jobs=cores(), batch_size=4, return_as="generator")(jobs)
    failed: list[ScenarioResult] = []
    judged: set[Edge] = set()
    for file, result in zip(asked, results, strict=True):
        story = file.relative_to(KEPT_STORIES.parents[1])
        failed += [_as_scenario(each, path, result.phase, story) for each in result.defects]
        if result.phase == phase:
            judged |= {Edge(each.kind, each.value) for each in result.edges if each.judged}
    return failed, frozenset(judged), len(asked)


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
        timeline=defect.timeline,
        command=replay_command(path, file),
    )
