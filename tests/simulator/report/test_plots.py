"""The plots are the same every time, start at 0, and are readable without colour."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Annotation

from simulator.report import plots
from simulator.results.values import Week
from tests.simulator.report import samples
from tests.simulator.report.page import read_xml

LIVES = [(samples.START + timedelta(weeks=each), f"Phase {each}") for each in (10, 20, 35)]


def _week(index: int, without: int, with_portal: int) -> Week:
    return Week(
        starts=samples.START + timedelta(weeks=index),
        calls_101_without=without,
        calls_101_with=with_portal,
        update_calls_without=0,
        update_calls_with=0,
    )


def _texts(svg: str) -> list[str]:
    return ["".join(each.itertext()) for each in read_xml(svg).iter() if "}text" in each.tag]


def _ids(svg: str) -> list[str]:
    return [each.attrib["id"] for each in read_xml(svg).iter() if "id" in each.attrib]


def test_the_same_weeks_give_the_same_drawing(tmp_path: Path) -> None:
    """They are equal byte for byte, as SVG and PNG, whatever the machine's plot settings."""
    one, other = tmp_path / "one.png", tmp_path / "other.png"
    before = plots.calls_by_week(samples.weeks(), LIVES)
    plots.update_calls_by_week_png(samples.weeks(), LIVES, one)
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "lines.linewidth": 9}):
        after = plots.calls_by_week(samples.weeks(), LIVES)
        plots.update_calls_by_week_png(samples.weeks(), LIVES, other)

    assert before == after
    assert one.read_bytes() == other.read_bytes()
    assert one.read_bytes().startswith(b"\x89PNG")


def test_drawing_changes_nothing_for_others() -> None:
    """Drawing leaves the library's settings as they were."""
    before = dict(mpl.rcParams)
    plots.calls_by_week(samples.weeks(), LIVES)

    assert dict(mpl.rcParams) == before


def test_the_library_is_loaded_only_to_draw_and_never_its_global_half() -> None:
    """Importing the reports loads no matplotlib, and drawing loads no pyplot."""
    script = (
        "import sys\n"
        "from simulator.report import html, plots\n"
        "assert 'matplotlib' not in sys.modules\n"
        "from tests.simulator.report import samples\n"
        "plots.calls_by_week(samples.weeks(), [])\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_two_drawings_share_no_id() -> None:
    """Both can stand on one page: every id is unique."""
    calls = _ids(plots.calls_by_week(samples.weeks(), LIVES))
    updates = _ids(plots.update_calls_by_week(samples.weeks(), LIVES))

    assert len(set(calls + updates)) == len(calls) + len(updates)


def test_curves_and_go_lives_carry_their_names() -> None:
    """Words are text: both curves, each go-live, and the weeks."""
    texts = _texts(plots.calls_by_week(samples.weeks(), LIVES))

    assert {"Without the portal", "With the portal", "Phase 10", "Phase 20", "Phase 35"} <= set(
        texts
    )
    assert "Week starting (London)" in texts
    assert "18 May" in texts
    assert "20,000" in texts


def test_curves_differ_without_colour_and_start_at_nought() -> None:
    """One line is dashed and one is not, and the scale begins at 0."""
    axes = plots._figure(plots._CALLS, samples.weeks(), []).axes[0]
    with_portal, without = axes.get_lines()

    assert with_portal.get_linestyle() == "-"
    assert without.get_linestyle() == "--"
    assert axes.get_ylim()[0] == 0
    assert np.asarray(without.get_ydata()).tolist() == [
        each.calls_101_without for each in samples.weeks()
    ]
    assert np.asarray(with_portal.get_ydata()).tolist() == [
        each.calls_101_with for each in samples.weeks()
    ]


@given(
    without=st.integers(0, 60_000), with_portal=st.integers(0, 60_000), top=st.integers(0, 60_000)
)
@settings(max_examples=25, deadline=None)
def test_names_of_curves_never_cover_each_other(without: int, with_portal: int, top: int) -> None:
    """However near the curves end, their names are apart, in the curves' order and above 0."""
    weeks = [_week(0, top, top), _week(1, without, with_portal)]
    axes = plots._figure(plots._CALLS, weeks, []).axes[0]
    upper, lower = (each.xy[1] for each in axes.texts if isinstance(each, Annotation))
    if without < with_portal:
        upper, lower = lower, upper

    assert upper - lower >= 0.0799 * axes.get_ylim()[1]
    assert lower >= -1e-9


def test_names_of_go_lives_near_each_other_are_in_rows() -> None:
    """Labels a week apart are at different heights; labels far apart are at one height."""
    near = [(samples.START + timedelta(weeks=each), "A name as long") for each in (5, 6, 7)]
    far = [(samples.START + timedelta(weeks=each), "Short") for each in (5, 25)]

    def heights(lives: list[tuple[date, str]]) -> list[float]:
        axes = plots._figure(plots._CALLS, samples.weeks(), lives).axes[0]
        return [each.get_position()[1] for each in axes.texts[2:]]

    assert len(set(heights(near))) == 3
    assert len(set(heights(far))) == 1


def test_a_go_live_outside_the_weeks_is_left_out() -> None:
    """It is neither drawn nor described."""
    outside = [(samples.START - timedelta(days=1), "Before"), (date(2030, 1, 1), "After")]
    svg = plots.calls_by_week(samples.weeks(), outside)

    assert "Before" not in svg
    assert "After" not in svg
    assert "Vertical lines mark: no go-live." in svg


@pytest.mark.parametrize("number", [1, 2, 9, 10, 200])
def test_weeks_are_marked_where_there_is_room(number: int) -> None:
    """At most nine weeks have their date, the first among them."""
    axes = plots._figure(plots._CALLS, samples.weeks(number), []).axes[0]
    labels = [each.get_text() for each in axes.get_xticklabels()]

    assert 1 <= len(labels) <= 9
    assert labels[0] == "18 May\n2026"


def test_years_are_written_where_they_begin() -> None:
    """Only the first date of a year carries it."""
    axes = plots._figure(plots._CALLS, samples.weeks(), []).axes[0]
    labels = [each.get_text() for each in axes.get_xticklabels()]

    assert [label for label in labels if "\n" in label] == ["18 May\n2026", "25 Jan\n2027"]


def test_weeks_without_a_call_can_be_drawn() -> None:
    """A plot of zeros still has a scale."""
    axes = plots._figure(plots._CALLS, [_week(0, 0, 0)], []).axes[0]

    assert axes.get_ylim()[1] > 1


def test_a_hostile_name_is_only_words() -> None:
    """Markup, formulae and control characters in a go-live's name are shown as text."""
    svg = plots.calls_by_week(samples.weeks(), [(LIVES[0][0], samples.HOSTILE)])
    formula = plots.calls_by_week(samples.weeks(), [(LIVES[0][0], "$\\frac{ \x1b$")])

    assert "<script>alert(1)</script" in "".join(_texts(svg))
    assert r"$\frac{ \x1b$" in _texts(formula)


def test_the_description_says_where_the_lines_begin_and_end() -> None:
    """The description gives the numbers at both ends and the go-lives, for screen readers."""
    svg = plots.update_calls_by_week(samples.weeks(), LIVES[:1])

    assert (
        "Two lines over 47 weeks. In the week starting 18 May 2026: 4,000 calls without the "
        "portal and 4,000 with it. In the week starting 5 April 2027: 4,000 without and 2,850 "
        "with. Vertical lines mark: Phase 10 on 27 July 2026."
    ) in svg
