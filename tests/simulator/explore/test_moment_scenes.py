"""Some stories have news at each named moment, and the others stay as they were."""

import pytest

from simulator.explore.edge_kind import MOMENT
from simulator.explore.edges import all_edges, met_by
from tests.simulator.explore.stories import drawn_stories, order


@pytest.mark.parametrize("phase", [1, 2, 3])
def test_every_kind_of_moment_is_met_by_some_story(phase: int) -> None:
    """Of some hundred stories, on one side of it at least."""

    def name(value: str) -> str:
        return value.rpartition(": ")[0]

    listed = {name(each.value) for each in all_edges(order(), phase) if each.kind == MOMENT}
    found = {
        name(each.value)
        for told in drawn_stories(400, phase=phase, seed=1)
        for each in met_by(told, order())
        if each.kind == MOMENT
    }
    assert found == listed
