"""Makes a failing story shorter by playing shorter forms of it, as far as time and days allow.

Several forms are played side by side where that is sooner; what fails there must fail alone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from msgspec import structs

from simulator.errors import SuiteError
from simulator.explore.cloths import Ground, can_be_woven
from simulator.explore.judged_story import FailingStory
from simulator.explore.shrinking import About, one_by_one, shrunk
from simulator.explore.story import Story
from simulator.explore.time_given import TimeGiven

#: Why a story may not be the shortest.
TIME_WAS_UP = "the time was up"


class FailsAgain(Ground, Protocol):
    """A ground that tells whether a story fails in one way."""

    #: What ends all tries there.
    ends: ClassVar[tuple[type[SuiteError], ...]]

    @property
    def is_woven(self) -> bool:
        """Say whether stories are sooner played side by side."""

    def failing(self, story: Story, fingerprint: str) -> FailingStory | None:
        """Play a story; return it as it was played if it has the failure of this fingerprint."""


@dataclass
class Shortening:
    """Tries shorter forms of one failing story; `why_over` says why no more are tried, if so."""

    ground: FailsAgain
    failing: FailingStory
    time: TimeGiven
    why_over: Callable[[int], str] = lambda _tries: ""
    _tries: int = field(init=False, default=0)
    _ended_by: str = field(init=False, default="")

    def shortest(self, whole: Story, first: Iterable[Story]) -> FailingStory:
        """Return the shortest form that still failed, as it was played; else the whole story.

        A story in `first` that still fails is what is made shorter.
        """
        story = next((form for form in first if self._still_fails(form)), whole)
        is_woven = self.ground.is_woven and can_be_woven(story)
        asks = self._first_to_fail if is_woven else one_by_one(self._still_fails)
        shrunk(story, asks, About.of(self.failing))
        return structs.replace(self.failing, cut_short=self._ended_by)

    def _first_to_fail(self, forms: Sequence[Story]) -> int | None:
        if len(forms) == 1 or self._is_over():
            return one_by_one(self._still_fails)(forms)
        try:
            _played, found = self.time.spend(
                lambda: self.ground.side_by_side(list(enumerate(forms)))
            )
        except self.ground.ends as error:
            self._ended_by = str(error)
            return None
        fingerprint = self.failing.failure.fingerprint
        for place, form in enumerate(forms):
            judged = found.get(place)
            may_fail = judged is None or judged.failing(form, fingerprint)
            if may_fail and self._still_fails(form):
                return place
        return None

    def _still_fails(self, form: Story) -> bool:
        if self._is_over():
            return False
        fingerprint = self.failing.failure.fingerprint
        try:
            failing = self.time.spend(lambda: self.ground.failing(form, fingerprint))
        except self.ground.ends as error:
            self._ended_by = str(error)
            return False
        self.failing = failing or self.failing
        return failing is not None

    def _is_over(self) -> bool:
        """Say whether nothing more is tried, and remember why; else count one try."""
        if not self._ended_by:
            is_up = self.time.is_up()
            self._ended_by = self.why_over(self._tries) or (TIME_WAS_UP if is_up else "")
            self._tries += 1
        return bool(self._ended_by)
