"""What a driver gets when a run starts: the addresses of portal and neighbours, and the order."""

from datetime import datetime

from msgspec import Struct

from simulator.inputs.capabilities import Capability
from simulator.inputs.order import Order
from simulator.inputs.target import SecretValues


class Surroundings(Struct, frozen=True, kw_only=True):
    """Everything a driver may need to reach its portal, and the portal its neighbours.

    `portal_url` is "" if the target names none; `mail_server` is host:port of our SMTP server.
    `clock_start` is None for a portal without a test clock, which keeps the time of day.
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
