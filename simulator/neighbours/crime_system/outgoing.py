"""What the crime system hands to the integration: one event for the portal."""

from msgspec import Struct


class Outgoing(Struct, frozen=True):
    """One event on its way from the crime system to the portal, as a JSON CloudEvent."""

    event_id: str
    body: bytes
