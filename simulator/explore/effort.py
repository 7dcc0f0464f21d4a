"""How far to explore, and which stories are played: those drawn of a seed, or those listed."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count, islice, takewhile
from pathlib import Path

from msgspec import Struct, structs

from simulator.explore.cloths import STEPS_MAX, Woven, cloths_of
from simulator.explore.drawn_steps import Focus
from simulator.explore.edges import Edge
from simulator.explore.judged_story import FailingStory
from simulator.explore.other_people import is_compared, treated_differently
from simulator.explore.story import Story, read_story
from simulator.explore.story_drawing import draw_story
from simulator.explore.tally import Played, played_of
from simulator.explore.tried import Tried
from simulator.processes.cores import cores

#: So many stories are asked at which edges the judge decided: that takes a tenth of all the time.
ASKED_STORIES_MAX = 200
#: Of a time that was given, this share is kept for shortening what failed; and this much of it
#: for what may fail at last, while nothing has.
SHORTENING_SHARE, SHORTENING_SHARE_LEAST = 0.2, 0.05
#: Stories of which cloths are made at once.
DRAWN_AT_ONCE = 48
#: On a portal that runs already the days are few: what plays side by side takes them once.
_STEPS_OF_FEW_DAYS_MAX = 2_000


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

    def until(self, begun: datetime) -> datetime | None:
        """Give the end of the time for all of it; None if no time is given."""
        return None if self.seconds is None else begun + timedelta(seconds=self.seconds)

    def playing_until(self, begun: datetime, *, has_failed: bool) -> datetime | None:
        """Give the end of the time for playing: the rest is for making failed stories shorter."""
        until = self.until(begun)
        share = SHORTENING_SHARE if has_failed else SHORTENING_SHARE_LEAST
        return until and begun + (until - begun) * (1 - share)


def drawn_story(tried: Tried, effort: Effort, number: int) -> Story:
    """Draw the story of a number, or read the one that is listed in its place."""
    listed = number if effort.listed is None else effort.listed[number]
    if isinstance(listed, str):
        kept = tried.as_claimed(read_story(Path(listed)))
        # A portal that runs already enters no earlier phase again: it is judged by its own.
        is_fresh = tried.target.access.lives_with_the_run
        return kept if is_fresh else structs.replace(kept, phase=effort.phase)
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


def numbers_together(
    tried: Tried, effort: Effort, is_over: Callable[[], bool] = lambda: False
) -> Iterator[list[int]]:
    """Give the numbers of stories until there are enough or it is over, those of a cloth together.

    Whatever the number of processes, the same stories are in one cloth.
    """
    most = effort.stories if effort.listed is None else len(effort.listed)
    every = count() if most is None else range(most)
    numbers = takewhile(lambda _number: not is_over(), iter(every))
    if not tried.is_woven:
        yield from ([number] for number in numbers)
    is_fresh = tried.target.access.lives_with_the_run
    steps_max = STEPS_MAX if is_fresh else _STEPS_OF_FEW_DAYS_MAX
    while block := list(islice(numbers, DRAWN_AT_ONCE)):
        stories = [(number, drawn_story(tried, effort, number)) for number in block]
        for cloth in cloths_of(stories, steps_max=steps_max):
            yield [number for number, _story in cloth]


def played_woven(tried: Tried, effort: Effort, woven: Woven, asked: frozenset[Edge]) -> Played:
    """Say what became of a story; of one of an earlier phase, which edges it met counts nothing.

    About which of the edges in `asked` the judge decided is found in the first
    `ASKED_STORIES_MAX` stories, or where the stories were listed.
    """
    story, judged, number = woven.story, woven.judged, woven.number
    asked = asked if effort.listed or number < ASKED_STORIES_MAX else frozenset()
    compares = is_compared(number) and not tried.is_woven and effort.listed is None
    differing = treated_differently(tried, story, judged) if compares else ()
    # It is found again by the story that was drawn, whichever of the two failed.
    others = (*(FailingStory.of(story, e.failure, judged) for e in differing), *woven.company)
    played = played_of(story, judged, tried.order, number=number, others=others, asked=asked)
    if story.phase == effort.phase:
        return played
    nothing = frozenset[Edge]()
    return structs.replace(played, edges=nothing, judged=nothing, undecided={})
