"""The time in which stories are made shorter: none is begun that would probably end after it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from simulator.clock import wall_now

T = TypeVar("T")
#: What is begun at all may play so many stories: fewer make no story shorter.
_STORIES_AT_LEAST = 10


class TimeGiven:
    """A time that is given until some moment (None for no end), and spent by playing stories.

    A story is taken to need as long as the longest so far; `story` is what one needs as a rule.
    """

    def __init__(self, until: datetime | None, *, story: timedelta = timedelta(0)) -> None:
        self.until = until
        self._longest = story
        #: Whether a story was not played because the time was up.
        self.was_up = False

    @classmethod
    def share_of(
        cls, until: datetime | None, *, parts: float, story: timedelta = timedelta(0)
    ) -> "TimeGiven":
        """Give one part of the time that is left until a moment, or enough for some stories."""
        if until is None:
            return cls(None)
        now = wall_now()
        part = max((until - now) / parts, _STORIES_AT_LEAST * story)
        return cls(min(until, now + part), story=story)

    def is_up(self) -> bool:
        """Say whether there is no time for another story, and remember it."""
        if self.until is not None and wall_now() + self._longest >= self.until:
            self.was_up = True
        return self.was_up

    def stories_left(self, most: int) -> int:
        """Say for how many stories, played side by side, there is time: at least one."""
        if self.until is None or not self._longest:
            return most
        return max(1, min(most, (self.until - wall_now()) // self._longest))

    def spend(self, play: Callable[[], T], *, stories: int = 1) -> T:
        """Play a story, or several side by side, and note how long one took."""
        begun = wall_now()
        try:
            return play()
        finally:
            self._longest = max(self._longest, (wall_now() - begun) / stories)
