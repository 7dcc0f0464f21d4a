"""Each plot has words, a table and a file with the same numbers, and is read without colour."""

import base64
import csv
import io
from collections.abc import Callable
from itertools import pairwise

import msgspec
import pytest

from simulator.report.rehearsal_plots import numbered_plot
from simulator.report.rehearsal_plots.demand import demand
from simulator.report.rehearsal_plots.every import portal_plots
from simulator.report.rehearsal_plots.numbered_plot import HATCHES, SHADES, NumberedPlot
from simulator.results.portal_life import PortalLife
from tests.simulator.report import samples
from tests.simulator.report.life_sample import headline
from tests.simulator.report.page import read_xml


@pytest.fixture(scope="module")
def plots() -> list[NumberedPlot]:
    """Every plot of a rehearsal, drawn once."""
    result = samples.rehearsal()
    return [*demand(result), *portal_plots(result)]


def _file(plot: NumberedPlot) -> list[list[str]]:
    kind, held = str(plot.address).split(",")
    assert kind == "data:text/csv;base64"
    return list(csv.reader(io.StringIO(base64.b64decode(held).decode())))


def test_the_plots_are_in_order_of_worth(plots: list[NumberedPlot]) -> None:
    """Each has a name of its own, for its ids and its file."""
    assert [each.name for each in plots] == [
        "calls-to-101-a-week",
        "update-calls-a-week",
        "funnel",
        "time-to-news",
        "waits-by-hour",
        "messages-a-week",
        "officers-load",
        "harms-by-owner",
    ]
    assert all(each.file == f"{each.name}.csv" for each in plots)


def test_the_file_has_the_numbers_of_the_table(plots: list[NumberedPlot]) -> None:
    """The same columns and rows; what is unknown is a dash on the page and empty in the file."""
    for plot in plots:
        head, *rows = _file(plot)
        assert tuple(head) == plot.columns
        assert len(rows) == len(plot.cells) > 1
        for row, shown, cells in zip(rows, plot.cells, plot.rows, strict=True):
            assert len(row) == len(shown) == len(plot.columns)
            assert [each == "" for each in row] == [each is None for each in cells]
            assert [each == "–" for each in shown] == [each is None for each in cells]


def test_each_drawing_is_described_in_words(plots: list[NumberedPlot]) -> None:
    """A title and a description that has numbers in it stand in each drawing."""
    for plot in plots:
        title, description = list(read_xml(plot.svg))[:2]
        assert title.text
        assert any(each.isdigit() for each in description.text or "")
        assert plot.says


def test_two_series_never_differ_by_colour_alone() -> None:
    """Each shade in use has another hatching or another lightness than its neighbour."""
    looks = list(zip(HATCHES, map(_lightness, SHADES), strict=True))

    for (hatch, light), (other_hatch, other_light) in pairwise(looks):
        assert hatch != other_hatch or abs(light - other_light) > 0.3


def _lightness(colour: str) -> float:
    return sum(int(colour[at : at + 2], 16) for at in (1, 3, 5)) / 765


@pytest.mark.parametrize(
    "result",
    [
        lambda: samples.rehearsal(life=None, weeks=[]),
        lambda: samples.rehearsal(life=PortalLife(headline=headline()), weeks=[]),
    ],
    ids=["a result from before", "nothing happened"],
)
def test_what_has_no_numbers_is_not_drawn(result: Callable[[], object]) -> None:
    """There is no empty plot."""
    assert [*demand(result()), *portal_plots(result())] == []  # type: ignore[arg-type]


def test_a_result_from_before_has_its_demand_without_a_band() -> None:
    """The spread is left out of the words, too."""
    calls, _updates = demand(samples.rehearsal(life=None))

    assert calls.columns == ("Week starting", "Without the portal", "With the portal", "Avoided")
    assert "band" not in calls.says
    assert "band" not in calls.svg.split("</desc>")[0]


def test_the_band_of_demand_is_drawn_and_said(plots: list[NumberedPlot]) -> None:
    """Each week has from where to where it may lie; the description has the first and the last."""
    assert plots[0].rows[0][4:] == (19_700, 20_600)
    assert "19,700 to 20,600 in the first week" in plots[0].svg.split("</desc>")[0]


def test_a_step_of_the_funnel_is_a_share_of_the_step_above(plots: list[NumberedPlot]) -> None:
    """Nobody asks before phase 3, so that cell stays empty."""
    steps = {str(row[0]): row for row in plots[2].rows}

    assert steps["Eligible"][:6] == ("Eligible", 500, 10_000, 7_500, 15_060, 0.5)
    assert steps["Asked an officer"][1:6] == (None,) * 5
    assert steps["Asked an officer"][6] == 80


def test_rare_kinds_of_tasks_are_drawn_as_one_and_stay_apart_in_the_table() -> None:
    """More kinds than hatchings would not be told apart."""
    kinds = {f"kind_{number}": 10.0 - number for number in range(9)}
    made = samples.rehearsal()
    assert made.life is not None
    tasks = [msgspec.structs.replace(each, tasks=kinds) for each in made.life.tasks]
    life = msgspec.structs.replace(made.life, tasks=tasks)
    load = next(
        each for each in portal_plots(samples.rehearsal(life=life)) if each.name == "officers-load"
    )

    assert len(load.columns) == 1 + 9 + 1
    assert "all others" in load.svg
    assert "Kind 5" in load.svg
    assert "Kind 6" not in load.svg


def test_a_name_from_elsewhere_cannot_break_a_drawing() -> None:
    """Hidden characters are written out, and a long name is cut."""
    shown = numbered_plot.label(f"{samples.HOSTILE}\n")

    assert shown == samples.HOSTILE[:40]
    assert numbered_plot.label("\x00a") == "\\x00a"
