"""The table of edges says first what is left, and why, in words that can be seen."""

import pytest

from simulator.report.coverage_rows import (
    CoverageRow,
    coverage_facts,
    coverage_rows,
    rows_by_kind,
    visible,
    what_is_left,
)
from simulator.report.html import coverage_html
from simulator.results.exploration import EdgeCount
from tests.simulator.report import samples

EDGES = (
    EdgeCount(kind="event", value="Deploy held back", stories=3, judged=True),
    EdgeCount(kind="marker", value="hate_crime", stories=2, judged=False, why_not_judged="same"),
    EdgeCount(kind="day", value="29 February", stories=0, judged=False),
    EdgeCount(kind="day", value="1 May 2026", stories=0, judged=False, unreachable="it is past"),
    EdgeCount(kind="day", value="May", stories=0, judged=True),
    EdgeCount(kind="text back", value="Close friends", stories=0, judged=False),
)


def rows() -> tuple[CoverageRow, ...]:
    """Give the rows of these edges."""
    return coverage_rows(samples.exploration(edges=EDGES))


def test_what_was_never_met_comes_first_and_each_row_has_its_reason() -> None:
    """What cannot be met, and what was judged by other stories, is not left."""
    never = "not drawn, or not done, in 1,200 stories: play more, or another seed"

    assert [(each.edge, each.state, each.why) for each in what_is_left(rows())] == [
        ("29 February", "never met", never),
        ("Close friends", "never met", never),
        ("hate_crime", "met, not judged", "same"),
    ]


def test_an_edge_that_was_not_judged_has_a_reason_in_older_results_too() -> None:
    """They do not say which."""
    older = EdgeCount(kind="marker", value="hate_crime", stories=2, judged=False)

    [row] = coverage_rows(samples.exploration(edges=(older,)))

    assert row.why == "nothing of it was judged in the stories that met it"


def test_what_was_met_is_counted_beside_what_was_judged() -> None:
    """What cannot be met counts for neither."""
    assert dict(coverage_facts(samples.exploration(edges=EDGES))) == {
        "Edges that stories can meet": "5",
        "Met": "3 (60.00%)",
        "Met and judged": "2 (40.00%)",
        "Met, not judged": "1",
        "Never met": "2",
        "Cannot be met on this portal": "1",
    }
    [days] = [each for each in rows_by_kind(rows()) if each.name == "day"]
    assert (days.judged, days.met, days.reachable, len(days.rows)) == (1, 1, 2, 3)


def test_an_edge_of_a_step_is_in_words() -> None:
    """A word that somebody texts back is not, though a step has its name."""
    assert rows()[0].edge == "an officer is deployed: held back"
    assert rows()[-1].edge == "Close friends"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("stop", "stop"),
        ("stop\n", r"'stop\n', with a line end"),
        ("one\r\n", r"'one\r\n', with a Windows line end"),
        (" Stop.", "' Stop.', with a space before it"),
        ("Stop. ", "'Stop. ', with a space after it"),
        ("\tStop", r"'\tStop', with a tab"),
        ("", "nothing"),
    ],
)
def test_spaces_and_line_ends_can_be_seen(words: str, shown: str) -> None:
    """And heard: a screen reader says no space."""
    assert visible(words) == shown


def test_the_page_has_what_is_left_before_every_edge() -> None:
    """With a heading, and a link to it."""
    page = coverage_html(samples.exploration(edges=EDGES))

    assert '<a href="#left">What is left</a>' in page
    left, _heading, every = page.partition('<h2 id="kind-1">')
    assert "29 February" in left
    assert "hate_crime" in left
    assert "it is past" not in left
    assert "it is past" in every
    done = coverage_html(samples.exploration(edges=EDGES[:1]))
    assert "Nothing: every edge that stories of this portal can meet" in done
