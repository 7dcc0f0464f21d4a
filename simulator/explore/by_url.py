"""Explores a portal that runs already: stories one after another, then each failure made shorter.

Every try takes new people and a later time. So tries are few, and end when time or numbers do.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count, islice
from pathlib import Path

from msgspec import structs

from simulator.clock import wall_now
from simulator.errors import BadInput, PortalUnreachable
from simulator.explore.cloths import Woven, breaks_down, can_be_woven, cloths_of, in_company_alone
from simulator.explore.defects import defects_of
from simulator.explore.edges import all_edges
from simulator.explore.judged_story import FailingStory
from simulator.explore.new_people import NumbersUsedUp
from simulator.explore.run import (
    DEFECTS_MAX,
    INTERRUPTED,
    REPLAY_FOLDER,
    SHORTENING_SHARE,
    STORIES_FOLDER,
    TIME_WAS_UP,
    Effort,
    drawn_story,
    interrupted,
    played_woven,
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
from simulator.explore.shrinking import About, one_by_one, shrunk
from simulator.explore.story import Story
from simulator.explore.story_check import read_checked_story
from simulator.explore.tally import Tally, played_of
from simulator.explore.time_given import TimeGiven
from simulator.explore.timeline import BrokeOff
from simulator.explore.tried import Tried
from simulator.explore.unasked_musts import as_claimed
from simulator.explore.unreachable import reach_when_running
from simulator.files.paths import ROOT
from simulator.inputs.order import read_order
from simulator.inputs.target import read_target, secret_values
from simulator.results.exploration import ExplorationResult
from simulator.world.recipient_guard import Recipients, check_recipients

#: A failing story is tried so often at most, to make it shorter.
TRIES_MAX = 40
#: Stories that are woven at once: each cloth begins after the one before.
WOVEN_AT_ONCE = 24
_DAY = 86_400
_PASSED = (
    "it passed with other people and at a later time, which does not show that the portal is mended"
)
#: So many stories one after another in which the portal could not be reached end a run.
UNREACHABLE_IN_A_ROW_MAX = 3
#: What ends a run on a portal that goes on.
_ENDS = (TimeUsedUp, NumbersUsedUp, PortalUnreachable)


def explore_running(
    path: Path,
    effort: Effort,
    *,
    out: Path,
    on_story: Callable[[Tally], None] = lambda _tally: None,
    on_shorter: Callable[[int, int], None] = lambda _done, _of: None,
) -> ExplorationResult:
    """Explore the portal that runs where a target says; write each shortest story.

    After each story `on_story` gets the tally so far. While failing stories are made shorter
    `on_shorter` gets how many are done, of how many.

    Raises BadInput if the target is wrong, or if its portal has entered a later phase.
    """
    begun, tried = wall_now(), check_phase(path, effort.phase, out)
    with _portal(tried, effort.phase, [out / USED_FILE]) as portal:
        reach = reach_when_running(tried, portal.begun_at, ends_at(tried.order, effort.phase))
        exploring = _Exploring(tried, portal, effort, begun)
        every = all_edges(tried.order, effort.phase)
        exploring.tally.reachable = frozenset(reach.of(every))
        was_interrupted = False
        try:
            exploring.play_all(on_story)
            stories = exploring.shortest(on_shorter)
        except KeyboardInterrupt:
            was_interrupted = True
            stories = exploring.as_played()
        defects = defects_of(stories, folder=out / STORIES_FOLDER, path=path)
        result = result_of(tried, effort, exploring.tally, defects, begun, reach)
        if not exploring.could_judge and not defects:
            result = structs.replace(result, verdict="INCONCLUSIVE")
        result = structs.replace(
            as_claimed(result, tried.target.claims.capabilities),
            stopped=exploring.stopped,
            not_verified=exploring.not_verified,
        )
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
    tally, why, found = Tally(), "", list[tuple[FailingStory, list[int]]]()
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
            found = [
                (FailingStory.of(again, each, judged), [0]) for each in by_fingerprint.values()
            ]
            why = "" if found else _PASSED
        defects = defects_of(found, folder=out / REPLAY_FOLDER / STORIES_FOLDER, path=path)
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
    not_verified: int = 0
    _first: dict[str, FailingStory] = field(default_factory=dict)
    #: For playing, until the time that is kept for making failing stories shorter.
    _time: TimeGiven = field(init=False)

    def __post_init__(self) -> None:
        seconds, until = self.effort.seconds, None
        if seconds is not None:
            until = self.begun + timedelta(seconds=seconds * (1 - SHORTENING_SHARE))
        self._time = TimeGiven(until)

    def play_all(self, on_story: Callable[[Tally], None]) -> None:
        """Play stories until there are enough, or the time, the days or the numbers end.

        A story in which the portal could not be reached is not verified. Several one after another
        end the run.
        """
        unreachable_in_a_row = 0
        for cloth in self._cloths():
            if self._is_enough(cloth[0][0]):
                return
            try:
                played = self._time.spend(partial(self._play, cloth))
            except PortalUnreachable as error:
                self.not_verified += len(cloth)
                unreachable_in_a_row += 1
                if unreachable_in_a_row == UNREACHABLE_IN_A_ROW_MAX:
                    self.stopped, self.could_judge = str(error), False
                    return
                continue
            except (TimeUsedUp, NumbersUsedUp) as error:
                self.stopped = (
                    f"{error}: to go on, start the portal again with an empty database and remove "
                    f"{self.portal.file}"
                )
                return
            unreachable_in_a_row = 0
            for woven in played:
                self._take(woven)
                on_story(self.tally)

    def _cloths(self) -> Iterator[list[tuple[int, Story]]]:
        """Give the stories that are played side by side, without an end if none was given."""
        effort = self.effort
        most = len(effort.listed) if effort.listed else effort.stories
        numbers = iter(count() if most is None else range(most))
        while block := list(islice(numbers, WOVEN_AT_ONCE)):
            yield from cloths_of([(each, drawn_story(self.tried, effort, each)) for each in block])

    def _play(self, cloth: Sequence[tuple[int, Story]]) -> list[Woven]:
        """Play stories side by side, and alone what then fails: with an outage each is alone."""
        if breaks_down(cloth[0][1]) or len(cloth) == 1:
            return [woven for alone in cloth for woven in self._woven([alone])]
        try:
            played = self._woven(cloth)
        except BrokeOff:
            return [woven for alone in cloth for woven in self._woven([alone])]
        return [self._alone(one) if one.judged.failures else one for one in played]

    def _alone(self, woven: Woven) -> Woven:
        """Play a story that failed beside others once more: what it fails alone is its own."""
        [alone] = self._woven([(woven.number, woven.story)])
        own = {failure.fingerprint for failure in alone.judged.failures}
        unsteady = tuple(
            in_company_alone(failure)
            for failure in woven.judged.failures
            if failure.fingerprint not in own
        )
        judged = structs.replace(alone.judged, failures=(*alone.judged.failures, *unsteady))
        return structs.replace(alone, judged=judged)

    def _woven(self, cloth: Sequence[tuple[int, Story]]) -> list[Woven]:
        stories = [self.portal.renewed(story) for _number, story in cloth]
        return [
            Woven(number=number, story=story, judged=judged)
            for (number, _story), story, judged in zip(
                cloth, stories, self.portal.weave(stories), strict=True
            )
        ]

    def _take(self, woven: Woven) -> None:
        for failure in woven.judged.failures:
            failing = FailingStory.of(woven.story, failure, woven.judged)
            self._first.setdefault(failure.fingerprint, failing)
        every = frozenset(all_edges(self.tried.order, self.effort.phase))
        asked = self.tally.not_judged(every)
        self.tally.take(played_woven(self.tried, self.effort, woven, asked))

    def as_played(self) -> list[tuple[FailingStory, list[int]]]:
        """Give the whole first story of each failure, with the numbers of all its stories."""
        found = self.tally.most_frequent_first()[:DEFECTS_MAX]
        return [
            (structs.replace(self._first[each], cut_short=INTERRUPTED), numbers)
            for each, numbers in found
        ]

    def shortest(
        self, on_shorter: Callable[[int, int], None]
    ) -> list[tuple[FailingStory, list[int]]]:
        """Make the first story of each failure shorter, with the numbers of all its stories."""
        found = self.tally.most_frequent_first()[:DEFECTS_MAX]
        end = None
        if self.effort.seconds is not None:
            end = self.begun + timedelta(seconds=self.effort.seconds)
        shorter = []
        for place, (fingerprint, numbers) in enumerate(found):
            left = len(found) - place
            tries = _Tries(
                self.portal,
                self._first[fingerprint],
                until=self.portal.now + (self._ends - self.portal.now) / left,
                time=TimeGiven.share_of(end, parts=left),
            )
            shorter.append((tries.shortest(), numbers))
            on_shorter(len(shorter), len(found))
        return shorter

    @property
    def _ends(self) -> datetime:
        return ends_at(self.tried.order, self.effort.phase)

    def _is_enough(self, number: int) -> bool:
        portal = self.portal
        share = 1 - SHORTENING_SHARE
        if number and self._time.is_up():
            return True
        if self._first and portal.now > portal.begun_at + (self._ends - portal.begun_at) * share:
            self.stopped = "the days that are left are for making the failing stories shorter"
            return True
        return False


@dataclass
class _Tries:
    """Tries shorter forms of a failing story, each with new people and at a later time.

    `until` is how far the portal's clock may go for it.
    """

    portal: RunningPortal
    failing: FailingStory
    until: datetime
    time: TimeGiven
    _count: int = 0
    _ended_by: str = ""

    def shortest(self) -> FailingStory:
        """Return the shortest form that still failed, as it was played; else the whole story."""
        # A story that ends soon leaves days for more tries.
        story = self.failing.story
        soon = structs.replace(story, ends_after_seconds=_DAY)
        is_shorter = soon.ends_after_seconds < story.ends_after_seconds
        story = soon if is_shorter and self._still_fails(soon) else story
        asks = self._first_to_fail if can_be_woven(story) else one_by_one(self._still_fails)
        shrunk(story, asks, About.of(self.failing))
        return structs.replace(self.failing, cut_short=self._ended_by)

    def _first_to_fail(self, candidates: Sequence[Story]) -> int | None:
        """Ask about several side by side; what fails there must fail alone."""
        self._ended_by = self._ended_by or self._why_over()
        if len(candidates) == 1 or self._ended_by:
            return one_by_one(self._still_fails)(candidates)
        self._count += 1
        try:
            stories = [self.portal.renewed(candidate) for candidate in candidates]
            found = self.time.spend(lambda: self.portal.weave(stories))
        except BrokeOff:
            return one_by_one(self._still_fails)(candidates)
        except _ENDS as error:
            self._ended_by = str(error)
            return None
        fingerprint = self.failing.failure.fingerprint
        for place, judged in enumerate(found):
            fails = fingerprint in {each.fingerprint for each in judged.failures}
            if fails and self._still_fails(candidates[place]):
                return place
        return None

    def _still_fails(self, candidate: Story) -> bool:
        self._ended_by = self._ended_by or self._why_over()
        if self._ended_by:
            return False
        self._count += 1
        fingerprint = self.failing.failure.fingerprint
        try:
            story = self.portal.renewed(candidate)
            judged = self.time.spend(lambda: self.portal.play(story))
        except _ENDS as error:
            self._ended_by = str(error)
            return False
        for each in judged.failures:
            if each.fingerprint == fingerprint:
                self.failing = FailingStory.of(story, each, judged)
                return True
        return False

    def _why_over(self) -> str:
        """Say why there are no more tries, or "" if there are."""
        if self._count >= TRIES_MAX:
            return f"it was tried {TRIES_MAX} times"
        if self.portal.now >= self.until:
            return "no more days were left for it"
        return TIME_WAS_UP if self.time.is_up() else ""


def _with_first_time(result: ExplorationResult, portal: RunningPortal) -> ExplorationResult:
    """Say how far the portal's clock was when the run began."""
    reached = f"{result.reached}; its clock was at {portal.begun_at:%d %B %Y} when the run began"
    return structs.replace(result, reached=reached)
