"""The progress of a long job where a bar cannot move, as in a CI log: a line now and then."""

import time
from collections.abc import Callable

_PAUSE_SECONDS = 10.0
_MINUTE_SECONDS = 60


class ProgressLines:
    """Takes what a progress bar takes; writes a line at most every ten seconds, from any thread.

    A line reads `Broken portals: 120 of 422, B-120; 1 min 5 s, about 2 min 44 s left`.
    """

    def __init__(
        self,
        what: str,
        total: float | None,
        write: Callable[[str], None],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what, self._total, self._write, self._seconds = what, total, write, seconds
        self._completed, self._detail = 0.0, ""
        self._began_at = self._wrote_at = seconds()

    def update(
        self,
        _task: object,
        *,
        total: float | None = None,
        completed: float | None = None,
        advance: float = 0,
        description: str | None = None,
    ) -> None:
        """Take how far the job is, as `rich.progress.Progress.update` does."""
        self._total = self._total if total is None else total
        self._completed = (self._completed if completed is None else completed) + advance
        self._detail = self._detail if description is None else description.strip()
        now = self._seconds()
        if now - self._wrote_at >= _PAUSE_SECONDS:
            self._wrote_at = now
            self._write(self._line(now - self._began_at))

    def _line(self, spent_seconds: float) -> str:
        said = ", ".join(part for part in (self._far(), self._detail) if part) or "at work"
        times = _duration(spent_seconds)
        if self._total and 0 < self._completed < self._total:
            left_seconds = spent_seconds * (self._total / self._completed - 1)
            times = f"{times}, about {_duration(left_seconds)} left"
        return f"{self._what}: {said}; {times}"

    def _far(self) -> str:
        if not self._total:
            return ""
        # A total of 1 is a share; of more, a number of things.
        if self._total <= 1:
            return f"{self._completed:.0%}"
        return f"{self._completed:,.0f} of {self._total:,.0f}"


def _duration(seconds: float) -> str:
    minutes, seconds_left = divmod(round(seconds), _MINUTE_SECONDS)
    return f"{minutes} min {seconds_left} s" if minutes else f"{seconds_left} s"
