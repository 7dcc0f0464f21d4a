"""Types of command-line options: files here or in the suite, folders, and numbers within bounds.

A mistake in one gets a sentence that says what to give.
"""

from pathlib import Path
from typing import Any

import click

from simulator.files.paths import found


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


class PositiveShare(click.FloatRange):
    """A share above 0, up to 1."""

    def __init__(self) -> None:
        super().__init__(0, 1, min_open=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the share; a mistake, such as "nan", gets the range."""
        try:
            share = super().convert(value, param, ctx)
        except click.BadParameter:
            share = float("nan")
        if not 0 < share <= 1:
            self.fail(f"{value!r:.80}; give a share above 0, up to 1")
        return share
