"""Every report names the readings of a finding, and where they are printed."""

from io import StringIO

import msgspec
import pytest
from msgspec import structs
from rich.console import Console

from simulator.report import html, junit
from simulator.report.terminal import show_exploration, show_rehearsal
from simulator.report.terminal_acceptance import show_acceptance
from tests.simulator.report import samples

FOUND = samples.finding(readings=("READ-012", "READ-031"))
NAMED = "READ-012, READ-031 (docs/readings.md)"
ACCEPTED = samples.acceptance(scenarios=[samples.scenario("FAIL", 1, findings=(FOUND,))])
REHEARSED = samples.rehearsal(failures=[FOUND])
[_DEFECT] = samples.exploration().defects
EXPLORED = samples.exploration(defects=(structs.replace(_DEFECT, finding=FOUND),))


def shown(show: object, result: object) -> str:
    """Print on a terminal of 80 columns."""
    out = StringIO()
    show(result, Console(file=out, width=80))  # type: ignore[operator]
    return out.getvalue()


@pytest.mark.parametrize(
    "report",
    [
        pytest.param(shown(show_acceptance, ACCEPTED), id="acceptance, terminal"),
        pytest.param(html.acceptance_html(ACCEPTED), id="acceptance, page"),
        pytest.param(junit.acceptance_junit(ACCEPTED).decode(), id="acceptance, JUnit"),
        pytest.param(shown(show_rehearsal, REHEARSED), id="rehearsal, terminal"),
        pytest.param(html.rehearsal_html(REHEARSED), id="rehearsal, page"),
        pytest.param(shown(show_exploration, EXPLORED), id="exploration, terminal"),
        pytest.param(html.exploration_html(EXPLORED), id="exploration, page"),
        pytest.param(junit.exploration_junit(EXPLORED).decode(), id="exploration, JUnit"),
    ],
)
def test_a_report_names_the_readings(report: str) -> None:
    """A supplier can look up what may be before they dispute it."""
    assert NAMED in " ".join(report.split())
    assert "eadings" in report.partition(NAMED)[0][-40:]


def test_results_have_the_ids() -> None:
    """What reads the file needs no words; a result of before has none."""
    written = msgspec.to_builtins(FOUND)

    assert written["readings"] == ("READ-012", "READ-031")
    del written["readings"]
    assert msgspec.convert(written, type(FOUND)).readings == ()
