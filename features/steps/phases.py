"""What applies from the day a phase goes live to the people from before."""

import pytest
from pytest_bdd import given

from features.earlier_phase import PhaseBefore
from features.people import Register
from features.running_scenario import Scene
from features.scenario_evidence import Past


@pytest.fixture(scope="session")
def phase_before(request: pytest.FixtureRequest, register: Register, past: Past) -> PhaseBefore:
    """The people who signed in before the run's phase went live."""
    return PhaseBefore(register, past, request.config.getoption("--phase"))


@given("Alex has followed a public order offence since phase 1")
def since_the_first_phase(scene: Scene, phase_before: PhaseBefore) -> None:
    phase_before.bring_in(scene)
