"""Types of command-line options: files here or in the suite, folders, and numbers within bounds.

A mistake in one gets a sentence that says what to give.
"""

import math
from pathlib import Path
from typing import Any

import click

from simulator.files.paths import found

#: How long made-up stories may be played: a day.
MINUTES_MAX = 24 * 60


class InputFile(click.Path):
    """A file in the current folder, or else one of the suite's own."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the file's path: as typed if it exists, or else in the suite."""
        typed = super().convert(value, param, ctx)
        return found(typed) if isinstance(typed, Path) else typed


class WholeNumber(click.IntRange):
    """A whole number from `lowest` to `highest`."""

    def __init__(self, lowest: int, highest: int) -> None:
        super().__init__(lowest, highest)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number; a mistake gets the range."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r:.80}; give a whole number from {self.min} to {self.max}")


class Number(click.FloatRange):
    """A number up to `highest`, from 0 or, with `min_open`, above it."""

    kind = "number"

    def __init__(self, highest: float, *, min_open: bool = False) -> None:
        super().__init__(0, highest, min_open=min_open)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number; a mistake, such as "nan", gets the range."""
        try:
            number = float(super().convert(value, param, ctx))
        except click.BadParameter:
            number = math.nan
        if math.isnan(number):
            lowest = "above 0," if self.min_open else "from 0"
            self.fail(f"{value!r:.80}; give a {self.kind} {lowest} up to {self.max:g}")
        return number


class PositiveShare(Number):
    """A share above 0, up to 1."""

    kind = "share"

    def __init__(self) -> None:
        super().__init__(1, min_open=True)
