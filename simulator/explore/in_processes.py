"""Plays the stories of a run in several processes, on portals that are fresh for them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from threading import Event

from msgspec import Struct, structs

from simulator.clock import wall_now
from simulator.explore.cloths import Woven, cloths_of, play_cloth
from simulator.explore.edges import Edge, all_edges
from simulator.explore.effort import Effort, drawn_story, numbers_together, played_woven
from simulator.explore.fresh_portals import FreshPortals
from simulator.explore.judged_story import FailingStory, Failure
from simulator.explore.shorter_stories import Shortening
from simulator.explore.story import Story
from simulator.explore.tally import Played, Tally
from simulator.explore.time_given import TimeGiven
from simulator.explore.tried import Tried, tried_of
from simulator.explore.unreachable import Reach, reach_when_fresh
from simulator.results.exploration import ExplorationResult

#: Portals after which the processes that played them may play another: the reference, or one that
#: does not live in them.
_REPLACE_NOTHING = frozenset({"", "reference.portal.app:create_app"})


class InProcesses:
    """A run whose stories are played in parallel, each as if it were alone."""

    def __init__(self, tried: Tried, path: Path, effort: Effort, begun: datetime) -> None:
        self.tried = tried
        self.reach: Reach = reach_when_fresh(tried, effort.phase)
        self._path, self._effort, self._begun = path, effort, begun

    def played(self, tally: Tally) -> Iterator[Played]:
        """Play stories, and give them in the order in which they end."""
        # Loading joblib takes a third of a second, which only exploring needs.
        from joblib import Parallel, delayed

        effort, time_is_up = self._effort, Event()
        every = frozenset(all_edges(self.tried.order, effort.phase))
        # Whether an edge was judged is asked until it was: which processes play does not matter.
        jobs = (
            delayed(play_numbers)(
                self._path,
                effort,
                numbers,
                self._playing_until(tally),
                tally.not_judged(every),
                story=self._story_as_a_rule(tally),
            )
            for numbers in numbers_together(self.tried, effort, time_is_up.is_set)
        )
        parallel = Parallel(
            n_jobs=effort.processes, return_as="generator_unordered", pre_dispatch="2*n_jobs"
        )
        for played in parallel(jobs):
            yield from played
            until = self._playing_until(tally)
            if not played or (until is not None and wall_now() >= until):
                time_is_up.set()

    def shortened(
        self, found: Sequence[tuple[str, Sequence[int]]], tally: Tally
    ) -> Iterator[FailingStory | None]:
        """Make the first story of each failure as short as it can be; give them in order.

        Each gets its part of the time that is left; None for those that no time is left for.
        """
        from joblib import Parallel, delayed

        effort, story = self._effort, self._story_as_a_rule(tally)
        until = effort.until(self._begun)
        yield from Parallel(n_jobs=effort.processes, return_as="generator")(
            delayed(shorten_story)(
                self._path,
                effort,
                tally.first_of(fingerprint).story,
                fingerprint,
                time=ShorteningTime(until=until, left=len(found) - place, story=story),
            )
            for place, (fingerprint, _numbers) in enumerate(found)
        )

    def told(self, result: ExplorationResult) -> ExplorationResult:
        """Add what is to be said of the portals: nothing."""
        return result

    def again(self, story: Story) -> Woven:
        """Play a story once more."""
        return FreshPortals(self.tried).alone(0, story)

    def end(self) -> None:
        """End the processes that played another application: what it replaced stays so there."""
        if self.tried.target.access.application not in _REPLACE_NOTHING:
            from joblib.externals.loky import get_reusable_executor

            get_reusable_executor().shutdown(wait=True)

    def _playing_until(self, tally: Tally) -> datetime | None:
        return self._effort.playing_until(self._begun, has_failed=bool(tally.failures))

    def _story_as_a_rule(self, tally: Tally) -> timedelta:
        if not tally.stories:
            return timedelta(0)
        return (wall_now() - self._begun) * self._effort.processes / tally.stories


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

    None but the first of all is begun that would probably end after `until`. `story` is what one
    needs as a rule. Where they are woven they are played side by side.
    """
    tried, played = _tried_once(path, effort.application), list[Played]()
    given = TimeGiven(until, story=story)
    stories = [(number, drawn_story(tried, effort, number)) for number in numbers]
    for cloth in cloths_of(stories) if tried.is_woven else ([one] for one in stories):
        if cloth[0][0] and given.is_up():
            continue
        play = partial(play_cloth, FreshPortals(tried), cloth, is_over=given.is_up)
        played += [played_woven(tried, effort, woven, asked) for woven in given.spend(play)]
    return played


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
    portals = FreshPortals(_tried_once(path, effort.application))
    found = given.spend(lambda: portals.failing(whole, fingerprint))
    if found is None:
        return FailingStory(story=whole, failure=_unsteady(fingerprint), records=())
    # A step that could not be done tells nobody anything.
    done = structs.replace(whole, steps=found.done)
    is_shorter = 0 < len(done.steps) < len(whole.steps)
    return Shortening(portals, found, given).shortest(whole, [done] if is_shorter else [])


@cache
def _tried_once(path: Path, application: str) -> Tried:
    return tried_of(path, application)


def _unsteady(fingerprint: str) -> Failure:
    requirement, _, _rest = fingerprint.partition("|")
    return Failure(
        fingerprint=fingerprint,
        requirement=requirement,
        harm="",
        expected="the same story always has the same end",
        observed=f"it failed once, and did not when it was played again: {fingerprint}",
    )
