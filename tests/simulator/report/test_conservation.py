"""The line that says that nothing was lost."""

import io

import pytest
from msgspec import structs
from rich.console import Console

from simulator.report.conservation import conservation_line
from simulator.report.html import rehearsal_html
from simulator.report.terminal import show_rehearsal
from simulator.results.conservation import conserved
from tests.simulator.report import samples

FOUND = [
    conserved("messages", 1_200, {"arrived": 1_195, "came back": 5, "lost": 0}),
    conserved("records", 9_000, {"in order of time": 9_000}),
]
LINE = (
    "Nothing was lost or counted twice: 1,200 messages (arrived 1,195, came back 5); 9,000 records "
    "in order of time."
)


def test_it_says_how_everything_ended() -> None:
    """Ends that never came are left out; of one end alone there is nothing to add up."""
    assert conservation_line(FOUND) == LINE
    assert conservation_line([]) == ""


@pytest.mark.usefixtures("undrawn")
def test_a_rehearsal_says_it_in_the_terminal_and_on_the_page() -> None:
    """It is one line of both; without counts neither claims anything."""
    counted = structs.replace(samples.rehearsal(), conserved=FOUND)
    shown = []
    for result in (counted, samples.rehearsal()):
        out = io.StringIO()
        show_rehearsal(result, Console(file=out, width=80))
        shown.append(" ".join(out.getvalue().split()))

    assert LINE in shown[0]
    assert LINE in rehearsal_html(counted)
    assert "Nothing was lost" not in shown[1]
