"""Explores a portal: plays stories in parallel for a time or a number, and shortens what fails.

One seed and one number of stories give one result, whatever the number of processes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import count, islice, takewhile
from pathlib import Path
from threading import Event

import msgspec
from msgspec import Struct, structs

from simulator.clock import wall_now
from simulator.errors import BadInput
from simulator.explore.cloths import Woven, can_be_woven, cloths_of, failing_places, play_cloth
from simulator.explore.defects import defects_of
from simulator.explore.edges import Edge, all_edges
from simulator.explore.judged_story import FailingStory, Failure
from simulator.explore.other_people import DIFFERENTLY, is_compared, treated_differently
from simulator.explore.replay_judged import replay_judged
from simulator.explore.shrinking import About, one_by_one, shrunk
from simulator.explore.step_drawing import Focus
from simulator.explore.story import Story, read_story
from simulator.explore.story_check import read_checked_story
from simulator.explore.story_drawing import draw_story
from simulator.explore.tally import Played, Tally, played_of
from simulator.explore.time_given import TimeGiven
from simulator.explore.tried import Tried
from simulator.explore.unasked_musts import as_claimed
from simulator.explore.unreachable import Reach, reach_when_fresh
from simulator.files.paths import ROOT
from simulator.inputs.order import Order, read_order
from simulator.inputs.target import Target, order_name_of, read_target, secret_values, way_of
from simulator.processes.cores import cores
from simulator.results.exploration import Defect, ExplorationResult
from simulator.world.recipient_guard import Recipients, check_recipients

#: In the stories before this one it is found at which edges the judge decided. It takes as long as
#: playing several stories, and hardly an edge is first decided about later.
ASKED_STORIES_MAX = 100
#: Of a time that was given, this share is kept for shortening what failed.
SHORTENING_SHARE = 0.2
#: Stories of which cloths are made at once.
DRAWN_AT_ONCE = 48
#: More kinds of failure than these are counted, and not shown.
DEFECTS_MAX = 40
STORIES_FOLDER = "stories"
#: Why a story may not be the shortest.
TIME_WAS_UP, INTERRUPTED = "the time was up", "Ctrl-C ended it"
#: In the results folder, so that a replay leaves the run that found the story as it is.
REPLAY_FOLDER = "replay"
#: Portals after which the processes that played them may play another: the reference, or one that
#: does not live in them.
_REPLACE_NOTHING = frozenset({"", "reference.portal.app:create_app"})


class Effort(Struct, frozen=True, kw_only=True):
    """How far to explore: so many stories, or those that are `listed`, or so many seconds.

    A listed story is the number of one that is drawn, or the path of a file: a story is known by
    its place in the list. `application` is another for a target in process ("" for its own).
    """

    phase: int
    seed: int = 1
    stories: int | None = None
    listed: tuple[int | str, ...] | None = None
    seconds: float | None = None
    processes: int = cores()
    application: str = ""
    focus: Focus = ""


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

    Raises BadInput if the target is wrong, and what its portal raises if it cannot be started.
    """
    begun = wall_now()
    tried = tried_of(path, effort.application)
    every = reach_when_fresh(tried, effort.phase).of(all_edges(tried.order, effort.phase))
    tally, was_interrupted = Tally(reachable=frozenset(every)), False
    stories: list[FailingStory | None] = []
    try:
        for played in _played(path, effort, begun, tally, tried.order):
            for each in played:
                tally.take(each)
                on_story(tally)
        found = tally.most_frequent_first()[:DEFECTS_MAX]
        for shorter in _shortened(path, effort, found, tally, begun):
            stories.append(shorter)
            on_shorter(len(stories), len(found))
        why_whole = TIME_WAS_UP
    except KeyboardInterrupt:
        was_interrupted = True
        found = tally.most_frequent_first()[:DEFECTS_MAX]
        stories += [None] * (len(found) - len(stories))
        why_whole = INTERRUPTED
    if tried.target.access.application not in _REPLACE_NOTHING:
        _end_processes()
    failing = [
        shorter or tally.first_of(each, cut_short=why_whole)
        for (each, _numbers), shorter in zip(found, stories, strict=True)
    ]
    defects = defects_of(
        zip(failing, (numbers for _each, numbers in found), strict=True),
        folder=out / STORIES_FOLDER,
        path=path,
    )
    result = result_of(tried, effort, tally, defects, begun)
    result = as_claimed(result, tried.target.claims.capabilities)
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
    judged = tried.judged(story)
    played = played_of(story, judged, tried.order, number=0)
    tally = Tally()
    tally.take(played)
    folder = out / REPLAY_FOLDER / STORIES_FOLDER
    failing = [
        FailingStory.of(story, each, judged)
        for each in {each.fingerprint: each for each in reversed(played.failures)}.values()
    ]
    defects = defects_of(((each, [0]) for each in failing), folder=folder, path=path)
    effort = Effort(phase=story.phase, stories=1)
    result = result_of(tried, effort, tally, defects, begun)
    return structs.replace(result, replay_judged=replay_judged(story, judged))


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
        not_shown=max(0, len(tally.most_frequent_first()) - DEFECTS_MAX),
        words=tuple(sorted(tally.words)),
        seems_ordered=tally.seems_ordered,
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


def play_numbers(
    path: Path,
    effort: Effort,
    numbers: Sequence[int],
    until: datetime | None = None,
    asked: frozenset[Edge] = frozenset(),
    *,
    story: timedelta = timedelta(0),
) -> list[Played]:
    """Draw and play the stories with these numbers; done in a process of its own.

    None but the first of all is begun that would probably end after `until`. Whether the judge
    decided is found for the edges in `asked`, in the first `ASKED_STORIES_MAX` stories or where the
    stories were listed. `story` is what one needs as a rule. Where they are woven they are played
    side by side.
    """
    tried, played = _tried_once(path, effort.application), list[Played]()
    given = TimeGiven(until, story=story)
    stories = [(number, drawn_story(tried, effort, number)) for number in numbers]
    for cloth in cloths_of(stories) if tried.is_woven else ([story] for story in stories):
        if cloth[0][0] and given.is_up():
            continue
        for woven in given.spend(partial(play_cloth, tried, cloth, is_over=given.is_up)):
            is_asked = effort.listed or woven.number < ASKED_STORIES_MAX
            played.append(played_woven(tried, effort, woven, asked if is_asked else frozenset()))
    return played


@cache
def _tried_once(path: Path, application: str) -> Tried:
    return tried_of(path, application)


def drawn_story(tried: Tried, effort: Effort, number: int) -> Story:
    """Draw the story of a number, or read the one that is listed in its place."""
    listed = number if effort.listed is None else effort.listed[number]
    if isinstance(listed, str):
        return tried.as_claimed(read_story(Path(listed)))
    story = draw_story(
        tried.order,
        phase=effort.phase,
        seed=effort.seed,
        number=listed,
        order_is_fixed=tried.order_is_fixed,
        focus=effort.focus,
        own=tried.target.people,
    )
    return tried.as_claimed(story)


def played_woven(tried: Tried, effort: Effort, woven: Woven, asked: frozenset[Edge]) -> Played:
    """Say what became of a story; of one of an earlier phase, which edges it met counts nothing."""
    story, judged, number = woven.story, woven.judged, woven.number
    compares = is_compared(number) and not tried.is_woven and effort.listed is None
    differing = treated_differently(tried, story, judged) if compares else ()
    played = played_of(story, judged, tried.order, number=number, differing=differing, asked=asked)
    if story.phase == effort.phase:
        return played
    nothing = frozenset[Edge]()
    return structs.replace(played, edges=nothing, judged=nothing, undecided={})


def _played(
    path: Path, effort: Effort, begun: datetime, tally: Tally, order: Order
) -> Iterator[list[Played]]:
    """Play stories in parallel, each by itself, in the order in which they end."""
    every = frozenset(all_edges(order, effort.phase))
    # Loading joblib takes a third of a second, which only exploring needs.
    from joblib import Parallel, delayed

    play, time_is_up = delayed(play_numbers), Event()
    until = None
    if effort.seconds is not None:
        until = begun + timedelta(seconds=effort.seconds * (1 - SHORTENING_SHARE))
    # Whether an edge was judged is asked until it was: which processes play does not matter.
    jobs = (
        play(
            path,
            effort,
            numbers,
            until,
            tally.not_judged(every),
            story=_story_as_a_rule(begun, effort, tally.stories),
        )
        for numbers in _jobs(path, effort, time_is_up)
    )
    parallel = Parallel(
        n_jobs=effort.processes, return_as="generator_unordered", pre_dispatch="2*n_jobs"
    )
    for played in parallel(jobs):
        if not played or (until is not None and wall_now() >= until):
            time_is_up.set()
        yield played


def _story_as_a_rule(begun: datetime, effort: Effort, stories: int) -> timedelta:
    """Say how long a story took as a rule, of so many that were played since it began."""
    return (wall_now() - begun) * effort.processes / stories if stories else timedelta(0)


def _end_processes() -> None:
    """End the processes that played another application: what it replaced stays replaced there."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)


def _jobs(path: Path, effort: Effort, time_is_up: Event) -> Iterator[list[int]]:
    """Give the numbers of stories to play, those together that are woven into one cloth."""
    tried, numbers = _tried_once(path, effort.application), _numbers(effort, time_is_up)
    if not tried.is_woven:
        yield from ([number] for number in numbers)
        return
    # Whatever the number of processes, the same stories are in one cloth.
    while block := list(islice(numbers, DRAWN_AT_ONCE)):
        for cloth in cloths_of([(number, drawn_story(tried, effort, number)) for number in block]):
            yield [number for number, _story in cloth]


def _numbers(effort: Effort, time_is_up: Event) -> Iterator[int]:
    """Give the numbers of stories, until there are enough or the time is over."""
    numbers: Iterable[int] = count() if effort.stories is None else range(effort.stories)
    if effort.listed is not None:
        numbers = range(len(effort.listed))
    return takewhile(lambda _number: not time_is_up.is_set(), numbers)


def _shortened(
    path: Path,
    effort: Effort,
    found: Sequence[tuple[str, Sequence[int]]],
    tally: Tally,
    begun: datetime,
) -> Iterator[FailingStory | None]:
    """Make the first story of each failure as short as it can be, in parallel; give them in order.

    Each gets its part of the time that is left; None for those that no time is left for.
    """
    from joblib import Parallel, delayed

    until = None if effort.seconds is None else begun + timedelta(seconds=effort.seconds)
    story = _story_as_a_rule(begun, effort, tally.stories)
    shorten = delayed(shorten_story)
    yield from Parallel(n_jobs=effort.processes, return_as="generator")(
        shorten(
            path,
            effort,
            tally.first_of(fingerprint, cut_short="").story,
            fingerprint,
            time=ShorteningTime(until=until, left=len(found) - place, story=story),
        )
        for place, (fingerprint, _numbers) in enumerate(found)
    )


class ShorteningTime(Struct, frozen=True, kw_only=True):
    """The time for making stories shorter: `left` of them until it is up (None for no end).

    `story` is what one story needs as a rule.
    """

    until: datetime | None = None
    left: int = 1
    story: timedelta = timedelta(0)

    def share(self, processes: int) -> TimeGiven:
        """Give one of them its part, where so many are made shorter at once."""
        parts = max(1, self.left / processes)
        return TimeGiven.share_of(self.until, parts=parts, story=self.story)


def shorten_story(
    path: Path, effort: Effort, whole: Story, fingerprint: str, *, time: ShorteningTime
) -> FailingStory | None:
    """Find the shortest story that fails in this way; done in a process of its own.

    None if there was no time to play it at all.
    """
    given = time.share(effort.processes)
    if given.is_up():
        return None
    tried = _tried_once(path, effort.application)
    found = given.spend(lambda: _failing(tried, whole, fingerprint))
    if found is None:
        return FailingStory(story=whole, failure=_unsteady(fingerprint), records=())

    def still_fails(candidate: Story) -> bool:
        nonlocal found
        if given.is_up():
            return False
        failing = given.spend(lambda: _failing(tried, candidate, fingerprint))
        found = failing or found
        return failing is not None

    def first_to_fail(candidates: Sequence[Story]) -> int | None:
        """Ask about several side by side; what fails there must fail alone."""
        if len(candidates) == 1 or given.is_up():
            return one_by_one(still_fails)(candidates)
        places = given.spend(lambda: failing_places(tried, candidates, fingerprint))
        return next((place for place in places if still_fails(candidates[place])), None)

    # A step that could not be done tells nobody anything.
    done = structs.replace(whole, steps=found.done)
    is_shorter = 0 < len(done.steps) < len(whole.steps)
    story = done if is_shorter and still_fails(done) else whole
    is_woven = tried.is_woven and can_be_woven(story)
    shrunk(story, first_to_fail if is_woven else one_by_one(still_fails), About.of(found))
    return structs.replace(found, cut_short=TIME_WAS_UP) if given.was_up else found


def _failing(tried: Tried, story: Story, fingerprint: str) -> FailingStory | None:
    """Play a story; return it with the failure of this fingerprint, if it has that."""
    try:
        judged = tried.judged(story)
        if fingerprint.startswith(DIFFERENTLY):
            differing = treated_differently(tried, story, judged)
            return next((e for e in differing if e.failure.fingerprint == fingerprint), None)
    except msgspec.ValidationError:
        # An order without one of two fields that belong together is no order.
        return None
    failures = (each for each in judged.failures if each.fingerprint == fingerprint)
    failure = next(failures, None)
    if failure is None:
        return None
    return FailingStory.of(story, failure, judged)


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
