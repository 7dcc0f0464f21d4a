"""What a driver gets when a run starts: where portal and neighbours are, the order, the phase."""

from datetime import datetime

from msgspec import Struct

from simulator.inputs.capabilities import Capability
from simulator.inputs.order import GoLive, Order
from simulator.inputs.target import SecretValues


class Surroundings(Struct, frozen=True, kw_only=True):
    """Everything a driver may need to reach its portal, and the portal its neighbours.

    `portal_url` is "" if the target names none; `mail_server` is host:port of our SMTP server.
    `clock_start` is None for a portal without a test clock, which keeps the time of day.

    `phase` is the phase that the run is in: it enters the earlier ones first, and no later one. It
    is None where the run goes by the days alone, as a rehearsal does. `go_live` has the days that
    hold in this run: those after `phase` are ten years later than the force's own.
    """

    portal_url: str
    gateway_url: str
    mail_server: str
    crime_system_url: str
    secrets: SecretValues
    order: Order
    capabilities: frozenset[Capability]
    clock_start: datetime | None
    wait_seconds_max: float
    phase: int | None = None

    @property
    def go_live(self) -> GoLive:
        """The day on which each phase goes live in this run."""
        return self.order.go_live
