"""Explores a portal: plays stories in parallel for a time or a number, and shortens what fails.

One seed and one number of stories give one result, whatever the number of processes.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from simulator.clock import wall_now
from simulator.errors import BadInput
from simulator.explore.drawing import Focus, draw_story
from simulator.explore.edges import all_edges
from simulator.explore.feature_text import feature_text
from simulator.explore.judged_story import Failure, Tried
from simulator.explore.other_people import (
    DIFFERENTLY,
    failing_one,
    is_compared,
    treated_differently,
)
from simulator.explore.shrinking import shrunk
from simulator.explore.story import Story, write_story
from simulator.explore.story_check import read_checked_story
from simulator.explore.tally import Played, Tally, played_of
from simulator.explore.unreachable import Reach, reach_when_fresh
from simulator.files.paths import ROOT
from simulator.inputs.order import read_order
from simulator.inputs.target import Target, order_name_of, read_target, secret_values, way_of
from simulator.results.exploration import Defect, ExplorationResult
from simulator.world.recipient_guard import Recipients, check_recipients

#: Stories that one process plays before it says how it went.
BATCH_STORIES = 4
#: Of a time that was given, this share is kept for shortening what failed.
SHORTENING_SHARE = 0.2
#: More defects than these are counted, and not shortened.
DEFECTS_MAX = 40
STORIES_FOLDER = "stories"
#: In the results folder, so that a replay leaves the run that found the story as it is.
REPLAY_FOLDER = "replay"


class Effort(Struct, frozen=True, kw_only=True):
    """How far to explore: so many stories, or those with these `numbers`, or so many seconds.

    `application` is another application for a target in process ("" for its own).
    """

    phase: int
    seed: int = 1
    stories: int | None = None
    numbers: tuple[int, ...] | None = None
    seconds: float | None = None
    processes: int = os.cpu_count() or 1
    application: str = ""
    focus: Focus = ""


def explore_target(
    path: Path,
    effort: Effort,
    *,
    out: Path,
    on_story: Callable[[int, int], None] = lambda _played, _failures: None,
) -> ExplorationResult:
    """Explore the portal that a target names; write each shortest story into `out`/stories.

    Ctrl-C ends it: the result then has what was found so far, each defect by its whole story.

    Raises BadInput if the target is wrong, and what its portal raises if it cannot be started.
    """
    begun = wall_now()
    tried = tried_of(path, effort.application)
    tally, was_interrupted = Tally(), False
    try:
        for batch in _played(path, effort, begun):
            for each in batch:
                tally.take(each)
            on_story(tally.stories, tally.failures)
        found = tally.most_frequent_first()[:DEFECTS_MAX]
        stories = _shortened(path, effort, [(each, numbers[0]) for each, numbers in found])
    except KeyboardInterrupt:
        was_interrupted = True
        found = tally.most_frequent_first()[:DEFECTS_MAX]
        stories = [
            (_drawn(tried, effort, numbers[0]), tally.first_of(each)) for each, numbers in found
        ]
    if effort.application:
        _end_processes()
    defects = tuple(
        defect_of(
            story, failure, numbers, file=out / STORIES_FOLDER / f"{place:02d}.json", path=path
        )
        for place, ((_fingerprint, numbers), (story, failure)) in enumerate(
            zip(found, stories, strict=True), start=1
        )
    )
    result = result_of(tried, effort, tally, defects, begun)
    return interrupted(result) if was_interrupted else result


def interrupted(result: ExplorationResult) -> ExplorationResult:
    """Return the result of a run that Ctrl-C ended: it is no pass."""
    return structs.replace(
        result,
        verdict=result.verdict if result.defects else "INCONCLUSIVE",
        stopped=f"Ctrl-C after {'1 story' if result.stories == 1 else f'{result.stories} stories'}",
        was_interrupted=True,
    )


def replayed(path: Path, file: Path, *, out: Path, application: str = "") -> ExplorationResult:
    """Play one story again, from its file; raises BadInput.

    If it fails, the story is written into `out`/replay/stories.
    """
    begun, tried = wall_now(), tried_of(path, application)
    story = read_checked_story(file, tried.order, Recipients.of(tried.target))
    played = _judged(tried, story, number=0)
    tally = Tally()
    tally.take(played)
    folder = out / REPLAY_FOLDER / STORIES_FOLDER
    by_fingerprint = {each.fingerprint: each for each in reversed(played.failures)}
    defects = tuple(
        defect_of(story, each, [0], file=folder / f"{place:02d}.json", path=path)
        for place, each in enumerate(by_fingerprint.values(), start=1)
    )
    effort = Effort(phase=story.phase, stories=1)
    return result_of(tried, effort, tally, defects, begun)


def result_of(
    tried: Tried,
    effort: Effort,
    tally: "Tally",
    defects: tuple[Defect, ...],
    begun: datetime,
    reach: Reach | None = None,
) -> ExplorationResult:
    """Put together what was explored since it began.

    `reach` is what stories could reach, if the portal was not fresh for each.
    """
    target, order = tried.target, tried.order
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
        edges=tally.edges(
            all_edges(order, effort.phase), reach or reach_when_fresh(tried, effort.phase)
        ),
        defects=defects,
        verdict=tally.verdict(),
        words=tuple(sorted(tally.words)),
    )


def tried_of(path: Path, application: str = "") -> Tried:
    """Read what a portal is explored by: its target, order and secrets; raises BadInput."""
    target = read_target(path)
    if application:
        access = structs.replace(target.access, application=application)
        target = structs.replace(target, access=access)
    check_recipients(target, path)
    _refuse_running(target, path)
    return Tried(target, read_order(ROOT / target.order), secret_values(target, path))


def _refuse_running(target: Target, path: Path) -> None:
    """Refuse a portal that cannot be fresh for each story; raises BadInput."""
    if not target.access.lives_with_the_run:
        raise BadInput(
            f"{path}: access: the suite does not start this portal, so no story here can have a "
            "fresh one: give a command that starts it, or a driver that does"
        )
    if "test_clock" not in target.claims.capabilities:
        raise BadInput(
            f"{path}: claims.capabilities lacks test_clock; the stories take weeks, so explore "
            "needs a portal whose clock it can set"
        )


def play_numbers(path: Path, effort: Effort, numbers: Sequence[int]) -> list[Played]:
    """Draw and play the stories with these numbers; done in a process of its own."""
    tried = _tried_once(path, effort.application)
    drawn = ((number, _drawn(tried, effort, number)) for number in numbers)
    return [
        _judged(tried, story, number=number, compares=is_compared(number))
        for number, story in drawn
    ]


@cache
def _tried_once(path: Path, application: str) -> Tried:
    return tried_of(path, application)


def _drawn(tried: Tried, effort: Effort, number: int) -> Story:
    story = draw_story(
        tried.order,
        phase=effort.phase,
        seed=effort.seed,
        number=number,
        order_is_fixed=tried.order_is_fixed,
        focus=effort.focus,
        own=tried.target.people,
    )
    return tried.as_claimed(story)


def _judged(tried: Tried, story: Story, *, number: int, compares: bool = False) -> Played:
    judged = tried.judged(story)
    differing = treated_differently(tried, story, judged) if compares else ()
    return played_of(story, judged, tried.order, number=number, differing=differing)


def _played(path: Path, effort: Effort, begun: datetime) -> Iterator[list[Played]]:
    """Play batches of stories in parallel, in the order in which they end."""
    # Loading joblib takes a third of a second, which only exploring needs.
    from joblib import Parallel, delayed

    play = delayed(play_numbers)
    jobs = (play(path, effort, numbers) for numbers in _batches(effort, begun))
    parallel = Parallel(
        n_jobs=effort.processes, return_as="generator_unordered", pre_dispatch="2*n_jobs"
    )
    yield from parallel(jobs)


def _end_processes() -> None:
    """End the processes that played another application: what it replaced stays replaced there."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)


def _batches(effort: Effort, begun: datetime) -> Iterator[Sequence[int]]:
    """Give the numbers of stories, until there are enough or the time is over."""
    until = None
    if effort.seconds is not None:
        until = begun + timedelta(seconds=effort.seconds * (1 - SHORTENING_SHARE))
    numbers = effort.numbers
    for first in count(0, BATCH_STORIES):
        last = first + BATCH_STORIES
        if numbers is not None:
            last = min(last, len(numbers))
        elif effort.stories is not None:
            last = min(last, effort.stories)
        if first >= last or (until is not None and wall_now() >= until):
            return
        yield range(first, last) if numbers is None else numbers[first:last]


def _shortened(
    path: Path, effort: Effort, failed: Sequence[tuple[str, int]]
) -> list[tuple[Story, Failure]]:
    """Make the first story of each failure as short as it can be, in parallel."""
    from joblib import Parallel, delayed

    seconds = None if effort.seconds is None else effort.seconds * SHORTENING_SHARE
    each_seconds = None if seconds is None else seconds * effort.processes / max(1, len(failed))
    shorten = delayed(shorten_story)
    return list(
        Parallel(n_jobs=effort.processes)(
            shorten(path, effort, number, fingerprint, each_seconds)
            for fingerprint, number in failed
        )
    )


def shorten_story(
    path: Path, effort: Effort, number: int, fingerprint: str, seconds: float | None
) -> tuple[Story, Failure]:
    """Find the shortest story that fails in this way; done in a process of its own."""
    tried = _tried_once(path, effort.application)
    story = _drawn(tried, effort, number)
    until = None if seconds is None else wall_now() + timedelta(seconds=seconds)

    def failure(candidate: Story) -> Failure | None:
        try:
            judged = tried.judged(candidate)
            failures = judged.failures
            if fingerprint.startswith(DIFFERENTLY):
                failures = treated_differently(tried, candidate, judged)
        except msgspec.ValidationError:
            # An order without one of two fields that belong together is no order.
            return None
        return next((each for each in failures if each.fingerprint == fingerprint), None)

    def still_fails(candidate: Story) -> bool:
        return (until is None or wall_now() < until) and failure(candidate) is not None

    shortest = shrunk(story, still_fails)
    found = failure(shortest)
    if found is None:
        found = _unsteady(fingerprint)
    elif fingerprint.startswith(DIFFERENTLY):
        shortest = failing_one(tried, shortest, found)
    return shortest, found


def _unsteady(fingerprint: str) -> Failure:
    """Give the failure of a story that does not fail every time it is played."""
    requirement, _, _rest = fingerprint.partition("|")
    return Failure(
        fingerprint=fingerprint,
        requirement=requirement,
        harm="",
        expected="the same story always has the same end",
        observed=f"it failed once, and did not when it was played again: {fingerprint}",
    )


def defect_of(
    story: Story, failure: Failure, numbers: Sequence[int], *, file: Path, path: Path
) -> Defect:
    """Write a shortest story, and describe what it shows."""
    file.parent.mkdir(parents=True, exist_ok=True)
    write_story(file, story)
    replay = f"portal-suite explore --target {path} --replay {file}"
    return Defect(
        fingerprint=failure.fingerprint,
        requirement=failure.requirement,
        harm=failure.harm,
        expected=failure.expected,
        observed=failure.observed,
        verdict=failure.kind,
        stories=len(numbers),
        first=numbers[0],
        steps=len(story.steps),
        feature=feature_text(story, failure, replay=replay),
        file=f"{file.parent.name}/{file.name}",
    )
