"""Rehearsals that several tests use, each made once."""

import pytest

from simulator.rehearsal.run import CompletedRehearsal
from tests.simulator.rehearsal.small import rehearse_small


@pytest.fixture(scope="session")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> CompletedRehearsal:
    """A small rehearsal with the numbers of the real rollout."""
    return rehearse_small(tmp_path_factory.mktemp("ordinary"))
