"""Explores a portal that runs already: stories one after another, then each failure made shorter.

Every try takes new people and a later time. So tries are few, and end when time or numbers do.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from msgspec import structs

from simulator.clock import wall_now
from simulator.errors import BadInput, PortalUnreachable
from simulator.explore.drawing import draw_story
from simulator.explore.judged_story import Failure, Tried
from simulator.explore.new_people import NumbersUsedUp
from simulator.explore.run import (
    DEFECTS_MAX,
    REPLAY_FOLDER,
    SHORTENING_SHARE,
    STORIES_FOLDER,
    Effort,
    defect_of,
    interrupted,
    result_of,
)
from simulator.explore.running_portal import (
    USED_FILE,
    CannotReplay,
    RunningPortal,
    TimeUsedUp,
    ends_at,
    running_portal,
    state_of,
)
from simulator.explore.shrinking import shrunk
from simulator.explore.story import Story
from simulator.explore.story_check import read_checked_story
from simulator.explore.tally import Tally, played_of
from simulator.explore.unreachable import reach_when_running
from simulator.files.paths import ROOT
from simulator.inputs.order import read_order
from simulator.inputs.target import read_target, secret_values
from simulator.results.exploration import Defect, ExplorationResult
from simulator.world.recipient_guard import Recipients, check_recipients

#: A failing story is tried so often at most, to make it shorter.
TRIES_MAX = 40
_DAY = 86_400
_PASSED = (
    "it passed with other people and at a later time, which does not show that the portal is mended"
)
#: What ends a run on a portal that goes on.
_ENDS = (TimeUsedUp, NumbersUsedUp, PortalUnreachable)


def explore_running(
    path: Path,
    effort: Effort,
    *,
    out: Path,
    on_story: Callable[[int, int], None] = lambda _played, _failures: None,
) -> ExplorationResult:
    """Explore the portal that runs where a target says; write each shortest story.

    Raises BadInput if the target is wrong, or if its portal has entered a later phase.
    """
    begun, tried = wall_now(), check_phase(path, effort.phase, out)
    with _portal(tried, effort.phase, [out / USED_FILE]) as portal:
        exploring = _Exploring(tried, portal, effort, begun)
        was_interrupted = False
        try:
            exploring.play_all(on_story)
            stories = exploring.shortest()
        except KeyboardInterrupt:
            was_interrupted = True
            stories = exploring.as_played()
        defects = _defects(stories, out=out, path=path)
        reach = reach_when_running(tried, portal.begun_at, ends_at(tried.order, effort.phase))
        result = result_of(tried, effort, exploring.tally, defects, begun, reach)
        if not exploring.could_judge and not defects:
            result = structs.replace(result, verdict="INCONCLUSIVE")
        result = structs.replace(result, stopped=exploring.stopped)
        if was_interrupted:
            result = interrupted(result)
        return _with_first_time(result, portal)


def check_phase(path: Path, phase: int, out: Path) -> Tried:
    """Read what a portal is explored by; raises BadInput if it has entered a later phase."""
    tried, file = running_target(path), out / USED_FILE
    entered = state_of(tried.target, file).phase
    if entered > phase:
        raise BadInput(
            f"--phase {phase}: {tried.target.claims.name} has entered phase {entered}: explore "
            f"that phase, or start the portal again with an empty database and remove {file}"
        )
    return tried


def replayed_on_running(path: Path, file: Path, *, out: Path) -> ExplorationResult:
    """Play a story again, with new people and at a later time; raises BadInput.

    If the story cannot be played any more, or does not fail, the result says that it was not
    replayed.
    """
    begun, tried = wall_now(), running_target(path)
    story = read_checked_story(file, tried.order, Recipients.of(tried.target))
    tally, why, found = Tally(), "", list[tuple[Story, Failure, list[int]]]()
    # A story's folder is in the results folder of the run that found it.
    # That of a story of a replay is one folder up.
    files = [out / USED_FILE, *(each / USED_FILE for each in file.absolute().parents[1:3])]
    with _portal(tried, story.phase, files) as portal:
        try:
            again = portal.renewed(story, is_again=True)
            judged = portal.play(again)
        except (*_ENDS, CannotReplay) as error:
            why = str(error)
        else:
            tally.take(played_of(again, judged, tried.order, number=0))
            by_fingerprint = {each.fingerprint: each for each in reversed(judged.failures)}
            found = [(again, each, [0]) for each in by_fingerprint.values()]
            why = "" if found else _PASSED
        defects = _defects(found, out=out / REPLAY_FOLDER, path=path)
        effort = Effort(phase=story.phase, stories=1)
        reach = reach_when_running(tried, portal.begun_at, ends_at(tried.order, effort.phase))
        result = result_of(tried, effort, tally, defects, begun, reach)
        if why:
            result = structs.replace(result, not_replayed=why, verdict="INCONCLUSIVE")
        return _with_first_time(result, portal)


def running_target(path: Path) -> Tried:
    """Read what a portal that runs already is explored by; raises BadInput."""
    target = read_target(path)
    check_recipients(target, path)
    if "test_clock" not in target.claims.capabilities:
        raise BadInput(
            f"{path}: claims.capabilities lacks test_clock; the stories take weeks, so explore "
            "needs a portal whose clock it can set"
        )
    if target.access.handsets is not None:
        raise BadInput(
            f"{path}: access.handsets: explore makes up its people, so messages must come to our "
            "gateway: leave handsets out"
        )
    return Tried(target, read_order(ROOT / target.order), secret_values(target, path))


def _portal(
    tried: Tried, phase: int, files: Sequence[Path]
) -> AbstractContextManager[RunningPortal]:
    return running_portal(tried.target, tried.order, tried.secrets, phase=phase, files=files)


@dataclass
class _Exploring:
    """One run on one portal: what was played, and the first story of each failure."""

    tried: Tried
    portal: RunningPortal
    effort: Effort
    begun: datetime
    tally: Tally = field(default_factory=Tally)
    stopped: str = ""
    could_judge: bool = True
    _first: dict[str, tuple[Story, Failure]] = field(default_factory=dict)

    def play_all(self, on_story: Callable[[int, int], None]) -> None:
        """Play stories until there are enough, or the time, the days or the numbers end."""
        for number in count():
            if self._is_enough(number):
                return
            try:
                story = self.portal.renewed(self._drawn(number))
                judged = self.portal.play(story)
            except PortalUnreachable as error:
                self.stopped, self.could_judge = str(error), False
                return
            except (TimeUsedUp, NumbersUsedUp) as error:
                self.stopped = (
                    f"{error}: to go on, start the portal again with an empty database and remove "
                    f"{self.portal.file}"
                )
                return
            for each in judged.failures:
                self._first.setdefault(each.fingerprint, (story, each))
            self.tally.take(played_of(story, judged, self.tried.order, number=number))
            on_story(self.tally.stories, self.tally.failures)

    def as_played(self) -> list[tuple[Story, Failure, list[int]]]:
        """Give the whole first story of each failure, with the numbers of all its stories."""
        found = self.tally.most_frequent_first()[:DEFECTS_MAX]
        return [(*self._first[each], numbers) for each, numbers in found]

    def shortest(self) -> list[tuple[Story, Failure, list[int]]]:
        """Make the first story of each failure shorter, with the numbers of all its stories."""
        found = self.tally.most_frequent_first()[:DEFECTS_MAX]
        shorter = []
        for place, (fingerprint, numbers) in enumerate(found):
            left = len(found) - place
            days = (self._ends - self.portal.now) / left
            seconds = None
            if self.effort.seconds is not None:
                end = self.begun + timedelta(seconds=self.effort.seconds)
                seconds = (end - wall_now()) / left
            tries = _Tries(self.portal, fingerprint, *self._first[fingerprint])
            tries.until = self.portal.now + days
            tries.wall_until = None if seconds is None else wall_now() + seconds
            shorter.append((*tries.shortest(), numbers))
        return shorter

    @property
    def _ends(self) -> datetime:
        return ends_at(self.tried.order, self.effort.phase)

    def _is_enough(self, number: int) -> bool:
        effort, portal = self.effort, self.portal
        if effort.stories is not None and number >= effort.stories:
            return True
        share = 1 - SHORTENING_SHARE
        if effort.seconds is not None:
            until = self.begun + timedelta(seconds=effort.seconds * share)
            if wall_now() >= until:
                return True
        if self._first and portal.now > portal.begun_at + (self._ends - portal.begun_at) * share:
            self.stopped = "the days that are left are for making the failing stories shorter"
            return True
        return False

    def _drawn(self, number: int) -> Story:
        effort = self.effort
        return draw_story(
            self.tried.order,
            phase=effort.phase,
            seed=effort.seed,
            number=number,
            order_is_fixed=True,
            focus=effort.focus,
            own=self.tried.target.people,
        )


@dataclass
class _Tries:
    """Tries shorter forms of a failing story, each with new people and at a later time."""

    portal: RunningPortal
    fingerprint: str
    story: Story
    failure: Failure
    until: datetime | None = None
    wall_until: datetime | None = None
    _count: int = 0

    def shortest(self) -> tuple[Story, Failure]:
        """Return the shortest form that still failed, as it was played; else the whole story."""
        # A story that ends soon leaves days for more tries.
        soon = structs.replace(self.story, ends_after_seconds=_DAY)
        is_shorter = soon.ends_after_seconds < self.story.ends_after_seconds
        shrunk(soon if is_shorter and self._still_fails(soon) else self.story, self._still_fails)
        return self.story, self.failure

    def _still_fails(self, candidate: Story) -> bool:
        if self._is_over():
            return False
        self._count += 1
        try:
            story = self.portal.renewed(candidate)
            judged = self.portal.play(story)
        except _ENDS:
            self._count = TRIES_MAX
            return False
        for each in judged.failures:
            if each.fingerprint == self.fingerprint:
                self.story, self.failure = story, each
                return True
        return False

    def _is_over(self) -> bool:
        return (
            self._count >= TRIES_MAX
            or (self.until is not None and self.portal.now >= self.until)
            or (self.wall_until is not None and wall_now() >= self.wall_until)
        )


def _defects(
    stories: list[tuple[Story, Failure, list[int]]], *, out: Path, path: Path
) -> tuple[Defect, ...]:
    folder = out / STORIES_FOLDER
    return tuple(
        defect_of(story, failure, numbers, file=folder / f"{place:02d}.json", path=path)
        for place, (story, failure, numbers) in enumerate(stories, start=1)
    )


def _with_first_time(result: ExplorationResult, portal: RunningPortal) -> ExplorationResult:
    """Say how far the portal's clock was when the run began."""
    reached = f"{result.reached}; its clock was at {portal.begun_at:%d %B %Y} when the run began"
    return structs.replace(result, reached=reached)
