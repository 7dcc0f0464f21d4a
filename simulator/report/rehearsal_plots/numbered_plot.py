"""A plot with the same numbers as a table and as a file to download inside the page.

The texts in its cells are of closed lists and of the suite's own data: none comes from a portal.
"""

import base64
import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from markupsafe import Markup
from msgspec import Struct

from simulator.legible import legible, on_one_line
from simulator.report.amounts import NOTHING, count, day, share
from simulator.report.inline_svg import inline_svg
from simulator.report.plots import fixed_settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Cell: TypeAlias = str | int | float | date | None

#: Each pair differs in stroke or hatching too, so that it is read in black and white.
DARK, LIGHT, QUIET, GRID = "#00558b", "#6b3d00", "#4a5361", "#d5dae2"
HATCHES = ("", "///", "", "xx", "", "\\\\\\", "--", "||")
SHADES = ("#00558b", "#ffffff", "#c9d6e2", "#f2e3d0", "#3a2100", "#ffffff", "#c9d6e2", "#f2e3d0")

_LABEL_CHARACTERS_MAX = 40


class NumberedPlot(Struct, frozen=True, kw_only=True):
    """One plot. `says` is read under it; `shares` are the places of the columns of shares."""

    name: str
    title: str
    says: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shares: frozenset[int] = frozenset()

    @property
    def drawing(self) -> Markup:
        """The drawing as markup; its texts are escaped where it is drawn."""
        return Markup(self.svg)  # noqa: S704

    @property
    def cells(self) -> list[list[str]]:
        """The rows as people read them."""
        return [
            [_written(cell, is_share=place in self.shares) for place, cell in enumerate(row)]
            for row in self.rows
        ]

    @property
    def file(self) -> str:
        """The name of the file to download."""
        return f"{self.name}.csv"

    @property
    def address(self) -> Markup:
        """The file itself, as an address that fetches nothing."""
        held = base64.b64encode(csv_text(self.columns, self.rows).encode()).decode()
        return Markup(f"data:text/csv;base64,{held}")  # noqa: S704


def drawn(
    name: str,
    title: str,
    description: str,
    paint: "Callable[[Figure], None]",
    *,
    height: float = 4.2,
) -> str:
    """Draw a plot as an SVG element with its words; the same values give the same bytes."""
    from matplotlib.figure import Figure

    found = io.StringIO()
    with fixed_settings():
        figure = Figure(figsize=(8, height), layout="constrained")
        paint(figure)
        figure.suptitle(title, x=0.02, horizontalalignment="left", fontweight="bold", fontsize=12)
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(found, format="svg", metadata=nothing)
    return inline_svg(found.getvalue(), name, title=title, description=description)


def plain_axes(axes: "Axes", *, grid: str = "y") -> None:
    """Leave only what is needed to read off values, from 0."""
    from matplotlib.ticker import StrMethodFormatter

    axes.grid(axis=grid, color=GRID, linewidth=0.6)  # type: ignore[arg-type]
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    scale = axes.yaxis if grid == "y" else axes.xaxis
    scale.set_major_formatter(StrMethodFormatter("{x:,.0f}"))


def label(name: str) -> str:
    """Give a name for a drawing: on one line, with no hidden characters, and short."""
    return on_one_line(name)[:_LABEL_CHARACTERS_MAX]


def force_label(name: str) -> str:
    """Give the name of a force as people write it."""
    return label(name.replace("_", " ").title())


def csv_text(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Write the numbers of a plot as a file has them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue()


def _written(cell: Cell, *, is_share: bool) -> str:
    if cell is None:
        return NOTHING
    if isinstance(cell, date):
        return day(cell)
    if isinstance(cell, float):
        return share(cell) if is_share else f"{cell:,.1f}"
    return count(cell) if isinstance(cell, int) else cell


def _plain(cell: Cell) -> str:
    return "" if cell is None else legible(str(cell))
