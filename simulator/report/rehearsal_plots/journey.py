"""The journey of a crime, drawn from the data of the run: what comes after what, and how often.

One drawing is of all crimes, and one of each offence group.

Steps stand from left to right, each beside the one that it follows. Written as SVG, whose texts
stay texts.
"""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import NamedTuple
from xml.etree import ElementTree as ET

from simulator.report.inline_svg import inline_svg
from simulator.report.rehearsal_plots.numbered_plot import DARK, QUIET, NumberedPlot, label
from simulator.results.portal_life import JourneyOfGroup, JourneyStep
from simulator.results.values import RehearsalResult

_TITLE = "The journey of a crime, step by step"
_NAME = "journey"
#: What happens to fewer is not said to happen to 0%.
_SHARE_SAID_MIN = 0.001
_SAYS = (
    "Made from the data of this run, from left to right. A box says what share of the crimes "
    "before it come to it, and within what time half of those do. A thicker line is a larger share."
)
# In the drawing's own units: as many pixels where the page shows it at its full width.
_WIDTH, _GAP, _LINE, _MARGIN, _FONT = 832, 26, 14, 8, 11
#: A letter is about so wide, as a share of the size of the font.
_LETTER = 0.54
_SVG = "http://www.w3.org/2000/svg"


class _Box(NamedTuple):
    """One step as it is drawn: its column, the height of its middle, and its lines."""

    column: int
    middle: float
    lines: list[str]
    share: float

    @property
    def height(self) -> float:
        return _height(self.lines)


def journey(result: RehearsalResult) -> list[NumberedPlot]:
    """Draw the steps of the journey; nothing where the run has none."""
    steps = result.life.journey if result.life else []
    return [_plot(_NAME, _TITLE, _SAYS, steps)] if steps else []


def journeys_by_group(found: Sequence[JourneyOfGroup]) -> list[tuple[str, NumberedPlot]]:
    """Draw the steps of each offence group, by name; nothing where a run has none."""
    return [
        (
            each.group,
            _plot(
                f"{_NAME}-{number}",
                f"The journey of a crime: {label(each.group)}",
                f"{_SAYS} What happened to none of the crimes counted is left out.",
                each.steps,
            ),
        )
        for number, each in enumerate(found, start=1)
    ]


def _plot(name: str, title: str, says: str, steps: Sequence[JourneyStep]) -> NumberedPlot:
    return NumberedPlot(
        name=name,
        title=title,
        says=says,
        svg=inline_svg(_drawn(steps), name, title=title, description=_described(steps)),
        columns=("What happens", "After", "Share of those", "Half within"),
        rows=tuple((each.name, each.after, each.share, each.soon) for each in steps),
        shares=frozenset({2}),
    )


def _by_parent(steps: Sequence[JourneyStep]) -> tuple[list[str], dict[str, list[JourneyStep]]]:
    """Find what comes first, and what follows each step. A name that comes again leads nowhere."""
    after: dict[str, list[JourneyStep]] = {}
    for each in steps:
        after.setdefault(each.after, []).append(each)
    names = {each.name for each in steps}
    return [name for name in after if name not in names], after


def _drawn(steps: Sequence[JourneyStep]) -> str:
    roots, after = _by_parent(steps)
    columns = 1 + max((_depth(name, after, frozenset()) for name in roots), default=0)
    width = (_WIDTH - _GAP * (columns - 1)) / columns
    layout = _Layout(after, letters=int((width - 2 * _MARGIN) / (_LETTER * _FONT)))
    for name in roots:
        layout.place(name, [], 1.0, 0, frozenset())
    size = {"viewBox": f"0 0 {_WIDTH} {layout.bottom:.0f}", "font-size": f"{_FONT}"}
    drawing = ET.Element("svg", {"xmlns": _SVG, "font-family": "sans-serif", **size})
    for parent, child in layout.lines:
        _line(drawing, parent, child, width)
    for box in layout.boxes:
        _box(drawing, box, width)
    return ET.tostring(drawing, encoding="unicode")


def _depth(name: str, after: Mapping[str, list[JourneyStep]], above: frozenset[str]) -> int:
    if name in above:
        return 0
    children = after.get(name, [])
    return max((1 + _depth(each.name, after, above | {name}) for each in children), default=0)


class _Layout:
    """Gives each step its place, from the top: a step stands beside the middle of what follows."""

    def __init__(self, after: Mapping[str, list[JourneyStep]], *, letters: int) -> None:
        self._after = after
        self._letters = letters
        self.boxes: list[_Box] = []
        self.lines: list[tuple[_Box, _Box]] = []
        self.bottom = float(_MARGIN)

    def place(
        self, name: str, said: list[str], share: float, column: int, above: frozenset[str]
    ) -> _Box:
        """Place a step and all that follows it; return its box."""
        top = self.bottom
        children = [] if name in above else self._after.get(name, [])
        boxes = [
            self.place(
                each.name,
                wrap(f"{_share(each.share)}, {label(each.soon)}", self._letters),
                each.share,
                column + 1,
                above | {name},
            )
            for each in children
        ]
        lines = [*wrap(label(name), self._letters), *said]
        middle = (boxes[0].middle + boxes[-1].middle) / 2 if boxes else top + _height(lines) / 2
        box = _Box(column, max(middle, top + _height(lines) / 2), lines, share)
        self.bottom = max(self.bottom, box.middle + box.height / 2 + _MARGIN)
        self.boxes.append(box)
        self.lines += [(box, each) for each in boxes]
        return box


def _height(lines: Sequence[str]) -> float:
    return float(_LINE * len(lines) + _MARGIN)


def _left(column: int, width: float) -> float:
    return column * (width + _GAP)


def _line(drawing: ET.Element, parent: _Box, child: _Box, width: float) -> None:
    begins, ends = _left(parent.column, width) + width, _left(child.column, width)
    turns = (begins + ends) / 2
    ET.SubElement(
        drawing,
        "path",
        {
            "d": f"M{begins:.1f} {parent.middle:.1f}H{turns:.1f}V{child.middle:.1f}H{ends:.1f}",
            "fill": "none",
            "stroke": QUIET,
            "stroke-width": f"{0.8 + 3 * child.share:.2f}",
        },
    )


def _box(drawing: ET.Element, box: _Box, width: float) -> None:
    left, top = _left(box.column, width), box.middle - box.height / 2
    ET.SubElement(
        drawing,
        "rect",
        {
            "x": f"{left + 0.5:.1f}",
            "y": f"{top:.1f}",
            "width": f"{width - 1:.1f}",
            "height": f"{box.height:.1f}",
            "rx": "4",
            "fill": "#ffffff",
            "stroke": DARK,
        },
    )
    for number, line in enumerate(box.lines, start=1):
        text = ET.SubElement(
            drawing,
            "text",
            {"x": f"{left + _MARGIN:.1f}", "y": f"{top + _LINE * number:.1f}", "fill": "#0b0c0c"},
        )
        text.text = line


def _share(share: float) -> str:
    if 0 < share < _SHARE_SAID_MIN:
        return f"under {_SHARE_SAID_MIN:.1%}"
    return f"{share:.1%}".replace(".0%", "%")


def _described(steps: Sequence[JourneyStep]) -> str:
    """Say the same in words: of each step, what may follow it."""
    _roots, after = _by_parent(steps)
    return " ".join(
        f"After {label(name)}: {'; '.join(map(_step, found))}." for name, found in after.items()
    )


def _step(each: JourneyStep) -> str:
    return f"{label(each.name)}, {_share(each.share)}, half within {label(each.soon)}"
