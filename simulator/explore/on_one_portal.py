"""Plays the stories of a run on one portal that runs already: cloths one after another.

Every try takes new people and a later time. So tries are few, and end when time or numbers do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from msgspec import structs

from simulator.errors import PortalUnreachable
from simulator.explore.cloths import Woven, can_be_woven, play_cloth
from simulator.explore.edges import all_edges
from simulator.explore.effort import (
    SHORTENING_SHARE,
    Effort,
    drawn_story,
    numbers_together,
    played_woven,
)
from simulator.explore.judged_story import FailingStory
from simulator.explore.running_portal import CannotReplay, RunningPortal, ends_at
from simulator.explore.shorter_stories import Shortening
from simulator.explore.story import Story
from simulator.explore.tally import Played, Tally
from simulator.explore.time_given import TimeGiven
from simulator.explore.tried import Tried
from simulator.explore.unreachable import Reach, reach_when_running
from simulator.results.exploration import ExplorationResult

#: A failing story is tried so often at most, to make it shorter.
TRIES_MAX = 40
#: On a portal of which nobody knows how fast it is, so many stories are played side by side first;
#: then twice as many each time.
STORIES_AT_FIRST = 4
CLOTHS_TO_ONE_ALONE = 3
#: So many cloths one after another in which the portal could not be reached end a run.
UNREACHABLE_IN_A_ROW_MAX = 3
_DAY = 86_400


@dataclass
class OnOnePortal:
    """A run on one portal: why it stopped, and what of it could not be judged."""

    tried: Tried
    portal: RunningPortal
    effort: Effort
    begun: datetime
    reach: Reach = field(init=False)
    _stopped: str = field(init=False, default="")
    _could_judge: bool = field(init=False, default=True)
    _not_verified: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._ends = ends_at(self.tried.order, self.effort.phase)
        self.reach = reach_when_running(self.tried, self.portal.begun_at, self._ends)
        self._time = TimeGiven(self.effort.playing_until(self.begun, has_failed=False))

    def played(self, tally: Tally) -> Iterator[Played]:
        """Play stories until there are enough, or the time, the days or the numbers end.

        A story in which the portal could not be reached is not verified. Several one after another
        end the run.
        """
        unreachable_in_a_row = 0
        every = frozenset(all_edges(self.tried.order, self.effort.phase))
        for cloth in self._cloths():
            if self._is_enough(cloth[0][0], tally):
                return
            try:
                play = partial(play_cloth, self.portal, cloth, is_over=self._time.is_up)
                played = self._time.spend(play, stories=len(cloth))
            except PortalUnreachable as error:
                self._not_verified += len(cloth)
                unreachable_in_a_row += 1
                if unreachable_in_a_row == UNREACHABLE_IN_A_ROW_MAX:
                    self._stopped, self._could_judge = str(error), False
                    return
                continue
            except self.portal.ends as error:
                self._stopped = (
                    f"{error}: to go on, start the portal again with an empty database and remove "
                    f"{self.portal.file}"
                )
                return
            unreachable_in_a_row = 0
            for woven in played:
                yield played_woven(self.tried, self.effort, woven, tally.not_judged(every))

    def shortened(
        self, found: Sequence[tuple[str, Sequence[int]]], tally: Tally
    ) -> Iterator[FailingStory]:
        """Make the first story of each failure shorter: each gets its part of days and time."""
        for place, (fingerprint, _numbers) in enumerate(found):
            left, failing = len(found) - place, tally.first_of(fingerprint)
            until = self.portal.now + (self._ends - self.portal.now) / left
            time = TimeGiven.share_of(self.effort.until(self.begun), parts=left)
            # A story that ends soon leaves days for more tries.
            story = failing.story
            soon = structs.replace(story, ends_after_seconds=_DAY)
            is_shorter = soon.ends_after_seconds < story.ends_after_seconds
            tries = Shortening(self.portal, failing, time, partial(self._why_over, until))
            yield tries.shortest(story, [soon] if is_shorter else [])

    def again(self, story: Story) -> Woven:
        """Play a story once more, with new people and at a later time; raises CannotReplay."""
        try:
            return self.portal.alone(0, story, is_again=True)
        except self.portal.ends as error:
            raise CannotReplay(str(error)) from None

    def told(self, result: ExplorationResult) -> ExplorationResult:
        """Add how far the clock was, why the run stopped, and what could not be judged."""
        is_unknown = not self._could_judge and not result.defects
        begun_at = f"{self.portal.begun_at:%d %B %Y}"
        return structs.replace(
            result,
            reached=f"{result.reached}; its clock was at {begun_at} when the run began",
            verdict="INCONCLUSIVE" if is_unknown else result.verdict,
            stopped=self._stopped,
            not_verified=self._not_verified,
        )

    def end(self) -> None:
        """End nothing: the portal goes on."""

    def _cloths(self) -> Iterator[list[tuple[int, Story]]]:
        """Give the stories that are played side by side.

        What plays alone, as all with an outage do, takes the same days for one: of that there is
        one to some of them, and the rest at last. Where a time is given, there are no more side by
        side than it probably has room for.
        """
        tried, effort, most = self.tried, self.effort, STORIES_AT_FIRST
        alone: list[tuple[int, Story]] = []
        woven = 0
        for numbers in numbers_together(tried, effort):
            cloth = [(number, drawn_story(tried, effort, number)) for number in numbers]
            if not can_be_woven(cloth[0][1]):
                alone += cloth
                cloth = []
            while cloth:
                size = len(cloth)
                if effort.seconds is not None:
                    size = min(self._time.stories_left(most), size)
                    most *= 2
                yield cloth[:size]
                cloth = cloth[size:]
                woven += 1
                if alone and not woven % CLOTHS_TO_ONE_ALONE:
                    yield [alone.pop(0)]
        yield from ([one] for one in alone)

    def _is_enough(self, number: int, tally: Tally) -> bool:
        portal, share = self.portal, 1 - SHORTENING_SHARE
        self._time.until = self.effort.playing_until(self.begun, has_failed=bool(tally.failures))
        if number and self._time.is_up():
            return True
        if tally.failures and portal.now > portal.begun_at + (self._ends - portal.begun_at) * share:
            self._stopped = "the days that are left are for making the failing stories shorter"
            return True
        return False

    def _why_over(self, until: datetime, tries: int) -> str:
        if tries >= TRIES_MAX:
            return f"it was tried {TRIES_MAX} times"
        return "no more days were left for it" if self.portal.now >= until else ""
