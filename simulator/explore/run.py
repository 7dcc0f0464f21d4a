"""Explores a portal: plays stories for a time or a number, and shortens what fails.

One seed and one number of stories give one result, whatever the number of processes.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import structs

from simulator.clock import wall_now
from simulator.errors import BadInput
from simulator.explore.defects import defects_of
from simulator.explore.edges import all_edges
from simulator.explore.effort import Effort
from simulator.explore.in_processes import InProcesses
from simulator.explore.judged_story import FailingStory
from simulator.explore.on_one_portal import OnOnePortal
from simulator.explore.replay_judged import replay_judged
from simulator.explore.running_portal import USED_FILE, CannotReplay, running_portal, state_of
from simulator.explore.shorter_stories import TIME_WAS_UP
from simulator.explore.story_check import read_checked_story
from simulator.explore.tally import Tally, played_of
from simulator.explore.tried import Tried, tried_of
from simulator.explore.unasked_musts import as_claimed
from simulator.inputs.target import order_name_of, way_of
from simulator.results.exploration import Defect, ExplorationResult
from simulator.world.recipient_guard import Recipients

#: More kinds of failure than these are counted, and not shown.
DEFECTS_MAX = 40
STORIES_FOLDER = "stories"
INTERRUPTED = "Ctrl-C ended it"
#: In the results folder, so that a replay leaves the run that found the story as it is.
REPLAY_FOLDER = "replay"
_PASSED = (
    "it passed with other people and at a later time, which does not show that the portal is mended"
)


def explore_target(
    path: Path,
    effort: Effort,
    *,
    out: Path,
    on_story: Callable[[Tally], None] = lambda _tally: None,
    on_shorter: Callable[[int, int], None] = lambda _done, _of: None,
) -> ExplorationResult:
    """Explore the portal that a target names; write each shortest story into `out`/stories.

    After each story `on_story` gets the tally so far. While failing stories are made shorter
    `on_shorter` gets how many are done, of how many.

    A time that is given is for all of it. What is not made as short as it can be by then says so.
    Ctrl-C ends it: the result then has what was found so far, and of stories not made shorter yet
    the whole.

    Raises BadInput if the target is wrong, or if a portal that runs already has entered a later
    phase, and what its portal raises if it cannot be started.
    """
    begun, tried = wall_now(), check_phase(path, effort, out)
    with _run(tried, path, effort, begun, [out / USED_FILE]) as run:
        every = all_edges(tried.order, effort.phase)
        tally, was_interrupted = Tally(reachable=frozenset(run.reach.of(every))), False
        stories: list[FailingStory | None] = []
        why_whole = TIME_WAS_UP
        try:
            for played in run.played(tally):
                tally.take(played)
                on_story(tally)
            found = tally.most_frequent_first()[:DEFECTS_MAX]
            for shorter in run.shortened(found, tally):
                stories.append(shorter)
                on_shorter(len(stories), len(found))
        except KeyboardInterrupt:
            was_interrupted, why_whole = True, INTERRUPTED
            found = tally.most_frequent_first()[:DEFECTS_MAX]
            stories += [None] * (len(found) - len(stories))
        run.end()
        failing = [
            shorter or structs.replace(tally.first_of(each), cut_short=why_whole)
            for (each, _numbers), shorter in zip(found, stories, strict=True)
        ]
        defects = defects_of(
            zip(failing, (numbers for _each, numbers in found), strict=True),
            folder=out / STORIES_FOLDER,
            path=path,
        )
        result = run.told(_result_of(run, effort, tally, defects, begun))
    result = as_claimed(result, tried.target.claims.capabilities)
    return _interrupted(result) if was_interrupted else result


def replayed(path: Path, file: Path, *, out: Path, application: str = "") -> ExplorationResult:
    """Play one story again, from its file; raises BadInput.

    If it fails, the story is written into `out`/replay/stories. On a portal that runs already it
    has new people and a later time: if it cannot be played any more, or does not fail, the result
    says that it was not replayed.
    """
    begun, tried = wall_now(), tried_of(path, application)
    story = read_checked_story(file, tried.order, Recipients.of(tried.target))
    effort = Effort(phase=story.phase, stories=1, application=application)
    tally, why, judged = Tally(), "", None
    failing: list[FailingStory] = []
    # A story's folder is in the results folder of the run that found it.
    # That of a story of a replay is one folder up.
    files = [out / USED_FILE, *(each / USED_FILE for each in file.absolute().parents[1:3])]
    with _run(tried, path, effort, begun, files) as run:
        try:
            again = run.again(story)
        except CannotReplay as error:
            why = str(error)
        else:
            story, judged = again.story, again.judged
            played = played_of(story, judged, tried.order, number=0)
            tally.take(played)
            by_fingerprint = {e.failure.fingerprint: e for e in reversed(played.failing)}
            failing = [*by_fingerprint.values()]
            if not (failing or tried.target.access.lives_with_the_run):
                why = _PASSED
        folder = out / REPLAY_FOLDER / STORIES_FOLDER
        defects = defects_of(((each, [0]) for each in failing), folder=folder, path=path)
        result = run.told(_result_of(run, effort, tally, defects, begun))
    if why or judged is None:
        return structs.replace(result, not_replayed=why, verdict="INCONCLUSIVE")
    return structs.replace(result, replay_judged=replay_judged(story, judged))


def check_phase(path: Path, effort: Effort, out: Path) -> Tried:
    """Read what a portal is explored by; raises BadInput if it has entered a later phase."""
    tried, file = tried_of(path, effort.application), out / USED_FILE
    runs_already = not tried.target.access.lives_with_the_run
    if runs_already and state_of(tried.target, file).phase > effort.phase:
        raise BadInput(
            f"--phase {effort.phase}: {tried.target.claims.name} has entered phase "
            f"{state_of(tried.target, file).phase}: explore that phase, or start the portal again "
            f"with an empty database and remove {file}"
        )
    return tried


@contextmanager
def _run(
    tried: Tried, path: Path, effort: Effort, begun: datetime, files: Sequence[Path]
) -> Iterator[InProcesses | OnOnePortal]:
    if tried.target.access.lives_with_the_run:
        yield InProcesses(tried, path, effort, begun)
        return
    with running_portal(
        tried.target, tried.order, tried.secrets, phase=effort.phase, files=files
    ) as portal:
        yield OnOnePortal(tried, portal, effort, begun)


def _interrupted(result: ExplorationResult) -> ExplorationResult:
    return structs.replace(
        result,
        verdict=result.verdict if result.defects else "INCONCLUSIVE",
        stopped=f"Ctrl-C after {'1 story' if result.stories == 1 else f'{result.stories} stories'}",
        was_interrupted=True,
    )


def _result_of(
    run: InProcesses | OnOnePortal,
    effort: Effort,
    tally: Tally,
    defects: tuple[Defect, ...],
    begun: datetime,
) -> ExplorationResult:
    target, order = run.tried.target, run.tried.order
    return ExplorationResult(
        portal=target.claims.name,
        portal_version=target.claims.version,
        order=order_name_of(target),
        reached=way_of(target),
        phase=effort.phase,
        seed=effort.seed,
        stories=tally.stories,
        steps=tally.step_kinds.total(),
        messages=tally.messages,
        seconds=(wall_now() - begun).total_seconds(),
        step_kinds=dict(sorted(tally.step_kinds.items())),
        edges=tally.edges(all_edges(order, effort.phase), run.reach),
        defects=defects,
        verdict=tally.verdict(),
        not_shown=max(0, len(tally.most_frequent_first()) - DEFECTS_MAX),
        words=tuple(sorted(tally.words)),
        seems_ordered=tally.seems_ordered,
        not_played=tuple(sorted({*range(len(effort.listed or ()))}.difference(tally.played))),
    )
