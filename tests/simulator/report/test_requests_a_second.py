"""The requests a second of a rehearsal, in the terminal and on the page."""

from io import StringIO
from typing import cast

import pytest
from msgspec import structs
from rich.console import Console

from simulator.report.html import rehearsal_html
from simulator.report.requests_a_second import requests_line
from simulator.report.terminal import show_rehearsal
from simulator.results.portal_life import PortalRequests
from tests.simulator.report import samples

SAID = (
    "Requests to the portal at full volume: 0.31 a second in the mean since go-live, and 1.4 from "
    "8:00 to 9:00, the busiest hour of the day in the mean of Phase 3."
)


def test_the_sentence_has_the_mean_and_the_busiest_hour() -> None:
    """Both at full volume, and what one request is; nothing where none was counted."""
    life = samples.rehearsal().life
    assert life is not None
    requests = PortalRequests(mean=0.312, busiest_hour=8, in_busiest_hour=1.41)
    result = samples.rehearsal(life=structs.replace(life, requests=requests))

    assert requests_line(result).startswith(SAID)
    assert requests_line(samples.rehearsal(life=structs.replace(life, requests=None))) == ""
    assert requests_line(samples.rehearsal(life=None)) == ""


@pytest.mark.usefixtures("undrawn")
def test_the_page_and_the_terminal_have_it() -> None:
    """On the page under the run; in the terminal without --verbose too."""
    result = samples.rehearsal()
    said = requests_line(result)
    console = Console(width=80, file=StringIO(), force_terminal=False)
    show_rehearsal(result, console)

    assert said
    assert said in rehearsal_html(result)
    assert said in " ".join(cast("StringIO", console.file).getvalue().split())
