"""A portal that keeps the force's order in stories of another is told so, once."""

from unittest.mock import patch

import pytest

from simulator.explore.effort import Effort
from simulator.explore.in_processes import play_numbers
from simulator.explore.tally import Tally
from simulator.report.decisions import order_headline
from simulator.report.html import exploration_html
from simulator.results.exploration import SeemingOrder
from tests.simulator.real_files import TARGET
from tests.simulator.report import samples

KEEPS_ITS_OWN = "tests.simulator.explore.keeps_own_order:create_app"
SENDS_TWICE = "fixtures.broken_portals.sending:sends_twice"


def played(application: str) -> Tally:
    """Count 24 stories of phase 1 on this portal."""
    effort, tally = Effort(phase=1, application=application), Tally()
    for each in play_numbers(TARGET, effort, range(24)):
        tally.take(each)
    patch.stopall()
    return tally


@pytest.mark.slow(seconds=4)
def test_most_failures_of_a_portal_that_keeps_its_own_order_are_of_that_cause() -> None:
    """Its stories with limits of their own are right by the force's order."""
    seems = played(KEEPS_ITS_OWN).seems_ordered
    assert seems is not None
    assert seems.explained >= 5


@pytest.mark.slow(seconds=4)
def test_a_portal_that_is_wrong_by_every_order_does_not_seem_to_have_another() -> None:
    """It sends everything twice: the force's own order explains nothing."""
    tally = played(SENDS_TWICE)
    assert tally.failures
    assert tally.seems_ordered is None


def test_the_headline_says_what_to_do() -> None:
    """It stands on the page before the defects, and nowhere without such failures."""
    seems = SeemingOrder(explained=9, failed=10)
    result = samples.exploration(verdict="FAIL", seems_ordered=seems)
    assert "seems to have another order" in exploration_html(result)
    assert "9 of the 10 that failed" in order_headline(result)
    assert not order_headline(samples.exploration(verdict="FAIL"))
