"""Rehearsals that several tests use, each made once."""

from collections import defaultdict

import pytest

from simulator.drivers.http import HttpDriver
from simulator.rehearsal.run import CompletedRehearsal
from tests.simulator.rehearsal.small import rehearse_small


@pytest.fixture(scope="session")
def phases_told() -> dict[int, list[int]]:
    """The phases that each portal of the ordinary rehearsal was told of, in order."""
    return defaultdict(list)


@pytest.fixture(scope="session")
def ordinary(
    tmp_path_factory: pytest.TempPathFactory, phases_told: dict[int, list[int]]
) -> CompletedRehearsal:
    """A small rehearsal with the numbers of the real rollout."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            HttpDriver, "enter_phase", lambda self, phase: phases_told[id(self)].append(phase)
        )
        return rehearse_small(tmp_path_factory.mktemp("ordinary"))
