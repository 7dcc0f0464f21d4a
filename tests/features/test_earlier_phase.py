"""Rules of those who came in before a phase: they are few, and there only where they can be."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from features.earlier_phase import PhaseBefore
from features.people import Register
from features.scenario_evidence import Past
from simulator.errors import CannotVerify
from simulator.population.identity import Identity
from simulator.world.recipient_guard import Recipients


@pytest.mark.parametrize(
    ("phase", "capabilities"), [(1, {"test_clock"}), (3, set()), (3, {"two_way"})]
)
def test_nobody_was_there_before_where_nobody_can_have_been(
    phase: int, capabilities: set[str]
) -> None:
    """Nothing comes before phase 1, nor where the clock is the wall's: that is not verified."""
    world = cast("Any", SimpleNamespace(portal=SimpleNamespace(capabilities=capabilities)))
    before = PhaseBefore(Register(Identity("agreed_word", "a key"), Recipients()), Past(), phase)
    before.begin(world)

    with pytest.raises(CannotVerify, match="without a test clock"):
        before.bring_in(cast("Any", None))
