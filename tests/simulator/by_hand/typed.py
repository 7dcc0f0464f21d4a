"""A keyboard and a screen for tests: prepared answers, and all that was printed."""

import io
from collections.abc import Sequence
from datetime import datetime

from simulator.by_hand.console import Tester
from simulator.by_hand.journal import Answered
from tests.simulator.worlds import START


class Typed:
    """A tester who types these lines, one after another."""

    def __init__(self, *lines: str, now: datetime = START, initials: str = "DT") -> None:
        self.now = now
        self.screen = io.StringIO()
        self.noted: list[Answered] = []
        self._input = io.StringIO("".join(f"{each}\n" for each in lines))
        self.tester = Tester(
            self._input,
            self.screen,
            now=lambda: self.now,
            note=self.noted.append,
            struck_out=lambda words: words.replace("493817", "······"),
        )
        self.tester.initials = initials

    @property
    def said(self) -> str:
        """All that the tester was shown."""
        return self.screen.getvalue()

    @property
    def left(self) -> Sequence[str]:
        """The lines that nobody asked for."""
        return self._input.read().splitlines()
