"""What a driver is given in these tests: surroundings of a portal that is not there."""

from msgspec import structs

from simulator.drivers.surroundings import Surroundings
from simulator.inputs.capabilities import Capability
from simulator.inputs.target import rehearsal_secrets
from tests.simulator.worlds import START, TWO_FORCES

SURROUNDINGS = Surroundings(
    portal_url="http://127.0.0.1:9",
    gateway_url="http://127.0.0.1:10",
    mail_server="127.0.0.1:12",
    crime_system_url="http://127.0.0.1:11",
    secrets=rehearsal_secrets(),
    order=TWO_FORCES,
    capabilities=frozenset({"test_clock", "text"}),
    clock_start=START,
    wait_seconds_max=10,
)


def claiming(*capabilities: Capability) -> Surroundings:
    """Give the surroundings of a portal that claims these."""
    return structs.replace(SURROUNDINGS, capabilities=frozenset(capabilities))
