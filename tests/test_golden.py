"""The main job against what it counted before."""

import msgspec

from simulator.rehearsal.run import rehearse
from tests.golden import FRACTION, GOLDEN, ROLLOUT, counts


def test_a_small_rehearsal_counts_what_it_counted_before() -> None:
    """A change in the model or the portal shows in the golden counts (`make golden`)."""
    result = rehearse(ROLLOUT, seed=1, fraction=FRACTION).result

    assert msgspec.json.decode(GOLDEN.read_bytes()) == counts(result)
