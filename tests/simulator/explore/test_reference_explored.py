"""Made-up stories fail no portal that does no wrong: some 20 seconds of them, with a fixed seed."""

import pytest

from simulator.explore.effort import Effort
from simulator.explore.in_processes import play_numbers
from simulator.files.paths import ROOT

REFERENCE = ROOT / "scenarios" / "targets" / "reference.toml"
STORIES = 60


@pytest.mark.parametrize("phase", [1, 2, 3])
def test_no_story_fails_the_reference(phase: int) -> None:
    """`make proof` plays others, with a new seed, for ten minutes a phase."""
    played = play_numbers(REFERENCE, Effort(phase=phase, seed=31), range(STORIES))

    assert len(played) == STORIES
    assert [(each.number, each.failures) for each in played if each.failures] == []
