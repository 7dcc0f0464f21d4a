"""The tornado of a rehearsal: as a plot with its numbers, and as two tables."""

import msgspec

from simulator.report.number_swings import number_swing_tables
from simulator.report.rehearsal_plots.what_decides import what_decides
from simulator.results.values import NumberSwing
from tests.simulator.report import samples

SWINGS = [
    NumberSwing(
        name="Victims who register <b>",
        unit="share of those invited",
        usual=0.6,
        low=0.1,
        high=0.8,
        calls_at_low=-5000,
        calls_at_high=1900,
        pounds_at_low=9_500,
        pounds_at_high=-3_800,
        why="6,000 are published",
    ),
    NumberSwing(
        name="Minutes",
        unit="minutes",
        usual=10,
        low=3,
        high=15,
        calls_at_low=0,
        calls_at_high=0,
        pounds_at_low=75_600,
        pounds_at_high=-54_000,
        why="No figure is published.",
    ),
]


def test_the_plot_says_what_moves_calls_and_pounds_most() -> None:
    """In words, in both drawings, and as numbers to download; names are escaped."""
    [plot] = what_decides(msgspec.structs.replace(samples.rehearsal(), swings=SWINGS))

    assert "Victims who register &lt;b&gt; moves the calls saved most: by -5,000" in plot.svg
    assert "Minutes moves the net benefit most: by £75,600 at 3 and -£54,000 at 15" in plot.svg
    assert "<b>" not in plot.svg
    assert plot.rows[1][:7] == ("Minutes", "minutes", "10", "3", "15", 0, 0)
    assert plot.rows[1][7:9] == (75_600, -54_000)
    assert {len(each) for each in plot.rows} == {len(plot.columns)}


def test_the_same_swings_give_the_same_drawing() -> None:
    """Byte for byte."""
    result = msgspec.structs.replace(samples.rehearsal(), swings=SWINGS)

    assert what_decides(result)[0].svg == what_decides(result)[0].svg


def test_each_table_has_its_widest_number_first() -> None:
    """Calls by calls, and pounds by pounds."""
    calls, pounds = number_swing_tables(SWINGS, "Phase 3")

    assert [row.label for row in calls.rows] == [each.name for each in SWINGS]
    assert [row.label for row in pounds.rows] == [each.name for each in SWINGS[::-1]]
    assert calls.rows[0].cells == ("0.6", "0.1", "-5,000", "0.8", "+1,900")
    assert pounds.rows[0].cells == ("10", "3", "£75,600", "15", "-£54,000")
    assert pounds.note


def test_without_numbers_there_is_no_tornado() -> None:
    """Results from before there was one have none either."""
    assert what_decides(samples.rehearsal()) == []
    assert number_swing_tables([], "Phase 3") == []
