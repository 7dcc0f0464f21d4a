"""What the portal tells the service that runs it: the one port for metrics and logs.

The portal calls an observer; `reference.operations.monitoring` counts and logs what it hears.
Nothing here carries what a person gave: only event types and ids, declared routes, statuses, steps
and exceptions.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from reference.contract.events import CloudEvent
from reference.portal.errors import Problem

Fault = Literal["address", "sender"]
#: Messages stopped; the force was asked to judge it; so it was, and more said so than is usual.
SaidNotForMe = Literal["stopped", "left_to_the_force", "over_the_limit"]


class Observer:
    """Hears what the portal does. This one does nothing: a portal in process has no monitoring.

    A service gives one that overrides every method; each returns at once and raises nothing.
    """

    def events_received(self, batch: Sequence[tuple[CloudEvent, Any]], now: datetime) -> None:
        """Note a delivery of events that the portal took."""

    def delivery_refused(self, problem: Problem) -> None:
        """Note a delivery of events that the portal refused."""

    def request_answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note an answer; `route` is as declared, and `status` is 0 when there was no answer."""

    def request_failed(self, route: str, error: Exception) -> None:
        """Note a request that ended in an error of the portal's own."""

    def database_failed(self, error: Exception) -> None:
        """Note that the database could not be used."""

    def neighbour_answered(self, neighbour: str, status: int) -> None:
        """Note the answer of the gateway or the crime system; `status` is 0 for no answer."""

    def message_refused(self, fault: Fault) -> None:
        """Note a message that the gateway refused for its address or for its sender."""

    def sender_refused(self, count: int, status: int, error: str) -> None:
        """Note that the gateway refused this many messages because of the portal's own account."""

    def proof_hidden(self) -> None:
        """Note a proof at sign-in whose answer does not tell whether it was right."""

    def not_for_me(self, result: SaidNotForMe) -> None:
        """Note that a person said a message was not for them, and what the portal did."""
