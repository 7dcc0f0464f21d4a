"""What a portal that runs already can never be asked is told with its reason."""

from datetime import UTC, datetime

import pytest

from simulator.explore.edges import Edge, all_edges
from simulator.explore.unreachable import why_unreachable
from tests.simulator.explore.stories import order

BEGUN = datetime(2026, 10, 12, tzinfo=UTC)
ENDS = datetime(2027, 8, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("another order", "messages.per_week_max", "the portal keeps the order"),
        ("state asked for after a restart", "session", "the suite did not start this portal"),
        ("day", "25 May 2026", "the portal's clock is past it"),
        ("day", "25 December 2026", ""),
        ("day", "27 December 2027", "it does not come before"),
        ("day", "August", "it does not come before"),
        ("day", "October", ""),
        ("day", "29 February", "it does not come before"),
        ("day", "the clocks go back", ""),
        ("offence", "in: Bicycle theft", ""),
    ],
)
def test_each_edge_that_cannot_be_met_has_a_reason(kind: str, value: str, reason: str) -> None:
    """Other edges have none."""
    why = why_unreachable(Edge(kind, value), BEGUN, ENDS)
    assert bool(why) == bool(reason)
    assert why.startswith(reason)


def test_years_have_every_month_and_a_leap_day() -> None:
    """Then only restarts, other orders and the days before the run are out of reach."""
    ends = datetime(2030, 1, 1, tzinfo=UTC)
    whys = {
        each: why_unreachable(each, BEGUN, ends)
        for each in all_edges(order(), 3, has_workers=False)
    }
    kinds = {each.kind for each, why in whys.items() if why}
    assert kinds == {"another order", "day", "state asked for after a restart"}
    assert not whys[Edge("day", "29 February")]
    assert not whys[Edge("day", "April")]
