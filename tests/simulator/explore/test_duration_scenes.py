"""Some stories end where a duration of the order ends, and the others stay as they were."""

from simulator.explore.duration_edges import DURATIONS
from simulator.explore.edge_kind import DURATION
from simulator.explore.edges import met_by
from tests.simulator.explore.stories import drawn_stories, order


def test_every_duration_is_met_by_some_story() -> None:
    """Of some hundred stories of the last phase, on one side of its end at least."""
    found = {
        each.value.rpartition(": ")[0]
        for told in drawn_stories(400, phase=3, seed=1)
        for each in met_by(told, order())
        if each.kind == DURATION
    }
    assert {each.named for each in DURATIONS} <= found
